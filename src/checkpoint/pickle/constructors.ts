/**
 * Python's own classes and functions that a pickle may call: each only gathers its arguments into data.
 */
import {
  isKey,
  OrderedDict,
  type Stored,
  type StoredDict,
  type StoredKey,
  Tuple,
  Unresolved,
} from '../stored';
import type { Constructor, Machine } from './machine';

/** The members of a list or tuple. */
function itemsOf(value: Stored | undefined): readonly Stored[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof Tuple ? value.items : undefined;
}

/** Fills `target` from nothing, a dict, or a list of pairs. */
function fillDict<D extends StoredDict>(
  target: D,
  source: Stored | undefined,
  machine: Machine,
): D | undefined {
  if (source === undefined) return target;
  if (source instanceof Map) {
    machine.charge(source.size);
    for (const [key, value] of source) target.set(key, value);
    return target;
  }
  const pairs = itemsOf(source);
  if (pairs === undefined) return undefined;
  machine.charge(pairs.length);
  for (const pair of pairs) {
    const [key, value] = itemsOf(pair) ?? [];
    if (key === undefined || value === undefined || !isKey(key)) return undefined;
    target.set(key, value);
  }
  return target;
}

const newSet: Constructor = ([source], machine) => {
  if (source === undefined) return new Set();
  const items = itemsOf(source);
  machine.charge(items?.length ?? 0);
  const keys = items?.filter((item): item is StoredKey & Stored => isKey(item));
  return keys !== undefined && keys.length === items?.length ? new Set(keys) : undefined;
};

/** Bytes written as text: each character stands for the byte of its number. */
function latin1(text: string, machine: Machine): Uint8Array | undefined {
  machine.charge(text.length);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/** `bytes` and `bytearray`: from nothing, from text with its encoding, from bytes. */
const newBytes: Constructor = ([source, encoding], machine) => {
  if (source === undefined) return new Uint8Array(0);
  if (typeof source === 'string') return isLatin1(encoding) ? latin1(source, machine) : undefined;
  if (!(source instanceof Uint8Array)) return undefined;
  machine.charge(source.length);
  return new Uint8Array(source);
};

function isLatin1(encoding: Stored | undefined): boolean {
  return encoding === 'latin1' || encoding === 'latin-1';
}

/** What may be called, by `module.name`. */
export const pythonConstructors: readonly (readonly [string, Constructor])[] = [
  ['collections.OrderedDict', ([source], machine) => fillDict(new OrderedDict(), source, machine)],
  ['collections.Counter', ([source], machine) => fillDict(new Map(), source, machine)],
  // The first argument is the factory of missing values, which data does without.
  ['collections.defaultdict', ([, source], machine) => fillDict(new Map(), source, machine)],
  ['builtins.set', newSet],
  ['builtins.frozenset', newSet],
  ['builtins.bytes', newBytes],
  ['builtins.bytearray', newBytes],
  // How protocol 2 writes bytes.
  ['_codecs.encode', (args, machine) => (typeof args[0] === 'string' ? newBytes(args, machine) : undefined)],
  // How protocol 0 and 1 write objects: the first argument is the class.
  [
    'copyreg._reconstructor',
    ([type]) => (type instanceof Unresolved ? new Unresolved(type.module, type.qualname, []) : undefined),
  ],
];
