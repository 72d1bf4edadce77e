/**
 * Writes ONNX nodes. Operations lower themselves by calling `node`; names are made up here, constants are
 * shared, and nodes that nobody uses in the end are dropped, so an operation may look through its inputs
 * and use theirs instead.
 */
import type { Device } from '../../device';
import type { DType } from '../../dtype';
import type { Expr } from '../../expr';
import { constantOf } from '../../ops/number';
import { numel } from '../../shape';
import { type AttributeProto, AttributeType, type NodeProto, type TensorProto } from './proto';
import { onnxType, scalarBytes } from './types';

/** An attribute: whole numbers are ints, `{ float }` is a float. */
export type NodeAttribute = number | string | readonly number[] | { readonly float: number };

/** A setting as it stands in a model. */
export function encodeAttribute(name: string, value: NodeAttribute): AttributeProto {
  if (typeof value === 'number') return { name, type: AttributeType.int, i: value };
  if (typeof value === 'string') {
    return { name, type: AttributeType.string, s: new TextEncoder().encode(value) };
  }
  if ('float' in value) return { name, type: AttributeType.float, f: value.float };
  return { name, type: AttributeType.ints, ints: [...value] };
}

/** A graph under construction. */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #constants = new Map<string, TensorProto>();
  readonly #names = new Map<Expr, string>();
  readonly #steps = new Set<Expr>();
  readonly #uses: ReadonlyMap<Expr, number>;
  readonly #outputs = new Map<string, string>();
  readonly #computed = new Set<string>();
  /** Transposed copies of matrices, and what they are copies of. */
  readonly #originals = new Map<string, string>();
  readonly #offered = new Map<string, () => string>();
  #count = 0;

  /**
   * @param device the provider that the graph is for: some have no kernel for some operators
   * @param uses how many expressions of the graph use each expression; outputs count once more
   * @param prefix begins every name, so that the names of a graph inside another one are its own
   */
  constructor(
    readonly device: Device,
    uses: ReadonlyMap<Expr, number>,
    private readonly prefix = '',
  ) {
    this.#uses = uses;
  }

  /** The name of the value of an expression that was lowered before. */
  value(expr: Expr): string {
    const name = this.#names.get(expr);
    if (name === undefined) throw new Error(`${expr.op?.name ?? 'a leaf'} was used before it was lowered`);
    return name;
  }

  /** Lowers an expression whose inputs were lowered or given before. */
  lower(expr: Expr): void {
    if (expr.op === undefined) return;
    this.#steps.add(expr);
    this.bind(expr, expr.op.lower(this, expr));
  }

  /**
   * The inputs of an expression that this graph computes, to look through it; none of one that is given, whose own
   * inputs are not in this graph.
   */
  inputsOf(expr: Expr): readonly Expr[] {
    return this.#steps.has(expr) ? expr.inputs : [];
  }

  /** Lets `name` stand for an expression. */
  bind(expr: Expr, name: string): void {
    this.#names.set(expr, name);
  }

  /** Lets `prefix0`, `prefix1`, … stand for expressions; returns these names. */
  bindAll(exprs: readonly Expr[], prefix: string): string[] {
    return exprs.map((expr, i) => {
      this.bind(expr, `${prefix}${i}`);
      return `${prefix}${i}`;
    });
  }

  /** True if nobody else needs the value, so that it may be fused into its user. */
  usedOnce(expr: Expr): boolean {
    return this.#uses.get(expr) === 1;
  }

  /** A name that is not taken. */
  fresh(): string {
    return `${this.prefix}v${this.#count++}`;
  }

  /** A node with one output; returns the output's name. The same node asked for twice is made once. */
  node(opType: string, inputs: readonly string[], attributes: Record<string, NodeAttribute> = {}): string {
    const key = `${opType}(${inputs.join()})${JSON.stringify(attributes)}`;
    const known = this.#outputs.get(key);
    if (known !== undefined) return known;
    const output = this.fresh();
    this.#outputs.set(key, output);
    this.push(opType, inputs, [output], attributes);
    return output;
  }

  /** A node with any outputs; an empty name leaves an optional one out. */
  push(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, NodeAttribute> = {},
    name = '',
  ): void {
    for (const name of outputs) this.#computed.add(name);
    this.#nodes.push({
      opType,
      name,
      input: [...inputs],
      output: [...outputs],
      attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
    });
  }

  /**
   * The number 1, if the count (int64, without dimensions) is 0; else the computation stops with this complaint. Such is
   * an index that is out of range, in a node that is named so.
   */
  oneUnless(count: string, complaint: string): string {
    const key = `${complaint} ${count}`;
    const known = this.#outputs.get(key);
    if (known !== undefined) return known;
    const output = this.fresh();
    this.#outputs.set(key, output);
    const place = this.node('Min', [count, this.scalar(1, 'int64')]);
    // No two nodes may have one name.
    this.push('Gather', [this.ints([1]), place], [output], { axis: 0 }, `${complaint}.${output}`);
    return output;
  }

  /** True if a node of this graph gives the value. */
  isComputed(name: string): boolean {
    return this.#computed.has(name);
  }

  /** A value under a name of its own. */
  copy(name: string): string {
    const output = this.fresh();
    this.push('Identity', [name], [output]);
    return output;
  }

  /** A matrix, transposed. */
  transposed(name: string): string {
    const known = this.#originals.get(name) ?? this.#offered.get(name)?.();
    if (known !== undefined) return known;
    const copy = this.node('Transpose', [name], { perm: [1, 0] });
    this.#originals.set(copy, name);
    return copy;
  }

  /** What a value is a transposed copy of: who can use that instead makes the copy needless. */
  transposedFrom(name: string): string | undefined {
    return this.#originals.get(name);
  }

  /** Says that the transposed matrix costs no more than the matrix itself, and how it is made. Returns the matrix. */
  offerTransposed(name: string, make: () => string): string {
    this.#offered.set(name, make);
    return name;
  }

  /** True if the transposed matrix is there, or costs no more than the matrix itself. */
  turnsFreely(name: string): boolean {
    return this.#originals.has(name) || this.#offered.has(name);
  }

  /** A constant without dimensions. */
  scalar(value: number, dtype: DType): string {
    return this.#constant(
      `${dtype} ${Object.is(value, -0) ? '-0' : value}`,
      [],
      dtype,
      scalarBytes(value, dtype),
    );
  }

  /** A constant list of int64, as shapes, axes and starts are given. */
  ints(values: readonly number[]): string {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant(`ints ${values.join()}`, [values.length], 'int64', data);
  }

  /** A constant list of numbers. */
  list(values: readonly number[], dtype: DType): string {
    const bytes = values.map(value => scalarBytes(value, dtype));
    const data = Uint8Array.from(bytes.flatMap(part => [...part]));
    return this.#constant(`${dtype} list ${values.join()}`, [values.length], dtype, data);
  }

  /** A constant array of ones. */
  ones(shape: readonly number[], dtype: DType): string {
    const count = numel(shape);
    const one = scalarBytes(1, dtype);
    const data = new Uint8Array(count * one.length);
    for (let i = 0; i < count; i++) data.set(one, i * one.length);
    return this.#constant(`${dtype} ones ${shape.join()}`, [...shape], dtype, data);
  }

  #constant(key: string, dims: number[], dtype: DType, rawData: Uint8Array): string {
    let tensor = this.#constants.get(key);
    if (tensor === undefined) {
      tensor = { name: `${this.prefix}c${this.#constants.size}`, dims, dataType: onnxType[dtype], rawData };
      this.#constants.set(key, tensor);
    }
    return tensor.name ?? '';
  }

  /** A value converted to another type, if it is not of that type. */
  cast(name: string, from: DType, to: DType): string {
    return from === to ? name : this.node('Cast', [name], { to: onnxType[to] });
  }

  /** The value of an expression, converted to a type; a plain number is written in that type at once. */
  as(expr: Expr, dtype: DType): string {
    const constant = constantOf(expr);
    if (constant !== undefined) return this.scalar(constant, dtype);
    return this.cast(this.value(expr), expr.dtype, dtype);
  }

  /** The nodes that `outputs` depend on, in order, and the constants they use. */
  finish(outputs: readonly string[]): { nodes: NodeProto[]; constants: TensorProto[] } {
    const needed = new Set(outputs);
    const nodes = this.#nodes
      .reverse()
      .filter(node => {
        if (!node.output.some(name => needed.has(name))) return false;
        for (const name of node.input) needed.add(name);
        return true;
      })
      .reverse();
    const constants = [...this.#constants.values()].filter(({ name }) => needed.has(name ?? ''));
    return { nodes, constants };
  }
}
