/** Sums and means that pass over NaN. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import { type Dims, kernelOf, type Reduction, reducedMeta, reduction, restored, total } from './reduction';

const nansumOp = defineOp<Reduction>({
  name: 'nansum',
  formula: 'Σ x, without NaN',
  infer: ([input], attributes) => reducedMeta(input, attributes),
  gradient: {
    name: 'NansumBackward0',
    saves: () => ({ inputs: [0] }),
    backward: (grad, { attributes, input }) => {
      const x = input(0);
      return [restored(grad, x.shape, attributes).expand(x.shape).mul(x.isnan().logicalNot())];
    },
  },
  lower(graph, { inputs: [input], attributes: { dims, keepdim }, dtype }) {
    if (input === undefined) throw new Error('nansum takes an input');
    const x = graph.value(input);
    const known = graph.node('Where', [graph.node('IsNaN', [x]), graph.scalar(0, dtype), x]);
    if (dims.length === 0) return known;
    return graph.node('ReduceSum', [known, graph.ints(dims)], { keepdims: Number(keepdim) });
  },
  kernel: kernelOf(elements => total(elements.filter(x => !Number.isNaN(x)))),
});

/** The sum of the elements that are numbers. */
export function nansum(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  if (!isFloating(self.dtype)) return self.sum(dim, keepdim);
  return apply(nansumOp, [self], reduction(self, dim, keepdim));
}

/** The mean of the elements that are numbers. */
export function nanmean(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  if (!isFloating(self.dtype)) {
    throw new EngineError(`nanmean(): expected input to have floating point dtype but got ${self.dtype}`);
  }
  const count = self.detach().isnan().logicalNot().sum(dim, keepdim);
  return nansum(self, dim, keepdim).div(count);
}

defineMethods({ nansum, nanmean });
defineSignatures(`
  nansum(self, dim, keepdim)
  nanmean(self, dim, keepdim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The sum of the elements that are numbers. */
    nansum(dim?: Dims, keepdim?: boolean): Tensor;
    /** The mean of the elements that are numbers. */
    nanmean(dim?: Dims, keepdim?: boolean): Tensor;
  }
}
