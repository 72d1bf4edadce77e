/** Max unpools: elements go back to the places that a max pool has taken them from. */
import { EngineError } from '../../errors';
import { formatShape, numel, type Shape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { type Sizes, sizesFor } from '../convolution/convolution';
import { reshaped } from '../convolution/windows';
import { checkRange } from '../indexing/gather';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';

/** `sizes` are those of the spatial dimensions that are filled. */
type Unpool = { sizes: readonly number[] };

const leading = (shape: Shape, { sizes }: Unpool): Shape => shape.slice(0, -sizes.length);

const unpoolOp = defineOp<Unpool>({
  name: 'max_unpool',
  formula: 'each element at its place, zeros elsewhere',
  infer: ([input], attributes) => ({
    shape: [...leading(input?.shape ?? [], attributes), ...attributes.sizes],
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'MaxUnpool2DBackward0',
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes, input, inputMeta }) => {
      const planes = leading(grad.shape, attributes);
      const places = input(1).reshape([...planes, -1]);
      const taken = grad.reshape([...planes, -1]).gather(-1, places);
      return [taken.reshape(inputMeta[0]?.shape ?? [])];
    },
  },
  lower(graph, { inputs: [input, indices], attributes, shape, dtype }) {
    if (input === undefined || indices === undefined) throw new Error('an unpool takes two inputs');
    const planes = numel(leading(shape, attributes));
    const rows = [planes, numel(input.shape) / Math.max(planes, 1)];
    const zeros = graph.node('Expand', [
      graph.scalar(0, dtype),
      graph.ints([planes, numel(attributes.sizes)]),
    ]);
    if (numel(input.shape) === 0) return reshaped(graph, zeros, shape);
    const parts = [
      zeros,
      reshaped(graph, graph.value(indices), rows),
      reshaped(graph, graph.value(input), rows),
    ];
    return reshaped(graph, graph.node('ScatterElements', parts, { axis: 1 }), shape);
  },
  kernel([input, indices], { sizes }, output) {
    const result = new Float64Array(numel(output.shape));
    if (input === undefined || indices === undefined) return result;
    const [plane, elements] = [numel(sizes), numel(input.shape.slice(-sizes.length))];
    input.data.forEach((x, i) => {
      result[Math.floor(i / elements) * plane + (indices.data[i] ?? 0)] = x;
    });
    return result;
  },
});

/** The sizes that a pool with these windows has come from, or those that are asked for, which may differ by less than a step. */
function unpooledSizes(
  sizes: readonly number[],
  [kernel, stride, padding]: readonly (readonly number[])[],
  wanted: readonly number[] | undefined,
): readonly number[] {
  const usual = sizes.map(
    (size, i) => (size - 1) * (stride?.[i] ?? 1) - 2 * (padding?.[i] ?? 0) + (kernel?.[i] ?? 1),
  );
  if (wanted === undefined) return usual;
  const rank = sizes.length;
  const asked = wanted.length === rank + 2 ? wanted.slice(2) : wanted;
  if (asked.length !== rank) {
    throw new EngineError(
      `output_size should be a sequence containing ${rank} or ${rank + 2} elements, but it has a length of '${wanted.length}'`,
    );
  }
  usual.forEach((size, i) => {
    const [step, given] = [stride?.[i] ?? 1, asked[i] ?? 0];
    if (given > size - step && given < size + step) return;
    const range = (sign: number) => formatShape(usual.map((one, j) => one + sign * (stride?.[j] ?? 1)));
    throw new EngineError(
      `invalid output_size "${formatShape(asked)}" (dim ${i} must be between ${range(-1)} and ${range(1)})`,
    );
  });
  return asked;
}

function checkPlaces(indices: Tensor, sizes: readonly number[]): void {
  checkRange(
    indices,
    0,
    numel(sizes),
    index =>
      new EngineError(`Found an invalid max index: ${index} (output volumes are of size ${sizes.join('x')})`),
  );
}

function checkInput(rank: number, input: Tensor, indices: Tensor): void {
  if (input.ndim !== rank + 1 && input.ndim !== rank + 2) {
    throw new EngineError(
      `Input to max_unpooling${rank}d should be a ${rank + 1}d or ${rank + 2}d Tensor, but got ${formatShape(input.shape)}`,
    );
  }
  if (indices.dtype !== 'int64') {
    throw new EngineError(`elements in indices should be type int64 but got: ${indices.dtype}`);
  }
  if (!sameShape(input.shape, indices.shape)) {
    throw new EngineError(
      `Expected shape of indices to be same as that of the input tensor (${formatShape(input.shape)}) but got indices ` +
        `tensor with shape: ${formatShape(indices.shape)}`,
    );
  }
}

/** Puts elements of [N, C, H, W] or [C, H, W] at places in planes that are as large as before a pool, and zeros elsewhere. */
export function maxUnpool2d(
  input: Tensor,
  indices: Tensor,
  kernelSize: Sizes,
  stride?: Sizes | null,
  padding: Sizes = 0,
  outputSize?: readonly number[],
): Tensor {
  checkInput(2, input, indices);
  const kernel = sizesFor(2, kernelSize, 'kernel_size');
  const window = [
    kernel,
    sizesFor(2, stride ?? kernelSize, 'stride'),
    sizesFor(2, padding, 'padding'),
  ] as const;
  const sizes = unpooledSizes(input.shape.slice(-2), window, outputSize);
  checkPlaces(indices, sizes);
  return apply(unpoolOp, [input, indices], { sizes });
}

/** As {@link maxUnpool2d}, of [N, C, L] or [C, L]. */
export function maxUnpool1d(
  input: Tensor,
  indices: Tensor,
  kernelSize: Sizes,
  stride?: Sizes | null,
  padding: Sizes = 0,
  outputSize?: readonly number[],
): Tensor {
  checkInput(1, input, indices);
  const kernel = sizesFor(1, kernelSize, 'kernel_size');
  const window = [
    kernel,
    sizesFor(1, stride ?? kernelSize, 'stride'),
    sizesFor(1, padding, 'padding'),
  ] as const;
  const sizes = unpooledSizes(input.shape.slice(-1), window, outputSize);
  checkPlaces(indices, sizes);
  // As a plane that is one element wide.
  const plane = [input.unsqueeze(-1), indices.unsqueeze(-1)];
  return apply(unpoolOp, plane, { sizes: [...sizes, 1] }).squeeze(-1);
}

defineSignatures(`
  max_unpool1d(input, indices, kernel_size, stride, padding, output_size)
  max_unpool2d(input, indices, kernel_size, stride, padding, output_size)
`);
