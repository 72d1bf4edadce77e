/** Collects the nodes and weights of an ONNX graph that people will look at: each has a name that says what it is. */
import type { DType } from '../dtype';
import { EngineError } from '../errors';
import type { NDArray } from '../ndarray';
import { encodeAttribute, type NodeAttribute } from '../runtime/onnx/graph-builder';
import type { NodeProto, TensorProto } from '../runtime/onnx/proto';
import { onnxType } from '../runtime/onnx/types';

/** What goes from one layer to the next: its name in the graph, and its shape with a batch of any size in front. */
export interface Value {
  readonly name: string;
  /** The first size is that of some batch, and means nothing. */
  readonly shape: readonly number[];
}

/** A graph that is being written. */
export class OnnxWriter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #known = new Set<string>();

  /** @param weights the parameters and buffers of the network by name */
  constructor(private readonly weights: ReadonlyMap<string, NDArray>) {}

  /** A parameter or buffer of the network; gives its name. */
  weight(name: string): string {
    const array = this.weights.get(name);
    if (array === undefined) throw new EngineError(`the network has no ${name}`);
    return this.#initializer(name, array);
  }

  /** Numbers that are no weights; gives their name. */
  constant(name: string, dtype: DType, shape: readonly number[], data: NDArray['data']): string {
    return this.#initializer(name, { dtype, shape, data });
  }

  /** One number of type float32. */
  scalar(name: string, value: number): string {
    return this.constant(name, 'float32', [], Float32Array.of(value));
  }

  /** A node whose output is called as it is itself; gives that name. */
  node(
    operator: string,
    inputs: readonly string[],
    name: string,
    attributes: Readonly<Record<string, NodeAttribute>> = {},
  ): string {
    this.nodes.push({
      opType: operator,
      name,
      input: [...inputs],
      output: [name],
      attribute: Object.entries(attributes).map(([key, value]) => encodeAttribute(key, value)),
    });
    return name;
  }

  /** Calls a value, which is the result of the graph, by another name. */
  finish(value: string, name: string): void {
    const maker = this.nodes.find(({ output }) => output.includes(value));
    if (maker === undefined) {
      this.node('Identity', [value], name);
      return;
    }
    const renamed = (names: readonly string[]) => names.map(each => (each === value ? name : each));
    for (const node of this.nodes) {
      node.input = renamed(node.input);
      node.output = renamed(node.output);
    }
  }

  #initializer(name: string, { dtype, shape, data }: NDArray): string {
    if (this.#known.has(name)) return name;
    this.#known.add(name);
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.push({ name, dims: [...shape], dataType: onnxType[dtype], rawData });
    return name;
  }
}
