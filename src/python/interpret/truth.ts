/** Whether a value counts as true, and comparisons. */
import { optionsOf } from './join';
import { classAttribute } from './objects';
import { inWorld, sameDim } from './sizes';
import {
  Builtin,
  isUnknown,
  keyOf,
  PyClass,
  PyDevice,
  PyDict,
  PyDtype,
  PyFunction,
  PyInstance,
  PyList,
  PyNumber,
  PyRange,
  PySet,
  PyTuple,
  TensorValue,
  type Value,
} from './values';

/** True or false where that is known. */
export type Answer = boolean | undefined;

/** Containers of modules by name. */
const containers = new Set(['Sequential', 'ModuleList', 'ModuleDict']);

/** What all values agree on. */
export function agreed(answers: readonly Answer[]): Answer {
  const [first] = answers;
  return answers.every(answer => answer === first) ? first : undefined;
}

/** Whether a value counts as true in an `if`. */
export function truth(value: Value): Answer {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  if (typeof value === 'string') return value !== '';
  if (value instanceof PyNumber) {
    if (value.value === undefined) return undefined;
    if (typeof value.value === 'number') return value.value !== 0;
    return undefined;
  }
  if (value instanceof PyList)
    return value.open && value.items.length === 0
      ? undefined
      : value.open
        ? undefined
        : value.items.length > 0;
  if (value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyDict || value instanceof PySet)
    return value.open ? undefined : value.entries.size > 0;
  if (value instanceof PyFunction || value instanceof PyClass || value instanceof Builtin) return true;
  if (value instanceof TensorValue) {
    const known = value.extra.known;
    return known?.length === 1 ? known[0] !== 0 : undefined;
  }
  if (value instanceof PyInstance) {
    // Containers, datasets and loaders of the library are taken to hold something.
    const counted = ['__bool__', '__len__'].some(name => {
      const method = classAttribute(value.cls, name);
      return method !== undefined && !(method instanceof Builtin);
    });
    // An empty container of modules counts as false.
    const holds = [...value.attributes.values()].some(one => one instanceof PyInstance);
    if (!holds && containers.has(value.cls.name)) return undefined;
    return counted ? undefined : true;
  }
  const options = optionsOf(value);
  return options.length > 1 ? agreed(options.map(truth)) : undefined;
}

/** Whether two values are equal. */
export function equal(a: Value, b: Value): Answer {
  if (isUnknown(a) || isUnknown(b)) return undefined;
  if (a === null || b === null) {
    if (a === b) return true;
    const other = a ?? b;
    return optionsOf(other).length > 1 || other === null ? undefined : false;
  }
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [dimOf(a), dimOf(b)];
    if (x === undefined || y === undefined) return undefined;
    if (typeof x === 'number' && typeof y === 'number') return x === y;
    return sameDim(x, y) ? true : undefined;
  }
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if ((a instanceof PyTuple && b instanceof PyTuple) || (a instanceof PyList && b instanceof PyList)) {
    if (a instanceof PyList && (a.open || (b as PyList).open)) return undefined;
    if (a.items.length !== b.items.length) return false;
    const parts = a.items.map((item, i) => equal(item, b.items[i] ?? null));
    if (parts.includes(false)) return false;
    return parts.every(part => part === true) ? true : undefined;
  }
  if (a instanceof PyDtype && b instanceof PyDtype) return a.name === b.name;
  if (a instanceof PyDevice || b instanceof PyDevice) return undefined;
  if (a instanceof PyClass && b instanceof PyClass) return a === b;
  const [x, y] = [keyOf(a), keyOf(b)];
  if (x !== undefined && y !== undefined && !(a instanceof PyInstance) && !(a instanceof TensorValue))
    return x === y;
  return undefined;
}

function isNumber(value: Value): value is PyNumber | boolean {
  return value instanceof PyNumber || typeof value === 'boolean';
}

function dimOf(value: PyNumber | boolean) {
  return typeof value === 'boolean' ? Number(value) : value.value;
}

/** Whether two values are the same object; for None, booleans and the like. */
export function same(a: Value, b: Value): Answer {
  if (a === b && !isUnknown(a)) return true;
  if (isUnknown(a) || isUnknown(b)) return undefined;
  if (a === null || b === null) {
    const others = optionsOf(a ?? b);
    if (others.length === 1) return false;
    return others.includes(null) ? undefined : false;
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return a === b;
  if (a instanceof PyClass && b instanceof PyClass) return false;
  return undefined;
}

function less(a: Value, b: Value): Answer {
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  if (!isNumber(a) || !isNumber(b)) return undefined;
  const [x, y] = [dimOf(a), dimOf(b)];
  if (typeof x === 'number' && typeof y === 'number') return x < y;
  if (x === undefined || y === undefined) return undefined;
  // A symbol stands for at least one: `n < 1`, `0 < n` and the like are known.
  if (typeof x === 'number' && x <= 0 && inWorld(y, 0) > 0) return true;
  if (typeof y === 'number' && y <= 1 && inWorld(x, 0) > 0) return false;
  return undefined;
}

function not(answer: Answer): Answer {
  return answer === undefined ? undefined : !answer;
}

/** Whether a container holds a value. */
export function contains(container: Value, item: Value): Answer {
  if (typeof container === 'string' && typeof item === 'string') return container.includes(item);
  if (container instanceof PyDict || container instanceof PySet) {
    const key = keyOf(item);
    if (key === undefined) return undefined;
    if (container.entries.has(key)) return container.open ? undefined : true;
    return container.open ? undefined : false;
  }
  if (container instanceof PyList || container instanceof PyTuple) {
    const answers = container.items.map(one => equal(one, item));
    if (answers.includes(true)) return true;
    return answers.includes(undefined) || (container instanceof PyList && container.open) ? undefined : false;
  }
  if (container instanceof PyRange) {
    const [start, stop, step] = [container.start.value, container.stop.value, container.step.value];
    const value = item instanceof PyNumber ? item.value : undefined;
    if ([start, stop, step, value].every(one => typeof one === 'number'))
      return (
        Number(value) >= Number(start) &&
        Number(value) < Number(stop) &&
        (Number(value) - Number(start)) % Number(step) === 0
      );
  }
  return undefined;
}

/** The answer to a comparison of two values that are no tensors. */
export function compare(op: string, a: Value, b: Value): Answer {
  switch (op) {
    case '==':
      return equal(a, b);
    case '!=':
    case '<>':
      return not(equal(a, b));
    case 'is':
      return same(a, b);
    case 'is not':
      return not(same(a, b));
    case 'in':
      return contains(b, a);
    case 'not in':
      return not(contains(b, a));
    case '<':
      return less(a, b);
    case '>':
      return less(b, a);
    case '<=':
      return not(less(b, a));
    case '>=':
      return not(less(a, b));
    default:
      return undefined;
  }
}
