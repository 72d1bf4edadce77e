/** `torch.nn.init`: numbers that parameters begin with. Each function overwrites a tensor and gives it back. */
import { noGrad } from '../autograd/grad-mode';
import { EngineError } from '../errors';
import { eye, rand, randn } from '../ops/creation/creation';
import type { Tensor } from '../tensor';

function fill<T extends Tensor>(tensor: T, make: () => Tensor): T {
  noGrad(() => tensor.copy_(make()));
  return tensor;
}

/** Numbers uniform over [a, b). */
export const uniform_ = <T extends Tensor>(tensor: T, a = 0, b = 1): T =>
  fill(tensor, () =>
    rand(tensor.shape, { device: tensor.device })
      .mul(b - a)
      .add(a),
  );

/** Normally distributed numbers. */
export const normal_ = <T extends Tensor>(tensor: T, mean = 0, std = 1): T =>
  fill(tensor, () => randn(tensor.shape, { device: tensor.device }).mul(std).add(mean));

/** One number everywhere. */
export const constant_ = <T extends Tensor>(tensor: T, value: number): T =>
  fill(tensor, () => tensor.detach().mul(0).add(value));

/** Ones. */
export const ones_ = <T extends Tensor>(tensor: T): T => constant_(tensor, 1);

/** Zeros. */
export const zeros_ = <T extends Tensor>(tensor: T): T => constant_(tensor, 0);

/** The identity matrix; only for matrices. */
export function eye_<T extends Tensor>(tensor: T): T {
  const [rows = 0, columns = 0] = tensor.shape;
  if (tensor.ndim !== 2) throw new EngineError('Only tensors with 2 dimensions are supported');
  return fill(tensor, () => eye(rows, columns, { device: tensor.device }));
}

/** How many inputs and outputs a unit has whose weights are [out, in, …]. */
function fans(tensor: Tensor): { readonly fanIn: number; readonly fanOut: number } {
  const [outputs = 1, inputs = 1, ...field] = tensor.shape;
  if (tensor.ndim < 2) {
    throw new EngineError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const size = field.reduce((product, n) => product * n, 1);
  return { fanIn: inputs * size, fanOut: outputs * size };
}

/** What weights are multiplied with so that a nonlinearity leaves the variance as it is. */
export function calculateGain(nonlinearity: string, parameter?: number): number {
  if (nonlinearity === 'tanh') return 5 / 3;
  if (nonlinearity === 'relu') return Math.SQRT2;
  if (nonlinearity === 'leaky_relu') return Math.sqrt(2 / (1 + (parameter ?? 0.01) ** 2));
  if (nonlinearity === 'selu') return 3 / 4;
  if (/^(linear|sigmoid|conv(_transpose)?[123]d)$/.test(nonlinearity)) return 1;
  throw new EngineError(`Unsupported nonlinearity ${nonlinearity}`);
}

/** Uniform, with a variance that keeps that of activations and gradients (Glorot and Bengio, 2010). */
export function xavierUniform_<T extends Tensor>(tensor: T, gain = 1): T {
  const { fanIn, fanOut } = fans(tensor);
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform_(tensor, -bound, bound);
}

/** {@link xavierUniform_} with normally distributed numbers. */
export function xavierNormal_<T extends Tensor>(tensor: T, gain = 1): T {
  const { fanIn, fanOut } = fans(tensor);
  return normal_(tensor, 0, gain * Math.sqrt(2 / (fanIn + fanOut)));
}

/** Settings of Kaiming's distributions. */
export interface KaimingOptions {
  /** The slope below zero, with `leaky_relu`. */
  readonly a?: number;
  /** Whether the variance is kept on the way forward or back. */
  readonly mode?: 'fan_in' | 'fan_out';
  readonly nonlinearity?: string;
}

function kaimingStd(tensor: Tensor, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions) {
  const { fanIn, fanOut } = fans(tensor);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut);
}

/** Uniform, with a variance that suits rectifiers (He et al., 2015). */
export function kaimingUniform_<T extends Tensor>(tensor: T, options: KaimingOptions = {}): T {
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound);
}

/** {@link kaimingUniform_} with normally distributed numbers. */
export function kaimingNormal_<T extends Tensor>(tensor: T, options: KaimingOptions = {}): T {
  return normal_(tensor, 0, kaimingStd(tensor, options));
}
