/** Python's built-in functions and types. */
import { callValue } from '../interpret/calls';
import { setOf, textOf } from '../interpret/expressions';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf, lengthOf } from '../interpret/iterate';
import { join, optionsOf } from '../interpret/join';
import { getAttribute, isSubclass, setAttribute } from '../interpret/objects';
import { binary, comparison, twice } from '../interpret/operators';
import { truth } from '../interpret/truth';
import {
  Builtin,
  type Elements,
  firstOf,
  int,
  isUnknown,
  keyOf,
  knownNumber,
  PyClass,
  PyDict,
  PyFunction,
  PyInstance,
  PyIterator,
  PyList,
  PyNumber,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  sizeOf,
  TensorValue,
  UnknownText,
  unknown,
  type Value,
} from '../interpret/values';
import { type Bound, natives } from './native';
import { operation } from './operations';
import { elementOf } from './tensor-methods';

function elements(interpreter: Interpreter, value: Value | undefined): Elements {
  return elementsOf(interpreter, firstOf(value));
}

/** Values two by two, three by three, …; as many as the shortest has. */
function zipped(interpreter: Interpreter, values: readonly Value[]): Value {
  const all = values.map(value => elements(interpreter, value));
  const exact = all.every(one => one.exact);
  const lengths = all.map(({ items }) => items.length);
  const length = exact ? Math.min(...lengths) : Math.max(0, ...lengths);
  interpreter.burn(length);
  const items = Array.from(
    { length },
    (_, i) =>
      new PyTuple(
        all.map(
          one =>
            one.items[i] ??
            (one.exact && one.items.length > 0 ? one.items.reduce(join) : firstOf(one.items.at(-1))),
        ),
      ),
  );
  const counts = all.map(one => one.count ?? (one.exact ? one.items.length : undefined));
  const count = counts.every(one => typeof one === 'number') ? Math.min(...counts.map(Number)) : undefined;
  return new PyIterator({ items, exact, count });
}

function enumerated(args: Bound, interpreter: Interpreter): Value {
  const { items, exact, count } = elements(interpreter, args.get('iterable'));
  const start = args.get('start') === undefined ? 0 : args.number('start');
  const at = (i: number) => int(exact && start !== undefined ? start + i : undefined);
  // The first turn of a loop has the first index.
  const index = (i: number) => (!exact && i === 0 && items.length === 1 ? int(undefined) : at(i));
  return new PyIterator({ items: items.map((item, i) => new PyTuple([index(i), item])), exact, count });
}

function mapped(args: Bound, interpreter: Interpreter): Value {
  const [fn = unknown, ...sources] = args.all;
  const zip = zipped(interpreter, sources);
  if (!(zip instanceof PyIterator)) return unknown;
  const { items, exact, count } = zip.elements;
  return new PyIterator({
    items: items.map(item => callValue(interpreter, fn, item instanceof PyTuple ? item.items : [item])),
    exact,
    count,
  });
}

function extreme(args: Bound, interpreter: Interpreter, op: '<' | '>'): Value {
  const [first] = args.all;
  const { items, exact } =
    args.all.length > 1 ? { items: args.all, exact: true } : elements(interpreter, first);
  if (args.all.length === 1 && first instanceof TensorValue)
    return operation(interpreter, op === '<' ? 'min' : 'max', first);
  const key = args.extra.get('key');
  if (key !== undefined) {
    for (const item of items) callValue(interpreter, key, [item]);
    return items.length === 0 ? unknown : items.reduce(join);
  }
  if (items.some(isUnknown) || items.length === 0) return unknown;
  if (!exact) return items.every(one => one instanceof PyNumber) ? anyOf(items) : items.reduce(join);
  return items.reduce((best, item) => {
    const better = comparison(interpreter, op, item, best);
    if (typeof better === 'boolean') return better ? item : best;
    return item instanceof PyNumber && best instanceof PyNumber
      ? new PyNumber(item.type === best.type ? item.type : 'float', undefined)
      : join(best, item);
  });
}

function anyOf(items: readonly Value[]): Value {
  return new PyNumber(
    items.every(one => one instanceof PyNumber && one.type === 'int') ? 'int' : 'float',
    undefined,
  );
}

function summed(args: Bound, interpreter: Interpreter): Value {
  const { items, exact } = elements(interpreter, args.get('iterable'));
  const start = args.get('start') ?? int(0);
  if (exact) return items.reduce((sum, item) => binary(interpreter, '+', sum, item), start);
  const once = items.reduce((sum, item) => binary(interpreter, '+', sum, item), start);
  return once instanceof PyNumber ? new PyNumber(once.type, undefined) : once;
}

