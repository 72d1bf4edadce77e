/** Methods of lists, dictionaries, sets, tuples and texts. */
import { setOf } from '../interpret/expressions';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import { join } from '../interpret/join';
import { equal } from '../interpret/truth';
import {
  BoundMethod,
  firstOf,
  int,
  keyOf,
  PyDict,
  PyIterator,
  PyList,
  PySet,
  PyTuple,
  UnknownText,
  unknown,
  type Value,
} from '../interpret/values';
import { type Bound, natives } from './native';

function list(args: Bound): PyList | undefined {
  const self = args.get('self');
  return self instanceof PyList ? self : undefined;
}

function popped(args: Bound, interpreter: Interpreter): Value {
  const self = list(args);
  if (self === undefined) return unknown;
  const at = args.get('index') === undefined ? -1 : args.number('index');
  const any = () => (self.items.length === 0 ? unknown : self.items.reduce(join));
  if (at === undefined || self.open) return any();
  const place = at < 0 ? at + self.items.length : at;
  const item = firstOf(self.items[place]);
  interpreter.journal.setItems(self, self.items.toSpliced(place, 1));
  return item;
}

/** Lists do not grow beyond this. */
const longest = 20_000;
/** Longer texts are not made, in characters. */
const longestText = 1_000_000;

const lists = natives({
  'append(self, item)': (args, interpreter) => {
    const self = list(args);
    if (self === undefined) return null;
    const full = self.items.length >= longest;
    interpreter.journal.setItems(
      self,
      full ? self.items : [...self.items, firstOf(args.get('item'))],
      self.open || full,
    );
    return null;
  },
  'extend(self, items)': (args, interpreter) => {
    const self = list(args);
    const { items, exact } = elementsOf(interpreter, firstOf(args.get('items')));
    if (self !== undefined)
      interpreter.journal.setItems(self, [...self.items, ...items].slice(0, longest), self.open || !exact);
    return null;
  },
  'insert(self, index, item)': (args, interpreter) => {
    const self = list(args);
    const at = args.number('index');
    if (self !== undefined) {
      const item = firstOf(args.get('item'));
      if (at === undefined || self.open) interpreter.journal.setItems(self, [...self.items, item], true);
      else interpreter.journal.setItems(self, self.items.toSpliced(at, 0, item));
    }
    return null;
  },
  'pop(self, index)': popped,
  'remove(self, item)': (args, interpreter) => {
    const self = list(args);
    if (self !== undefined) interpreter.journal.setItems(self, self.items, true);
    return null;
  },
  'clear(self)': (args, interpreter) => {
    const self = list(args);
    if (self !== undefined) interpreter.journal.setItems(self, [], false);
    return null;
  },
  'copy(self)': args => {
    const self = list(args);
    return self === undefined ? unknown : new PyList(self.items, self.open);
  },
  'index(self, item)': args => {
    const self = args.get('self');
    const items = self instanceof PyList || self instanceof PyTuple ? self.items : [];
    const answers = items.map(one => equal(one, firstOf(args.get('item'))));
    const found = answers.indexOf(true);
    return int(found === -1 || answers.slice(0, found).includes(undefined) ? undefined : found);
  },
  'count(self, item)': () => int(undefined),
  'sort(self, key, reverse)': (args, interpreter) => {
    const self = list(args);
    if (self === undefined || self.items.length === 0) return null;
    const any = self.items.reduce(join);
    interpreter.journal.setItems(
      self,
      self.items.map(() => any),
    );
    return null;
  },
  'reverse(self)': (args, interpreter) => {
    const self = list(args);
    if (self !== undefined) interpreter.journal.setItems(self, self.items.toReversed());
    return null;
  },
  // Those of deques.
  'appendleft(self, item)': (args, interpreter) => {
    const self = list(args);
    if (self !== undefined) interpreter.journal.setItems(self, [firstOf(args.get('item')), ...self.items]);
    return null;
  },
  'popleft(self)': args => {
    const self = list(args);
    return self === undefined || self.items.length === 0 ? unknown : self.items.reduce(join);
  },
});

function dict(args: Bound): PyDict | undefined {
  const self = args.get('self');
  return self instanceof PyDict ? self : undefined;
}

function entryOf(args: Bound, interpreter: Interpreter, adds: boolean): Value {
  const self = dict(args);
  const name = firstOf(args.get('key'));
  const key = keyOf(name);
  const otherwise = args.get('default') ?? null;
  if (self === undefined) return unknown;
  const found = key === undefined ? undefined : self.entries.get(key);
  if (found !== undefined) return self.open ? join(found[1], otherwise) : found[1];
  if (key === undefined || self.open) return unknown;
  if (adds)
    interpreter.journal.setEntries(self, new Map([...self.entries, [key, [name, otherwise] as const]]));
  return otherwise;
}

