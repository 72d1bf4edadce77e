/** Modules of Python's own library, as far as shapes need them, and those that are harmless. */
import { call, callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import { join } from '../interpret/join';
import { twice } from '../interpret/operators';
import { subscript } from '../interpret/subscripts';
import {
  Builtin,
  firstOf,
  float,
  int,
  PyClass,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyModule,
  PyNumber,
  PySlice,
  PyTuple,
  sizeOf,
  UnknownText,
  unknown,
  type Value,
} from '../interpret/values';
import { builtinNames } from './builtins';
import { type Bound, natives } from './native';
import { libraryModule } from './nn';
import { imageClass, someImage } from './torchvision';

/** A function of a number. */
const ofNumber =
  (compute: (x: number) => number, whole = false) =>
  (args: Bound, interpreter: Interpreter) => {
    const value = args.get('x');
    const known = value instanceof PyNumber ? value.value : undefined;
    if (known === undefined) return new PyNumber(whole ? 'int' : 'float', undefined);
    return new PyNumber(
      whole ? 'int' : 'float',
      twice(interpreter, x => compute(x), known, 0),
    );
  };

const math = libraryModule(
  'math',
  new Map<string, Value>([
    ['pi', float(Math.PI)],
    ['e', float(Math.E)],
    ['inf', float(Number.POSITIVE_INFINITY)],
    ['nan', float(undefined)],
    ...natives({
      'sqrt(x)': ofNumber(Math.sqrt),
      'exp(x)': ofNumber(Math.exp),
      'log(x, base)': (args, interpreter) =>
        args.get('base') === undefined ? ofNumber(Math.log)(args, interpreter) : float(undefined),
      'log2(x)': ofNumber(Math.log2),
      'log10(x)': ofNumber(Math.log10),
      'sin(x)': ofNumber(Math.sin),
      'cos(x)': ofNumber(Math.cos),
      'tan(x)': ofNumber(Math.tan),
      'tanh(x)': ofNumber(Math.tanh),
      'floor(x)': ofNumber(Math.floor, true),
      'ceil(x)': ofNumber(Math.ceil, true),
      'fabs(x)': ofNumber(Math.abs),
      'radians(x)': ofNumber(x => (x * Math.PI) / 180),
      'pow(x, y)': () => float(undefined),
      'isnan(x)': () => unknown,
      'isinf(x)': () => unknown,
      'gcd(a, b)': () => int(undefined),
      'prod(iterable)': (args, interpreter) => {
        const { items, exact } = elementsOf(interpreter, firstOf(args.get('iterable')));
        const sizes = items.map(sizeOf);
        return exact && sizes.every(size => size !== undefined)
          ? int(sizes.reduce((a, b) => twice(interpreter, (x, y) => x * y, a, b), 1))
          : new PyNumber('int', undefined);
      },
    }),
  ]),
);

/** Any of the elements of a sequence. */
function anyElement(args: Bound, interpreter: Interpreter): Value {
  const { items } = elementsOf(interpreter, firstOf(args.get('sequence')));
  return items.length === 0 ? unknown : items.reduce(join);
}

const random = libraryModule(
  'random',
  natives({
    'random()': () => float(undefined),
    'uniform(a, b)': () => float(undefined),
    'gauss(mu, sigma)': () => float(undefined),
    'normalvariate(mu, sigma)': () => float(undefined),
    'randint(a, b)': () => int(undefined),
    'randrange(a, b)': () => int(undefined),
    'seed(a)': () => null,
    'getrandbits(k)': () => int(undefined),
    'choice(sequence)': anyElement,
    'shuffle(sequence)': (args, interpreter) => {
      const value = args.get('sequence');
      if (value instanceof PyList && value.items.length > 0) {
        const any = value.items.reduce(join);
        interpreter.journal.setItems(
          value,
          value.items.map(() => any),
        );
      }
      return null;
    },
    'sample(sequence, k)': (args, interpreter) => {
      const any = anyElement(args, interpreter);
      const k = args.number('k');
      return k === undefined || k > 4096
        ? new PyList([any], true)
        : new PyList(Array.from({ length: k }, () => any));
    },
    'choices(sequence, weights, k)': (args, interpreter) => {
      const any = anyElement(args, interpreter);
      const k = args.number('k');
      return k === undefined || k > 4096
        ? new PyList([any], true)
        : new PyList(Array.from({ length: k }, () => any));
    },
  }),
);

const time = libraryModule(
  'time',
  natives({
    'time()': () => float(undefined),
    'perf_counter()': () => float(undefined),
    'process_time()': () => float(undefined),
    'sleep(seconds)': () => null,
    'strftime(format)': () => UnknownText.value,
  }),
);

const path = libraryModule(
  'os.path',
  natives({
    'join(*)': () => UnknownText.value,
    'exists(path)': () => unknown,
    'isfile(path)': () => unknown,
    'isdir(path)': () => unknown,
    'basename(path)': () => UnknownText.value,
    'dirname(path)': () => UnknownText.value,
    'abspath(path)': () => UnknownText.value,
    'expanduser(path)': () => UnknownText.value,
    'splitext(path)': () => new PyTuple([UnknownText.value, UnknownText.value]),
  }),
);

const os = libraryModule(
  'os',
  new Map<string, Value>([
    ['path', path],
    ['environ', new PyDict(new Map(), true)],
    ['sep', '/'],
    ...natives({
      'makedirs(path)': () => null,
      'mkdir(path)': () => null,
      'listdir(path)': () => new PyList([UnknownText.value], true),
      'getcwd()': () => UnknownText.value,
      'cpu_count()': () => int(undefined),
      'system(command)': () => int(undefined),
      'getenv(name)': () => unknown,
    }),
  ]),
);

// --- argparse ---------------------------------------------------------------------------------------

/** What `add_argument` says of an option. */
interface Option {
  readonly name: string;
  readonly value: Value;
}

const namespaceClass = new PyClass('Namespace', []);
const parserClass = new PyClass('ArgumentParser', [], undefined, () => {
  const made = new PyInstance(parserClass);
  made.native = [] satisfies Option[];
  return made;
});

function optionsOfParser(self: Value | undefined): Option[] {
  return self instanceof PyInstance && Array.isArray(self.native) ? self.native : [];
}

function addArgument(args: Bound): Value {
  const names = args.rest.filter(one => typeof one === 'string');
  const long = names.find(name => name.startsWith('--')) ?? names[0];
  const destination = args.text('dest') ?? long?.replace(/^-+/, '').replaceAll('-', '_');
  if (destination === undefined) return unknown;
  const action = args.text('action');
  const given = args.get('default');
  // Without arguments on the command line the options have their defaults.
  const usual = action === 'store_true' ? false : action === 'store_false' ? true : null;
  const positional = long !== undefined && !long.startsWith('-');
  const value = given ?? (positional || args.get('required') === true ? typed(args.get('type')) : usual);
  optionsOfParser(args.get('self')).push({
    name: destination,
    value: convertedDefault(value, args.get('type')),
  });
  return unknown;
}

function typed(type: Value | undefined): Value {
  const name = type instanceof Builtin ? type.name : undefined;
  return name === 'int'
    ? int(undefined)
    : name === 'float'
      ? float(undefined)
      : type === undefined
        ? UnknownText.value
        : unknown;
}

function convertedDefault(value: Value, type: Value | undefined): Value {
  // A default that is a text is read as the type says.
  if (typeof value !== 'string' || !(type instanceof Builtin)) return value;
  const number = Number(value);
  if (type.name === 'int') return int(Number.isInteger(number) ? number : undefined);
  return type.name === 'float' ? float(number) : value;
}

for (const [name, method] of natives({
  'add_argument(self, *, default, type, action, dest, required, help, choices, nargs, metavar)': addArgument,
  'add_argument_group(self, title)': args => firstOf(args.get('self')),
  'add_mutually_exclusive_group(self)': args => firstOf(args.get('self')),
  'set_defaults(self, *)': () => null,
  'parse_args(self, args)': args => {
    const made = new PyInstance(namespaceClass);
    for (const { name: key, value } of optionsOfParser(args.get('self'))) made.attributes.set(key, value);
    return made;
  },
  'parse_known_args(self, args)': args => {
    const made = new PyInstance(namespaceClass);
    for (const { name: key, value } of optionsOfParser(args.get('self'))) made.attributes.set(key, value);
    return new PyTuple([made, new PyList([])]);
  },
  'print_help(self)': () => null,
}))
  parserClass.attributes.set(name, method);

const namespaceOf = new Builtin('Namespace', ({ keywords }) => {
  const made = new PyInstance(namespaceClass);
  for (const [name, value] of keywords) made.attributes.set(name, value);
  return made;
});

const argparse = libraryModule(
  'argparse',
  new Map<string, Value>([
    ['ArgumentParser', parserClass],
    ['Namespace', namespaceOf],
    ['ArgumentDefaultsHelpFormatter', unknown],
  ]),
);

// --- collections, functools, itertools, copy -----------------------------------------------------------

const collections = libraryModule(
  'collections',
  new Map<string, Value>([
    ['OrderedDict', firstOf(builtinNames.get('dict'))],
    ['Counter', new Builtin('Counter', () => new PyDict(new Map(), true))],
    [
      'defaultdict',
      new Builtin(
        'defaultdict',
        ({ positional: [factory] }) => new PyDict(new Map(), false, factory ?? null),
      ),
    ],
    ...natives({
      'deque(iterable, maxlen)': (args, interpreter) => {
        const source = args.get('iterable');
        if (source === undefined) return new PyList([], args.get('maxlen') !== undefined);
        const { items, exact } = elementsOf(interpreter, source);
        return new PyList(items, !exact || args.get('maxlen') !== undefined);
      },
      'namedtuple(name, fields)': (args, interpreter) => {
        const fields = args.get('fields');
        const names =
          typeof fields === 'string'
            ? fields.split(/[\s,]+/)
            : elementsOf(interpreter, firstOf(fields)).items.filter(one => typeof one === 'string');
        return new Builtin(
          args.text('name') ?? 'namedtuple',
          given =>
            new PyTuple(
              names.map((name, i) => firstOf(given.positional[i], given.keywords.get(name))),
              names,
            ),
        );
      },
    }),
  ]),
);

const functools = libraryModule(
  'functools',
  natives({
    'partial(fn, *)': args => {
      const [fn = unknown, ...bound] = args.all;
      const keywords = args.extra;
      return new Builtin('partial', (given, interpreter) =>
        call(interpreter, fn, {
          ...given,
          positional: [...bound, ...given.positional],
          keywords: new Map([...keywords, ...given.keywords]),
        }),
      );
    },
    'reduce(fn, iterable, initial)': (args, interpreter) => {
      const { items, exact } = elementsOf(interpreter, firstOf(args.get('iterable')));
      const fn = firstOf(args.get('fn'));
      const initial = args.get('initial');
      const all = initial === undefined ? items : [initial, ...items];
      const [first = unknown, ...rest] = all;
      return exact ? rest.reduce((a, b) => callValue(interpreter, fn, [a, b]), first) : unknown;
    },
    'lru_cache(maxsize)': () => new Builtin('lru_cache', ({ positional: [fn = unknown] }) => fn),
    'wraps(fn)': () => new Builtin('wraps', ({ positional: [fn = unknown] }) => fn),
  }),
);

const itertools = libraryModule(
  'itertools',
  natives({
    'chain(*)': (args, interpreter) => {
      const all = args.all.map(one => elementsOf(interpreter, one));
      return new PyIterator({
        items: all.flatMap(({ items }) => items),
        exact: all.every(({ exact }) => exact),
      });
    },
    'product(*)': (args, interpreter) => {
      const all = args.all.map(one => elementsOf(interpreter, one));
      const exact = all.every(one => one.exact) && !args.extra.has('repeat');
      const count = all.reduce((product, { items }) => product * items.length, 1);
      if (!exact || count > 2000)
        return new PyIterator({
          items: [new PyTuple(all.map(({ items }) => (items.length === 0 ? unknown : items.reduce(join))))],
          exact: false,
        });
      const tuples = all.reduce<Value[][]>(
        (lists, { items }) => lists.flatMap(list => items.map(item => [...list, item])),
        [[]],
      );
      return new PyIterator({ items: tuples.map(items => new PyTuple(items)), exact: true });
    },
    'repeat(value, times)': args => {
      const times = args.number('times');
      const value = firstOf(args.get('value'));
      return times === undefined || times > 512
        ? new PyIterator({ items: [value], exact: false })
        : new PyIterator({ items: Array.from({ length: times }, () => value), exact: true });
    },
    'count(start, step)': () => new PyIterator({ items: [int(undefined)], exact: false }),
    'cycle(iterable)': (args, interpreter) =>
      new PyIterator({ items: elementsOf(interpreter, firstOf(args.get('iterable'))).items, exact: false }),
    'islice(iterable, stop)': (args, interpreter) => {
      const { items, exact } = elementsOf(interpreter, firstOf(args.get('iterable')));
      const picked = subscript(
        interpreter,
        new PyList(items, !exact),
        new PySlice(null, args.get('stop') ?? null, null),
      );
      return picked instanceof PyList
        ? new PyIterator({ items: picked.items, exact: !picked.open })
        : unknown;
    },
    'combinations(iterable, r)': () => new PyIterator({ items: [unknown], exact: false }),
    'permutations(iterable, r)': () => new PyIterator({ items: [unknown], exact: false }),
  }),
);

/** A copy that does not share what can be changed; modules are copied with their parameters. */
function copied(value: Value, depth = 0): Value {
  if (depth > 12) return unknown;
  if (value instanceof PyList)
    return new PyList(
      value.items.map(item => copied(item, depth + 1)),
      value.open,
    );
  if (value instanceof PyDict)
    return new PyDict(
      new Map([...value.entries].map(([key, [name, item]]) => [key, [name, copied(item, depth + 1)]])),
      value.open,
    );
  if (value instanceof PyInstance) {
    const made = new PyInstance(value.cls);
    made.native = value.native;
    made.open = value.open;
    for (const [name, item] of value.attributes) made.attributes.set(name, copied(item, depth + 1));
    return made;
  }
  return value;
}

const copy = libraryModule(
  'copy',
  natives({
    'copy(value)': args => copied(firstOf(args.get('value')), 0),
    'deepcopy(value)': args => copied(firstOf(args.get('value'))),
  }),
);

const tqdm = new Builtin(
  'tqdm',
  ({ positional: [iterable], keywords }, interpreter) => {
    const source = iterable ?? keywords.get('iterable');
    if (source === undefined) return unknown;
    return new PyIterator(elementsOf(interpreter, source));
  },
  new Map<string, Value>([
    ['write', new Builtin('write', () => null)],
    ['tqdm', unknown],
  ]),
);

const trange = new Builtin('trange', (args, interpreter) =>
  callValue(interpreter, firstOf(builtinNames.get('range')), args.positional),
);

const bars = new Map<string, Value>([
  ['tqdm', tqdm],
  ['trange', trange],
  ['tqdm_notebook', tqdm],
]);

const typing = new PyModule(
  'typing',
  name => new PyClass(name, []),
  () => [],
);

const image = libraryModule(
  'PIL.Image',
  new Map<string, Value>([
    ['Image', imageClass],
    ...natives({ 'open(path)': () => someImage(), 'fromarray(array)': () => someImage() }),
  ]),
);

const lower = 'abcdefghijklmnopqrstuvwxyz';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

const strings = libraryModule(
  'string',
  new Map<string, Value>([
    ['ascii_letters', lower + lower.toUpperCase()],
    ['ascii_lowercase', lower],
    ['ascii_uppercase', lower.toUpperCase()],
    ['digits', '0123456789'],
    ['punctuation', punctuation],
    ['whitespace', ' \t\n\r\v\f'],
  ]),
);

/** Something that takes anything and gives nothing that shapes depend on: its calls do not change what they are given. */
function harmless(name: string): PyModule {
  const nothing: Value = new Builtin(name, () => unknown);
  return new PyModule(
    name,
    () => nothing,
    () => [],
  );
}

const pyplot = new PyModule(
  'matplotlib.pyplot',
  name => new Builtin(name, () => unknown),
  () => [],
);

/** The modules by their full names. */
export const standardModules: readonly PyModule[] = [
  ...[
    math,
    random,
    strings,
    time,
    path,
    os,
    argparse,
    collections,
    functools,
    itertools,
    copy,
    typing,
    image,
  ],
  libraryModule('tqdm', bars),
  libraryModule('tqdm.auto', bars),
  libraryModule('tqdm.notebook', bars),
  libraryModule('PIL', new Map<string, Value>([['Image', image]])),
  libraryModule('__future__', new Map()),
  libraryModule(
    'abc',
    new Map<string, Value>([
      ['ABC', new PyClass('ABC', [])],
      ['abstractmethod', unknown],
    ]),
  ),
  libraryModule(
    'dataclasses',
    new Map<string, Value>([
      ['dataclass', unknown],
      ['field', new Builtin('field', ({ keywords }) => firstOf(keywords.get('default')))],
    ]),
  ),
  libraryModule(
    'operator',
    natives({
      'itemgetter(key)': args =>
        new Builtin('itemgetter', (given, interpreter) =>
          subscript(interpreter, firstOf(given.positional[0]), firstOf(args.get('key'))),
        ),
    }),
  ),
  pyplot,
  new PyModule(
    'matplotlib',
    name => (name === 'pyplot' ? pyplot : new Builtin(name, () => unknown)),
    () => [],
  ),
  ...[
    'sys',
    'json',
    'csv',
    'pickle',
    'logging',
    'warnings',
    'datetime',
    'shutil',
    'glob',
    're',
    'seaborn',
    'tensorboardX',
    'wandb',
    'gc',
    'threading',
    'queue',
    'IPython',
    'IPython.display',
  ].map(harmless),
];
