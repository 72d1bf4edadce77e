/**
 * From layers with weights to whole networks: every way in which the layers fit onto each other from an image to one
 * score for each class. What a file of weights does not say (paddings, strides, pools, the size of the image) is what
 * these ways differ in.
 */
import type { ConvolutionUnit, LinearUnit, NormUnit, Pair, Unit } from './units';

/** A layer of a network, by what it does. */
export type Layer =
  | { readonly kind: 'conv'; readonly unit: ConvolutionUnit; readonly stride: Pair; readonly padding: Pair }
  | { readonly kind: 'norm'; readonly unit: NormUnit; readonly images: boolean }
  | { readonly kind: 'activation' }
  /** 2×2. */
  | { readonly kind: 'pool' }
  /** To one number for each channel. */
  | { readonly kind: 'globalPool' }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'linear'; readonly unit: LinearUnit };

/** A network that has been put together. */
export interface Structure {
  readonly layers: readonly Layer[];
  /** The height and width of the images that it takes, and how many channels. */
  readonly size: Pair;
  readonly channels: number;
  /** How many things about it are not as they usually are. */
  readonly oddities: number;
}

/** What is between two layers: channels of images, or numbers. */
interface Signal {
  readonly channels: number;
  /** Undefined where there are no images any more. */
  readonly size: Pair | undefined;
}

interface Part {
  readonly layers: readonly Layer[];
  readonly signal: Signal;
  readonly oddities: number;
}

/** A search that has seen so many parts of networks gives up: files have few layers, or are not of this kind. */
const mostParts = 20_000;

const same = (a: Pair, b: Pair) => a[0] === b[0] && a[1] === b[1];

/** The sizes of what a convolution gives. */
function convolved(size: Pair, kernel: Pair, stride: Pair, padding: Pair): Pair {
  const side = (i: 0 | 1) => Math.floor((size[i] + 2 * padding[i] - kernel[i]) / stride[i]) + 1;
  return [side(0), side(1)];
}

/** The ways in which a convolution can go over an image: without a border or with one that keeps its size. */
function* geometries({ kernel, facts }: ConvolutionUnit): Generator<{
  readonly stride: Pair;
  readonly padding: Pair;
  readonly odd: number;
}> {
  if (facts !== undefined) {
    yield { ...facts, odd: 0 };
    return;
  }
  const keeping: Pair = [(kernel[0] - 1) / 2, (kernel[1] - 1) / 2];
  const paddings: Pair[] = [[0, 0]];
  if (Number.isInteger(keeping[0]) && Number.isInteger(keeping[1]) && !same(keeping, [0, 0]))
    paddings.push(keeping);
  for (const [odd, step] of [1, 2].entries()) {
    for (const padding of paddings) yield { stride: [step, step], padding, odd };
  }
}

/** What can stand between a layer with weights and the next one. */
function* between(part: Part, norm: NormUnit | undefined, last: boolean): Generator<Part> {
  const { signal, oddities } = part;
  const layers = [...part.layers];
  if (norm !== undefined) {
    if (norm.size !== signal.channels) return;
    layers.push({ kind: 'norm', unit: norm, images: signal.size !== undefined });
  }
  if (!last) layers.push({ kind: 'activation' });
  yield { layers, signal, oddities };
  const { channels, size } = signal;
  if (size === undefined || last) return;
  const pooled: Pair = [Math.floor(size[0] / 2), Math.floor(size[1] / 2)];
  if (pooled[0] >= 1 && pooled[1] >= 1)
    yield { layers: [...layers, { kind: 'pool' }], signal: { channels, size: pooled }, oddities };
}

