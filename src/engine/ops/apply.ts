/** Applying an operation to tensors: records the expression, and the node for differentiation. */

import { CopySlices } from '../autograd/copy-slices';
import { isGradEnabled } from '../autograd/grad-mode';
import { JointNode } from '../autograd/joint-node';
import { OpNode } from '../autograd/op-node';
import type { Device } from '../device';
import type { DType } from '../dtype';
import { isFloating } from '../dtype';
import { EngineError } from '../errors';
import { type Attributes, Expr } from '../expr';
import { formatShape, sameShape } from '../shape';
import { Tensor } from '../tensor';
import { encodeNumber } from './encode-number';
import { number } from './number';
import type { JointGradient, Op } from './op';

/** A tensor or a plain number. */
export type TensorLike = Tensor | number;

/**
 * The result of `op` on `inputs`. Shapes, types and devices are checked at once, so that an error points at
 * the line that made it; the numbers are computed when somebody asks for them.
 */
export function apply<A extends Attributes>(
  op: Op<A>,
  inputs: readonly Tensor[],
  attributes: A,
  on?: Device,
): Tensor {
  const expr = Expr.of(
    op,
    inputs.map(input => input.expr),
    attributes,
    on,
  );
  const { gradient } = op;
  const recorded = gradient !== undefined && isGradEnabled() && isFloating(expr.dtype);
  if (!recorded || !inputs.some(input => input.requiresGrad)) return Tensor.fromExpr(expr);
  const node = new OpNode(op, gradient, inputs, expr);
  const output = Tensor.linked(expr, { node, output: 0 });
  node.saveOutput(output);
  return output;
}

/** One of the results of {@link applyJoint}: the operation that computes it, and its settings. */
export interface Part {
  readonly op: Op;
  readonly attributes: Attributes;
}

/** A {@link Part} whose settings are those that its operation takes. */
export function part<A extends Attributes>(op: Op<A>, attributes: A): Part {
  return { op, attributes };
}

/**
 * Several results of the same inputs, which share one node of the graph. Those that are no floating point are
 * outputs of the node, too, but carry no gradient.
 */
export function applyJoint<A extends Attributes>(
  gradient: JointGradient<A>,
  inputs: readonly Tensor[],
  attributes: A,
  parts: readonly Part[],
): Tensor[] {
  const exprs = inputs.map(input => input.expr);
  const outputs = parts.map(({ op, attributes: settings }) => Expr.of(op, exprs, settings));
  if (!isGradEnabled() || !inputs.some(input => input.requiresGrad))
    return outputs.map(expr => Tensor.fromExpr(expr));
  const node = new JointNode(gradient, inputs, outputs, attributes);
  const tensors = outputs.map((expr, output) =>
    isFloating(expr.dtype) ? Tensor.linked(expr, { node, output }) : Tensor.fromExpr(expr),
  );
  node.saveOutputs(tensors);
  return tensors;
}

/** `value` as a tensor beside `other`: a plain number takes part without deciding the result's type. */
export function asTensor(value: TensorLike, other: Tensor): Tensor {
  return typeof value === 'number' ? wrapNumber(value, other.device) : value;
}

/**
 * A plain number as a tensor. JavaScript has one type of number, so a whole number counts as an integer
 * (as `2` does in Python) and any other as floating point.
 */
export function wrapNumber(value: number, device: Device): Tensor {
  const dtype: DType = Number.isInteger(value) ? 'int64' : 'float32';
  return apply(number, [], { value: encodeNumber(value), dtype }, device);
}

function checkInPlace(target: Tensor, result: Tensor): void {
  if (!sameShape(target.shape, result.shape)) {
    throw new EngineError(
      `output with shape ${formatShape(target.shape)} doesn't match the broadcast shape ${formatShape(result.shape)}`,
    );
  }
  const narrows =
    (isFloating(result.dtype) && !isFloating(target.dtype)) ||
    (result.dtype !== 'bool' && target.dtype === 'bool');
  if (narrows) {
    throw new EngineError(
      `result type ${result.dtype} can't be cast to the desired output type ${target.dtype}`,
    );
  }
  if (!isGradEnabled()) return;
  if (target.isLeaf && target.requiresGrad) {
    throw new EngineError('a leaf Variable that requires grad is being used in an in-place operation.');
  }
  if (target.base?.isLeaf && target.base.requiresGrad) {
    throw new EngineError(
      'a view of a leaf Variable that requires grad is being used in an in-place operation.',
    );
  }
}

/** Replaces the value of `target` by that of `compute(target)`, with PyTorch's rules for in-place changes. */
export function inPlace<T extends Tensor>(target: T, compute: (target: T) => Tensor): T {
  const result = compute(target);
  checkInPlace(target, result);
  const { base } = target;
  target.assign(result.dtype === target.dtype ? result : result.to(target.dtype));
  const node = result.gradFn;
  if (node instanceof OpNode) node.outputMovedTo(target.storage);
  if (!isGradEnabled() || !(node !== undefined || target.requiresGrad || base?.requiresGrad)) return target;
  if (base === undefined) {
    target.relink(node === undefined ? undefined : { node, output: 0 });
  } else {
    base.relink({ node: new CopySlices(base, target.viewsFromBase, node), output: 0 });
  }
  return target;
}
