/** Modules of Python's own library, as far as shapes need them, and those that are harmless. */
import { callValue } from '../../interpret/calls';
import { elementsOf } from '../../interpret/iterate';
import { subscript } from '../../interpret/subscripts';
import { Builtin, firstOf, PyClass, PyIterator, PyModule, unknown, type Value } from '../../interpret/values';
import { builtinNames } from '../builtins';
import { natives } from '../native';
import { libraryModule } from '../nn';
import { imageClass, someImage } from '../torchvision';
import { argparse } from './argparse';
import { collections } from './collections';
import { copy } from './copy';
import { functools } from './functools';
import { itertools } from './itertools';
import { math } from './math';
import { random } from './random';
import { os, path, time } from './system';

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