function sorted(args: Bound, interpreter: Interpreter): Value {
  const { items, exact } = elements(interpreter, args.get('iterable'));
  const key = args.get('key');
  const keys =
    key === undefined || key === null ? items : items.map(item => callValue(interpreter, key, [item]));
  const plain = keys.map(one => (typeof one === 'string' ? one : knownNumber(one)));
  if (!exact) return new PyList(items, true);
  const sortable = plain.every(one => typeof one === 'string') || plain.every(one => typeof one === 'number');
  if (!sortable) {
    const any = items.length === 0 ? unknown : items.reduce(join);
    return new PyList(items.map(() => any));
  }
  const order = items.map((item, i) => ({ item, key: plain[i] ?? 0 }));
  order.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  if (args.get('reverse') === true) order.reverse();
  return new PyList(order.map(({ item }) => item));
}

function isInstance(value: Value, type: Value): boolean | undefined {
  if (type instanceof PyTuple) {
    const answers = type.items.map(one => isInstance(value, one));
    return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
  }
  const options = optionsOf(value);
  if (options.length > 1) {
    const answers = options.map(one => isInstance(one, type));
    return answers.every(one => one === answers[0]) ? answers[0] : undefined;
  }
  if (isUnknown(value) || isUnknown(type)) return undefined;
  if (value instanceof PyInstance && type instanceof PyClass)
    return type.name === 'object' ? true : isSubclass(value.cls, type);
  const name = type instanceof PyClass || type instanceof Builtin ? type.name : undefined;
  if (name === undefined) return undefined;
  if (name === 'object') return true;
  const kinds = kindsOf(value);
  return kinds === undefined ? undefined : kinds.includes(name);
}

function kindsOf(value: Value): readonly string[] | undefined {
  if (value === null) return ['NoneType'];
  if (typeof value === 'boolean') return ['bool', 'int', 'Number'];
  if (typeof value === 'string' || value instanceof UnknownText) return ['str', 'Sequence', 'Iterable'];
  if (value instanceof PyNumber) return [value.type, 'Number'];
  if (value instanceof PyList) return ['list', 'Sequence', 'Iterable'];
  if (value instanceof PyTuple)
    return value.isSize ? ['tuple', 'Size', 'Sequence', 'Iterable'] : ['tuple', 'Sequence', 'Iterable'];
  if (value instanceof PyDict) return ['dict', 'Mapping'];
  if (value instanceof PySet) return ['set'];
  if (value instanceof TensorValue)
    return value.isArray ? ['ndarray'] : value.extra.parameter ? ['Tensor', 'Parameter'] : ['Tensor'];
  if (value instanceof PySlice) return ['slice'];
  if (value instanceof PyFunction) return ['function'];
  if (value instanceof PyInstance) return [value.cls.name];
  return undefined;
}

function converted(value: Value | undefined, type: 'int' | 'float'): Value {
  if (value === undefined) return new PyNumber(type, 0);
  if (typeof value === 'boolean') return new PyNumber(type, Number(value));
  if (value instanceof PyNumber) {
    const { value: dim } = value;
    if (typeof dim === 'number') return new PyNumber(type, type === 'int' ? Math.trunc(dim) : dim);
    return new PyNumber(type, dim);
  }
  if (value instanceof TensorValue) {
    const element = elementOf(value);
    return converted(isUnknown(element) ? new PyNumber(type, undefined) : element, type);
  }
  if (typeof value === 'string') {
    const infinite = /^\s*([+-]?)inf(inity)?\s*$/i.exec(value);
    if (infinite !== null && type === 'float')
      return new PyNumber(type, infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    const number = Number(value);
    return new PyNumber(
      type,
      value.trim() === '' || Number.isNaN(number) ? undefined : type === 'int' ? Math.trunc(number) : number,
    );
  }
  return new PyNumber(type, undefined);
}

function dictOf(args: Bound, interpreter: Interpreter): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  let open = args.open;
  const [source] = args.all;
  if (source instanceof PyDict) {
    for (const [key, entry] of source.entries) entries.set(key, entry);
    open ||= source.open;
  } else if (source !== undefined) {
    const { items, exact } = elements(interpreter, source);
    open ||= !exact;
    for (const item of items) {
      const [name, value] = item instanceof PyTuple || item instanceof PyList ? item.items : [];
      const key = name === undefined ? undefined : keyOf(name);
      if (key === undefined || name === undefined) open = true;
      else entries.set(key, [name, firstOf(value)]);
    }
  }
  for (const [name, value] of args.extra) entries.set(`s${name}`, [name, value]);
  return new PyDict(entries, open);
}

