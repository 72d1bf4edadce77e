/**
 * Storages and the tensors that look into them. Their elements stay in the file until somebody asks a tensor for its
 * `data`.
 */
import type { TypedArray } from '../../engine/dtype';
import { decodeElements, type ElementType } from '../elements';
import { Budget, CheckpointError, quote } from '../errors';
import { elementCount, isTensor, type Stored, type StoredTensor, Tuple, Unresolved } from '../stored';
import { gather } from '../strided';
import {
  checkLayout,
  isContiguous,
  type Layout,
  lastElement,
  type Storage,
  toLayout,
  toSize,
} from './layout';
import { elementOfStorage } from './storage-classes';

/** Where the bytes of storages are. */
export interface StorageRecords {
  /** Whether numbers have the byte order that is rare today. */
  readonly bigEndian: boolean;
  /** How many bytes the record of a storage has; an error where it is missing. */
  sizeOf(key: string): number;
  /** A part of the record of a storage. */
  read(key: string, start: number, length: number): Uint8Array;
}

/** A persistent id `('storage', class, key, device, count)` as a storage; undefined where it is of an unknown kind. */
export function parseStorageId(id: Stored): Storage | undefined {
  if (!(id instanceof Tuple) || id.items[0] !== 'storage') return undefined;
  const [, storageClass, key, , size, view] = id.items;
  if (!(storageClass instanceof Unresolved)) return undefined;
  const type = elementOfStorage(storageClass.module, storageClass.qualname);
  if (type === undefined || (typeof key !== 'string' && typeof key !== 'bigint')) return undefined;
  const count = toSize(size, 'the size of a storage');
  // Old versions wrote parts of storages, too.
  const [, viewOffset, viewCount] = view instanceof Tuple ? view.items : [null, 0n, BigInt(count)];
  const first = toSize(viewOffset, 'an offset');
  const own = toSize(viewCount, 'a size');
  if (first + own > count) {
    throw new CheckpointError(`storage ${quote(String(key))} is damaged: its view ends outside of it`);
  }
  return { type, key: String(key), start: first * type.bytes, length: own * type.bytes };
}

/**
 * Makes tensors whose elements are read when they are asked for.
 *
 * With `keep`, what was read stays: a storage is decoded once, and tensors that share it share memory. Without it every
 * look at `data` reads anew, and no more than that tensor needs.
 */
export class StorageLoader {
  readonly #layouts = new WeakMap<StoredTensor, Layout>();
  readonly #parameters = new WeakMap<StoredTensor, Stored>();
  readonly #decoded = new Map<string, TypedArray>();

  /**
   * @param fileSize size of the file; what is read may be larger, for widened and expanded tensors, but not by any
   *   amount
   */
  constructor(
    private readonly records: StorageRecords,
    private readonly fileSize: number,
    private readonly keep: boolean,
  ) {
    this.#kept = this.#budget();
  }

  readonly #kept: Budget;

  #budget(): Budget {
    return new Budget(64 * 2 ** 20 + 16 * this.fileSize, 'asks for far more memory than its own size');
  }

  /** The storage that a persistent id stands for, as a tensor of one dimension. */
  load(id: Stored): Stored {
    const storage = parseStorageId(id);
    if (storage === undefined) {
      return new Unresolved('torch', 'persistent_id', id instanceof Tuple ? id.items : [id]);
    }
    const count = storage.length / storage.type.bytes;
    return this.#tensor({ storage, offset: 0, shape: [count], strides: [1] });
  }

  /**
   * The tensor that looks into a storage in the way that PyTorch's arguments say; undefined where the storage could not
   * be resolved.
   *
   * @param as the type of the tensor, of a storage without a type
   */
  tensor(source: Stored | undefined, args: readonly Stored[], as?: ElementType): StoredTensor | undefined {
    const storage = source !== undefined && isTensor(source) ? this.layoutOf(source)?.storage : undefined;
    if (storage === undefined) return undefined;
    return this.#tensor(toLayout(as === undefined ? storage : { ...storage, type: as }, args));
  }

  /** Remembers what a file says of how the integers of a tensor stand for numbers. */
  quantize(tensor: StoredTensor, parameters: Stored): void {
    this.#parameters.set(tensor, parameters);
  }

  /** What {@link quantize} was given. */
  parametersOf(tensor: StoredTensor): Stored | undefined {
    return this.#parameters.get(tensor);
  }

  /** Where the elements of a tensor lie that this loader has made. */
  layoutOf(tensor: StoredTensor): Layout | undefined {
    return this.#layouts.get(tensor);
  }

  /** Throws where the elements of a tensor are not all in the file. */
  check(layout: Layout): void {
    const { key, start, length } = layout.storage;
    const found = this.records.sizeOf(key);
    if (found < start + length) {
      throw new CheckpointError(
        `storage ${quote(key)} is cut off: expected ${start + length} bytes, found ${found}`,
      );
    }
    checkLayout(layout);
  }

  #tensor(layout: Layout): StoredTensor {
    const { name, dtype, parts } = layout.storage.type;
    let kept: TypedArray | undefined;
    const data = () => {
      if (kept !== undefined) return kept;
      const elements = this.#elements(layout);
      if (this.keep) kept = elements;
      return elements;
    };
    const tensor = {
      dtype,
      shape: parts === 1 ? layout.shape : [...layout.shape, parts],
      get data() {
        return data();
      },
      ...(name === dtype ? {} : { storedAs: name }),
    };
    this.#layouts.set(tensor, layout);
    return tensor;
  }

  #elements(layout: Layout): TypedArray {
    this.check(layout);
    const { storage, offset, shape } = layout;
    const { type } = storage;
    const memory = this.keep ? this.#kept : this.#budget();
    const count = elementCount(shape);
    if (count === 0) return decodeElements(type, new Uint8Array(0), false);
    if (this.keep && isContiguous(layout)) {
      return this.#storage(storage, memory).subarray(offset * type.parts, (offset + count) * type.parts);
    }
    const span = (lastElement(layout) + 1 - offset) * type.bytes;
    memory.take(span);
    if (!isContiguous(layout)) memory.take(count * type.bytes);
    const bytes = this.records.read(storage.key, storage.start + offset * type.bytes, span);
    return this.#decode(
      type,
      isContiguous(layout) ? bytes : gather(bytes, type.bytes, shape, layout.strides),
      memory,
    );
  }

  /** All elements of a storage. */
  #storage({ type, key, start, length }: Storage, memory: Budget): TypedArray {
    const name = `${key}:${type.name}:${start}:${length}`;
    const known = this.#decoded.get(name);
    if (known !== undefined) return known;
    const bytes = this.records.read(key, start, length - (length % type.bytes));
    const elements = this.#decode(type, bytes, memory);
    this.#decoded.set(name, elements);
    return elements;
  }

  #decode(type: ElementType, bytes: Uint8Array, memory: Budget): TypedArray {
    // Twice: the copy of the bytes, and the array, which may be up to four times as large.
    memory.take(bytes.length + 4 * type.parts * (bytes.length / type.bytes));
    return decodeElements(type, bytes, this.records.bigEndian);
  }
}
