/** What a place may hold in any turn of a loop, given what it held before one and after it. */
import type { Interpreter } from './interpreter';
import { join } from './join';
import { type Dim, sameDim } from './sizes';
import {
  PyDict,
  PyInstance,
  PyList,
  PyNumber,
  PySet,
  PyTuple,
  TensorValue,
  Union,
  unknown,
  type Value,
} from './values';

/** The widened value. */
export function widened(interpreter: Interpreter, before: unknown, after: unknown): unknown {
  if (before === after) return after;
  if (before instanceof PyNumber && after instanceof PyNumber) {
    const same =
      before.value !== undefined && after.value !== undefined && sameDim(before.value, after.value);
    return same ? after : new PyNumber(before.type === after.type ? after.type : 'float', undefined);
  }
  if (before instanceof PyList && after instanceof PyList)
    return before.items.length === after.items.length ? after : new PyList(after.items, true);
  if (before instanceof PyDict && after instanceof PyDict)
    return before.entries.size === after.entries.size ? after : new PyDict(after.entries, true);
  if (before instanceof PySet && after instanceof PySet)
    return before.entries.size === after.entries.size ? after : new PySet(after.entries, true);
  if (before instanceof TensorValue && after instanceof TensorValue)
    return widenedTensor(interpreter, before, after);
  if (before instanceof PyTuple && after instanceof PyTuple && before.items.length === after.items.length)
    return new PyTuple(
      after.items.map((item, i) => widened(interpreter, before.items[i], item) as Value),
      after.names,
      after.isSize,
    );
  if (typeof before === 'number' && typeof after === 'number') return after;
  if (Array.isArray(before) || Array.isArray(after)) return after;
  if (!isValue(before) || !isValue(after)) return after;
  if (before === null) return after;
  if (before instanceof PyInstance && after instanceof PyInstance && before.cls === after.cls) return after;
  if (before instanceof Union || after instanceof Union) return join(before, after);
  if (typeof before === 'string' && typeof after === 'string') return join(before, after);
  return join(before, after);
}

function isValue(value: unknown): value is Value {
  return (
    value !== undefined && typeof value !== 'symbol' && typeof value !== 'number' && !Array.isArray(value)
  );
}

function widenedTensor(interpreter: Interpreter, before: TensorValue, after: TensorValue): Value {
  if (before.dims.length !== after.dims.length) return unknown;
  const changed = before.dims.some((dim, i) => !sameDim(dim, after.dims[i] ?? -1));
  if (!changed) return after;
  const dims: Dim[] = after.dims.map((dim, i) =>
    sameDim(dim, before.dims[i] ?? -1) ? dim : interpreter.symbols.fresh('T'),
  );
  const wide = new TensorValue(dims, after.dtype, { ...after.extra, known: undefined });
  wide.sources = after.sources;
  wide.step = after.step;
  return wide;
}
