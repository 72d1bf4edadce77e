/** The node that an operation leaves in the graph, and PyTorch's `CopySlices` for changes through a view. */
import type { Attributes, Expr, Meta } from '../expr';
import { zerosLike } from '../ops/creation';
import type { BackwardContext, Gradient, Op } from '../ops/op';
import { sumTo } from '../ops/sum-to';
import { sameShape } from '../shape';
import { type Storage, Tensor, type View } from '../tensor';
import { GradNode } from './node';
import { SavedTensor } from './saved-tensor';

/** The node of one application of an operation. */
export class OpNode<A extends Attributes = Attributes> extends GradNode {
  override readonly name: string;
  readonly #gradient: Gradient<A>;
  readonly #attributes: A;
  readonly #inputMeta: readonly Expr[];
  readonly #needs: readonly boolean[];
  readonly #savedInputs = new Map<number, SavedTensor>();
  readonly #savesOutput: boolean;
  readonly #output: Expr<A>;
  #savedOutput: SavedTensor | undefined;

  constructor(op: Op<A>, gradient: Gradient<A>, inputs: readonly Tensor[], output: Expr<A>) {
    const edges = inputs.map(input => input.inputEdge);
    super(
      (gradient.edges ?? inputs.map((_, i) => i)).map(i => edges[i]),
      [output],
    );
    const { attributes } = output;
    this.name = typeof gradient.name === 'string' ? gradient.name : gradient.name(attributes);
    this.#output = output;
    this.#gradient = gradient;
    this.#attributes = attributes;
    this.#inputMeta = inputs.map(input => input.expr);
    this.#needs = edges.map(edge => edge !== undefined);
    const saves = gradient.saves?.(this.#needs, attributes) ?? {};
    for (const i of saves.inputs ?? []) {
      const input = inputs[i];
      if (input !== undefined) this.#savedInputs.set(i, new SavedTensor(input, input.gradEdge));
    }
    this.#savesOutput = saves.output ?? false;
    this.op = op;
  }

  /** The operation. */
  readonly op: Op<A>;

  /** Called once the output exists as a tensor. */
  saveOutput(output: Tensor): void {
    if (this.#savesOutput) this.#savedOutput = new SavedTensor(output, { node: this, output: 0 });
  }

  /** The operation ran in place: its output now lives in `storage`, where its first input was. */
  outputMovedTo(storage: Storage): void {
    // PyTorch clones the target before it is overwritten; any other input that shares its numbers is not.
    const target = this.#savedInputs.get(0);
    if (target?.livesIn(storage)) target.exempt();
    this.#savedOutput?.movedTo(storage);
  }

  override apply([gradient]: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
    if (gradient === undefined) return [];
    const results = this.#gradient.backward(gradient, this.#context());
    const indices = this.#gradient.edges ?? this.#inputMeta.map((_, i) => i);
    return indices.map((input, i) => {
      const result = results[i];
      const meta = this.#inputMeta[input];
      return result === undefined || meta === undefined ? undefined : conform(result, meta);
    });
  }

  override get saved(): readonly { readonly name: string; readonly meta: Meta }[] {
    const inputs = [...this.#savedInputs].map(([i, { tensor }]) => ({
      name: `input ${i}`,
      meta: metaOf(tensor),
    }));
    const output = this.#savedOutput && { name: 'result', meta: metaOf(this.#savedOutput.tensor) };
    return output === undefined ? inputs : [...inputs, output];
  }

  override get inputs(): readonly Meta[] {
    const edges = this.#gradient.edges ?? this.#inputMeta.map((_, i) => i);
    return edges.flatMap(i => this.#inputMeta[i] ?? []);
  }

  override get operands(): readonly { readonly expr: Expr; readonly input: number | null }[] {
    const edges = this.#gradient.edges ?? this.#inputMeta.map((_, i) => i);
    return this.#inputMeta.map((expr, i) => {
      const input = edges.indexOf(i);
      return { expr, input: input < 0 ? null : input };
    });
  }

  override get formula(): string | undefined {
    return this.op.formula;
  }

  override get value(): Tensor {
    return Tensor.fromExpr(this.#output);
  }

  override release(): void {
    for (const saved of this.#savedInputs.values()) saved.release();
    this.#savedOutput?.release();
  }

  #context(): BackwardContext<A> {
    return {
      attributes: this.#attributes,
      needs: this.#needs,
      inputMeta: this.#inputMeta,
      outputMeta: this.outputs[0] ?? { shape: [], dtype: 'float32' },
      input: i => this.#unpack(this.#savedInputs.get(i), `input ${i}`),
      output: () => this.#unpack(this.#savedOutput, 'the output'),
    };
  }

  #unpack(saved: SavedTensor | undefined, what: string): Tensor {
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
