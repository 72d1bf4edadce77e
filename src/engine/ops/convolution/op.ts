/**
 * The convolution and the gradient of its weight. Both are linear in each of their inputs, and the gradient of either
 * is made of the two again: so there are derivatives of any order.
 */
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import { formatShape, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineOp, type Op } from '../op';
import { type Geometry, missingSizes, outputSizes, transposedSizes } from './geometry';
import { convolutionKernel, weightGradientKernel } from './kernel';
import { lowerConvolution } from './lowering';
import { lowerWeightGradient } from './weight';

/** A convolution, or with `transposed` what its gradient does: each input element is spread over its window. */
export type Convolution = Geometry & { transposed: boolean; outputPadding: readonly number[] };

/** The gradient of a weight with this kernel. */
export type WeightGradient = Geometry & { kernel: readonly number[] };

/** PyTorch's names of types in messages about convolutions. */
function checkTypes(x: Meta, weight: Meta, bias: Meta | undefined): void {
  const other = weight.dtype === x.dtype ? bias : weight;
  if (other !== undefined && other.dtype !== x.dtype) {
    throw new EngineError(
      `Input type (${x.dtype}) and ${other === weight ? 'weight' : 'bias'} type (${other.dtype}) should be the same`,
    );
  }
}

function checkBias(bias: Meta | undefined, channels: number, weight: Shape): void {
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === channels)) return;
  throw new EngineError(
    `Given weight of size ${formatShape(weight)}, expected bias to be 1-dimensional with ${channels} elements, but ` +
      `got bias of size ${formatShape(bias.shape)} instead`,
  );
}

function checkChannels(x: Shape, weight: Shape, { groups, transposed }: Convolution): void {
  const given = `Given groups=${groups}, weight of size ${formatShape(weight)}, expected`;
  const wanted = transposed ? (weight[0] ?? 0) : (weight[1] ?? 0) * groups;
  if (groups < 1) throw new EngineError('non-positive groups is not supported');
  if ((weight[0] ?? 0) % groups !== 0 || (weight[0] ?? 0) < groups) {
    throw new EngineError(`${given} weight to be divisible by ${groups} at dimension 0`);
  }
  if (x[1] !== wanted) {
    throw new EngineError(
      `${given} input${formatShape(x)} to have ${wanted} channels, but got ${x[1]} channels instead`,
    );
  }
}

function inferConvolution([x, weight, bias]: readonly Meta[], attributes: Convolution): Meta {
  if (x === undefined || weight === undefined)
    throw new EngineError('a convolution takes an input and a weight');
  const { transposed, groups, outputPadding } = attributes;
  checkChannels(x.shape, weight.shape, attributes);
  const channels = transposed ? (weight.shape[1] ?? 0) * groups : (weight.shape[0] ?? 0);
  checkBias(bias, channels, weight.shape);
  checkTypes(x, weight, bias);
  const [input, kernel] = [x.shape.slice(2), weight.shape.slice(2)];
  const sizes = transposed
    ? transposedSizes(input, kernel, attributes, outputPadding)
    : outputSizes(input, kernel, attributes);
  return { shape: [x.shape[0] ?? 0, channels, ...sizes], dtype: x.dtype };
}

/** All dimensions but the channels. */
const withoutChannels = (rank: number) => Array.from({ length: rank }, (_, i) => i).filter(i => i !== 1);

/** The gradient of the input of a convolution: a convolution the other way round. */
function inputGradient(grad: Tensor, weight: Tensor, input: Shape, attributes: Convolution): Tensor {
  const transposed = !attributes.transposed;
  const kernel = weight.shape.slice(2);
  const outputPadding = transposed
    ? missingSizes(input.slice(2), grad.shape.slice(2), kernel, attributes)
    : kernel.map(() => 0);
  const gradient = apply(convolutionOp, [grad, weight], { ...attributes, transposed, outputPadding });
  // Output padding of more than a stride adds windows that no input stands for.
  return input.reduce((x, size, dim) => (x.size(dim) > size ? x.narrow(dim, 0, size) : x), gradient);
}

const geometryOf = ({ stride, padding, dilation, groups }: Geometry): Geometry => ({
  stride,
  padding,
  dilation,
  groups,
});

/** Inputs [N, C, …] and weights [O, C / groups, …] ([C, O / groups, …] where transposed), and perhaps a bias [O]. */
export const convolutionOp: Op<Convolution> = defineOp<Convolution>({
  name: 'convolution',
  formula: 'Σ weight · window + bias',
  infer: inferConvolution,
  gradient: {
    name: 'ConvolutionBackward0',
    edges: [0, 1, 2],
    saves: ([x, weight]) => ({ inputs: [...(weight ? [0] : []), ...(x ? [1] : [])] }),
    backward: (grad, { attributes, needs, input, inputMeta: [x, weight] }) => {
      const kernel = weight?.shape.slice(2) ?? [];
      const ofWeight = () => {
        const [wide, narrow] = attributes.transposed ? [grad, input(0)] : [input(0), grad];
        return apply(weightGradientOp, [wide, narrow], { ...geometryOf(attributes), kernel });
      };
      return [
        needs[0] ? inputGradient(grad, input(1), x?.shape ?? [], attributes) : undefined,
        needs[1] ? ofWeight() : undefined,
        needs[2] ? grad.sum(withoutChannels(grad.ndim)) : undefined,
      ];
    },
  },
  lower: lowerConvolution,
  kernel: convolutionKernel,
});

/** Of an input and the gradient of the output, in the shape of the weight. */
const weightGradientOp: Op<WeightGradient> = defineOp<WeightGradient>({
  name: 'convolution_weight_backward',
  infer: ([x, grad], { groups, kernel }) => ({
    shape: [grad?.shape[1] ?? 0, (x?.shape[1] ?? 0) / groups, ...kernel],
    dtype: x?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'ConvolutionBackwardBackward0',
    saves: ([x, grad]) => ({ inputs: [...(grad ? [0] : []), ...(x ? [1] : [])] }),
    backward: (weight, { attributes, needs, input, inputMeta: [x] }) => {
      const none = attributes.kernel.map(() => 0);
      const along = { ...geometryOf(attributes), transposed: false, outputPadding: none };
      return [
        needs[0] ? inputGradient(input(1), weight, x?.shape ?? [], along) : undefined,
        needs[1] ? apply(convolutionOp, [input(0), weight], along) : undefined,
      ];
    },
  },
  lower: lowerWeightGradient,
  kernel: weightGradientKernel,
});
