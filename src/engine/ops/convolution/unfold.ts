/** The patches of an image as columns, and columns of patches added up to an image. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { formatShape, numel, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';

type Sizes = readonly [number, number];

/** Which patches: `image` is the height and width of the image. */
type Patches = { image: Sizes; kernel: Sizes; dilation: Sizes; padding: Sizes; stride: Sizes };

/** How many patches stand side by side along a dimension. */
function steps({ image, kernel, dilation, padding, stride }: Patches, dim: 0 | 1): number {
  const reach = dilation[dim] * (kernel[dim] - 1) + 1;
  return Math.floor((image[dim] + 2 * padding[dim] - reach) / stride[dim]) + 1;
}

/** For each place of each patch, its place in the padded image: the places of a patch one after another. */
function placesOf(patches: Patches): number[] {
  const { image, kernel, dilation, padding, stride } = patches;
  const width = image[1] + 2 * padding[1];
  const [rows, columns] = [steps(patches, 0), steps(patches, 1)];
  return Array.from({ length: kernel[0] * kernel[1] * rows * columns }, (_, i) => {
    const patch = i % (rows * columns);
    const within = Math.floor(i / (rows * columns));
    const row = Math.floor(patch / columns) * stride[0] + Math.floor(within / kernel[1]) * dilation[0];
    const column = (patch % columns) * stride[1] + (within % kernel[1]) * dilation[1];
    return row * width + column;
  });
}

/** The place in the image of a place in the padded one; undefined in the padding. */
function unpadded(place: number, { image, padding }: Patches): number | undefined {
  const width = image[1] + 2 * padding[1];
  const [row, column] = [Math.floor(place / width) - padding[0], (place % width) - padding[1]];
  const inside = row >= 0 && row < image[0] && column >= 0 && column < image[1];
  return inside ? row * image[1] + column : undefined;
}

const paddedSizes = ({ image, padding }: Patches): Sizes => [
  image[0] + 2 * padding[0],
  image[1] + 2 * padding[1],
];

const area = ([height, width]: Sizes) => height * width;

const im2colOp: Op<Patches> = defineOp<Patches>({
  name: 'im2col',
  formula: 'patches as columns',
  infer: ([x], patches) => {
    const shape = x?.shape ?? [];
    const channels = shape.at(-3) ?? 0;
    const count = steps(patches, 0) * steps(patches, 1);
    return {
      shape: [...shape.slice(0, -3), channels * area(patches.kernel), count],
      dtype: x?.dtype ?? 'float32',
    };
  },
  gradient: {
    name: 'Im2ColBackward0',
    backward: (grad, { attributes }) => [apply(col2imOp, [grad], attributes)],
  },
  lower(graph, { inputs: [x], attributes: patches, shape, dtype }) {
    if (x === undefined) throw new Error('im2col takes an input');
    const [vertical, horizontal] = patches.padding;
    const lead = x.shape.slice(0, -2);
    const none = lead.map(() => 0);
    const border = graph.ints([...none, vertical, horizontal, ...none, vertical, horizontal]);
    const padded = graph.node('Pad', [graph.value(x), border, graph.scalar(0, dtype)]);
    const flat = graph.node('Reshape', [padded, graph.ints([...lead, area(paddedSizes(patches))])]);
    const picked = graph.node('Gather', [flat, graph.ints(placesOf(patches))], { axis: lead.length });
    return graph.node('Reshape', [picked, graph.ints(shape)]);
  },
  kernel: ([x], patches) => {
    if (x === undefined) return [];
    const places = placesOf(patches).map(place => unpadded(place, patches));
    const images = numel(x.shape.slice(0, -2));
    const size = area(patches.image);
    return Array.from({ length: images }, (_, i) =>
      places.map(place => (place === undefined ? 0 : (x.data[i * size + place] ?? 0))),
    ).flat();
  },
});

