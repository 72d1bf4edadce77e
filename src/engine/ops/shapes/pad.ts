/** Tensors with more places around them: of one value, mirrored, repeated, or from the other end. */
import { EngineError } from '../../errors';
import { formatShape, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { tensor, zeros } from '../creation/creation';
import { encodeNumber } from '../encode-number';
import { at, build, decodeNumber } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';

/** How many places are added (or taken away) before and after each dimension, from the first one on. */
type Pads = readonly (readonly [number, number])[];

/** PyTorch lists the last dimension first, and those that are not mentioned have none. */
function padsOf(rank: number, pad: readonly number[]): [number, number][] {
  if (pad.length % 2 !== 0) throw new EngineError('Padding length must be divisible by 2');
  if (pad.length / 2 > rank) {
    throw new EngineError(
      `Padding length should be less than or equal to two times the input dimension but got padding length ` +
        `${pad.length} and input of dimension ${rank}`,
    );
  }
  return Array.from({ length: rank }, (_, dim) => {
    const i = 2 * (rank - 1 - dim);
    return [pad[i] ?? 0, pad[i + 1] ?? 0];
  });
}

function paddedShape(shape: Shape, pads: Pads): number[] {
  return shape.map((size, dim) => size + (pads[dim]?.[0] ?? 0) + (pads[dim]?.[1] ?? 0));
}

type Constant = { pads: Pads; value: number | string };

const constantPadOp: Op<Constant> = defineOp<Constant>({
  name: 'constant_pad_nd',
  formula: 'x with a border of one value',
  infer: ([input], { pads }) => {
    const shape = paddedShape(input?.shape ?? [], pads);
    if (shape.some(size => size < 0)) {
      throw new EngineError(
        `The input size ${formatShape(input?.shape ?? [])}, plus negative padding, resulted in a negative output size`,
      );
    }
    return { shape, dtype: input?.dtype ?? 'float32' };
  },
  gradient: {
    name: 'ConstantPadNdBackward0',
    backward: (grad, { attributes: { pads } }) => {
      const back = pads.map(([before, after]): [number, number] => [-before, -after]);
      return [apply(constantPadOp, [grad], { pads: back, value: 0 })];
    },
  },
  lower(graph, { inputs: [input], attributes: { pads, value }, shape, dtype }) {
    if (input === undefined) throw new Error('constant_pad_nd takes an input');
    const fill = graph.scalar(decodeNumber(value), dtype);
    if (input.shape.includes(0) || shape.includes(0)) return graph.node('Expand', [fill, graph.ints(shape)]);
    const border = graph.ints([...pads.map(([before]) => before), ...pads.map(([, after]) => after)]);
    return graph.node('Pad', [graph.value(input), border, fill]);
  },
  kernel: ([input], { pads, value }, output) =>
    build(output, index => {
      if (input === undefined) return 0;
      const source = index.map((i, dim) => i - (pads[dim]?.[0] ?? 0));
      const inside = source.every((i, dim) => i >= 0 && i < (input.shape[dim] ?? 0));
      if (!inside) return decodeNumber(value);
      // `at` would stretch dimensions of size 1.
      return at(input, source);
    }),
});

/** A border of one value around a tensor; negative numbers take places away. `pad` lists the last dimension first. */
export function constantPadNd(self: Tensor, pad: readonly number[], value = 0): Tensor {
  return apply(constantPadOp, [self], { pads: padsOf(self.ndim, pad), value: encodeNumber(value) });
}

type Mirror = 'reflect' | 'replicate';
type Indexed = { pads: Pads; mode: Mirror; node: string };

/** For each place of a padded dimension, the place that it is copied from. */
function sources(size: number, [before, after]: readonly [number, number], mode: Mirror): number[] {
  return Array.from({ length: size + before + after }, (_, place) => {
    const i = place - before;
    if (mode === 'replicate') return Math.min(Math.max(i, 0), size - 1);
    const from = Math.abs(i);
    return from < size ? from : 2 * (size - 1) - from;
  });
}

const indexPadOp = defineOp<Indexed>({
  name: 'index_pad',
  formula: 'x with a border of its own values',
  infer: ([input], { pads }) => ({
    shape: paddedShape(input?.shape ?? [], pads),
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: ({ node }) => node,
    backward: (grad, { attributes: { pads, mode }, inputMeta: [meta] }) => {
      const { dtype, device } = grad;
      const result = pads.reduce((whole, pad, dim) => {
        const size = meta?.shape[dim] ?? 1;
        if (pad[0] === 0 && pad[1] === 0) return whole;
        const places = tensor(sources(size, pad, mode), { dtype: 'int64', device });
        const shape = whole.shape.map((n, i) => (i === dim ? size : n));
        return zeros(shape, { dtype, device }).indexAdd(dim, places, whole);
      }, grad);
      return [result];
    },
  },
  lower(graph, { inputs: [input], attributes: { pads, mode } }) {
    if (input === undefined) throw new Error('index_pad takes an input');
    return pads.reduce((value, pad, dim) => {
      if (pad[0] === 0 && pad[1] === 0) return value;
      const places = sources(input.shape[dim] ?? 1, pad, mode);
      return graph.node('Gather', [value, graph.ints(places)], { axis: dim });
    }, graph.value(input));
  },
  kernel: ([input], { pads, mode }, output) => {
    if (input === undefined) return [];
    const from = pads.map((pad, dim) => sources(input.shape[dim] ?? 1, pad, mode));
    return build(output, index =>
      at(
        input,
        index.map((i, dim) => from[dim]?.[i] ?? 0),
      ),
    );
  },
});

function checkReflected(shape: Shape, pads: Pads, first: number): void {
  pads.forEach(([before, after], dim) => {
    if (dim < first) return;
    const size = shape[dim] ?? 0;
    if (before >= size || after >= size) {
      throw new EngineError(
        `Padding size should be less than the corresponding input dimension, but got: padding (${before}, ${after}) ` +
          `at dimension ${dim} of input ${formatShape(shape)}`,
      );
    }
  });
}

/** The borders of the last dimensions, the innermost first, from the other end of each. */
function circular(self: Tensor, pads: Pads): Tensor {
  const rank = self.ndim;
  const padded = pads.flatMap((_, i) => (i < 2 ? [] : [rank + 1 - i]));
  const out = zeros(paddedShape(self.shape, pads), { dtype: self.dtype, device: self.device });
  let [target, source] = [out, self];
  for (const dim of padded) {
    const [before, after] = pads[dim] ?? [0, 0];
    const size = self.size(dim);
    if (before > size || after > size) {
      throw new EngineError('Padding value causes wrapping around more than once.');
    }
    target = target.slice(dim, Math.max(before, 0), out.size(dim) - Math.max(after, 0));
    source = source.slice(dim, Math.max(-before, 0), size - Math.max(-after, 0));
  }
  target.copy_(source);
  for (const dim of padded) {
    const [before, after] = pads[dim] ?? [0, 0];
    const end = out.size(dim) - Math.max(after, 0);
    if (before > 0) out.slice(dim, 0, before).copy_(out.slice(dim, end - before, end));
    const start = Math.max(before, 0);
    if (after > 0) {
      out.slice(dim, out.size(dim) - after, out.size(dim)).copy_(out.slice(dim, start, start + after));
    }
  }
  return out;
}

/** What stands in the border. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/**
 * A border around the last dimensions of a tensor (`torch.nn.functional.pad`). Other modes than `constant` take the
 * spatial dimensions of one sample or of a batch: [(N,) C, *]; `circular` those of a batch.
 * @param pad before and after the last dimension, before and after the one in front of it, …
 */
export function pad(
  self: Tensor,
  pad: readonly number[],
  mode: PadMode = 'constant',
  value: number | null = null,
): Tensor {
  if (mode === 'constant') return constantPadNd(self, pad, value ?? 0);
  if (value !== null && value !== 0) {
    throw new EngineError(`Padding mode "${mode}" doesn't take in value argument`);
  }
  const spatial = pad.length / 2;
  const batches = self.ndim - spatial;
  const known = mode === 'reflect' || mode === 'replicate' || mode === 'circular';
  if (!known || ![1, 2, 3].includes(spatial) || (batches !== 1 && batches !== 2)) {
    throw new EngineError(
      `Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now; got mode ${mode}, padding ` +
        `${formatShape(pad)} and input ${formatShape(self.shape)}`,
    );
  }
  const pads = padsOf(self.ndim, pad);
  if (mode === 'circular') {
    if (batches !== 2) {
      throw new EngineError(`Invalid padding size, expected ${2 * (self.ndim - 2)} but got ${pad.length}`);
    }
    return circular(self, pads);
  }
  if (mode === 'reflect') checkReflected(self.shape, pads, batches);
  const kind = mode === 'reflect' ? 'Reflection' : 'Replication';
  return apply(indexPadOp, [self], { pads, mode, node: `${kind}Pad${spatial}DBackward0` });
}

defineMethods({ constantPadNd });
defineSignatures(`
  pad(self, pad, mode, value)
`);

declare module '../../tensor' {
  interface Tensor {
    /** A border of one value; negative numbers take places away. `pad` lists the last dimension first. */
    constantPadNd(pad: readonly number[], value?: number): Tensor;
  }
}