const dicts = natives({
  'keys(self)': args => {
    const self = dict(args);
    return self === undefined
      ? unknown
      : new PyList(
          [...self.entries.values()].map(([name]) => name),
          self.open,
        );
  },
  'values(self)': args => {
    const self = dict(args);
    return self === undefined
      ? unknown
      : new PyList(
          [...self.entries.values()].map(([, value]) => value),
          self.open,
        );
  },
  'items(self)': args => {
    const self = dict(args);
    return self === undefined
      ? unknown
      : new PyList(
          [...self.entries.values()].map(([name, value]) => new PyTuple([name, value])),
          self.open,
        );
  },
  'get(self, key, default)': (args, interpreter) => entryOf(args, interpreter, false),
  'setdefault(self, key, default)': (args, interpreter) => entryOf(args, interpreter, true),
  'pop(self, key, default)': (args, interpreter) => {
    const self = dict(args);
    const value = entryOf(args, interpreter, false);
    const key = keyOf(firstOf(args.get('key')));
    if (self !== undefined && key !== undefined) {
      const entries = new Map(self.entries);
      entries.delete(key);
      interpreter.journal.setEntries(self, entries);
    }
    return value;
  },
  'update(self, other)': (args, interpreter) => {
    const [self, other] = [dict(args), args.get('other')];
    if (self === undefined) return null;
    const named = [...args.extra].map(([name, value]) => [`s${name}`, [name, value] as const] as const);
    const entries = other instanceof PyDict ? other.entries : new Map();
    const open = other instanceof PyDict ? other.open : other !== undefined;
    interpreter.journal.setEntries(self, new Map([...self.entries, ...entries, ...named]), self.open || open);
    return null;
  },
  'copy(self)': args => {
    const self = dict(args);
    return self === undefined ? unknown : new PyDict(self.entries, self.open, self.factory);
  },
  'clear(self)': (args, interpreter) => {
    const self = dict(args);
    if (self !== undefined) interpreter.journal.setEntries(self, new Map(), false);
    return null;
  },
  'most_common(self, n)': () => new PyList([unknown], true),
  'elements(self)': () => new PyList([unknown], true),
});

const sets = natives({
  'add(self, item)': (args, interpreter) => {
    const self = args.get('self');
    if (!(self instanceof PySet)) return null;
    const item = firstOf(args.get('item'));
    const key = keyOf(item);
    if (key === undefined) interpreter.journal.setMembers(self, self.entries, true);
    else interpreter.journal.setMembers(self, new Map([...self.entries, [key, item]]));
    return null;
  },
  'update(self, items)': (args, interpreter) => {
    const self = args.get('self');
    const { items, exact } = elementsOf(interpreter, firstOf(args.get('items')));
    const more = setOf(items, !exact);
    if (self instanceof PySet)
      interpreter.journal.setMembers(
        self,
        new Map([...self.entries, ...more.entries]),
        self.open || more.open,
      );
    return null;
  },
  'union(self, other)': (args, interpreter) => {
    const self = args.get('self');
    const { items, exact } = elementsOf(interpreter, firstOf(args.get('other')));
    const more = setOf(items, !exact);
    return self instanceof PySet
      ? new PySet(new Map([...self.entries, ...more.entries]), self.open || more.open)
      : unknown;
  },
});

function text(args: Bound): string | undefined {
  return args.text('self');
}

/** A function of a text that is known. */
const ofText = (apply: (text: string, args: Bound) => Value) => (args: Bound) => {
  const self = text(args);
  return self === undefined ? UnknownText.value : apply(self, args);
};

