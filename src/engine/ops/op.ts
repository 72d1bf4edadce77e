/**
 * What an operation is: its shape rule, its gradient, its ONNX lowering and its reference kernel, defined
 * side by side in one object. Every operation is registered, and the tests walk the registry.
 */
import { EngineError } from '../errors';
import type { Attributes, Expr, Meta } from '../expr';
import type { GraphBuilder } from '../runtime/onnx/graph-builder';
import type { Tensor } from '../tensor';

/** What a gradient formula may look at: what was saved in the forward pass. */
export interface BackwardContext<A extends Attributes> {
  readonly attributes: A;
  /** For each input: whether a gradient is wanted for it. */
  readonly needs: readonly boolean[];
  /** Shape and type of each input. */
  readonly inputMeta: readonly Meta[];
  /** Shape and type of the output. */
  readonly outputMeta: Meta;
  /** The i-th input; it must be among those that `saves` names. */
  input(i: number): Tensor;
  /** The output; `saves` must name it. */
  output(): Tensor;
}

/** Which tensors a gradient formula needs again. */
export interface Saves {
  readonly inputs?: readonly number[];
  readonly output?: boolean;
}

/** A name that depends on the settings. Declared as a method, so that `Op<A>` is an `Op<Attributes>`. */
type NodeName<A extends Attributes> = { of(attributes: A): string }['of'];

/** The gradient of an operation, and the name that PyTorch gives to its node in the graph. */
export interface Gradient<A extends Attributes> {
  /** PyTorch's `grad_fn` name, such as `AddmmBackward0`. */
  readonly name: string | NodeName<A>;
  /** The inputs that PyTorch counts in `next_functions`, where those are not all of them. */
  readonly edges?: readonly number[];
  /** What to keep of the forward pass, given which inputs need gradients; nothing by default. */
  saves?(needs: readonly boolean[], attributes: A): Saves;
  /**
   * The gradient for each of `edges` (undefined for none), given that of the output. Where an input was
   * broadcast or has another type, the caller sums and converts.
   */
  backward(grad: Tensor, context: BackwardContext<A>): readonly (Tensor | undefined)[];
}

/** {@link BackwardContext} of an operation with several outputs. */
export interface JointContext<A extends Attributes>
  extends Omit<BackwardContext<A>, 'output' | 'outputMeta'> {
  /** Shape and type of each output. */
  readonly outputMeta: readonly Meta[];
  /** The i-th output; `saves` must name it. */
  output(i: number): Tensor;
}

/** The gradient of an operation that gives several tensors, which share one node. */
export interface JointGradient<A extends Attributes> {
  /** PyTorch's `grad_fn` name, such as `StdMeanBackward0`. */
  readonly name: string;
  /** As in {@link Gradient}. */
  readonly edges?: readonly number[];
  saves?(
    needs: readonly boolean[],
    attributes: A,
  ): { readonly inputs?: readonly number[]; readonly outputs?: readonly number[] };
  /** The gradient for each of `edges`, given those of the outputs; undefined where none arrived, but not for all. */
  backward(grads: readonly (Tensor | undefined)[], context: JointContext<A>): readonly (Tensor | undefined)[];
}

/** What reference kernels work on: any type of element, held as 64-bit floating point, row-major. */
export interface Values extends Meta {
  readonly data: Float64Array;
}

/** An operation. */
export interface Op<A extends Attributes = Attributes> {
  /** PyTorch's name, such as `log_softmax`. */
  readonly name: string;
  /** Shape and type of the result; throws where the inputs do not fit. */
  infer(inputs: readonly Meta[], attributes: A): Meta;
  /** What is computed, in a line for people, such as `max(0, x)`. */
  readonly formula?: string;
  /** Absent where PyTorch has no gradient either. */
  readonly gradient?: Gradient<A>;
  /**
   * True where nothing but the kernel computes it, on the host and between runs: `lower` is never called, and the
   * operation cannot be part of a compiled step.
   */
  readonly onHost?: boolean;
  /** Writes ONNX nodes that compute `expr` and returns the name of the result. */
  lower(graph: GraphBuilder, expr: Expr<A>): string;
  /** Computes the elements of the result plainly, in 64-bit floating point; the caller rounds them. */
  kernel(inputs: readonly Values[], attributes: A, output: Meta): ArrayLike<number>;
}

const registry = new Map<string, Op>();

/** Registers an operation; its name must be new. */
export function defineOp<A extends Attributes>(op: Op<A>): Op<A> {
  if (registry.has(op.name)) throw new Error(`operation ${op.name} is defined twice`);
  registry.set(op.name, op);
  return op;
}

/** Defines an operation that nothing but its kernel computes: see {@link Op.onHost}. */
export function defineHostOp<A extends Attributes>(op: Omit<Op<A>, 'lower' | 'onHost'>): Op<A> {
  return defineOp<A>({
    ...op,
    onHost: true,
    lower() {
      throw new EngineError(`${op.name} is computed on the host: it cannot be part of a compiled step`);
    },
  });
}

/** All operations by name. */
export function operations(): ReadonlyMap<string, Op> {
  return registry;
}
