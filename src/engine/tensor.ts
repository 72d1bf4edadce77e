/**
 * `Tensor`: what users hold. Think of it as a name for a lazy expression: in-place operations let the name
 * stand for another expression, and a view is a name for a part of somebody else's numbers. Methods such
 * as `add` are put on the class by the files in `ops/`.
 */
import { enableGrad, isGradEnabled, noGrad } from './autograd/grad-mode';
import { AccumulateGrad, ChangedView, type Edge, type GradNode } from './autograd/node';
import type { Device } from './device';
import { type DType, isFloating } from './dtype';
import { EngineError } from './errors';
import type { Expr, Meta } from './expr';
import { numel, type Shape, sameShape, stridesOf } from './shape';

/** Where the numbers of a tensor and of all its views live. */
export class Storage {
  /** Counts in-place changes, as PyTorch's version counter does. */
  version = 0;

  constructor(public expr: Expr) {}
}

/** How a view is read from its base, and how a new value of the view is written back. */
export interface View {
  forward(base: Tensor): Tensor;
  /** The element steps of the view, given those of its base: as they would be in PyTorch's memory. */
  strides(base: readonly number[]): readonly number[];
  /** The base with the view's part replaced; absent where several elements share one place (`expand`). */
  scatter?(base: Tensor, value: Tensor): Tensor;
  /** The base from all of the view: only where no element is left out, as `t_` and its like need it. */
  undo?(value: Tensor): Tensor;
}

/** The way back from a view of a whole tensor to that. */
function opposite(view: View, strides: readonly number[]): View {
  const back: View['forward'] = value => {
    if (view.undo === undefined) throw new EngineError('a view of a part cannot be undone');
    return view.undo(value);
  };
  return {
    forward: back,
    strides: () => strides,
    scatter: (_, value) => view.forward(value),
    undo: view.forward,
  };
}

/** A tensor. */
export class Tensor implements Meta {
  /** The accumulated gradient of a leaf that requires one. */
  grad: Tensor | undefined;
  #leafRequiresGrad = false;
  #edge: Edge | undefined;
  #accumulator: AccumulateGrad | undefined;
  #changes = 0;
  #seenChanges = 0;
  #views: readonly View[];
  /** How many views had led to the base when this view of it was taken. */
  #inherited = 0;
  #cached: { version: number; expr: Expr };

  protected constructor(
    /** The numbers, shared with all views. */
    readonly storage: Storage,
    views: readonly View[],
    /** The tensor that this is a view of, where the graph passes through the view. */
    readonly base: Tensor | undefined,
    expr: Expr,
  ) {
    this.#views = views;
    this.#cached = { version: storage.version, expr };
  }

  /** A tensor with numbers of its own. */
  static fromExpr(expr: Expr): Tensor {
    return new Tensor(new Storage(expr), [], undefined, expr);
  }

  /** A tensor with numbers of its own that is the given output of a node. */
  static linked(expr: Expr, edge: Edge): Tensor {
    const tensor = Tensor.fromExpr(expr);
    tensor.#edge = edge;
    return tensor;
  }

  /** A tensor that shares the numbers of `base`, of which `result` was computed by `view.forward`. */
  static viewOf(base: Tensor, view: View, result: Tensor): Tensor {
    const tensor = new Tensor(base.storage, [...base.views, view], base.base ?? base, result.expr);
    tensor.#edge = result.#edge;
    tensor.#seenChanges = (base.base ?? base).#changes;
    tensor.#inherited = base.base === undefined ? base.#views.length : base.#inherited;
    return tensor;
  }

  /** The steps from the storage's whole to this view of it. */
  get views(): readonly View[] {
    return this.#views;
  }

  /** The steps from the base, as it is now, to this view of it. */
  get viewsFromBase(): readonly View[] {
    const { base } = this;
    const turns = base === undefined ? [] : base.#views.slice(this.#inherited);
    const strides = base?.stride() ?? [];
    return [...turns.map(turn => opposite(turn, strides)).reverse(), ...this.#views.slice(this.#inherited)];
  }

  /** The expression that this tensor stands for now. */
  get expr(): Expr {
    if (this.#cached.version !== this.storage.version) {
      const whole = Tensor.fromExpr(this.storage.expr);
      const part = noGrad(() => this.views.reduce((tensor, view) => view.forward(tensor), whole));
      this.#cached = { version: this.storage.version, expr: part.expr };
    }
    return this.#cached.expr;
  }

  get shape(): Shape {
    return this.#cached.expr.shape;
  }

  get dtype(): DType {
    return this.#cached.expr.dtype;
  }

  get device(): Device {
    return this.expr.device;
  }

  /** A plain number that was wrapped to take part in an operation. */
  get isNumber(): boolean {
    return this.#cached.expr.isNumber;
  }

  /** How far apart in PyTorch's memory neighbours along each dimension would lie, in elements. */
  stride(): readonly number[] {
    const whole: readonly number[] = stridesOf(this.storage.expr.shape);
    return this.views.reduce((strides, view) => view.strides(strides), whole);
  }

  /** How many dimensions there are. */
  get ndim(): number {
    return this.shape.length;
  }

  /** How many elements there are. */
  numel(): number {
    return numel(this.shape);
  }

  /** The sizes, or one of them (`tensor.size(-1)`). */
  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    if (dim === undefined) return this.shape;
    const size = this.shape[dim < 0 ? dim + this.ndim : dim];
    if (size === undefined)
      throw new EngineError(`dimension ${dim} is out of range for shape [${this.shape}]`);
    return size;
  }

  // --- gradients -------------------------------------------------------------------------------------