const texts = natives({
  'lower(self)': ofText(self => self.toLowerCase()),
  'upper(self)': ofText(self => self.toUpperCase()),
  'strip(self, chars)': ofText((self, args) =>
    args.get('chars') === undefined ? self.trim() : UnknownText.value,
  ),
  'rstrip(self, chars)': ofText((self, args) =>
    args.get('chars') === undefined ? self.trimEnd() : UnknownText.value,
  ),
  'lstrip(self, chars)': ofText((self, args) =>
    args.get('chars') === undefined ? self.trimStart() : UnknownText.value,
  ),
  'title(self)': () => UnknownText.value,
  'capitalize(self)': () => UnknownText.value,
  'format(self, *)': () => UnknownText.value,
  'encode(self)': () => unknown,
  'zfill(self, width)': () => UnknownText.value,
  'ljust(self, width)': () => UnknownText.value,
  'rjust(self, width)': () => UnknownText.value,
  'center(self, width)': () => UnknownText.value,
  'replace(self, old, new)': ofText((self, args) => {
    const [old, next] = [args.text('old'), args.text('new')];
    // Every character may become the new text, and one more stand at the end.
    return old === undefined || next === undefined || (self.length + 1) * (next.length + 1) > longestText
      ? UnknownText.value
      : self.replaceAll(old, next);
  }),
  'split(self, sep)': args => {
    const self = text(args);
    const sep = args.get('sep');
    if (self === undefined) return new PyList([UnknownText.value], true);
    if (sep === undefined || sep === null)
      return new PyList(self.trim() === '' ? [] : self.trim().split(/\s+/).slice(0, 20_000));
    return typeof sep === 'string' && sep !== ''
      ? new PyList(self.split(sep).slice(0, 20_000))
      : new PyList([UnknownText.value], true);
  },
  'splitlines(self)': args => {
    const self = text(args);
    return self === undefined
      ? new PyList([UnknownText.value], true)
      : new PyList(self.replace(/\n$/, '').split('\n').slice(0, 20_000));
  },
  'join(self, items)': (args, interpreter) => {
    const self = text(args);
    const { items, exact } = elementsOf(interpreter, firstOf(args.get('items')));
    const texts = items.filter(one => typeof one === 'string');
    if (self === undefined || !exact || texts.length < items.length) return UnknownText.value;
    const length = texts.reduce((sum, one) => sum + one.length + self.length, 0);
    return length > longestText ? UnknownText.value : texts.join(self);
  },
  'startswith(self, prefix)': args => {
    const [self, prefix] = [text(args), args.text('prefix')];
    return self === undefined || prefix === undefined ? unknown : self.startsWith(prefix);
  },
  'endswith(self, suffix)': args => {
    const [self, suffix] = [text(args), args.text('suffix')];
    return self === undefined || suffix === undefined ? unknown : self.endsWith(suffix);
  },
  'find(self, sub)': args => {
    const [self, sub] = [text(args), args.text('sub')];
    return int(self === undefined || sub === undefined ? undefined : self.indexOf(sub));
  },
  'index(self, sub)': args => {
    const [self, sub] = [text(args), args.text('sub')];
    const at = self === undefined || sub === undefined ? -1 : self.indexOf(sub);
    return int(at === -1 ? undefined : at);
  },
  'count(self, sub)': args => {
    const [self, sub] = [text(args), args.text('sub')];
    return int(
      self === undefined || sub === undefined || sub === '' ? undefined : self.split(sub).length - 1,
    );
  },
  'isdigit(self)': ofText(self => /^\d+$/.test(self)),
  'isalpha(self)': ofText(self => /^\p{L}+$/u.test(self)),
  'isspace(self)': ofText(self => /^\s+$/.test(self)),
});

/** A method of a list, a dictionary, a set, a tuple or a text; undefined where there is none. */
export function collectionAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof PyTuple) {
    const place = value.names?.indexOf(name) ?? -1;
    if (place !== -1) return value.items[place];
    if (name === 'numel' && value.isSize) return new BoundMethod(value, firstOf(lists.get('count')), name);
    return name === 'index' || name === 'count'
      ? new BoundMethod(value, firstOf(lists.get(name)), name)
      : undefined;
  }
  const table =
    value instanceof PyList
      ? lists
      : value instanceof PyDict
        ? dicts
        : value instanceof PySet
          ? sets
          : typeof value === 'string' || value instanceof UnknownText
            ? texts
            : value instanceof PyIterator
              ? iterators
              : undefined;
  const method = table?.get(name);
  return method === undefined ? undefined : new BoundMethod(value, method, name);
}

const iterators = natives({
  '__next__(self)': args => {
    const self = args.get('self');
    if (!(self instanceof PyIterator)) return unknown;
    const { items } = self.elements;
    return items.length === 0 ? unknown : items.reduce(join);
  },
  'next(self)': args => {
    const self = args.get('self');
    if (!(self instanceof PyIterator)) return unknown;
    return firstOf(self.elements.items[0]);
  },
  '__iter__(self)': args => firstOf(args.get('self')),
  'set_description(self, text)': () => null,
  'set_postfix(self, *)': () => null,
  'update(self, n)': () => null,
  'close(self)': () => null,
});
