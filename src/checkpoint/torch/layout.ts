/**
 * Where the elements of a tensor lie: in which storage, from which element on, and how far to go for the next element of
 * each dimension.
 */

import type { ElementType } from '../elements';
import { CheckpointError } from '../errors';
import { elementCount, type Stored, Tuple } from '../stored';
import { rowMajor } from '../strided';

/** A run of elements in the file that any number of tensors look into. */
export interface Storage {
  readonly type: ElementType;
  readonly key: string;
  /** The part of the record `key` that it is, in bytes. */
  readonly start: number;
  readonly length: number;
}

/** How a tensor looks into a storage; offset and strides count elements. */
export interface Layout {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
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

/** The layout that PyTorch's arguments say: offset, shape and strides. */
export function toLayout(storage: Storage, [first, second, third]: readonly Stored[]): Layout {
  const offset = toSize(first, 'the offset of a tensor');
  const shape = toSizes(second, 'the shape of a tensor');
  const strides = toSizes(third, 'the strides of a tensor');
  if (strides.length !== shape.length) {
    throw new CheckpointError(`is damaged: found ${shape.length} dimensions with ${strides.length} strides`);
  }
  return { storage, offset, shape, strides };
}

/** The last element that a tensor reaches; one before its first where it has none. */
export function lastElement({ offset, shape, strides }: Layout): number {
  if (elementCount(shape) === 0) return offset - 1;
  return shape.reduce((at, size, axis) => at + (size - 1) * (strides[axis] ?? 0), offset);
}

/** Throws where a tensor reaches out of its storage. */
export function checkLayout(layout: Layout): void {
  const { storage, shape } = layout;
  if (!Number.isSafeInteger(elementCount(shape) * storage.type.bytes)) {
    throw new CheckpointError(
      `is damaged: a tensor of shape (${shape.join(', ')}) has more elements than memory can hold`,
    );
  }
  const last = lastElement(layout);
  const stored = Math.floor(storage.length / storage.type.bytes);
  if (elementCount(shape) > 0 && !(last < stored)) {
    throw new CheckpointError(
      `is damaged: a tensor of shape (${shape.join(', ')}) reaches element ${last} of a storage of ${stored}`,
    );
  }
}

/** Whether the elements of a tensor lie in row-major order without gaps. */
export const isContiguous = ({ shape, strides }: Layout): boolean => rowMajor(shape, strides);
