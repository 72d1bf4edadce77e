/**
 * Hooks on tensors: functions that see, and may replace, the gradient that arrives at a tensor in a backward pass. They
 * are kept by the node that the gradient arrives at, so that a tensor which was changed in place since keeps those of
 * the value that it had.
 */
import { EngineError } from '../errors';
import { defineMethods } from '../ops/methods';
import { sameShape } from '../shape';
import type { Tensor } from '../tensor';
import type { GradNode } from './node';

/** Sees the gradient of a tensor; what it returns takes the place of that. */
export type TensorHook = (gradient: Tensor) => Tensor | undefined;

type Gradients = readonly (Tensor | undefined)[];

const hooks = new WeakMap<GradNode, Map<number, Set<TensorHook>>>();
const retained = new WeakMap<GradNode, Map<number, Tensor>>();

function registerHook(tensor: Tensor, hook: TensorHook): () => void {
  const edge = tensor.inputEdge;
  if (edge === undefined)
    throw new EngineError("cannot register a hook on a tensor that doesn't require gradient");
  const outputs = hooks.get(edge.node) ?? new Map<number, Set<TensorHook>>();
  hooks.set(edge.node, outputs);
  // A function that is registered twice runs twice.
  const own: TensorHook = gradient => hook(gradient);
  outputs.set(edge.output, (outputs.get(edge.output) ?? new Set()).add(own));
  return () => void outputs.get(edge.output)?.delete(own);
}

function hooked(gradient: Tensor, hook: TensorHook): Tensor {
  const replaced = hook(gradient) ?? gradient;
  if (!sameShape(replaced.shape, gradient.shape))
    throw new EngineError(
      `a hook has changed the size of the gradient (was [${gradient.shape}], got [${replaced.shape}])`,
    );
  if (replaced.dtype !== gradient.dtype)
    throw new EngineError(
      `a hook has changed the type of the gradient (was ${gradient.dtype}, got ${replaced.dtype})`,
    );
  return replaced;
}

/** The gradients of a node's outputs as the hooks of these leave them. */
export function throughHooks(node: GradNode, gradients: Gradients): Gradients {
  const outputs = hooks.get(node);
  if (outputs === undefined) return gradients;
  return gradients.map((gradient, output) =>
    [...(outputs.get(output) ?? [])].reduce<Tensor | undefined>(
      (current, hook) => current && hooked(current, hook),
      gradient,
    ),
  );
}

function retainGrad(tensor: Tensor): void {
  if (!tensor.requiresGrad) throw new EngineError("can't retain_grad on Tensor that has requires_grad=False");
  const edge = tensor.gradEdge;
  if (edge === undefined) return;
  const outputs = retained.get(edge.node) ?? new Map<number, Tensor>();
  retained.set(edge.node, outputs.set(edge.output, tensor));
}

/** Adds the gradients of a node's outputs to the `grad` of those tensors that were told to keep it. */
export function keepRetained(node: GradNode, gradients: Gradients): void {
  for (const [output, tensor] of retained.get(node) ?? []) {
    const gradient = gradients[output];
    if (gradient !== undefined) tensor.accumulateGrad(gradient);
  }
}

defineMethods({ registerHook, retainGrad });

declare module '../tensor' {
  interface Tensor {
    /**
     * Adds a function that is shown the gradient of this tensor in each backward pass and may replace it by one of the
     * same shape and type (`register_hook`). Returns a function that takes it away again. In a compiled step it runs
     * while the step is written down, and what it returns becomes part of the step.
     */
    registerHook(hook: TensorHook): () => void;
    /** After `backward()`, `grad` is kept for this tensor although it is not a leaf. */
    retainGrad(): void;
  }
}
