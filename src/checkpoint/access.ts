/**
 * Taking typed values out of a checkpoint by their path, with errors that say which entry is missing or
 * of the wrong kind: `intAt(root, 'epoch')`, `tensorAt(root, 'model', 'fc.weight')`.
 */
import { CheckpointError } from './errors';
import {
  isTensor,
  kindOf,
  type Stored,
  type StoredDict,
  type StoredTensor,
  Tuple,
  Unresolved,
} from './stored';

/** A step into a value: the key of a dictionary (a number stands for an int) or an index of a list. */
export type Step = string | number | bigint;

/** The value at `path`, or undefined where there is none. */
export function find(root: Stored, ...path: Step[]): Stored | undefined {
  let value: Stored | undefined = root;
  for (const step of path) {
    if (value instanceof Map) value = value.get(typeof step === 'number' ? BigInt(step) : step);
    else if (Array.isArray(value)) value = value[Number(step)];
    else if (value instanceof Tuple) value = value.items[Number(step)];
    else return undefined;
  }
  return value;
}

function expected(what: string, value: Stored | undefined, path: Step[]): CheckpointError {
  const where = path.length === 0 ? 'the checkpoint' : path.join('/');
  return new CheckpointError(`${where}: expected ${what}, found ${kindOf(value)}`);
}

/** The dictionary at `path`. */
export function dictAt(root: Stored, ...path: Step[]): StoredDict {
  const value = find(root, ...path);
  if (value instanceof Map) return value;
  throw expected('a dict', value, path);
}

/** The members of the list or tuple at `path`. */
export function listAt(root: Stored, ...path: Step[]): readonly Stored[] {
  const value = find(root, ...path);
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  throw expected('a list', value, path);
}

/** The tensor at `path`. */
export function tensorAt(root: Stored, ...path: Step[]): StoredTensor {
  const value = find(root, ...path);
  if (value !== undefined && isTensor(value)) return value;
  throw expected('a tensor', value, path);
}

/** The int at `path`, as a number; an error where it is too large to be one exactly. */
export function intAt(root: Stored, ...path: Step[]): number {
  const value = find(root, ...path);
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw expected('an int below 2^53', value, path);
}

/** The float or int at `path`. */
export function numberAt(root: Stored, ...path: Step[]): number {
  const value = find(root, ...path);
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw expected('a number', value, path);
}

/** The string at `path`. */
export function stringAt(root: Stored, ...path: Step[]): string {
  const value = find(root, ...path);
  if (typeof value === 'string') return value;
  throw expected('a string', value, path);
}

/** The bool at `path`. */
export function boolAt(root: Stored, ...path: Step[]): boolean {
  const value = find(root, ...path);
  if (typeof value === 'boolean') return value;
  throw expected('a bool', value, path);
}

/** A tensor and where it was found: `['model', 'fc.weight']`. */
export interface TensorEntry {
  readonly path: readonly string[];
  readonly tensor: StoredTensor;
}

/**
 * All tensors in a value, in the order of the file, those inside of unresolved objects too: the weights of
 * a whole module are under `_modules` and `_parameters`, as in the attributes of the Python object.
 */
export function* tensorsIn(value: Stored, path: readonly string[] = []): Generator<TensorEntry> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (Array.isArray(value) || value instanceof Tuple) {
    const items = value instanceof Tuple ? value.items : value;
    for (const [index, item] of items.entries()) yield* tensorsIn(item, [...path, String(index)]);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      yield* tensorsIn(item, [...path, typeof key === 'object' ? kindOf(key) : String(key)]);
    }
  } else if (value instanceof Set) {
    for (const item of value) yield* tensorsIn(item, path);
  } else if (value instanceof Unresolved) {
    yield* tensorsIn([...(value.args ?? [])], path);
    for (const part of [value.state, value.items, value.entries]) {
      if (part !== undefined) yield* tensorsIn(part, path);
    }
  } else {
    yield { path, tensor: value };
  }
}
