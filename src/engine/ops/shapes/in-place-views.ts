/** Views that a tensor turns into itself: its numbers stay where they are, for its base and other views too. */
import type { Tensor } from '../../tensor';
import { defineMethods } from '../methods';
import {
  permutedView,
  reshapedView,
  squeezedShape,
  swappedOrder,
  transposedOrder,
  unsqueezedShape,
} from './views';

const unsqueeze_ = (self: Tensor, dim: number): Tensor =>
  self.turn(reshapedView(self, unsqueezedShape(self, dim), 'UnsqueezeBackward1'));

const squeeze_ = (self: Tensor, dim?: number): Tensor =>
  self.turn(
    reshapedView(self, squeezedShape(self, dim), dim === undefined ? 'SqueezeBackward2' : 'SqueezeBackward3'),
  );

const transpose_ = (self: Tensor, dim0: number, dim1: number): Tensor =>
  self.turn(permutedView(swappedOrder(self, dim0, dim1), 'TransposeBackward1'));

const t_ = (self: Tensor): Tensor => self.turn(permutedView(transposedOrder(self), 'TBackward1'));

defineMethods({ unsqueeze_, squeeze_, transpose_, t_ });

declare module '../../tensor' {
  interface Tensor {
    /** Gives this tensor a dimension of size 1 before `dim`. */
    unsqueeze_(dim: number): Tensor;
    /** Takes from this tensor its dimensions of size 1: all of them, or `dim` if it has size 1. */
    squeeze_(dim?: number): Tensor;
    /** Exchanges two dimensions of this tensor. */
    transpose_(dim0: number, dim1: number): Tensor;
    /** Transposes this matrix. */
    t_(): Tensor;
  }
}