function nextOf(args: Bound, interpreter: Interpreter): Value {
  const iterator = args.get('iterator');
  if (iterator instanceof PyIterator) {
    const { items, exact } = iterator.elements;
    const item = items[iterator.position];
    if (exact) {
      interpreter.journal.setPosition(iterator, iterator.position + 1);
      return firstOf(item, args.get('default'));
    }
    // Which batch comes next is not known after the first one.
    if (iterator.position === 0) {
      interpreter.journal.setPosition(iterator, 1);
      return firstOf(items[0]);
    }
    return items.length === 0 ? unknown : items.reduce(join);
  }
  if (iterator instanceof PyInstance)
    return callValue(interpreter, getAttribute(interpreter, iterator, '__next__'), []);
  return unknown;
}

/** The type of a value, as far as it can be called to make another one. */
function typeOf(value: Value | undefined): Value {
  if (value instanceof PyInstance) return value.cls;
  if (value instanceof PyNumber) return firstOf(builtinNames.get(value.type));
  if (value instanceof PyList) return firstOf(builtinNames.get('list'));
  return unknown;
}

const exceptions = [
  'Exception',
  'ValueError',
  'TypeError',
  'RuntimeError',
  'KeyError',
  'IndexError',
  'NotImplementedError',
  'StopIteration',
  'AttributeError',
  'ImportError',
  'ModuleNotFoundError',
  'FileNotFoundError',
  'KeyboardInterrupt',
  'AssertionError',
  'ZeroDivisionError',
  'OSError',
  'IOError',
  'BaseException',
  'Warning',
  'UserWarning',
];

