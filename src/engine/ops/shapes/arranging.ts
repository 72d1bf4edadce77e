/** Elements in another order: flipped, rolled, tiled; all of them picks of places known beforehand. */
import { EngineError } from '../../errors';
import { numel, type Shape, wrapDim, wrapDims } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { alias, permute } from './views';

type Flip = { dims: readonly number[] };

const flipOp: Op<Flip> = defineOp<Flip>({
  name: 'flip',
  formula: 'dimensions read backwards',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'FlipBackward0',
    backward: (grad, { attributes }) => [apply(flipOp, [grad], attributes)],
  },
  lower: (graph, { inputs, attributes: { dims }, shape }) =>
    dims.reduce(
      (value, dim) => {
        const size = shape[dim] ?? 1;
        const places = Array.from({ length: size }, (_, i) => size - 1 - i);
        return graph.node('Gather', [value, graph.ints(places)], { axis: dim });
      },
      inputs.map(input => graph.value(input))[0] ?? '',
    ),
  kernel: ([input], { dims }, output) =>
    build(output, index => {
      const source = index.map((i, d) => (dims.includes(d) ? (output.shape[d] ?? 1) - 1 - i : i));
      return input === undefined ? 0 : at(input, source);
    }),
});

/** The elements in reverse order along each of `dims`. */
export function flip(self: Tensor, ...dims: readonly number[] | readonly [readonly number[]]): Tensor {
  const list = dims.flat();
  return apply(flipOp, [self], { dims: list.length === 0 ? [] : wrapDims(list, self.ndim) });
}

/** The columns in reverse order. */
export function fliplr(self: Tensor): Tensor {
  if (self.ndim < 2) throw new EngineError('Input must be >= 2-d.');
  return flip(self, 1);
}

/** The rows in reverse order. */
export function flipud(self: Tensor): Tensor {
  if (self.ndim < 1) throw new EngineError('Input must be >= 1-d.');
  return flip(self, 0);
}

type Roll = { shifts: readonly number[]; dims: readonly number[] };

/** Which element comes to each place. */
function rolledPlaces(size: number, shift: number): number[] {
  return Array.from({ length: size }, (_, place) => modulo(place - shift, size));
}

const modulo = (a: number, b: number) => ((a % b) + b) % b;

const rollOp: Op<Roll> = defineOp<Roll>({
  name: 'roll',
  formula: 'elements shifted round along dimensions',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'RollBackward0',
    backward: (grad, { attributes: { shifts, dims } }) => [
      apply(rollOp, [grad], { shifts: shifts.map(shift => -shift), dims }),
    ],
  },
  lower(graph, { inputs: [input], attributes: { shifts, dims }, shape }) {
    if (input === undefined) throw new Error('roll takes an input');
    if (dims.length === 0) {
      const flat = graph.node('Reshape', [graph.value(input), graph.ints([-1])]);
      const rolled = graph.node('Gather', [flat, graph.ints(rolledPlaces(numel(shape), shifts[0] ?? 0))]);
      return graph.node('Reshape', [rolled, graph.ints(shape)], { allowzero: 1 });
    }
    return dims.reduce((value, dim, i) => {
      const places = rolledPlaces(shape[dim] ?? 1, shifts[i] ?? 0);
      return graph.node('Gather', [value, graph.ints(places)], { axis: dim });
    }, graph.value(input));
  },
  kernel: ([input], { shifts, dims }, output) => {
    if (dims.length === 0) {
      return rolledPlaces(numel(output.shape), shifts[0] ?? 0).map(place => input?.data[place] ?? 0);
    }
    return build(output, index => {
      const source = [...index];
      dims.forEach((dim, i) => {
        source[dim] = modulo((source[dim] ?? 0) - (shifts[i] ?? 0), output.shape[dim] ?? 1);
      });
      return input === undefined ? 0 : at(input, source);
    });
  },
});

type Numbers = number | readonly number[];

const listOf = (numbers: Numbers): readonly number[] => (typeof numbers === 'number' ? [numbers] : numbers);

/** The elements shifted along `dims`; what leaves at the end comes in at the start. */
export function roll(self: Tensor, shifts: Numbers, dims?: Numbers): Tensor {
  const steps = listOf(shifts);
  const places = listOf(dims ?? []);
  if (steps.length === 0) throw new EngineError('`shifts` required');
  if (places.length === 0 && steps.length === 1) {
    return apply(rollOp, [self], { shifts: steps, dims: [] });
  }
  if (places.length !== steps.length) {
    throw new EngineError(`shifts and dimensions must align. shifts: ${steps.length}, dims:${places.length}`);
  }
  if (self.ndim === 0) {
    throw new EngineError(`Dimension specified as ${places[0]} but tensor has no dimensions`);
  }
  return apply(rollOp, [self], { shifts: steps, dims: places.map(dim => wrapDim(dim, self.ndim)) });
}

