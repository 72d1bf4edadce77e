/** Python's operators on values that are no tensors; those of tensors are the library's. */
import { callValue } from './calls';
import type { Interpreter } from './interpreter';
import { join, optionsOf } from './join';
import { classAttribute, getAttribute } from './objects';
import { type Dim, inWorld } from './sizes';
import { agreed, compare, truth } from './truth';
import {
  firstOf,
  int,
  isUnknown,
  knownNumber,
  PyDict,
  PyInstance,
  PyList,
  PyNumber,
  PySet,
  PyTuple,
  TensorValue,
  Union,
  UnknownText,
  unknown,
  type Value,
} from './values';

const methods: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
};

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
  '&': (a, b) => Number(BigInt.asIntN(64, BigInt(a) & BigInt(b))),
  '|': (a, b) => Number(BigInt.asIntN(64, BigInt(a) | BigInt(b))),
  '^': (a, b) => Number(BigInt.asIntN(64, BigInt(a) ^ BigInt(b))),
  '<<': (a, b) => a * 2 ** b,
  '>>': (a, b) => Math.floor(a / 2 ** b),
};

/** Lists and texts do not grow beyond this by `*`. */
/** Longer lists, tuples and texts are not made. */
export const longest = 100_000;

/** `a op b`. */
export function binary(interpreter: Interpreter, op: string, a: Value, b: Value): Value {
  if (a instanceof Union || b instanceof Union) {
    const pairs = optionsOf(a).flatMap(x => optionsOf(b).map(y => [x, y] as const));
    if (pairs.length > 8) return unknown;
    return pairs.map(([x, y]) => interpreter.perhaps(() => binary(interpreter, op, x, y))).reduce(join);
  }
  if (a instanceof TensorValue || b instanceof TensorValue) {
    if (isUnknown(a) || isUnknown(b)) return unknown;
    return interpreter.library.binary(interpreter, op, a, b);
  }
  if (isNumeric(a) && isNumeric(b)) return numbers(interpreter, op, asNumber(a), asNumber(b));
  if (a instanceof PyInstance || b instanceof PyInstance) return instances(interpreter, op, a, b);
  if (op === '+') return concatenated(interpreter, a, b);
  if (op === '*') return repeated(interpreter, a, b);
  if (op === '%' && isText(a)) return UnknownText.value;
  if (a instanceof PySet && b instanceof PySet) return sets(op, a, b);
  if (a instanceof PyDict && b instanceof PyDict && op === '|')
    return new PyDict(new Map([...a.entries, ...b.entries]), a.open || b.open);
  return unknown;
}

function isNumeric(value: Value): value is PyNumber | boolean {
  return value instanceof PyNumber || typeof value === 'boolean';
}

function asNumber(value: PyNumber | boolean): PyNumber {
  return typeof value === 'boolean' ? int(Number(value)) : value;
}

function isText(value: Value): boolean {
  return typeof value === 'string' || value instanceof UnknownText;
}

function numbers(interpreter: Interpreter, op: string, a: PyNumber, b: PyNumber): Value {
  const compute = arithmetic[op];
  if (compute === undefined) return unknown;
  const whole = a.type === 'int' && b.type === 'int' && op !== '/';
  const [x, y] = [a.value, b.value];
  if (x === undefined || y === undefined)
    return new PyNumber(whole && op !== '**' ? 'int' : whole ? 'int' : 'float', undefined);
  const dim = twice(interpreter, (p, q) => compute(p, q), x, y);
  const type = whole && (typeof dim !== 'number' || Number.isInteger(dim)) ? 'int' : 'float';
  const finite =
    typeof dim !== 'number' || (Number.isFinite(dim) && (type === 'float' || Number.isSafeInteger(dim)));
  return new PyNumber(type, finite ? dim : undefined);
}

/** A computation with sizes, done in both worlds. */
export function twice(
  interpreter: Interpreter,
  compute: (a: number, b: number) => number,
  a: Dim,
  b: Dim,
): Dim {
  if (typeof a === 'number' && typeof b === 'number') return compute(a, b);
  return interpreter.symbols.join(
    compute(inWorld(a, 0), inWorld(b, 0)),
    compute(inWorld(a, 1), inWorld(b, 1)),
  );
}

function instances(interpreter: Interpreter, op: string, a: Value, b: Value): Value {
  const name = methods[op];
  if (name === undefined) return unknown;
  if (a instanceof PyInstance && classAttribute(a.cls, `__${name}__`) !== undefined)
    return callValue(interpreter, getAttribute(interpreter, a, `__${name}__`), [b]);
  if (b instanceof PyInstance && classAttribute(b.cls, `__r${name}__`) !== undefined)
    return callValue(interpreter, getAttribute(interpreter, b, `__r${name}__`), [a]);
  return unknown;
}

