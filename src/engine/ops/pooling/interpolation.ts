/** Resizing images, sequences and volumes. */
import { EngineError } from '../../errors';
import { formatShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineSignatures } from '../signatures';
import { adaptiveAvgPool1d, adaptiveAvgPool2d, shares } from './pooling';
import type { AxisMap } from './resample-maps';
import { resampleOp } from './resample-op';

/** How numbers between the given ones are found. */
export type InterpolationMode =
  | 'nearest'
  | 'nearest-exact'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'area';

/** Options of {@link interpolate}. */
export interface InterpolateOptions {
  /** The new sizes of the spatial dimensions, or one for all. */
  readonly size?: number | readonly number[] | null;
  /** By what the sizes are multiplied. */
  readonly scaleFactor?: number | readonly number[] | null;
  readonly mode?: InterpolationMode;
  /** The corners of input and output are the same points, not the corners of their pixels. */
  readonly alignCorners?: boolean | null;
  /** Compute the scale anew from the rounded sizes. */
  readonly recomputeScaleFactor?: boolean | null;
}

/** The dimensions that a mode takes, batch and channels included, and the kind of map that it is. */
const modes: Record<
  InterpolationMode,
  { ranks: readonly number[]; kind: Exclude<AxisMap['kind'], 'windows' | 'shares'>; node: string }
> = {
  nearest: { ranks: [3, 4, 5], kind: 'nearest', node: 'UpsampleNearest' },
  'nearest-exact': { ranks: [3, 4, 5], kind: 'nearest-exact', node: 'UpsampleNearestExact' },
  linear: { ranks: [3], kind: 'linear', node: 'UpsampleLinear' },
  bilinear: { ranks: [4], kind: 'linear', node: 'UpsampleBilinear' },
  bicubic: { ranks: [4], kind: 'cubic', node: 'UpsampleBicubic' },
  trilinear: { ranks: [5], kind: 'linear', node: 'UpsampleTrilinear' },
  area: { ranks: [3, 4, 5], kind: 'nearest', node: '' },
};

function listOf(value: number | readonly number[], rank: number, name: string): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : value;
  if (list.length === rank) return list;
  throw new EngineError(
    `Input and output must have the same number of spatial dimensions, but got input with ${rank} spatial dimensions ` +
      `and ${name} of shape ${formatShape(list)}`,
  );
}

/** [N, C, …] with other sizes in the place of the spatial dimensions. */
export function interpolate(input: Tensor, options: InterpolateOptions = {}): Tensor {
  const { size, scaleFactor, mode = 'nearest', recomputeScaleFactor } = options;
  const { ranks, kind, node } = modes[mode];
  const spatial = input.shape.slice(2);
  if (!ranks.includes(input.ndim)) {
    throw new EngineError(
      `Got ${input.ndim}D input, but ${mode} mode needs ${ranks.map(rank => `${rank}D`).join(' or ')} input`,
    );
  }
  if ((size == null) === (scaleFactor == null)) {
    throw new EngineError('exactly one of size and scale_factor must be defined');
  }
  if (options.alignCorners != null && kind !== 'linear' && kind !== 'cubic') {
    throw new EngineError(
      'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
    );
  }
  const factors = scaleFactor == null ? undefined : listOf(scaleFactor, spatial.length, 'scale_factor');
  const sizes =
    size == null
      ? spatial.map((length, i) => Math.floor(length * (factors?.[i] ?? 1)))
      : listOf(size, spatial.length, 'output size');
  if (sizes.some(length => length < 1)) {
    throw new EngineError(
      `Input and output sizes should be greater than 0, but got input (${spatial.join(', ')}) output (${sizes.join(', ')})`,
    );
  }
  if (mode === 'area') return byArea(input, sizes);
  const alignCorners = options.alignCorners ?? false;
  const exact = recomputeScaleFactor ? undefined : factors;
  const maps = sizes.map((output, i): AxisMap => {
    const length = spatial[i] ?? 1;
    const corners = output > 1 ? (length - 1) / (output - 1) : 0;
    const plain = exact === undefined ? length / output : 1 / (exact[i] ?? 1);
    const scale = alignCorners ? corners : plain;
    return {
      kind,
      input: length,
      output,
      scale: input.dtype === 'float32' ? Math.fround(scale) : scale,
      alignCorners,
    };
  });
  return apply(resampleOp, [input], {
    maps,
    transposed: false,
    node: `${node}${spatial.length}DBackward1`,
  });
}

function byArea(input: Tensor, sizes: readonly number[]): Tensor {
  if (sizes.length === 1) return adaptiveAvgPool1d(input, sizes);
  return sizes.length === 2
    ? adaptiveAvgPool2d(input, sizes)
    : shares(input, sizes, 'AdaptiveAvgPool3DBackward0');
}

defineSignatures(`
  interpolate(self | size, scale_factor, mode, align_corners)
  upsample = interpolate(self | size, scale_factor, mode, align_corners)
`);
