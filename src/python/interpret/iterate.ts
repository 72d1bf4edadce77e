/** Going through the elements of something. */
import { callValue } from './calls';
import type { Interpreter } from './interpreter';
import { join, optionsOf } from './join';
import { classAttribute, getAttribute } from './objects';
import type { Dim } from './sizes';
import {
  type Elements,
  int,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  sizeOf,
  TensorValue,
  UnknownText,
  unknown,
  type Value,
} from './values';

/** How many elements are made of a range or a tensor; loops over more go through some only. */
const most = 512;

/** Elements of which nothing is known. */
export const unknownElements: Elements = { items: [unknown], exact: false };

/** The elements of a value. */
export function elementsOf(interpreter: Interpreter, value: Value): Elements {
  const options = optionsOf(value);
  if (options.length > 1) {
    const all = options.filter(one => one !== null).map(one => elementsOf(interpreter, one));
    return { items: all.flatMap(one => one.items), exact: false };
  }
  if (value instanceof PyList || value instanceof PyTuple)
    return value instanceof PyList && value.open
      ? { items: value.items.length === 0 ? [unknown] : value.items, exact: false }
      : { items: value.items, exact: true, count: value.items.length };
  if (value instanceof PyRange) return rangeElements(interpreter, value);
  if (value instanceof PyDict) {
    const items = [...value.entries.values()].map(([key]) => key);
    return value.open ? { items: [...items, unknown], exact: false } : { items, exact: true };
  }
  if (value instanceof PySet) {
    const items = [...value.entries.values()];
    return value.open ? { items: [...items, unknown], exact: false } : { items, exact: true };
  }
  if (typeof value === 'string')
    return { items: [...value.slice(0, 4096)], exact: value.length <= 4096, count: lengthOfText(value) };
  if (value instanceof UnknownText) return { items: [UnknownText.value], exact: false };
  if (value instanceof PyIterator) {
    const { items, exact } = value.elements;
    if (!exact) return value.elements;
    const rest = items.slice(value.position);
    interpreter.journal.setPosition(value, items.length);
    return { items: rest, exact: true };
  }
  if (value instanceof TensorValue) return tensorElements(interpreter, value);
  if (value instanceof PyInstance) return instanceElements(interpreter, value);
  return interpreter.library.elements(interpreter, value) ?? unknownElements;
}

/** How many numbers a range has. */
export function rangeCount({ start, stop, step }: PyRange): Dim | undefined {
  const [from, to, by] = [start.value, stop.value, step.value];
  if (typeof from === 'number' && typeof to === 'number' && typeof by === 'number')
    return by === 0 ? 0 : Math.max(0, Math.ceil((to - from) / by));
  return from === 0 && by === 1 ? to : undefined;
}

function rangeElements(interpreter: Interpreter, range: PyRange): Elements {
  const count = rangeCount(range);
  const [start, step] = [range.start.value, range.step.value];
  if (typeof count !== 'number' || typeof start !== 'number' || typeof step !== 'number')
    return { items: [int(undefined)], exact: false, count };
  interpreter.burn(Math.min(count, most));
  if (count > most && interpreter.live === undefined)
    return { items: [int(start), int(start + step), int(undefined)], exact: false, count };
  return { items: Array.from({ length: count }, (_, i) => int(start + i * step)), exact: true, count };
}

function tensorElements(interpreter: Interpreter, tensor: TensorValue): Elements {
  const [count] = tensor.dims;
  if (count === undefined) return unknownElements;
  const element = (i: number) => interpreter.library.index(interpreter, tensor, int(i));
  if (typeof count === 'number' && (count <= 64 || interpreter.live !== undefined))
    return { items: Array.from({ length: count }, (_, i) => element(i)), exact: true, count };
  return { items: [element(0)], exact: false, count };
}

function instanceElements(interpreter: Interpreter, instance: PyInstance): Elements {
  const known = interpreter.library.elements(interpreter, instance);
  if (known !== undefined) return known;
  const iter = classAttribute(instance.cls, '__iter__');
  if (iter !== undefined) {
    const iterator = callValue(interpreter, getAttribute(interpreter, instance, '__iter__'), []);
    if (iterator !== instance) return elementsOf(interpreter, iterator);
    const next = callValue(interpreter, getAttribute(interpreter, instance, '__next__'), []);
    return { items: [next], exact: false };
  }
  if (classAttribute(instance.cls, '__getitem__') !== undefined) {
    const item = (index: Value) =>
      callValue(interpreter, getAttribute(interpreter, instance, '__getitem__'), [index]);
    const count = lengthOf(interpreter, instance);
    const first = interpreter.perhaps(() => item(int(0)));
    return {
      items: [
        join(
          first,
          interpreter.perhaps(() => item(int(undefined))),
        ),
      ],
      exact: false,
      count,
    };
  }
  return unknownElements;
}

/** How many characters Python counts in a text: code points; undefined where that takes too long to count. */
function lengthOfText(value: string): number | undefined {
  return value.length > 100_000 ? undefined : [...value].length;
}

/** `len(value)`; undefined where it is not known. */
export function lengthOf(interpreter: Interpreter, value: Value): Dim | undefined {
  if (value instanceof PyList) return value.open ? undefined : value.items.length;
  if (value instanceof PyTuple) return value.items.length;
  if (value instanceof PyDict || value instanceof PySet) return value.open ? undefined : value.entries.size;
  if (typeof value === 'string') return lengthOfText(value);
  if (value instanceof TensorValue) return value.dims[0];
  if (value instanceof PyRange) return rangeCount(value);
  if (value instanceof PyInstance) {
    const method = classAttribute(value.cls, '__len__');
    if (method !== undefined)
      return sizeOf(callValue(interpreter, getAttribute(interpreter, value, '__len__'), []));
    return interpreter.library.elements(interpreter, value)?.count;
  }
  return undefined;
}
