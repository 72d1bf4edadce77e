/** The node of an operation with several outputs, such as `std_mean` or `unbind`: one for all of them. */
import type { Attributes, Expr } from '../expr';
import type { JointContext, JointGradient } from '../ops/op';
import { Tensor } from '../tensor';
import { RecordedNode } from './recorded-node';
import { SavedTensor } from './saved-tensor';

/** The node of one application of such an operation. */
export class JointNode<A extends Attributes = Attributes> extends RecordedNode<A> {
  readonly #gradient: JointGradient<A>;
  readonly #savesOutputs: readonly number[];
  readonly #savedOutputs = new Map<number, SavedTensor>();
  readonly #first: Expr | undefined;

  constructor(
    gradient: JointGradient<A>,
    inputs: readonly Tensor[],
    outputs: readonly Expr[],
    attributes: A,
  ) {
    super(gradient.name, gradient.edges, inputs, outputs, attributes);
    this.#gradient = gradient;
    this.#first = outputs[0];
    const saves = gradient.saves?.(this.needs, attributes) ?? {};
    this.saveInputs(inputs, saves.inputs ?? []);
    this.#savesOutputs = saves.outputs ?? [];
  }

  /** Called once the outputs exist as tensors. */
  saveOutputs(outputs: readonly Tensor[]): void {
    for (const i of this.#savesOutputs) {
      const output = outputs[i];
      if (output !== undefined) this.#savedOutputs.set(i, new SavedTensor(output, { node: this, output: i }));
    }
  }

  override apply(gradients: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
    if (gradients.every(gradient => gradient === undefined)) return [];
    return this.conform(this.#gradient.backward(gradients, this.#context()));
  }

  protected override get savedOutputs(): readonly { readonly name: string; readonly saved: SavedTensor }[] {
    return [...this.#savedOutputs].map(([i, saved]) => ({ name: `result ${i}`, saved }));
  }

  /** Its first output. */
  override get value(): Tensor | undefined {
    return this.#first && Tensor.fromExpr(this.#first);
  }

  #context(): JointContext<A> {
    return {
      attributes: this.attributes,
      needs: this.needs,
      inputMeta: this.inputMeta,
      outputMeta: this.outputs,
      input: i => this.savedInput(i),
      output: i => this.unpack(this.#savedOutputs.get(i), `output ${i}`),
    };
  }
}
