/**
 * Nodes of the graph that the forward pass leaves behind for differentiation. A tensor's `gradFn` is the
 * node that made it; `nextFunctions` lead from there to the nodes of its inputs, down to the leaves.
 */
import type { Expr, Meta } from '../expr';
import type { Tensor } from '../tensor';
import { currentScope } from './scope';

/** A link to the node that made an input, and which of that node's outputs the input is. */
export interface Edge {
  readonly node: GradNode;
  readonly output: number;
}

let sequence = 0;

/** A node: knows how to turn gradients of its outputs into gradients of its inputs. */
export abstract class GradNode {
  /** PyTorch's name, such as `AddmmBackward0`. */
  abstract readonly name: string;
  /** Nodes made later have higher numbers; the backward pass runs them first. */
  readonly sequence: number = sequence++;
  /** The module in whose `forward` the node was made. */
  readonly scope: object | undefined = currentScope();

  constructor(
    /** One entry per input, undefined where no gradient flows. */
    readonly nextFunctions: readonly (Edge | undefined)[],
    /** Shape and type of each output of the forward operation. */
    readonly outputs: readonly Meta[],
  ) {}

  /** Gradients of the inputs, given those of the outputs (undefined: none arrived). */
  abstract apply(gradients: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[];

  /** Forgets what was saved for the backward pass. */
  release(): void {}

  /** The tensors that are kept for the backward pass: inputs by their number, and `result`. */
  get saved(): readonly { readonly name: string; readonly meta: Meta }[] {
    return [];
  }

  /** Shape and type of the inputs that `nextFunctions` lead to, as far as the node knows them. */
  get inputs(): readonly Meta[] {
    return [];
  }

  /** All that the forward operation was given, each with its place in `inputs`; null where it has none there. */
  get operands(): readonly { readonly expr: Expr; readonly input: number | null }[] {
    return [];
  }

  /** What the forward operation computes, in a line. */
  get formula(): string | undefined {
    return undefined;
  }

  /** What the forward operation gave, without its history; undefined where the node does not know it. */
  get value(): Tensor | undefined {
    return undefined;
  }
}

/** The end of every path: adds what arrives to the `grad` of a leaf. */
export class AccumulateGrad extends GradNode {
  override readonly name = 'AccumulateGrad';

  constructor(
    /** The leaf, such as a parameter. */
    readonly variable: Tensor,
  ) {
    super([], [variable]);
  }

  override apply([gradient]: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
    if (gradient !== undefined) this.variable.accumulateGrad(gradient);
    return [];
  }

  override get value(): Tensor | undefined {
    return this.variable.detach();
  }
}

/** A view whose base was changed after it was taken. PyTorch no longer knows its steps, only its strides. */
export class ChangedView extends GradNode {
  override readonly name = 'AsStridedBackward0';
  /** The nodes of the steps from the base to the view, last one first. */
  readonly #steps: readonly GradNode[];

  constructor(base: Edge, last: GradNode, view: Meta) {
    super([base], [view]);
    const steps: GradNode[] = [];
    for (let node: GradNode | undefined = last; node !== undefined && node !== base.node; ) {
      steps.push(node);
      node = node.nextFunctions[0]?.node;
    }
    this.#steps = steps;
  }

  override apply(gradients: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
    return this.#steps.reduce((gradient, step) => step.apply(gradient), gradients);
  }
}
