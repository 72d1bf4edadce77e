/**
 * Hooks of modules on the way back. As in PyTorch, what goes into a module passes through a node of its own, and so does
 * what comes out: `BackwardHookFunctionBackward`, which sees the gradients of all of it at once and gives them on.
 */
import { isGradEnabled } from '../../autograd/grad-mode';
import { GradNode } from '../../autograd/node';
import { EngineError } from '../../errors';
import type { Expr } from '../../expr';
import { zerosLike } from '../../ops/creation/creation';
import { Tensor } from '../../tensor';

/** A gradient for each input or output; undefined for what is no tensor, or where none arrived. */
export type ModuleGradients = readonly (Tensor | undefined)[];

type Replaced = ModuleGradients | Tensor | undefined;

/** Sees the gradients of what a module was given and computed; what it returns takes the place of the former. */
export type BackwardHook<M> = (
  module: M,
  gradInput: ModuleGradients,
  gradOutput: ModuleGradients,
) => Replaced;

/** Sees the gradients of what a module computed; what it returns takes their place. */
export type BackwardPreHook<M> = (module: M, gradOutput: ModuleGradients) => Replaced;

/** The hooks of a module. */
export interface BackwardHooks<M> {
  readonly before: ReadonlySet<BackwardPreHook<M>>;
  readonly after: ReadonlySet<BackwardHook<M>>;
}

/** Gives the gradients of several tensors on, as `see` leaves them. */
class BackwardHookNode extends GradNode {
  override readonly name = 'BackwardHookFunctionBackward';
  readonly #inputs: readonly Expr[];

  constructor(
    tensors: readonly Tensor[],
    private readonly see: (gradients: ModuleGradients) => ModuleGradients,
  ) {
    super(
      tensors.map(tensor => tensor.inputEdge),
      tensors.map(tensor => tensor.expr),
    );
    this.#inputs = tensors.map(tensor => tensor.expr);
  }

  override apply(gradients: ModuleGradients): ModuleGradients {
    return this.see(gradients);
  }

  override get inputs(): readonly Expr[] {
    return this.#inputs;
  }
}

/** Whether the second has tensors where the first has some, and is like it else. */
function isLike<T extends readonly unknown[]>(values: T, others: readonly unknown[]): others is T {
  return values.every((value, i) =>
    value instanceof Tensor ? others[i] instanceof Tensor : value === others[i],
  );
}

/** Values whose tensors pass through one node, if one of them requires a gradient; `see` has a gradient for each value. */
function through<T extends readonly unknown[]>(
  values: T,
  see: (gradients: ModuleGradients) => ModuleGradients,
): { readonly passed: T; readonly hooked: boolean } {
  const places = values.flatMap((value, place) => (value instanceof Tensor ? [{ value, place }] : []));
  if (!isGradEnabled() || !places.some(({ value }) => value.requiresGrad))
    return { passed: values, hooked: false };
  const node = new BackwardHookNode(
    places.map(({ value }) => value),
    gradients => {
      const all = new Array<Tensor | undefined>(values.length).fill(undefined);
      places.forEach(({ place }, i) => {
        all[place] = gradients[i];
      });
      const seen = see(all);
      return places.map(({ place }) => seen[place]);
    },
  );
  const passed: unknown[] = [...values];
  places.forEach(({ value, place }, output) => {
    passed[place] = value.requiresGrad
      ? Tensor.linked(value.expr, { node, output })
      : Tensor.fromExpr(value.expr);
  });
  if (!isLike(values, passed)) throw new Error('a tensor was lost on its way');
  return { passed, hooked: true };
}

function listed(replaced: Replaced, before: ModuleGradients): ModuleGradients {
  if (replaced === undefined) return before;
  const list = replaced instanceof Tensor ? [replaced] : replaced;
  if (list.length !== before.length)
    throw new EngineError(
      `Backward hook returned an invalid number of grad_input, got ${list.length}, but expected ${before.length}`,
    );
  return list;
}

/** Zeros where no gradient arrived, as PyTorch's node has them: also for tensors that want none. */
function filled(values: readonly unknown[], gradients: ModuleGradients): ModuleGradients {
  return values.map((value, i) => (value instanceof Tensor ? (gradients[i] ?? zerosLike(value)) : undefined));
}

/** One call of a module whose hooks want to see the gradients. */
export class BackwardWay<M> {
  #gradOutput: ModuleGradients = [];
  #hooked = false;
  #inputs = 0;

  constructor(
    private readonly module: M,
    private readonly hooks: BackwardHooks<M>,
  ) {}

  /** What the module is given. */
  enter<Inputs extends readonly unknown[]>(inputs: Inputs): Inputs {
    this.#inputs = inputs.length;
    const { passed, hooked } = through(inputs, gradients => {
      return this.#after(filled(inputs, gradients));
    });
    this.#hooked = hooked;
    return passed;
  }

  /** What the module computed: a tensor, or several; of others nothing is seen. */
  leave<Output>(output: Output): Output {
    if (Array.isArray(output)) return through(output, grads => filled(output, this.#before(grads))).passed;
    return through([output] as const, gradients => this.#before(gradients)).passed[0];
  }

  #before(gradients: ModuleGradients): ModuleGradients {
    for (const hook of this.hooks.before) gradients = listed(hook(this.module, gradients), gradients);
    this.#gradOutput = gradients;
    if (!this.#hooked) this.#withoutInputs();
    return gradients;
  }

  #after(gradients: ModuleGradients): ModuleGradients {
    for (const hook of this.hooks.after)
      gradients = listed(hook(this.module, gradients, this.#gradOutput), gradients);
    return gradients;
  }

  /** Nothing that the module was given wants a gradient: the hooks see the outputs' only. */
  #withoutInputs(): void {
    const none = new Array<undefined>(this.#inputs).fill(undefined);
    const replaced = this.#after(none);
    if (replaced.some(gradient => gradient !== undefined)) {
      throw new EngineError(
        'Backward hook for Modules where no input requires gradient should always return None or None for all gradients.',
      );
    }
  }
}
