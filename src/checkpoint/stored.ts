/**
 * What a checkpoint consists of, as plain data: Python's values, each with one counterpart here, so that
 * everything survives a round trip. A Python `float` is a `number` and a Python `int` is a `bigint`,
 * always: 1.0 and 1 are `1` and `1n`. (`int(epoch)` makes an int out of a number.)
 *
 * | Python             | here                        |
 * |--------------------|-----------------------------|
 * | None, bool, str    | null, boolean, string       |
 * | int                | bigint                      |
 * | float              | number                      |
 * | bytes, bytearray   | Uint8Array                  |
 * | list               | array                       |
 * | tuple, torch.Size  | Tuple                       |
 * | dict               | Map                         |
 * | OrderedDict        | OrderedDict (is a Map)      |
 * | set, frozenset     | Set                         |
 * | torch.Tensor       | StoredTensor                |
 * | anything else      | Unresolved, never executed  |
 */
import type { DType, TypedArray } from '../engine/dtype';

/** A value of a checkpoint. */
export type Stored =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | StoredTensor
  | Tuple
  | Unresolved
  | Stored[]
  | StoredDict
  | Set<StoredKey>;

/** A dictionary, in the order of its entries. */
export type StoredDict = Map<StoredKey, Stored>;

/** What may be the key of a dictionary or a member of a set. Ints are bigints here too: `state.get(0n)`. */
export type StoredKey =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | StoredTensor
  | Tuple
  | Unresolved;

/**
 * A tensor: its elements in row-major order, without gaps. Tensors that share their storage in the file
 * share their memory here too (tied weights stay tied), so `data` may be a view on a larger buffer.
 */
export interface StoredTensor {
  /** The element type of `data`. */
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
  /**
   * PyTorch's name of the type in the file where that is another one: `float16`, `bfloat16` and the 8-bit
   * floats are widened to float32, small integers to int32 or int64. Complex numbers get a last dimension
   * of 2, real and imaginary part (`torch.view_as_real`). It is written in this type again.
   */
  readonly storedAs?: string;
}

/** A Python tuple. */
export class Tuple {
  constructor(readonly items: readonly Stored[]) {}
}

/** A `collections.OrderedDict`, the type of every `state_dict`. */
export class OrderedDict extends Map<StoredKey, Stored> {
  /** Python attributes of the dictionary; PyTorch keeps the versions of modules in `_metadata`. */
  readonly attributes: Map<string, Stored> = new Map();
}

/**
 * A Python object that is none of the known ones: a class, a function, or what a call of one would have
 * given. Nothing is imported or called; this only says what was there, and keeps the data that came along.
 */
export class Unresolved {
  /** Arguments of the call or constructor; undefined for a mention of the class or function itself. */
  args: readonly Stored[] | undefined;
  /** What `__setstate__` or `__dict__` would have received: the attributes of a module, for example. */
  state: Stored | undefined;
  /** Members that were appended or added, of a subclass of list or set. */
  items: Stored[] | undefined;
  /** Entries that were set, of a subclass of dict. */
  entries: StoredDict | undefined;

  constructor(
    readonly module: string,
    readonly qualname: string,
    args?: readonly Stored[],
  ) {
    this.args = args;
  }

  /** `module.name`, as in `torch.nn.modules.linear.Linear`. */
  get name(): string {
    return `${this.module}.${this.qualname}`;
  }
}

/** A Python int out of a whole number: `int(3)` is `3n`. Fractions are a RangeError. */
export function int(value: number): bigint {
  return BigInt(value);
}

/** A Python dict with string keys: `dict({ epoch: int(3), lr: 0.1 })`. */
export function dict(entries: Readonly<Record<string, Stored>>): StoredDict {
  return new Map(Object.entries(entries));
}

/** A state_dict: `stateDict([['fc.weight', tensor]])`, or from a Map or a record of names to tensors. */
export function stateDict(
  entries: Iterable<readonly [string, Stored]> | Readonly<Record<string, Stored>>,
): OrderedDict {
  return new OrderedDict(isIterable(entries) ? entries : Object.entries(entries));
}

function isIterable<T>(value: Iterable<T> | object): value is Iterable<T> {
  return Symbol.iterator in value;
}

/** True for a tensor. */
export function isTensor(value: Stored): value is StoredTensor {
  return typeof value === 'object' && value !== null && 'dtype' in value;
}

/** True for what Python would accept as the key of a dictionary. */
export function isKey(value: Stored): value is StoredKey {
  return !(Array.isArray(value) || value instanceof Map || value instanceof Set);
}

/** Number of elements of a tensor of this shape; where it is damaged, as much as Infinity, but a number always. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((count, size) => count * size, 1);
}

/** A count that a damaged file may have made too large to be exact, as the largest that is. */
export function safeCount(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}

/** The kind of a value in Python's words, for messages: "a dict", "an int". */
export function kindOf(value: Stored | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return 'a bool';
  if (typeof value === 'number') return 'a float';
  if (typeof value === 'bigint') return 'an int';
  if (typeof value === 'string') return 'a string';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a dict';
  if (value instanceof Set) return 'a set';
  if (value instanceof Tuple) return 'a tuple';
  if (value instanceof Unresolved) return `a ${value.name.slice(0, 80)}`;
  return 'a tensor';
}
