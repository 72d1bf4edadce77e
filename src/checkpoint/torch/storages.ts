/**
 * Storages and the tensors that look into them. A storage is a run of elements in the file; a tensor says
 * where in it to begin, and how far to go for the next element of each dimension. Each storage is read
 * once, however many tensors share it.
 */
import { Budget, CheckpointError, quote } from '../errors';
import { elementCount, type Stored, type StoredTensor, Tuple, Unresolved } from '../stored';
import { decodeElements, type ElementType, elementOfStorage } from './elements';

/** Where the bytes of a storage come from: `count` elements of `type`, stored under `key`. */
export type FindStorage = (key: string, type: ElementType, count: number) => Uint8Array;

/** What a persistent id says about a storage. */
export interface StorageId {
  readonly type: ElementType;
  readonly key: string;
  /** Number of elements. */
  readonly count: number;
  /** A part of the storage, in elements; written by old versions only. */
  readonly view: { readonly offset: number; readonly count: number } | undefined;
}

/** PyTorch's limit on the number of dimensions. */
const maxDimensions = 64;

/** A non-negative number out of an int of the file. */
export function toSize(value: Stored | undefined, what: string): number {
  if (typeof value !== 'bigint' || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new CheckpointError(`is damaged: expected ${what} as a non-negative int`);
  }
  return Number(value);
}

/** A shape or strides out of a tuple of the file. */
function toSizes(value: Stored | undefined, what: string): number[] {
  if (!(value instanceof Tuple)) throw new CheckpointError(`is damaged: expected ${what} as a tuple`);
  if (value.items.length > maxDimensions) {
    throw new CheckpointError(`is damaged: found a tensor of ${value.items.length} dimensions`);
  }
  return value.items.map(item => toSize(item, what));
}

/** A persistent id `('storage', class, key, device, count)`; undefined where it is of an unknown kind. */
export function parseStorageId(id: Stored): StorageId | undefined {
  if (!(id instanceof Tuple) || id.items[0] !== 'storage') return undefined;
  const [, storageClass, key, , count, view] = id.items;
  if (!(storageClass instanceof Unresolved)) return undefined;
  const type = elementOfStorage(storageClass.module, storageClass.qualname);
  if (type === undefined || (typeof key !== 'string' && typeof key !== 'bigint')) return undefined;
  const [, viewOffset, viewCount] = view instanceof Tuple ? view.items : [];
  return {
    type,
    key: String(key),
    count: toSize(count, 'the size of a storage'),
    view:
      view instanceof Tuple
        ? { offset: toSize(viewOffset, 'an offset'), count: toSize(viewCount, 'a size') }
        : undefined,
  };
}

/** Bytes of a storage and the type that they were stored as. */
interface RawStorage {
  readonly type: ElementType;
  readonly bytes: Uint8Array;
}

/** Gives storages for persistent ids and tensors for storages. */
export class StorageLoader {
  readonly #loaded = new Map<string, StoredTensor>();
  readonly #raw = new WeakMap<StoredTensor, RawStorage>();
  readonly #memory: Budget;

  /**
   * @param find where the bytes are
   * @param fileSize size of the file; what is read may be larger, for widened and expanded tensors, but
   *   not by any amount
   */
  constructor(
    private readonly find: FindStorage,
    private readonly bigEndian: boolean,
    fileSize: number,
  ) {
    this.#memory = new Budget(256 * 2 ** 20 + 16 * fileSize, 'asks for far more memory than its own size');
  }

  /** The storage that a persistent id stands for, as a tensor of one dimension. */
  load(id: Stored): Stored {
    const found = parseStorageId(id);
    if (found === undefined)
      return new Unresolved('torch', 'persistent_id', id instanceof Tuple ? id.items : [id]);
    const { type, key, count, view } = found;
    const name = `${key}:${type.name}:${count}:${view?.offset}:${view?.count}`;
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const bytes = this.find(key, type, count);
    if (bytes.length < count * type.bytes) {
      throw new CheckpointError(
        `storage ${quote(key)} is cut off: expected ${count * type.bytes} bytes, found ${bytes.length}`,
      );
    }
    const start = view?.offset ?? 0;
    const end = start + (view?.count ?? count);
    if (end > count)
      throw new CheckpointError(`storage ${quote(key)} is damaged: its view ends outside of it`);
    const raw = { type, bytes: bytes.subarray(start * type.bytes, end * type.bytes) };
    const storage = this.#wrap(raw, [end - start], this.#decode(type, raw.bytes));
    this.#loaded.set(name, storage);
    this.#raw.set(storage, raw);
    return storage;
  }

