/** Quantized tensors: integers, and how they stand for numbers. */
import type { Quantization } from '../../protocol/checkpoint';
import { CheckpointError } from '../errors';
import { isTensor, type Stored, type StoredTensor, Tuple, Unresolved } from '../stored';
import { toSize } from './layout';

/** More scales than this are not read. */
const mostScales = 65_536;

/**
 * What the parameters of `_rebuild_qtensor` say: `(torch.per_tensor_affine, scale, zero_point)`, or
 * `(torch.per_channel_affine, scales, zero_points, axis)`; undefined for others.
 *
 * @throws CheckpointError where they are no finite numbers, or cannot be read
 */
export function quantizationOf(parameters: Stored | undefined): Quantization | undefined {
  if (!(parameters instanceof Tuple)) return undefined;
  const [scheme, scale, zeroPoint, axis] = parameters.items;
  if (!(scheme instanceof Unresolved)) return undefined;
  const [scales, zeroPoints] = [numbersOf(scale), numbersOf(zeroPoint)];
  if (scales === undefined || zeroPoints === undefined) return undefined;
  if (![...scales, ...zeroPoints].every(Number.isFinite))
    throw new CheckpointError('is damaged: has a scale or zero point that is no finite number');
  return {
    scheme: scheme.qualname,
    scales,
    zeroPoints,
    ...(typeof axis === 'bigint' && { axis: toSize(axis, 'the axis of the scales') }),
  };
}

function numbersOf(value: Stored | undefined): readonly number[] | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return [Number(value)];
  if (typeof value !== 'object' || value === null || !isTensor(value)) return undefined;
  return isShort(value) ? Array.from(value.data, Number) : undefined;
}

function isShort({ shape }: StoredTensor): boolean {
  return shape.length === 1 && (shape[0] ?? 0) <= mostScales;
}
