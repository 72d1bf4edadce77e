/** `value[index]` of values that are no tensors, and setting and deleting what stands there. */
import { callValue } from './calls';
import type { Interpreter } from './interpreter';
import { elementsOf, lengthOf } from './iterate';
import { join, optionsOf } from './join';
import { classAttribute, getAttribute } from './objects';
import { inWorld } from './sizes';
import {
  firstOf,
  int,
  isUnknown,
  keyOf,
  knownNumber,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyNumber,
  PyRange,
  PySlice,
  PyTuple,
  sizeOf,
  TensorValue,
  Union,
  UnknownText,
  unknown,
  type Value,
} from './values';

/** `value[index]`. */
export function subscript(interpreter: Interpreter, value: Value, index: Value): Value {
  const options = optionsOf(value);
  if (options.length > 1)
    return options
      .filter(one => one !== null)
      .map(one => interpreter.perhaps(() => subscript(interpreter, one, index)))
      .reduce(join);
  if (index instanceof Union && !(value instanceof TensorValue))
    return index.options
      .map(one => interpreter.perhaps(() => subscript(interpreter, value, one)))
      .reduce(join);
  if (value instanceof TensorValue) return interpreter.library.index(interpreter, value, index);
  if (value instanceof PyList || value instanceof PyTuple) return item(interpreter, value, index);
  if (value instanceof PyDict) return entry(interpreter, value, index);
  if (value instanceof PyInstance) {
    if (classAttribute(value.cls, '__getitem__') !== undefined)
      return callValue(interpreter, getAttribute(interpreter, value, '__getitem__'), [index]);
    return unknown;
  }
  if (typeof value === 'string') return character(value, index);
  if (value instanceof UnknownText) return value;
  if (value instanceof PyRange) {
    const [start, step, at] = [value.start.value, value.step.value, knownNumber(index)];
    return at !== undefined && at >= 0 && typeof start === 'number' && typeof step === 'number'
      ? int(start + at * step)
      : int(undefined);
  }
  // Generic types such as List[int].
  return value instanceof PyClass ? value : unknown;
}

function character(text: string, index: Value): Value {
  const at = knownNumber(index);
  if (at !== undefined) return [...text].at(at) ?? UnknownText.value;
  if (index instanceof PySlice) {
    const bounds = boundsOf(index, text.length);
    if (bounds !== undefined && bounds.step === 1) return text.slice(bounds.start, bounds.stop);
    if (bounds !== undefined && index.start === null && index.stop === null && bounds.step === -1)
      return [...text].reverse().join('');
  }
  return UnknownText.value;
}

/** The places of a slice over so many elements; undefined where they are not known. */
function boundsOf(slice: PySlice, count: number): { start: number; stop: number; step: number } | undefined {
  const numbers = [slice.start, slice.stop, slice.step].map(one => (one === null ? null : knownNumber(one)));
  if (numbers.includes(undefined)) return undefined;
  const [start, stop, step = 1] = numbers;
  const by = step ?? 1;
  if (by === 0) return undefined;
  const place = (at: number | null | undefined, otherwise: number) => {
    if (at === null || at === undefined) return otherwise;
    const wrapped = at < 0 ? at + count : at;
    return by > 0 ? Math.min(Math.max(wrapped, 0), count) : Math.min(Math.max(wrapped, -1), count - 1);
  };
  return { start: place(start, by > 0 ? 0 : count - 1), stop: place(stop, by > 0 ? count : -1), step: by };
}

function item(interpreter: Interpreter, value: PyList | PyTuple, index: Value): Value {
  const open = value instanceof PyList && value.open;
  const { items } = value;
  const anyItem = () => (items.length === 0 ? unknown : items.reduce(join));
  if (index instanceof PySlice) {
    const bounds = boundsOf(index, items.length);
    if (open || bounds === undefined) return value instanceof PyList ? new PyList(items, true) : unknown;
    interpreter.burn(items.length);
    const picked: Value[] = [];
    const { start, stop, step } = bounds;
    for (let i = start; step > 0 ? i < stop : i > stop; i += step) picked.push(firstOf(items[i]));
    return value instanceof PyList ? new PyList(picked) : new PyTuple(picked, undefined, value.isSize);
  }
  const size = sizeOf(index);
  if (typeof size !== 'number')
    return index instanceof PyNumber || isUnknown(index) || index instanceof TensorValue
      ? anyItem()
      : unknown;
  if (open) return size >= 0 && size < items.length ? firstOf(items[size]) : anyItem();
  return firstOf(items.at(size));
}

function entry(interpreter: Interpreter, dict: PyDict, index: Value): Value {
  const key = keyOf(index);
  if (key === undefined) {
    const values = [...dict.entries.values()].map(([, value]) => value);
    return dict.open || values.length === 0 ? unknown : values.reduce(join);
  }
  const found = dict.entries.get(key);
  if (found !== undefined) return found[1];
  if (dict.factory === undefined || dict.factory === null) return unknown;
  const made = callValue(interpreter, dict.factory, []);
  interpreter.journal.setEntries(dict, new Map([...dict.entries, [key, [index, made]]]));
  return made;
}

/** `value[index] = next`. */
export function setSubscript(interpreter: Interpreter, value: Value, index: Value, next: Value): void {
  const { journal } = interpreter;
  if (value instanceof Union) {
    for (const option of value.options)
      interpreter.perhaps(() => setSubscript(interpreter, option, index, next));
  } else if (value instanceof TensorValue) interpreter.library.setIndex(interpreter, value, index, next);
  else if (value instanceof PyDict) {
    const key = keyOf(index);
    if (key === undefined) journal.setEntries(value, value.entries, true);
    else journal.setEntries(value, new Map([...value.entries, [key, [index, next] as const]]));
  } else if (value instanceof PyList) {
    const at = knownNumber(index);
    const place = at !== undefined && at < 0 ? at + value.items.length : at;
    if (place !== undefined && place >= 0 && place < value.items.length && !value.open)
      journal.setItems(value, value.items.with(place, next));
    else if (index instanceof PySlice)
      journal.setItems(value, [...value.items, ...elementsOf(interpreter, next).items], true);
    else
      journal.setItems(
        value,
        value.items.map(one => join(one, next)),
        value.open,
      );
  } else if (value instanceof PyInstance && classAttribute(value.cls, '__setitem__') !== undefined)
    callValue(interpreter, getAttribute(interpreter, value, '__setitem__'), [index, next]);
}

/** `del value[index]`. */
export function deleteSubscript(interpreter: Interpreter, value: Value, index: Value): void {
  const { journal } = interpreter;
  if (value instanceof PyDict) {
    const key = keyOf(index);
    const entries = new Map(value.entries);
    if (key !== undefined) entries.delete(key);
    journal.setEntries(value, entries, value.open || key === undefined);
  } else if (value instanceof PyList) {
    const at = knownNumber(index);
    const length = lengthOf(interpreter, value);
    if (at === undefined || typeof length !== 'number') journal.setItems(value, value.items, true);
    else journal.setItems(value, value.items.toSpliced(at < 0 ? at + length : at, 1));
  }
}

/** True if a size is surely at least this. */
export function atLeast(size: Value, least: number): boolean {
  const known = sizeOf(size);
  return known !== undefined && inWorld(known, 0) >= least && inWorld(known, 1) >= least;
}
