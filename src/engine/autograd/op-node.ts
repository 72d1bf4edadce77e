/** The node that an operation leaves in the graph. */
import type { Attributes, Expr } from '../expr';
import type { BackwardContext, Gradient, Op } from '../ops/op';
import { type Storage, Tensor } from '../tensor';
import { RecordedNode } from './recorded-node';
import { SavedTensor } from './saved-tensor';

/** The node of one application of an operation. */
export class OpNode<A extends Attributes = Attributes> extends RecordedNode<A> {
  readonly #gradient: Gradient<A>;
  readonly #savesOutput: boolean;
  readonly #output: Expr<A>;
  #savedOutput: SavedTensor | undefined;

  constructor(
    private readonly op: Op<A>,
    gradient: Gradient<A>,
    inputs: readonly Tensor[],
    output: Expr<A>,
  ) {
    const { attributes } = output;
    const name = typeof gradient.name === 'string' ? gradient.name : gradient.name(attributes);
    super(name, gradient.edges, inputs, [output], attributes);
    this.#output = output;
    this.#gradient = gradient;
    const saves = gradient.saves?.(this.needs, attributes) ?? {};
    this.saveInputs(inputs, saves.inputs ?? []);
    this.#savesOutput = saves.output ?? false;
  }

  /** Called once the output exists as a tensor. */
  saveOutput(output: Tensor): void {
    if (this.#savesOutput) this.#savedOutput = new SavedTensor(output, { node: this, output: 0 });
  }

  /** The operation ran in place: its output now lives in `storage`, where its first input was. */
  outputMovedTo(storage: Storage): void {
    // PyTorch clones the target before it is overwritten; any other input that shares its numbers is not.
    this.exemptFirstInput(storage);
    this.#savedOutput?.movedTo(storage);
  }

  override apply([gradient]: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
    if (gradient === undefined) return [];
    return this.conform(this.#gradient.backward(gradient, this.#context()));
  }

  protected override get savedOutputs(): readonly { readonly name: string; readonly saved: SavedTensor }[] {
    return this.#savedOutput === undefined ? [] : [{ name: 'result', saved: this.#savedOutput }];
  }

  override get formula(): string | undefined {
    return this.op.formula;
  }

  override get value(): Tensor {
    return Tensor.fromExpr(this.#output);
  }

  #context(): BackwardContext<A> {
    return {
      attributes: this.attributes,
      needs: this.needs,
      inputMeta: this.inputMeta,
      outputMeta: this.outputs[0] ?? { shape: [], dtype: 'float32' },
      input: i => this.savedInput(i),
      output: () => this.unpack(this.#savedOutput, 'the output'),
    };
  }
}