type Repeat = { repeats: readonly number[] };

const repeatOp = defineOp<Repeat>({
  name: 'repeat',
  formula: 'copies side by side along dimensions',
  infer: ([input], { repeats }) => {
    const shape = padded(input?.shape ?? [], repeats.length);
    return { shape: shape.map((size, i) => size * (repeats[i] ?? 1)), dtype: input?.dtype ?? 'float32' };
  },
  gradient: {
    name: 'RepeatBackward0',
    backward: (grad, { attributes: { repeats }, inputMeta }) => {
      const shape = padded(inputMeta[0]?.shape ?? [], repeats.length);
      const split = shape.flatMap((size, i) => [repeats[i] ?? 1, size]);
      const copies = shape.map((_, i) => 2 * i);
      const parts = grad.reshape(split);
      return [(copies.length === 0 ? parts : parts.sum(copies)).reshape(inputMeta[0]?.shape ?? [])];
    },
  },
  lower(graph, { inputs: [input], attributes: { repeats } }) {
    if (input === undefined) throw new Error('repeat takes an input');
    const shape = graph.ints(padded(input.shape, repeats.length));
    const whole = graph.node('Reshape', [graph.value(input), shape], { allowzero: 1 });
    return repeats.length === 0 ? whole : graph.node('Tile', [whole, graph.ints(repeats)]);
  },
  kernel: ([input], { repeats }, output) =>
    build(output, index => {
      if (input === undefined) return 0;
      const shape = padded(input.shape, repeats.length);
      return at(
        { ...input, shape },
        index.map((i, d) => i % (shape[d] ?? 1)),
      );
    }),
});

/** A shape with ones put in front. */
function padded(shape: Shape, rank: number): number[] {
  return [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

/** Copies of the tensor side by side: so many along each dimension. */
export function repeat(self: Tensor, ...sizes: readonly number[] | readonly [readonly number[]]): Tensor {
  const repeats = sizes.flat();
  if (repeats.length < self.ndim) {
    throw new EngineError(
      'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor',
    );
  }
  const negative = repeats.find(count => count < 0);
  if (negative !== undefined) {
    throw new EngineError(`Trying to create tensor with negative dimension ${negative}: [${repeats}]`);
  }
  return apply(repeatOp, [self], { repeats });
}

/** As {@link repeat}; dimensions that `dims` does not reach are not repeated. */
export function tile(self: Tensor, ...dims: readonly number[] | readonly [readonly number[]]): Tensor {
  return repeat(self, padded(dims.flat(), self.ndim));
}

/** Dimensions moved to other places; the others keep their order. */
export function movedim(self: Tensor, source: Numbers, destination: Numbers): Tensor {
  const from = listOf(source).map(dim => wrapDim(dim, self.ndim));
  const to = listOf(destination).map(dim => wrapDim(dim, self.ndim));
  if (from.length !== to.length) {
    throw new EngineError(
      `movedim: Invalid source or destination dims: source ([${source}] dims) should contain the same number of ` +
        `dims as destination ([${destination}] dims)`,
    );
  }
  for (const [name, dims] of [
    ['source', from],
    ['destination', to],
  ] as const) {
    if (new Set(dims).size !== dims.length)
      throw new EngineError(`movedim: repeated dim in \`${name}\` ([${dims}])`);
  }
  if (self.ndim === 0) return alias(self);
  const rest = self.shape.map((_, i) => i).filter(dim => !from.includes(dim));
  const order = self.shape.map((_, i) => (to.includes(i) ? (from[to.indexOf(i)] ?? 0) : (rest.shift() ?? 0)));
  return permute(self, order);
}

defineMethods({ flip, fliplr, flipud, roll, repeat, tile, movedim });
defineSignatures(`
  movedim(self, source, destination)
  moveaxis = movedim(self, source, destination)
  fliplr(self)
  flipud(self)
  roll(self, shifts, dims)
`);

type Sizes = readonly number[] | readonly [readonly number[]];

declare module '../../tensor' {
  interface Tensor {
    /** The elements in reverse order along each of `dims`. */
    flip(...dims: Sizes): Tensor;
    fliplr(): Tensor;
    flipud(): Tensor;
    /** The elements shifted along `dims`; what leaves at the end comes in at the start. */
    roll(shifts: Numbers, dims?: Numbers): Tensor;
    /** Copies of the tensor side by side: so many along each dimension. */
    repeat(...sizes: Sizes): Tensor;
    tile(...dims: Sizes): Tensor;
    /** Dimensions moved to other places; the others keep their order. */
    movedim(source: Numbers, destination: Numbers): Tensor;
  }
}
