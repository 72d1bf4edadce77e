/** `Module`: a piece of a network that can be called. */
import { inScope } from '../../autograd/scope';
import type { Tensor } from '../../tensor';
import { AnyModule } from './any-module';
import { type BackwardHook, type BackwardPreHook, BackwardWay } from './backward-hooks';

/** Sees what a module is given, before it computes; what it returns takes the place of that. */
export type ForwardPreHook<Inputs extends readonly unknown[] = [Tensor]> = (
  module: AnyModule,
  inputs: Inputs,
) => Inputs | undefined;

/** Sees what a module was given and computes; what it returns takes the place of the output. */
export type ForwardHook<Inputs extends readonly unknown[] = [Tensor], Output = Tensor> = (
  module: AnyModule,
  inputs: Inputs,
  output: Output,
) => Output | undefined;

/** Adds to a set; returns a function that takes it out again. */
function added<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => void set.delete(item);
}

/**
 * A piece of a network with parameters, buffers and sub-modules. Most take a tensor and give one; what others take
 * and give is said by `Inputs` and `Output`.
 */
export abstract class Module<
  Inputs extends readonly unknown[] = [Tensor],
  Output = Tensor,
> extends AnyModule {
  readonly #preHooks = new Set<ForwardPreHook<Inputs>>();
  readonly #hooks = new Set<ForwardHook<Inputs, Output>>();
  readonly #backwardHooks = {
    before: new Set<BackwardPreHook<AnyModule>>(),
    after: new Set<BackwardHook<AnyModule>>(),
  };

  /** Computes the output. Call {@link call} instead, as in PyTorch one calls the module: it runs the hooks too. */
  abstract forward(...inputs: Inputs): Output;

  /** Computes the output as this module's work, which the graph remembers, and runs the hooks (`__call__`). */
  call(...given: Inputs): Output {
    return inScope(this, () => {
      let inputs = given;
      for (const hook of this.#preHooks) inputs = hook(this, inputs) ?? inputs;
      const { before, after } = this.#backwardHooks;
      const way =
        before.size + after.size > 0 ? new BackwardWay<AnyModule>(this, { before, after }) : undefined;
      if (way !== undefined) inputs = way.enter(inputs);
      let output = this.forward(...inputs);
      for (const hook of this.#hooks) output = hook(this, inputs, output) ?? output;
      return way === undefined ? output : way.leave(output);
    });
  }

  /**
   * Adds a function that is shown the inputs of each {@link call} and may replace them (`register_forward_pre_hook`).
   * Returns a function that takes it away again.
   */
  registerForwardPreHook(hook: ForwardPreHook<Inputs>): () => void {
    return added(this.#preHooks, hook);
  }

  /**
   * Adds a function that is shown the inputs and the output of each {@link call} and may replace the output
   * (`register_forward_hook`). Returns a function that takes it away again.
   */
  registerForwardHook(hook: ForwardHook<Inputs, Output>): () => void {
    return added(this.#hooks, hook);
  }

  /**
   * Adds a function that is shown the gradients of the inputs and of the output of each {@link call}, once they are
   * known, and may replace the former (`register_full_backward_hook`). An output of several tensors is seen, tensors
   * deeper inside are not. Returns a function that takes it away again.
   */
  registerFullBackwardHook(hook: BackwardHook<AnyModule>): () => void {
    return added(this.#backwardHooks.after, hook);
  }

  /**
   * Adds a function that is shown the gradients of the output of each {@link call} before they go through the module,
   * and may replace them (`register_full_backward_pre_hook`). Returns a function that takes it away again.
   */
  registerFullBackwardPreHook(hook: BackwardPreHook<AnyModule>): () => void {
    return added(this.#backwardHooks.before, hook);
  }
}
