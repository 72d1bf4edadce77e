/** Channels made into finer pixels, and back. */
import { EngineError } from '../../errors';
import type { Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';

type Factor = { factor: number };

/** The leading dimensions, and channels, height and width. */
function split(shape: Shape): { batch: number[]; image: [number, number, number] } {
  const [channels = 0, height = 0, width = 0] = shape.slice(-3);
  return { batch: shape.slice(0, -3), image: [channels, height, width] };
}

const shuffledShape = (shape: Shape, r: number): number[] => {
  const { batch, image } = split(shape);
  return [...batch, image[0] / (r * r), image[1] * r, image[2] * r];
};

const unshuffledShape = (shape: Shape, r: number): number[] => {
  const { batch, image } = split(shape);
  return [...batch, image[0] * r * r, image[1] / r, image[2] / r];
};

/** Dimensions behind `batch` in another order. */
const ordered = (batch: Shape, order: readonly number[]) => [
  ...batch.keys(),
  ...order.map(dim => batch.length + dim),
];

const pixelShuffleOp: Op<Factor> = defineOp<Factor>({
  name: 'pixel_shuffle',
  formula: 'channels as finer pixels',
  infer: ([x], { factor }) => ({
    shape: shuffledShape(x?.shape ?? [], factor),
    dtype: x?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'PixelShuffleBackward0',
    backward: (grad, { attributes }) => [apply(pixelUnshuffleOp, [grad], attributes)],
  },
  lower(graph, { inputs: [x], attributes: { factor: r }, shape }) {
    if (x === undefined) throw new Error('pixel_shuffle takes an input');
    const { batch, image } = split(x.shape);
    const apart = [...batch, image[0] / (r * r), r, r, image[1], image[2]];
    const parts = graph.node('Reshape', [graph.value(x), graph.ints(apart)], { allowzero: 1 });
    const moved = graph.node('Transpose', [parts], { perm: ordered(batch, [0, 3, 1, 4, 2]) });
    return graph.node('Reshape', [moved, graph.ints(shape)], { allowzero: 1 });
  },
  kernel: ([x], { factor: r }, output) =>
    build(output, index => {
      const [c = 0, i = 0, j = 0] = index.slice(-3);
      const channel = (c * r + (i % r)) * r + (j % r);
      return x === undefined
        ? 0
        : at(x, [...index.slice(0, -3), channel, Math.floor(i / r), Math.floor(j / r)]);
    }),
});

const pixelUnshuffleOp: Op<Factor> = defineOp<Factor>({
  name: 'pixel_unshuffle',
  formula: 'pixels as more channels',
  infer: ([x], { factor }) => ({
    shape: unshuffledShape(x?.shape ?? [], factor),
    dtype: x?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'PixelUnshuffleBackward0',
    backward: (grad, { attributes }) => [apply(pixelShuffleOp, [grad], attributes)],
  },
  lower(graph, { inputs: [x], attributes: { factor: r }, shape }) {
    if (x === undefined) throw new Error('pixel_unshuffle takes an input');
    const { batch, image } = split(x.shape);
    const apart = [...batch, image[0], image[1] / r, r, image[2] / r, r];
    const parts = graph.node('Reshape', [graph.value(x), graph.ints(apart)], { allowzero: 1 });
    const moved = graph.node('Transpose', [parts], { perm: ordered(batch, [0, 2, 4, 1, 3]) });
    return graph.node('Reshape', [moved, graph.ints(shape)], { allowzero: 1 });
  },
  kernel: ([x], { factor: r }, output) =>
    build(output, index => {
      const [c = 0, i = 0, j = 0] = index.slice(-3);
      const [channel, within] = [Math.floor(c / (r * r)), c % (r * r)];
      const place = [channel, i * r + Math.floor(within / r), j * r + (within % r)];
      return x === undefined ? 0 : at(x, [...index.slice(0, -3), ...place]);
    }),
});

function checkImage(name: string, self: Tensor, factor: number): void {
  if (self.ndim < 3) {
    throw new EngineError(
      `${name} expects input to have at least 3 dimensions, but got input with ${self.ndim} dimension(s)`,
    );
  }
  if (!(factor > 0)) throw new EngineError(`${name} expects a positive factor, but got ${factor}`);
}

/** The channels of each r × r block as the pixels of a finer image: [*, C·r², H, W] → [*, C, H·r, W·r]. */
export function pixelShuffle(self: Tensor, upscaleFactor: number): Tensor {
  checkImage('pixel_shuffle', self, upscaleFactor);
  const channels = self.size(-3);
  if (channels % upscaleFactor ** 2 !== 0) {
    throw new EngineError(
      `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but ` +
        `input.size(-3)=${channels} is not divisible by ${upscaleFactor ** 2}`,
    );
  }
  return apply(pixelShuffleOp, [self], { factor: upscaleFactor });
}

/** The other way round: [*, C, H·r, W·r] → [*, C·r², H, W]. */
export function pixelUnshuffle(self: Tensor, downscaleFactor: number): Tensor {
  checkImage('pixel_unshuffle', self, downscaleFactor);
  const [height, width] = [self.size(-2), self.size(-1)];
  if (height % downscaleFactor !== 0 || width % downscaleFactor !== 0) {
    throw new EngineError(
      `pixel_unshuffle expects height and width to be divisible by downscale_factor, but ${height} and ${width} are ` +
        `not divisible by ${downscaleFactor}`,
    );
  }
  return apply(pixelUnshuffleOp, [self], { factor: downscaleFactor });
}

defineSignatures(`
  pixel_shuffle(self, upscale_factor)
  pixel_unshuffle(self, downscale_factor)
`);