function concatenated(interpreter: Interpreter, a: Value, b: Value): Value {
  if (isText(a) && isText(b))
    return typeof a === 'string' && typeof b === 'string' && a.length + b.length < longest
      ? a + b
      : UnknownText.value;
  if (a instanceof PyList && b instanceof PyList) {
    if (a.items.length + b.items.length > longest) return unknown;
    interpreter.burn(a.items.length + b.items.length);
    return new PyList([...a.items, ...b.items], a.open || b.open);
  }
  if (a instanceof PyTuple && b instanceof PyTuple) {
    if (a.items.length + b.items.length > longest) return unknown;
    interpreter.burn(a.items.length + b.items.length);
    return new PyTuple([...a.items, ...b.items], undefined, a.isSize && b.isSize);
  }
  return unknown;
}

function repeated(interpreter: Interpreter, a: Value, b: Value): Value {
  const sequence = isNumeric(a) ? b : a;
  const times = knownNumber(isNumeric(a) ? a : b);
  if (isText(sequence)) {
    const fits = typeof sequence === 'string' && times !== undefined && sequence.length * times < longest;
    return fits ? sequence.repeat(Math.max(0, times)) : UnknownText.value;
  }
  if (!(sequence instanceof PyList || sequence instanceof PyTuple)) return unknown;
  const { items } = sequence;
  const open = sequence instanceof PyList && sequence.open;
  if (times === undefined || items.length * times > longest)
    return sequence instanceof PyList ? new PyList(items, true) : unknown;
  interpreter.burn(Math.max(1, items.length * times));
  const all = Array.from({ length: Math.max(0, times) }, () => items).flat();
  return sequence instanceof PyList ? new PyList(all, open) : new PyTuple(all);
}

function sets(op: string, a: PySet, b: PySet): Value {
  const open = a.open || b.open;
  if (op === '|') return new PySet(new Map([...a.entries, ...b.entries]), open);
  if (op === '&') return new PySet(new Map([...a.entries].filter(([key]) => b.entries.has(key))), open);
  if (op === '-') return new PySet(new Map([...a.entries].filter(([key]) => !b.entries.has(key))), open);
  return new PySet(new Map([...a.entries, ...b.entries]), true);
}

/** `op a`. */
export function unary(interpreter: Interpreter, op: string, a: Value): Value {
  if (a instanceof Union) return a.options.map(one => unary(interpreter, op, one)).reduce(join);
  if (op === 'not') {
    const answer = truth(a);
    return answer === undefined ? unknown : !answer;
  }
  if (a instanceof TensorValue) return interpreter.library.unary(interpreter, op, a);
  if (!isNumeric(a)) {
    if (a instanceof PyInstance && op === '-' && classAttribute(a.cls, '__neg__') !== undefined)
      return callValue(interpreter, getAttribute(interpreter, a, '__neg__'), []);
    return unknown;
  }
  const number = asNumber(a);
  if (number.value === undefined || op === '+') return number;
  if (op === '-')
    return new PyNumber(
      number.type,
      twice(interpreter, x => -x, number.value, 0),
    );
  if (op === '~')
    return new PyNumber(
      'int',
      twice(interpreter, x => -x - 1, number.value, 0),
    );
  return unknown;
}

const elementwise = new Set(['<', '>', '<=', '>=', '==', '!=', '<>']);

/** `a op b` for one comparison. */
export function comparison(interpreter: Interpreter, op: string, a: Value, b: Value): Value {
  const tensor = [a, b].some(one => optionsOf(one).some(option => option instanceof TensorValue));
  if (tensor && elementwise.has(op)) {
    if (a === null || b === null) return op === '!=';
    return binary(interpreter, op, a, b);
  }
  if (a instanceof Union || b instanceof Union) {
    if (op === 'is' || op === 'is not' || op === 'in' || op === 'not in')
      return fromAnswer(compare(op, a, b));
    const answers = optionsOf(a).flatMap(x => optionsOf(b).map(y => compare(op, x, y)));
    return fromAnswer(agreed(answers));
  }
  if (a instanceof PyInstance && elementwise.has(op)) {
    const name = { '<': 'lt', '>': 'gt', '<=': 'le', '>=': 'ge', '==': 'eq', '!=': 'ne' }[op];
    if (name !== undefined && classAttribute(a.cls, `__${name}__`) !== undefined)
      return callValue(interpreter, getAttribute(interpreter, a, `__${name}__`), [b]);
  }
  if ((op === 'in' || op === 'not in') && b instanceof PyInstance) return unknown;
  return fromAnswer(compare(op, a, b));
}

function fromAnswer(answer: boolean | undefined): Value {
  return firstOf(answer);
}
