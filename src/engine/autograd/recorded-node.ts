/** What the nodes of operations have in common: they know what they were applied to, and keep what they need again. */
import type { Attributes, Expr, Meta } from '../expr';
import { sumTo } from '../ops/sum-to';
import { sameShape } from '../shape';
import type { Tensor } from '../tensor';
import { GradNode } from './node';
import { SavedTensor } from './saved-tensor';

/** The node of one application of an operation with one output or several. */
export abstract class RecordedNode<A extends Attributes> extends GradNode {
  override readonly name: string;
  /** For each input: whether a gradient is wanted for it. */
  protected readonly needs: readonly boolean[];
  protected readonly inputMeta: readonly Expr[];
  readonly #edges: readonly number[];
  readonly #savedInputs = new Map<number, SavedTensor>();

  protected constructor(
    name: string,
    /** The inputs that PyTorch counts in `next_functions`, where those are not all of them. */
    edges: readonly number[] | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Meta[],
    protected readonly attributes: A,
  ) {
    const linked = edges ?? inputs.map((_, i) => i);
    const all = inputs.map(input => input.inputEdge);
    super(
      linked.map(i => all[i]),
      outputs,
    );
    this.name = name;
    this.#edges = linked;
    this.inputMeta = inputs.map(input => input.expr);
    this.needs = all.map(edge => edge !== undefined);
  }

  protected saveInputs(inputs: readonly Tensor[], numbers: readonly number[]): void {
    for (const i of numbers) {
      const input = inputs[i];
      if (input !== undefined) this.#savedInputs.set(i, new SavedTensor(input, input.gradEdge));
    }
  }

  /** The saved first input was copied before an in-place operation overwrote it in `storage`. */
  protected exemptFirstInput(storage: Tensor['storage']): void {
    const target = this.#savedInputs.get(0);
    if (target?.livesIn(storage)) target.exempt();
  }

  /** The outputs that are kept, by their names. */
  protected abstract get savedOutputs(): readonly { readonly name: string; readonly saved: SavedTensor }[];

  override get saved(): readonly { readonly name: string; readonly meta: Meta }[] {
    const inputs = [...this.#savedInputs].map(([i, { tensor }]) => ({
      name: `input ${i}`,
      meta: metaOf(tensor),
    }));
    return [...inputs, ...this.savedOutputs.map(({ name, saved }) => ({ name, meta: metaOf(saved.tensor) }))];
  }

  override get inputs(): readonly Meta[] {
    return this.#edges.flatMap(i => this.inputMeta[i] ?? []);
  }

  override get operands(): readonly { readonly expr: Expr; readonly input: number | null }[] {
    return this.inputMeta.map((expr, i) => {
      const input = this.#edges.indexOf(i);
      return { expr, input: input < 0 ? null : input };
    });
  }

  override release(): void {
    for (const saved of this.#savedInputs.values()) saved.release();
    for (const { saved } of this.savedOutputs) saved.release();
  }

  /** Gradients, one for each of `edges`, in the shapes and types of their inputs. */
  protected conform(results: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
    return this.#edges.map((input, i) => {
      const result = results[i];
      const meta = this.inputMeta[input];
      return result === undefined || meta === undefined ? undefined : conform(result, meta);
    });
  }

  protected savedInput(i: number): Tensor {
    return this.unpack(this.#savedInputs.get(i), `input ${i}`);
  }

  protected unpack(saved: SavedTensor | undefined, what: string): Tensor {
    if (saved === undefined) throw new Error(`${this.name} did not save ${what}`);
    return saved.unpack(this);
  }
}

const metaOf = ({ shape, dtype }: Tensor): Meta => ({ shape, dtype });

/** A gradient in the shape and type of its input: summed where the input was broadcast. */
function conform(gradient: Tensor, meta: Expr): Tensor {
  const shaped = sameShape(gradient.shape, meta.shape) ? gradient : sumTo(gradient, meta.shape);
  return shaped.dtype === meta.dtype ? shaped : shaped.to(meta.dtype);
}
