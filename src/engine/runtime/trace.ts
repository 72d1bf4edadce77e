/**
 * What changes from step to step and comes from the host: batches, learning rates, random numbers. Written
 * down through `hostInput` and `perStep`, the same code runs eagerly, where they act at once, and inside a
 * compiled step, where they are asked again for every step.
 */
import type { Device } from '../device';
import { allocate, type TypedArray } from '../dtype';
import { Expr, type Meta } from '../expr';
import { numel } from '../shape';
import { Tensor } from '../tensor';

/** Writes the numbers of one step into `target`, from `start` on. */
export type Fill = (target: TypedArray, start: number) => void;

/** An input that the host provides anew for every step. */
export interface HostInput {
  readonly expr: Expr;
  readonly fill: Fill;
}

/** What a trace has gathered, in the order of the program. */
export type StepAction = HostInput | (() => void);

let active: StepAction[] | undefined;

/** Runs `body` once, gathering what has to happen on the host at each step. */
export function trace<T>(body: () => T): { readonly result: T; readonly actions: readonly StepAction[] } {
  if (active !== undefined) throw new Error('a step is already being traced');
  const actions: StepAction[] = [];
  active = actions;
  try {
    return { result: body(), actions };
  } finally {
    active = undefined;
  }
}

/** Runs `body` as if nothing were traced: for what happens once, though it is in a step that it happens. */
export function once<T>(body: () => T): T {
  const before = active;
  active = undefined;
  try {
    return body();
  } finally {
    active = before;
  }
}

/** A tensor whose numbers the host writes: now, and in a compiled step again at every step. */
export function hostInput(meta: Meta, device: Device, fill: Fill): Tensor {
  if (active !== undefined) {
    const expr = Expr.placeholder(meta, device);
    active.push({ expr, fill });
    return Tensor.fromExpr(expr);
  }
  const data = allocate(meta.dtype, numel(meta.shape));
  fill(data, 0);
  return Tensor.fromExpr(Expr.leaf(data, meta, device));
}

/** Runs `action` now, or in a compiled step at every step, before the inputs that follow it are filled. */
export function perStep(action: () => void): void {
  if (active !== undefined) active.push(action);
  else action();
}
