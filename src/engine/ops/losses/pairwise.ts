/** Losses that compare element with element, and what all losses share. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { broadcastShapes, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { elementwise } from '../kernels';
import { defineOp, type Op } from '../op';
import { promote } from '../pointwise/elementwise';
import type { Reduction } from './cross-entropy';

export type { Reduction } from './cross-entropy';

/** The losses of samples made one number, or left as they are. */
export function reduceLoss(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}

/** How the losses of elements are put together, and which weights follow input and target. */
export type Pair = { reduction: Reduction; weighted: boolean; positive: boolean };

/** What tells one loss of elements from another. */
export interface PairSpec {
  readonly name: string;
  readonly formula: string;
  readonly node: string;
  /** The loss of one element; `positive` is the weight of hits, 1 where none is given. */
  readonly element: (input: number, target: number, positive: number) => number;
  readonly lower: (
    graph: GraphBuilder,
    operands: { readonly x: string; readonly y: string; readonly positive: string | undefined },
    dtype: 'float32' | 'float64',
  ) => string;
  /** The gradients for input and target, before `grad`, the weight and the mean are multiplied in. */
  readonly slope: (input: Tensor, target: Tensor, positive: Tensor | undefined) => Tensor;
  readonly targetSlope?: (input: Tensor, target: Tensor, positive: Tensor | undefined) => Tensor;
}

/** Where the weights stand among the inputs. */
function placesOf({ weighted, positive }: Pair): { readonly weight: number; readonly positive: number } {
  return { weight: weighted ? 2 : -1, positive: positive ? 2 + Number(weighted) : -1 };
}

/** A loss of elements: the inputs are input, target, and then the weights that there are. */
export function pairOp(spec: PairSpec): Op<Pair> {
  const { name, formula, node, element, lower, slope, targetSlope } = spec;
  return defineOp<Pair>({
    name,
    formula,
    infer(inputs, { reduction }) {
      const shape = inputs.reduce((all, one) => broadcastShapes(all, one.shape), inputs[0]?.shape ?? []);
      const dtype = inputs[0]?.dtype ?? 'float32';
      if (!isFloating(dtype)) throw new EngineError(`"${name}" not implemented for '${dtype}'`);
      return { shape: reduction === 'none' ? shape : [], dtype };
    },
    gradient: {
      name: node,
      edges: targetSlope === undefined ? [0] : [0, 1],
      saves: (_, attributes) => ({
        inputs: [0, 1, ...Object.values(placesOf(attributes)).filter(place => place >= 0)],
      }),
      backward: (grad, { attributes, needs, input }) => {
        const places = placesOf(attributes);
        const [x, y] = [input(0), input(1)];
        const positive = places.positive < 0 ? undefined : input(places.positive);
        const mean = attributes.reduction === 'mean' ? grad.div(x.numel()) : grad;
        const share = places.weight < 0 ? mean : mean.mul(input(places.weight));
        return [
          needs[0] ? slope(x, y, positive).mul(share) : undefined,
          needs[1] ? targetSlope?.(x, y, positive).mul(share) : undefined,
        ];
      },
    },
    lower(graph, { inputs, attributes, dtype }) {
      const places = placesOf(attributes);
      const operand = (i: number) => {
        const given = inputs[i];
        return given === undefined ? undefined : graph.as(given, dtype);
      };
      const [x = '', y = ''] = [operand(0), operand(1)];
      const type = dtype === 'float64' ? 'float64' : 'float32';
      const losses = lower(graph, { x, y, positive: operand(places.positive) }, type);
      const weight = operand(places.weight);
      const weighted = weight === undefined ? losses : graph.node('Mul', [losses, weight]);
      const { reduction } = attributes;
      if (reduction === 'none') return weighted;
      return graph.node(reduction === 'mean' ? 'ReduceMean' : 'ReduceSum', [weighted], { keepdims: 0 });
    },
    kernel(inputs, attributes, output) {
      const places = placesOf(attributes);
      const shape = inputs.reduce((all, one) => broadcastShapes(all, one.shape), inputs[0]?.shape ?? []);
      const losses = elementwise((...values: number[]) => {
        const [x = 0, y = 0] = values;
        return (values[places.weight] ?? 1) * element(x, y, values[places.positive] ?? 1);
      })(inputs, undefined, { ...output, shape });
      if (attributes.reduction === 'none') return losses;
      const sum = losses.reduce((a, b) => a + b, 0);
      return [attributes.reduction === 'mean' ? sum / losses.length : sum];
    },
  });
}

const mseOp = pairOp({
  name: 'mse_loss',
  formula: '(x − y)², averaged',
  node: 'MseLossBackward0',
  element: (x, y) => (x - y) ** 2,
  lower: (graph, { x, y }) => {
    const difference = graph.node('Sub', [x, y]);
    return graph.node('Mul', [difference, difference]);
  },
  slope: (x, y) => x.sub(y).mul(2),
  targetSlope: (x, y) => y.sub(x).mul(2),
});

/** Options of the losses that compare element with element. */
export interface PairOptions {
  readonly reduction?: Reduction;
}

/** Both stretched to the shape that they have together. */
export function broadcastPair(input: Tensor, target: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(input.shape, target.shape);
  const stretched = (tensor: Tensor) => (sameShape(tensor.shape, shape) ? tensor : tensor.expand(shape));
  return [stretched(input), stretched(target)];
}

/** The mean squared difference. */
export function mseLoss(input: Tensor, target: Tensor, { reduction = 'mean' }: PairOptions = {}): Tensor {
  const attributes = { reduction, weighted: false, positive: false };
  const [x, y] = broadcastPair(input, target);
  const dtype = promote([x.expr, y.expr]);
  return apply(mseOp, [x.to(dtype), y.to(dtype)], attributes);
}

/** The mean absolute difference. */
export function l1Loss(input: Tensor, target: Tensor, { reduction = 'mean' }: PairOptions = {}): Tensor {
  const [x, y] = broadcastPair(input, target);
  return reduceLoss(x.sub(y).abs(), reduction);
}