  /**
   * The tensor that looks into a storage in the way that PyTorch's arguments say; undefined where the
   * storage could not be resolved.
   *
   * @param as the type of the tensor, of a storage without a type
   */
  tensor(storage: Stored | undefined, args: readonly Stored[], as?: ElementType): StoredTensor | undefined {
    const source = this.#storageOf(storage, as);
    if (source === undefined) return undefined;
    const { raw, data } = source;
    const offset = toSize(args[0], 'the offset of a tensor');
    const shape = toSizes(args[1], 'the shape of a tensor');
    const strides = toSizes(args[2], 'the strides of a tensor');
    if (strides.length !== shape.length) {
      throw new CheckpointError(
        `is damaged: found ${shape.length} dimensions with ${strides.length} strides`,
      );
    }
    const count = elementCount(shape);
    const stored = raw.bytes.length / raw.type.bytes;
    const last = shape.reduce((at, size, axis) => at + (size - 1) * (strides[axis] ?? 0), offset);
    if (count > 0 && !(last < stored)) {
      throw new CheckpointError(
        `is damaged: a tensor of shape (${shape.join(', ')}) reaches element ${last} of a storage of ${stored}`,
      );
    }
    const { parts, bytes } = raw.type;
    if (count === 0) return this.#wrap(raw, shape, data.subarray(0, 0));
    if (isContiguous(shape, strides)) {
      return this.#wrap(raw, shape, data.subarray(offset * parts, (offset + count) * parts));
    }
    this.#memory.take(count * bytes);
    return this.#wrap(raw, shape, this.#decode(raw.type, gather(raw, offset, shape, strides, count)));
  }

  #storageOf(storage: Stored | undefined, as: ElementType | undefined) {
    if (typeof storage !== 'object' || storage === null || !('dtype' in storage)) return undefined;
    const raw = this.#raw.get(storage);
    if (raw === undefined) return undefined;
    if (as === undefined || as === raw.type) return { raw, data: storage.data };
    const whole = raw.bytes.subarray(0, raw.bytes.length - (raw.bytes.length % as.bytes));
    return { raw: { type: as, bytes: whole }, data: this.#decode(as, whole) };
  }

  #decode(type: ElementType, bytes: Uint8Array) {
    // Twice: the copy of the bytes, and the array, which may be up to four times as large.
    this.#memory.take(bytes.length + 4 * type.parts * (bytes.length / type.bytes));
    return decodeElements(type, bytes, this.bigEndian);
  }

  #wrap(raw: RawStorage, shape: readonly number[], data: StoredTensor['data']): StoredTensor {
    const { name, dtype, parts } = raw.type;
    const fullShape = parts === 1 ? shape : [...shape, parts];
    return name === dtype
      ? { dtype, shape: fullShape, data }
      : { dtype, shape: fullShape, data, storedAs: name };
  }
}

/** Whether the elements lie in row-major order without gaps; the stride of a dimension of 1 says nothing. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 0;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** Copies the elements of a view in row-major order, whatever their type. */
function gather(
  raw: RawStorage,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  count: number,
): Uint8Array {
  const size = raw.type.bytes;
  const from = raw.bytes;
  const to = new Uint8Array(count * size);
  const index = shape.map(() => 0);
  let at = offset * size;
  for (let out = 0; out < to.length; out += size) {
    for (let byte = 0; byte < size; byte++) to[out + byte] = from[at + byte] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = (strides[axis] ?? 0) * size;
      const next = (index[axis] ?? 0) + 1;
      at += stride;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      at -= stride * next;
      index[axis] = 0;
    }
  }
  return to;
}