const col2imOp: Op<Patches> = defineOp<Patches>({
  name: 'col2im',
  formula: 'columns of patches added up',
  infer: ([x], { image, kernel }) => {
    const shape = x?.shape ?? [];
    return {
      shape: [...shape.slice(0, -2), (shape.at(-2) ?? 0) / area(kernel), ...image],
      dtype: x?.dtype ?? 'float32',
    };
  },
  gradient: {
    name: 'Col2ImBackward0',
    backward: (grad, { attributes }) => [apply(im2colOp, [grad], attributes)],
  },
  lower(graph, { inputs: [x], attributes: patches, shape, dtype }) {
    if (x === undefined) throw new Error('col2im takes an input');
    const lead = shape.slice(0, -2);
    const places = placesOf(patches);
    const columns = graph.node('Reshape', [graph.value(x), graph.ints([...lead, places.length])]);
    const [height, width] = paddedSizes(patches);
    const blank = graph.node('Expand', [graph.scalar(0, dtype), graph.ints([...lead, height * width])]);
    const indices = graph.node('Expand', [graph.ints(places), graph.ints([...lead, places.length])]);
    const options = { axis: lead.length, reduction: 'add' };
    const sums = graph.node('ScatterElements', [blank, indices, columns], options);
    const padded = graph.node('Reshape', [sums, graph.ints([...lead, height, width])]);
    const [vertical, horizontal] = patches.padding;
    const [top, left] = [lead.length, lead.length + 1];
    return graph.node('Slice', [
      padded,
      graph.ints([vertical, horizontal]),
      graph.ints([height - vertical, width - horizontal]),
      graph.ints([top, left]),
    ]);
  },
  kernel: ([x], patches, { shape }) => {
    if (x === undefined) return [];
    const places = placesOf(patches).map(place => unpadded(place, patches));
    const size = area(patches.image);
    const sums = new Float64Array(numel(shape));
    for (let i = 0; i < numel(shape.slice(0, -2)); i++) {
      places.forEach((place, k) => {
        if (place === undefined) return;
        const target = i * size + place;
        sums[target] = (sums[target] ?? 0) + (x.data[i * places.length + k] ?? 0);
      });
    }
    return sums;
  },
});

/** One number for both dimensions, or one for each. */
export type OneOrTwo = number | readonly number[];

/** How patches lie. */
export interface UnfoldOptions {
  readonly dilation?: OneOrTwo;
  readonly padding?: OneOrTwo;
  readonly stride?: OneOrTwo;
}

function both(name: string, given: OneOrTwo, least: number): Sizes {
  const [height, width = height] = typeof given === 'number' ? [given] : given;
  if (height === undefined || width === undefined || height < least || width < least) {
    throw new EngineError(
      `${name} should be ${least === 0 ? 'non-negative' : 'greater than zero'}, but got ${formatShape([given].flat())}`,
    );
  }
  return [height, width];
}

function patchesOf(
  image: Sizes,
  kernel: OneOrTwo,
  { dilation = 1, padding = 0, stride = 1 }: UnfoldOptions,
): Patches {
  const patches = {
    image,
    kernel: both('kernel_size', kernel, 1),
    dilation: both('dilation', dilation, 1),
    padding: both('padding', padding, 0),
    stride: both('stride', stride, 1),
  };
  if (steps(patches, 0) < 1 || steps(patches, 1) < 1) {
    throw new EngineError(
      `Given an image of ${formatShape(image)}, kernel_size=${formatShape(patches.kernel)}, ` +
        `dilation=${formatShape(patches.dilation)}, padding=${formatShape(patches.padding)}, ` +
        `stride=${formatShape(patches.stride)}, there is no room for a single patch`,
    );
  }
  return patches;
}

function checkColumns(name: string, self: Tensor, ranks: readonly number[], shape: Shape): void {
  if (!isFloating(self.dtype)) throw new EngineError(`"${name}" not implemented for '${self.dtype}'`);
  if (!ranks.includes(self.ndim) || shape.slice(1).includes(0)) {
    throw new EngineError(
      `${name}: expected a ${ranks.join('D or ')}D tensor (batch size may be 0), but got ${formatShape(shape)}`,
    );
  }
}

/**
 * The patches of images as columns (`torch.nn.functional.unfold`): [(N,) C, H, W] → [(N,) C·k·k, L], with L patches.
 */
export function unfold(self: Tensor, kernelSize: OneOrTwo, options: UnfoldOptions = {}): Tensor {
  checkColumns('im2col', self, [3, 4], self.shape);
  const image: Sizes = [self.size(-2), self.size(-1)];
  return apply(im2colOp, [self], patchesOf(image, kernelSize, options));
}

/** Columns of patches added up to images of a size: [(N,) C·k·k, L] → [(N,) C, *outputSize]. */
export function fold(
  self: Tensor,
  outputSize: OneOrTwo,
  kernelSize: OneOrTwo,
  options: UnfoldOptions = {},
): Tensor {
  checkColumns('col2im', self, [2, 3], self.shape);
  const patches = patchesOf(both('output_size', outputSize, 1), kernelSize, options);
  const count = steps(patches, 0) * steps(patches, 1);
  if (self.size(-2) % area(patches.kernel) !== 0 || self.size(-1) !== count) {
    throw new EngineError(
      `Expected size of input's dimension 1 to be divisible by the product of kernel_size and its last dimension to be ` +
        `the number of sliding blocks ${count}, but got ${formatShape(self.shape)}`,
    );
  }
  return apply(col2imOp, [self], patches);
}

defineSignatures(`
  unfold_images = unfold(self, kernel_size | dilation, padding, stride)
  fold(self, output_size, kernel_size | dilation, padding, stride)
`);
