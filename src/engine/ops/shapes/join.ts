/** Several tensors as one: `cat` and `stack`. */

import { resultType } from '../../dtype';
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import { formatShape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineOp, type Values } from '../op';
import { defineSignatures } from '../signatures';

type Along = { dim: number };

function commonType(inputs: readonly Meta[]) {
  return resultType(
    inputs.map(({ dtype, shape }) => ({ dtype, standing: shape.length === 0 ? 'zeroDim' : 'tensor' })),
  );
}

function checkJoined(inputs: readonly Meta[], dim: number): void {
  const [first] = inputs;
  inputs.forEach((input, i) => {
    const fits =
      first?.shape.length === input.shape.length &&
      input.shape.every((size, d) => d === dim || size === first.shape[d]);
    if (!fits) {
      throw new EngineError(
        `Sizes of tensors must match except in dimension ${dim}. Expected ${formatShape(first?.shape ?? [])} ` +
          `but got ${formatShape(input.shape)} for tensor number ${i} in the list.`,
      );
    }
  });
}

/** The input that holds a place along the joined dimension, and the place within it. */
function locate(inputs: readonly Values[], dim: number, place: number): [Values | undefined, number] {
  let rest = place;
  for (const input of inputs) {
    const size = input.shape[dim] ?? 0;
    if (rest < size) return [input, rest];
    rest -= size;
  }
  return [undefined, 0];
}

const catOp = defineOp<Along>({
  name: 'cat',
  formula: 'tensors joined along a dimension',
  infer(inputs, { dim }) {
    checkJoined(inputs, dim);
    const total = inputs.reduce((sum, { shape }) => sum + (shape[dim] ?? 0), 0);
    return {
      shape: (inputs[0]?.shape ?? []).map((size, i) => (i === dim ? total : size)),
      dtype: commonType(inputs),
    };
  },
  gradient: {
    name: 'CatBackward0',
    backward: (grad, { attributes: { dim }, inputMeta }) => {
      let start = 0;
      return inputMeta.map(({ shape }) => {
        const size = shape[dim] ?? 0;
        start += size;
        return grad.narrow(dim, start - size, size);
      });
    },
  },
  lower: (graph, { inputs, attributes, dtype }) =>
    graph.node(
      'Concat',
      inputs.map(input => graph.as(input, dtype)),
      { axis: attributes.dim },
    ),
  kernel: (inputs, { dim }, output) =>
    build(output, index => {
      const [input, place] = locate(inputs, dim, index[dim] ?? 0);
      return input === undefined
        ? 0
        : at(
            input,
            index.map((i, d) => (d === dim ? place : i)),
          );
    }),
});

const stackOp = defineOp<Along>({
  name: 'stack',
  formula: 'tensors stacked along a new dimension',
  infer(inputs, { dim }) {
    const shape = inputs[0]?.shape ?? [];
    const odd = inputs.findIndex(input => input.shape.join() !== shape.join());
    if (odd !== -1) {
      throw new EngineError(
        `stack expects each tensor to be equal size, but got ${formatShape(shape)} at entry 0 and ` +
          `${formatShape(inputs[odd]?.shape ?? [])} at entry ${odd}`,
      );
    }
    return { shape: [...shape.slice(0, dim), inputs.length, ...shape.slice(dim)], dtype: commonType(inputs) };
  },
  gradient: {
    name: 'StackBackward0',
    backward: (grad, { attributes: { dim }, inputMeta }) => inputMeta.map((_, i) => grad.select(dim, i)),
  },
  lower: (graph, { inputs, attributes: { dim }, dtype }) =>
    graph.node(
      'Concat',
      inputs.map(input => graph.node('Unsqueeze', [graph.as(input, dtype), graph.ints([dim])])),
      { axis: dim },
    ),
  kernel: (inputs, { dim }, output) =>
    build(output, index => {
      const input = inputs[index[dim] ?? 0];
      return input === undefined ? 0 : at(input, [...index.slice(0, dim), ...index.slice(dim + 1)]);
    }),
});

function checkNotEmpty(name: string, tensors: readonly Tensor[]): void {
  if (tensors.length === 0) throw new EngineError(`${name}: expected a non-empty list of Tensors`);
}

/** Tensors one behind the other along an existing dimension. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  checkNotEmpty('cat', tensors);
  if (tensors.some(tensor => tensor.ndim === 0)) {
    throw new EngineError('zero-dimensional tensor (at position 0) cannot be concatenated');
  }
  return apply(catOp, tensors, { dim: wrapDim(dim, tensors[0]?.ndim ?? 1) });
}

/** Tensors of one shape one behind the other along a new dimension. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  checkNotEmpty('stack', tensors);
  return apply(stackOp, tensors, { dim: wrapDim(dim, (tensors[0]?.ndim ?? 0) + 1) });
}

defineSignatures(`
  cat(tensors, dim)
  concat = cat(tensors, dim)
  concatenate = cat(tensors, dim)
  stack(tensors, dim)
`);
