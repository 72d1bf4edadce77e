/** Python's `argparse`: options with their defaults, as without arguments on the command line. */
import {
  Builtin,
  firstOf,
  float,
  int,
  PyClass,
  PyInstance,
  PyList,
  PyTuple,
  UnknownText,
  unknown,
  type Value,
} from '../../interpret/values';
import { type Bound, natives } from '../native';
import { libraryModule } from '../nn';

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

/** `argparse`. */
export const argparse = libraryModule(
  'argparse',
  new Map<string, Value>([
    ['ArgumentParser', parserClass],
    ['Namespace', namespaceOf],
    ['ArgumentDefaultsHelpFormatter', unknown],
  ]),
);
