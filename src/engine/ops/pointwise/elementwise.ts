/** What the operations that work element by element have in common: type rules, broadcasting, lowering. */
import { type DType, isFloating, resultType } from '../../dtype';
import type { Attributes, Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { broadcastShapes, numel, type Shape, sameShape } from '../../shape';
import { elementwise } from '../kernels';
import type { Gradient, Op } from '../op';
import { expand } from '../shapes/views';

/** An operation without settings. */
export type NoAttributes = Readonly<Record<string, never>>;

/** The type that operands of these types are computed in (`torch.result_type`). */
export function promote(inputs: readonly Meta[]): DType {
  return resultType(
    inputs.map(({ dtype, isNumber, shape }) => ({
      dtype,
      standing: isNumber ? 'scalar' : shape.length === 0 ? 'zeroDim' : 'tensor',
    })),
  );
}

/** The shape that all inputs are stretched to. */
export function broadcastAll(inputs: readonly Meta[]): Shape {
  return inputs.map(input => input.shape).reduce(broadcastShapes, []);
}

/** A type that every ONNX arithmetic operator computes with: small integers are widened. */
export function arithmeticType(dtype: DType): DType {
  return dtype === 'bool' || dtype === 'uint8' ? 'int32' : dtype;
}

/** The type of a function such as `exp`: integers become floating point. */
export function floatType(dtype: DType): DType {
  return isFloating(dtype) ? dtype : 'float32';
}

/**
 * The operands' values in type `dtype`. ONNX stretches operands by itself, so an `expand` is looked
 * through where another operand has the full shape.
 */
export function operandsAs(graph: GraphBuilder, expr: Expr, dtype: DType): string[] {
  const full = expr.inputs.findIndex(input => !input.is(expand) && sameShape(input.shape, expr.shape));
  return expr.inputs.map((input, i) => {
    const [source] = graph.inputsOf(input);
    const stretched = full !== -1 && i !== full && input.is(expand);
    return graph.as(stretched && source !== undefined ? source : input, dtype);
  });
}

/**
 * The operands transposed, where one of them is a transposed copy and that costs nothing for the others: then the
 * operation is done on the matrices that were copied, and perhaps nobody needs the copies.
 */
function turnedOperands(
  graph: GraphBuilder,
  { inputs, shape }: Expr,
  operands: readonly string[],
): string[] | undefined {
  if (!operands.some(operand => graph.transposedFrom(operand) !== undefined)) return undefined;
  // These are left to ONNX to stretch.
  if (inputs.some(input => input.is(expand))) return undefined;
  const fits = inputs.every(
    (input, i) =>
      numel(input.shape) === 1 || (sameShape(input.shape, shape) && graph.turnsFreely(operands[i] ?? '')),
  );
  if (!fits) return undefined;
  return operands.map((operand, i) => (inputs[i]?.shape.length === 2 ? graph.transposed(operand) : operand));
}

/** How an operation becomes ONNX: the name of an operator, or a function that writes nodes. */
export type Lowering<A extends Attributes> =
  | string
  | ((graph: GraphBuilder, operands: readonly string[], dtype: DType, attributes: A) => string);

/** The definition of an elementwise operation. */
export interface ElementwiseSpec<A extends Attributes> {
  readonly name: string;
  /** What is computed, in a line for people. */
  readonly formula?: string;
  /** The type of the result, given that of the promoted operands; the same by default. */
  readonly result?: (dtype: DType) => DType;
  /** The type that operands are converted to; that of the promoted operands, or the result, by default. */
  readonly compute?: (dtype: DType) => DType;
  readonly onnx: Lowering<A>;
  /** One element, given the settings and the operands. */
  readonly element: (attributes: A, ...operands: number[]) => number;
  readonly gradient?: Gradient<A>;
}

/** An operation on elements that meet when the inputs are broadcast. */
export function elementwiseOp<A extends Attributes = NoAttributes>(spec: ElementwiseSpec<A>): Op<A> {
  const { name, onnx, element, gradient } = spec;
  const result = spec.result ?? (dtype => dtype);
  const compute =
    spec.compute ?? (dtype => arithmeticType(isFloating(result(dtype)) ? result(dtype) : dtype));
  return {
    name,
    ...(spec.formula !== undefined && { formula: spec.formula }),
    infer: inputs => ({ shape: broadcastAll(inputs), dtype: result(promote(inputs)) }),
    ...(gradient && { gradient }),
    lower(graph, expr) {
      const type = compute(promote(expr.inputs));
      const produced = result(type) === 'bool' ? 'bool' : type;
      const written = (operands: readonly string[]) => {
        const value =
          typeof onnx === 'string'
            ? graph.node(onnx, operands)
            : onnx(graph, operands, type, expr.attributes);
        return graph.cast(value, produced, expr.dtype);
      };
      const operands = operandsAs(graph, expr, type);
      const others = turnedOperands(graph, expr, operands);
      return others === undefined ? written(operands) : graph.transposed(written(others));
    },
    kernel: (inputs, attributes, output) =>
      elementwise((...operands) => element(attributes, ...operands))(inputs, attributes, output),
  };
}
