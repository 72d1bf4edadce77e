/** A tensor times a number, as PyTorch multiplies where no Python is: the number is no input of the node. */
import type { Tensor } from '../../tensor';
import { apply, wrapNumber } from '../apply';
import { defineOp } from '../op';
import { mulOp } from './arithmetic';

const mulNumberOp = defineOp({
  ...mulOp,
  name: 'mul_number',
  gradient: {
    name: 'MulBackward1',
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { input }) => [grad.mul(input(1))],
  },
});

/** `self` times `factor`, with a node of one input. */
export const timesNumber = (self: Tensor, factor: number): Tensor =>
  apply(mulNumberOp, [self, wrapNumber(factor, self.device)], {});