  /** True if gradients flow to or through this tensor. */
  get requiresGrad(): boolean {
    return this.#leafRequiresGrad || this.gradEdge !== undefined;
  }

  set requiresGrad(value: boolean) {
    if (value && !isFloating(this.dtype)) {
      throw new EngineError('only Tensors of floating point dtype can require gradients');
    }
    if (!value && !this.isLeaf) {
      throw new EngineError('you can only change requiresGrad flags of leaf variables.');
    }
    this.#leafRequiresGrad = value;
  }

  /** Sets `requiresGrad` and returns the tensor. */
  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /** True for tensors that no recorded operation made. */
  get isLeaf(): boolean {
    return this.gradEdge === undefined;
  }

  /** The node that made this tensor; undefined for leaves. */
  get gradFn(): GradNode | undefined {
    return this.gradEdge?.node;
  }

  /** The link to the node that made this tensor, refreshed if its base was changed in place. */
  get gradEdge(): Edge | undefined {
    if (this.base !== undefined && this.base.#changes !== this.#seenChanges) {
      this.#seenChanges = this.base.#changes;
      const { base } = this;
      const again = enableGrad(() => this.viewsFromBase.reduce((tensor, view) => view.forward(tensor), base));
      const [changed, part] = [base.gradEdge, again.#edge];
      this.#edge = changed && part && { node: new ChangedView(changed, part.node, again), output: 0 };
    }
    return this.#edge;
  }

  /** The link that an operation on this tensor records: to its node, or to where its `grad` accumulates. */
  get inputEdge(): Edge | undefined {
    const edge = this.gradEdge;
    if (edge !== undefined || !this.#leafRequiresGrad) return edge;
    this.#accumulator ??= new AccumulateGrad(this);
    return { node: this.#accumulator, output: 0 };
  }

  /** Makes this tensor the output of a node: what an in-place operation does to what it changed. */
  relink(edge: Edge | undefined): void {
    this.#edge = edge;
    this.#leafRequiresGrad = false;
    this.#changes++;
  }

  /** Adds to `grad`. Outside of a recorded backward pass the gradient is added in place. */
  accumulateGrad(gradient: Tensor): void {
    if (this.grad === undefined) {
      this.grad = isGradEnabled() ? gradient : Tensor.fromExpr(gradient.expr);
    } else if (isGradEnabled()) {
      this.grad = this.grad.add(gradient);
    } else {
      this.grad.add_(gradient);
    }
  }

  /** The same numbers, cut off from the graph. */
  detach(): Tensor {
    return new Tensor(this.storage, this.views, undefined, this.expr);
  }

  // --- in-place changes ------------------------------------------------------------------------------

  /**
   * Lets this tensor stand for `value`, in its base and all views too: the step behind every in-place
   * operation. The caller has checked that this is allowed.
   */
  assign(value: Tensor): void {
    const parts = [Tensor.fromExpr(this.storage.expr)];
    noGrad(() => {
      for (const view of this.views) parts.push(view.forward(parts.at(-1) ?? this));
      let whole = Tensor.fromExpr(value.expr);
      this.views.forEach((_, i) => {
        const depth = this.views.length - 1 - i;
        const base = parts[depth] ?? this;
        const scatter = this.views[depth]?.scatter;
        if (scatter === undefined) {
          throw new EngineError(
            'unsupported operation: more than one element of the written-to tensor refers to a single ' +
              'memory location. Please clone() the tensor before performing the operation.',
          );
        }
        whole = scatter(base, whole);
      });
      this.replaceStorage(whole.expr);
    });
    this.#cached = { version: this.storage.version, expr: value.expr };
  }

  /** Looks at the same numbers through one more view from now on, which leaves none of them out (`t_`). */
  turn(view: View): this {
    if (isGradEnabled()) {
      const refused = [
        { leaf: this, words: 'a leaf Variable' },
        { leaf: this.base, words: 'a view of a leaf Variable' },
      ].find(({ leaf }) => leaf?.isLeaf && leaf.requiresGrad);
      if (refused !== undefined)
        throw new EngineError(`${refused.words} that requires grad is being used in an in-place operation.`);
    }
    const result = view.forward(this);
    this.#views = [...this.#views, view];
    this.#edge = result.#edge;
    this.#changes++;
    this.#cached = { version: this.storage.version, expr: result.expr };
    return this;
  }

  /** Gives the storage a new expression of the same shape and type. */
  replaceStorage(expr: Expr): void {
    if (!sameShape(expr.shape, this.storage.expr.shape) || expr.dtype !== this.storage.expr.dtype) {
      throw new EngineError(`cannot put ${expr.dtype} [${expr.shape}] where the storage was`);
    }
    this.storage.expr = expr;
    this.storage.version++;
    pendingStorages.add(this.storage);
  }
}

const pendingStorages = new Set<Storage>();

/** What was changed in place since this was last asked, and is to be computed with whatever is next. */
export function takePending(): Expr[] {
  const pending = [...pendingStorages];
  pendingStorages.clear();
  return pending.map(storage => storage.expr);
}

/**
 * Runs `body`, after which only changes of the storages `kept` are pending that it has made: what else it changed in place
 * are values in between, which nobody asks for again.
 */
export function withPendingOf<T>(kept: ReadonlySet<Storage>, body: () => T): T {
  const before = new Set(pendingStorages);
  try {
    return body();
  } finally {
    for (const storage of pendingStorages)
      if (!before.has(storage) && !kept.has(storage)) pendingStorages.delete(storage);
  }
}

/** Forgets pending changes of these storages: their owner takes care of them. */
export function withdrawPending(storages: Iterable<Storage>): void {
  for (const storage of storages) pendingStorages.delete(storage);
}