/** The ways to put a layer with weights behind what is there. */
function* extended({ layers, signal, oddities }: Part, unit: ConvolutionUnit | LinearUnit): Generator<Part> {
  const { channels, size } = signal;
  if (unit.kind === 'conv') {
    if (size === undefined || unit.inputs !== channels) return;
    for (const { stride, padding, odd } of geometries(unit)) {
      const given = convolved(size, unit.kernel, stride, padding);
      if (given[0] < 1 || given[1] < 1) continue;
      yield {
        layers: [...layers, { kind: 'conv', unit, stride, padding }],
        signal: { channels: unit.outputs, size: given },
        oddities: oddities + odd,
      };
    }
    return;
  }
  const after = { channels: unit.outputs, size: undefined };
  const linear: Layer = { kind: 'linear', unit };
  const flatten: Layer = { kind: 'flatten' };
  if (size === undefined) {
    if (unit.inputs === channels) yield { layers: [...layers, linear], signal: after, oddities };
  } else if (unit.inputs === channels * size[0] * size[1]) {
    yield { layers: [...layers, flatten, linear], signal: after, oddities };
  } else if (unit.inputs === channels) {
    const pool: Layer = { kind: 'globalPool' };
    yield { layers: [...layers, pool, flatten, linear], signal: after, oddities: oddities + 2 };
  }
}

/** A layer with weights, and the BatchNorm behind it. */
type Stage = readonly [ConvolutionUnit | LinearUnit, NormUnit | undefined];

function stagesOf(units: readonly Unit[]): Stage[] | undefined {
  const stages: [ConvolutionUnit | LinearUnit, NormUnit | undefined][] = [];
  for (const unit of units) {
    const before = stages.at(-1);
    if (unit.kind !== 'norm') stages.push([unit, undefined]);
    else if (before === undefined || before[1] !== undefined) return undefined;
    else before[1] = unit;
  }
  return stages;
}

/** The images that a network with this first layer may take, if the data has images of `size` with one channel. */
function* inputsFor(first: ConvolutionUnit | LinearUnit, size: Pair) {
  if (first.kind === 'linear') {
    if (first.inputs === size[0] * size[1]) yield { size, channels: 1, odd: 0 };
    return;
  }
  const { inputs: channels } = first;
  if (channels !== 1 && channels !== 3) return;
  const grey = channels === 1 ? 0 : 1;
  yield { size, channels, odd: grey };
  // LeNet-5 takes digits on a field of 32×32.
  if (size[0] < 32 && size[1] < 32) yield { size: [32, 32] as const, channels, odd: grey + 1 };
}

/**
 * The networks that these layers make in this order, the most usual ones first.
 * @param size the height and width of the data's images
 * @param classes how many scores a network is to give
 */
export function structuresOf(units: readonly Unit[], size: Pair, classes: number): Structure[] {
  const stages = stagesOf(units);
  const [first] = stages ?? [];
  if (stages === undefined || first === undefined) return [];
  const found: Structure[] = [];
  let seen = 0;
  for (const input of inputsFor(first[0], size)) {
    let parts: Part[] = [
      { layers: [], signal: { channels: input.channels, size: input.size }, oddities: input.odd },
    ];
    for (const [i, [unit, norm]] of stages.entries()) {
      const last = i === stages.length - 1;
      parts = parts.flatMap(part =>
        [...extended(part, unit)].flatMap(each => [...between(each, norm, last)]),
      );
      seen += parts.length;
      if (seen > mostParts) return [];
    }
    for (const { layers, signal, oddities } of parts) {
      const { channels } = signal;
      const [height, width] = signal.size ?? [1, 1];
      if (channels !== classes) continue;
      // Without a fully connected layer at its end, a network gives an average over what is left of the image.
      const ending: Layer[] =
        signal.size === undefined
          ? []
          : [...(height * width > 1 ? [{ kind: 'globalPool' } as const] : []), { kind: 'flatten' }];
      const odd = oddities + (height * width > 1 ? 2 : 0);
      found.push({
        layers: [...layers, ...ending],
        size: input.size,
        channels: input.channels,
        oddities: odd,
      });
    }
  }
  return found.sort((a, b) => a.oddities - b.oddities);
}
