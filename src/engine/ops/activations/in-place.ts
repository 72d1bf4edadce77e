/** Activations that overwrite their input, as `torch.nn.functional` has them; `relu_` and others are methods, too. */
import { noGrad } from '../../autograd/grad-mode';
import type { Tensor } from '../../tensor';
import { apply, inPlace } from '../apply';
import { defineOp, type Op } from '../op';
import { hardsigmoid, hardtanh, leakyRelu, leakyReluOp, threshold, thresholdOp } from './hard';
import { relu } from './relu';
import { celu, celuOp, elu, eluOp, mish, selu, silu } from './smooth';

/** The operations whose nodes PyTorch calls otherwise where they run in place. */
const others: ReadonlyMap<string, Op> = new Map(
  [
    { op: eluOp, node: 'EluBackward1' },
    { op: celuOp, node: 'CeluBackward1' },
    { op: leakyReluOp, node: 'LeakyReluBackward1' },
    { op: thresholdOp, node: 'ThresholdBackward1' },
  ].map(({ op, node }): [string, Op] => [op.name, inPlaceForm(op, node)]),
);

function inPlaceForm(op: Op, node: string): Op {
  const { gradient } = op;
  return defineOp({
    ...op,
    name: `${op.name}_`,
    ...(gradient && { gradient: { ...gradient, name: node } }),
  });
}

/** The activation in place: its operation and settings, or those of its in-place form. */
const changing =
  <Settings extends readonly unknown[]>(activation: (self: Tensor, ...settings: Settings) => Tensor) =>
  (self: Tensor, ...settings: Settings): Tensor =>
    inPlace(self, target => {
      const { op, attributes } = noGrad(() => activation(target, ...settings)).expr;
      const other = others.get(op?.name ?? '');
      return other === undefined ? activation(target, ...settings) : apply(other, [target], attributes);
    });

/** Overwrites a tensor with its {@link relu}. */
export const relu_ = changing(relu);
/** Overwrites a tensor with its {@link elu}. */
export const elu_ = changing(elu);
/** Overwrites a tensor with its {@link selu}. */
export const selu_ = changing(selu);
/** Overwrites a tensor with its {@link celu}. */
export const celu_ = changing(celu);
/** Overwrites a tensor with its {@link leakyRelu}. */
export const leakyRelu_ = changing(leakyRelu);
/** Overwrites a tensor with its {@link hardtanh}. */
export const hardtanh_ = changing(hardtanh);
/** Overwrites a tensor with its {@link threshold}. */
export const threshold_ = changing(threshold);
/** Overwrites a tensor with its {@link silu}. */
export const silu_ = changing(silu);
/** Overwrites a tensor with its {@link mish}. */
export const mish_ = changing(mish);
/** Overwrites a tensor with its {@link hardsigmoid}. */
export const hardsigmoid_ = changing(hardsigmoid);
