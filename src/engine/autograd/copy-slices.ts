/** The node of a change through a view, by PyTorch's name `CopySlices`. */
import { zerosLike } from '../ops/creation/creation';
import type { Tensor, View } from '../tensor';
import { GradNode } from './node';

/** A tensor was changed through a view: the rest keeps its gradient, the part has that of the change. */
export class CopySlices extends GradNode {
  override readonly name = 'CopySlices';

  constructor(
    base: Tensor,
    private readonly views: readonly View[],
    /** The node of the change; undefined where the new value depends on no leaf. */
    private readonly change: GradNode | undefined,
  ) {
    super([base.inputEdge, ...(change?.nextFunctions.slice(1) ?? [])], [base]);
  }

  override apply([gradient]: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
    if (gradient === undefined) return [];
    const parts = [gradient];
    for (const view of this.views) parts.push(view.forward(parts.at(-1) ?? gradient));
    const part = parts.at(-1) ?? gradient;
    const [ofPart, ...ofOthers] = this.change?.apply([part]) ?? [];
    let whole: Tensor = ofPart ?? zerosLike(part);
    for (let i = this.views.length - 1; i >= 0; i--) {
      whole = this.views[i]?.scatter?.(parts[i] ?? gradient, whole) ?? whole;
    }
    return [whole, ...ofOthers];
  }

  override release(): void {
    this.change?.release();
  }
}