/** Python's built-in names. */
export const builtinNames: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['object', new PyClass('object', [])],
  ...exceptions.map(name => [name, new PyClass(name, [])] as const),
  ['NotImplemented', unknown],
  ['__file__', UnknownText.value],
  ...natives({
    'print(*)': () => null,
    'len(value)': (args, interpreter) => {
      const value = args.get('value');
      return int(value === undefined ? undefined : lengthOf(interpreter, value));
    },
    'range(start, stop, step)': args => {
      const { all } = args;
      const numbers = all.map(one => (one instanceof PyNumber ? one : int(sizeOf(one))));
      const [first = int(undefined), second, third] = numbers;
      return second === undefined
        ? new PyRange(int(0), first, int(1))
        : new PyRange(first, second, third ?? int(1));
    },
    'enumerate(iterable, start)': enumerated,
    'zip(*)': (args, interpreter) => zipped(interpreter, args.all),
    'map(*)': mapped,
    'filter(function, iterable)': (args, interpreter) => {
      const { items, exact } = elements(interpreter, args.get('iterable'));
      const fn = args.get('function') ?? null;
      const kept = items.map(item => ({
        item,
        keep: truth(fn === null ? item : callValue(interpreter, fn, [item])),
      }));
      const sure = exact && kept.every(({ keep }) => keep !== undefined);
      return new PyIterator({
        items: kept.filter(({ keep }) => keep !== false).map(({ item }) => item),
        exact: sure,
      });
    },
    'reversed(sequence)': (args, interpreter) => {
      const { items, exact, count } = elements(interpreter, args.get('sequence'));
      return new PyIterator({ items: items.toReversed(), exact, count });
    },
    'iter(iterable)': (args, interpreter) => new PyIterator(elements(interpreter, args.get('iterable'))),
    'next(iterator, default)': nextOf,
    'sorted(iterable, key, reverse)': sorted,
    'sum(iterable, start)': summed,
    'max(*)': (args, interpreter) => extreme(args, interpreter, '>'),
    'min(*)': (args, interpreter) => extreme(args, interpreter, '<'),
    'abs(x)': (args, interpreter) => {
      const value = firstOf(args.get('x'));
      if (value instanceof TensorValue) return operation(interpreter, 'abs', value);
      if (value instanceof PyNumber)
        return new PyNumber(
          value.type,
          value.value === undefined ? undefined : twice(interpreter, x => Math.abs(x), value.value, 0),
        );
      return unknown;
    },
    'round(number, ndigits)': args => {
      const value = args.get('number');
      const digits = args.get('ndigits');
      if (digits === undefined && value instanceof PyNumber && typeof value.value === 'number')
        return int(Math.round(value.value));
      return value instanceof TensorValue
        ? value
        : new PyNumber(digits === undefined ? 'int' : 'float', undefined);
    },
    'pow(base, exp)': (args, interpreter) =>
      binary(interpreter, '**', firstOf(args.get('base')), firstOf(args.get('exp'))),
    'divmod(a, b)': (args, interpreter) => {
      const [a, b] = [firstOf(args.get('a')), firstOf(args.get('b'))];
      return new PyTuple([binary(interpreter, '//', a, b), binary(interpreter, '%', a, b)]);
    },
    'all(iterable)': (args, interpreter) => {
      const { items, exact } = elements(interpreter, args.get('iterable'));
      const answers = items.map(truth);
      if (answers.includes(false)) return exact ? false : unknown;
      return exact && answers.every(one => one === true) ? true : unknown;
    },
    'any(iterable)': (args, interpreter) => {
      const { items, exact } = elements(interpreter, args.get('iterable'));
      const answers = items.map(truth);
      if (answers.includes(true)) return true;
      return exact && answers.every(one => one === false) ? false : unknown;
    },
    'isinstance(value, type)': args =>
      isInstance(firstOf(args.get('value')), firstOf(args.get('type'))) ?? unknown,
    'issubclass(cls, type)': args => {
      const [cls, type] = [args.get('cls'), args.get('type')];
      return cls instanceof PyClass && type instanceof PyClass ? firstOf(isSubclass(cls, type)) : unknown;
    },
    'hasattr(value, name)': (args, interpreter) => {
      const [value, name] = [firstOf(args.get('value')), args.text('name')];
      if (name === undefined) return unknown;
      return isUnknown(getAttribute(interpreter, value, name)) ? unknown : true;
    },
    'getattr(value, name, default)': (args, interpreter) => {
      const [value, name] = [firstOf(args.get('value')), args.text('name')];
      return name === undefined ? unknown : getAttribute(interpreter, value, name);
    },
    'setattr(value, name, next)': (args, interpreter) => {
      const [value, name] = [firstOf(args.get('value')), args.text('name')];
      if (name !== undefined) setAttribute(interpreter, value, name, firstOf(args.get('next')));
      else if (value instanceof PyInstance) interpreter.journal.setOpen(value);
      return null;
    },
    'callable(value)': args => {
      const value = args.get('value');
      return value instanceof PyFunction || value instanceof Builtin || value instanceof PyClass
        ? true
        : unknown;
    },
    'int(value, base)': args => converted(args.get('value'), 'int'),
    'float(value)': args => converted(args.get('value'), 'float'),
    'bool(value)': args => truth(args.get('value') ?? false) ?? unknown,
    'str(value)': args => textOf(args.get('value') ?? '') ?? UnknownText.value,
    'repr(value)': () => UnknownText.value,
    'format(value)': () => UnknownText.value,
    'chr(code)': args => {
      const code = args.number('code');
      return code === undefined ? UnknownText.value : String.fromCharCode(code);
    },
    'ord(text)': args => int(args.text('text')?.codePointAt(0)),
    'list(iterable)': (args, interpreter) => {
      if (args.get('iterable') === undefined) return new PyList([]);
      const { items, exact, count } = elements(interpreter, args.get('iterable'));
      if (!exact && typeof count === 'number' && count <= 4096 && items.length > 0) {
        const any = items.reduce(join);
        return new PyList(Array.from({ length: count }, () => any));
      }
      return new PyList(items, !exact);
    },
    'tuple(iterable)': (args, interpreter) => {
      const { items, exact } = elements(interpreter, args.get('iterable') ?? new PyTuple([]));
      return exact ? new PyTuple(items) : unknown;
    },
    'set(iterable)': (args, interpreter) => {
      const { items, exact } = elements(interpreter, args.get('iterable') ?? new PyTuple([]));
      return setOf(items, !exact);
    },
    'frozenset(iterable)': (args, interpreter) => {
      const { items, exact } = elements(interpreter, args.get('iterable') ?? new PyTuple([]));
      return setOf(items, !exact);
    },
    'dict(source)': dictOf,
    'slice(start, stop, step)': args => {
      const [first = null, second, third] = args.all;
      return second === undefined
        ? new PySlice(null, first, null)
        : new PySlice(first, second, third ?? null);
    },
    'type(value)': args => typeOf(args.get('value')),
    'id(value)': () => int(undefined),
    'hash(value)': () => int(undefined),
    'input(prompt)': () => UnknownText.value,
    'open(path, mode)': () => unknown,
    'vars(value)': () => unknown,
    'dir(value)': () => unknown,
    'globals()': () => unknown,
    'locals()': () => unknown,
    'exec(code)': () => unknown,
    'eval(code)': () => unknown,
    'exit(code)': () => null,
    'quit(code)': () => null,
  }),
]);
