/** Asking tensors for their numbers: this is where lazy expressions are computed. */
import type { TypedArray } from '../dtype';
import { EngineError } from '../errors';
import type { Expr } from '../expr';
import { type NestedList, toNested } from '../ndarray';
import { defineMethods } from '../ops/methods';
import { formatShape } from '../shape';
import { type Tensor, takePending } from '../tensor';
import { realize } from './realize';

/**
 * Computes expressions, and with them everything that was changed in place since the last time: so a step
 * of training is computed as a whole, and no chain of updates grows behind a parameter.
 */
export async function realizeAll(exprs: readonly Expr[]): Promise<void> {
  await realize([...exprs, ...takePending()]);
}

/** Computes several tensors in one run. */
export async function compute(...tensors: readonly Tensor[]): Promise<void> {
  await realizeAll(tensors.map(tensor => tensor.expr));
}

async function data(self: Tensor): Promise<TypedArray> {
  const { expr } = self;
  await realizeAll([expr]);
  if (expr.buffer === undefined) throw new Error('an expression has no numbers after it was computed');
  return expr.buffer.read();
}

async function item(self: Tensor): Promise<number> {
  if (self.numel() !== 1) {
    throw new EngineError(
      `only one element tensors can be converted to scalars, got shape ${formatShape(self.shape)}`,
    );
  }
  const [value] = await data(self);
  return Number(value);
}

async function tolist(self: Tensor): Promise<NestedList> {
  return toNested({ dtype: self.dtype, shape: self.shape, data: await data(self) });
}

defineMethods({ data, item, tolist });

declare module '../tensor' {
  interface Tensor {
    /** Computes the tensor if that has not happened yet, and copies its numbers to the host. */
    data(): Promise<TypedArray>;
    /** The only element as a number. */
    item(): Promise<number>;
    /** The elements as nested lists. */
    tolist(): Promise<NestedList>;
  }
}
