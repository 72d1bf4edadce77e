/** Arithmetic of a tensor and a number as PyTorch does it where no Python is: the number is no input of the node. */
import type { Attributes } from '../../expr';
import type { Tensor } from '../../tensor';
import { apply, wrapNumber } from '../apply';
import { encodeNumber } from '../encode-number';
import { number } from '../number';
import { defineOp, type Op } from '../op';
import { addOp, divOp, mulOp, subOp } from './arithmetic';

/** A number that is a `double` there, also where it is whole. */
const double = (value: number, { device }: Tensor): Tensor =>
  apply(number, [], { value: encodeNumber(value), dtype: 'float32' }, device);

function withNumber<A extends Attributes>(
  op: Op<A>,
  node: string,
  attributes: A,
  slope: (grad: Tensor, value: Tensor) => Tensor,
  wrap: (value: number, like: Tensor) => Tensor = double,
): (self: Tensor, value: number) => Tensor {
  const own = defineOp<A>({
    ...op,
    name: `${op.name}_number`,
    gradient: {
      name: node,
      edges: [0],
      saves: () => ({ inputs: [1] }),
      backward: (grad, { input }) => [slope(grad, input(1))],
    },
  });
  return (self, value) => apply(own, [self, wrap(value, self)], attributes);
}

/** `self + value`, with a node of one input. */
export const plusNumber = withNumber(addOp, 'AddBackward1', { alpha: 1 }, grad => grad);
/** `self − value`, with a node of one input. */
export const minusNumber = withNumber(subOp, 'SubBackward1', { alpha: 1 }, grad => grad);
/** `self · value`, with a node of one input. */
export const timesNumber = withNumber(
  mulOp,
  'MulBackward1',
  {},
  (grad, value) => grad.mul(value),
  (value, { device }) => wrapNumber(value, device),
);
/** `self / value`, with a node of one input. */
export const overNumber = withNumber(divOp, 'DivBackward1', {}, (grad, value) => grad.div(value));
/** `value − self`: there the number is an input of the node. */
export const numberMinus = (value: number, self: Tensor): Tensor => double(value, self).sub(self);
