/** Convolutions over one, two and three spatial dimensions, as PyTorch's functions take their arguments. */
import { EngineError } from '../../errors';
import { formatShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { pad } from '../shapes/pad';
import { defineSignatures } from '../signatures';
import { type Convolution, convolutionOp } from './op';

/** One number for all spatial dimensions, or one for each. */
export type Sizes = number | readonly number[];

/** Numbers, one for each of `rank` spatial dimensions. */
export function sizesFor(rank: number, value: Sizes, name: string): readonly number[] {
  const list = typeof value === 'number' ? [value] : value;
  if (list.length === 1) return new Array<number>(rank).fill(list[0] ?? 0);
  if (list.length === rank) return list;
  throw new EngineError(
    `expected ${name} to be a single integer value or a list of ${rank} values to match the convolution ` +
      `dimensions, but got ${name}=[${list.join(', ')}]`,
  );
}

function checkPositive(values: readonly number[], name: string): void {
  if (values.some(value => value < 1)) throw new EngineError(`non-positive ${name} is not supported`);
}

/** Applies a convolution to a batch [N, C, …], or to one sample [C, …]. */
function convolve(
  name: string,
  rank: number,
  [input, weight, bias]: readonly [Tensor, Tensor, Tensor | undefined],
  attributes: Convolution,
  border = (batch: Tensor) => batch,
): Tensor {
  checkPositive(attributes.stride, 'stride');
  checkPositive(attributes.dilation, 'dilation');
  if (attributes.padding.some(size => size < 0)) throw new EngineError('negative padding is not supported');
  const operands = (batch: Tensor) => [border(batch), weight, ...(bias === undefined ? [] : [bias])];
  if (weight.ndim !== rank + 2) {
    throw new EngineError(
      `Expected ${rank + 2}-dimensional weight for ${name}, but got weight of size: ${formatShape(weight.shape)}`,
    );
  }
  if (input.ndim === rank + 2) return apply(convolutionOp, operands(input), attributes);
  if (input.ndim !== rank + 1) {
    throw new EngineError(
      `Expected ${rank + 1}D (unbatched) or ${rank + 2}D (batched) input to ${name}, but got input of size: ` +
        formatShape(input.shape),
    );
  }
  return apply(convolutionOp, operands(input.unsqueeze(0)), attributes).squeeze(0);
}

/** Where and how a kernel is put down; `same` pads so that the output is as large as the input. */
export type ConvolutionPadding = Sizes | 'valid' | 'same';

function convolution(
  rank: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  [strides, paddings, dilations, groups]: readonly [Sizes, ConvolutionPadding, Sizes, number],
): Tensor {
  const stride = sizesFor(rank, strides, 'stride');
  const dilation = sizesFor(rank, dilations, 'dilation');
  const outputPadding = stride.map(() => 0);
  const rest = { stride, dilation, groups, transposed: false, outputPadding };
  const name = `conv${rank}d`;
  if (typeof paddings !== 'string') {
    const padding = sizesFor(rank, paddings, 'padding');
    return convolve(name, rank, [input, weight, bias], { ...rest, padding });
  }
  if (paddings === 'valid') {
    return convolve(name, rank, [input, weight, bias], { ...rest, padding: stride.map(() => 0) });
  }
  if (stride.some(step => step !== 1)) {
    throw new EngineError("padding='same' is not supported for strided convolutions");
  }
  const total = dilation.map((step, i) => step * ((weight.shape[i + 2] ?? 1) - 1));
  const padding = total.map(size => Math.floor(size / 2));
  // Where the two sides differ, the end gets one more, in an operation of its own.
  const more = total.map((size, i) => size - 2 * (padding[i] ?? 0));
  const ends = more.toReversed().flatMap(size => [0, size]);
  const border = more.some(size => size > 0) ? (x: Tensor) => pad(x, ends) : undefined;
  return convolve(name, rank, [input, weight, bias], { ...rest, padding }, border);
}

/** A convolution over [N, C, L] or [C, L] with a weight [O, C / groups, K] and a bias [O]. */
export function conv1d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  stride: Sizes = 1,
  padding: ConvolutionPadding = 0,
  dilation: Sizes = 1,
  groups = 1,
): Tensor {
  return convolution(1, input, weight, bias ?? undefined, [stride, padding, dilation, groups]);
}

/** A convolution over [N, C, H, W] or [C, H, W] with a weight [O, C / groups, KH, KW] and a bias [O]. */
export function conv2d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  stride: Sizes = 1,
  padding: ConvolutionPadding = 0,
  dilation: Sizes = 1,
  groups = 1,
): Tensor {
  return convolution(2, input, weight, bias ?? undefined, [stride, padding, dilation, groups]);
}

/** A convolution over [N, C, D, H, W] or [C, D, H, W] with a weight [O, C / groups, KD, KH, KW] and a bias [O]. */
export function conv3d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  stride: Sizes = 1,
  padding: ConvolutionPadding = 0,
  dilation: Sizes = 1,
  groups = 1,
): Tensor {
  return convolution(3, input, weight, bias ?? undefined, [stride, padding, dilation, groups]);
}

function transposed(
  rank: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  [stride, padding, outputPadding, groups, dilation]: readonly [Sizes, Sizes, Sizes, number, Sizes],
): Tensor {
  return convolve(`conv_transpose${rank}d`, rank, [input, weight, bias ?? undefined], {
    stride: sizesFor(rank, stride, 'stride'),
    padding: sizesFor(rank, padding, 'padding'),
    outputPadding: sizesFor(rank, outputPadding, 'output_padding'),
    dilation: sizesFor(rank, dilation, 'dilation'),
    groups,
    transposed: true,
  });
}

/** The gradient of {@link conv1d} as a layer: [N, C, L] with a weight [C, O / groups, K]. */
export function convTranspose1d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  stride: Sizes = 1,
  padding: Sizes = 0,
  outputPadding: Sizes = 0,
  groups = 1,
  dilation: Sizes = 1,
): Tensor {
  return transposed(1, input, weight, bias, [stride, padding, outputPadding, groups, dilation]);
}

/** The gradient of {@link conv2d} as a layer: [N, C, H, W] with a weight [C, O / groups, KH, KW]. */
export function convTranspose2d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  stride: Sizes = 1,
  padding: Sizes = 0,
  outputPadding: Sizes = 0,
  groups = 1,
  dilation: Sizes = 1,
): Tensor {
  return transposed(2, input, weight, bias, [stride, padding, outputPadding, groups, dilation]);
}

/** The gradient of {@link conv3d} as a layer: [N, C, D, H, W] with a weight [C, O / groups, KD, KH, KW]. */
export function convTranspose3d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  stride: Sizes = 1,
  padding: Sizes = 0,
  outputPadding: Sizes = 0,
  groups = 1,
  dilation: Sizes = 1,
): Tensor {
  return transposed(3, input, weight, bias, [stride, padding, outputPadding, groups, dilation]);
}

defineSignatures(`
  conv1d(self, weight, bias, stride, padding, dilation, groups)
  conv2d(self, weight, bias, stride, padding, dilation, groups)
  conv_transpose1d(self, weight, bias, stride, padding, output_padding, groups, dilation)
  conv_transpose2d(self, weight, bias, stride, padding, output_padding, groups, dilation)
`);
