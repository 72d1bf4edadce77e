/**
 * How a product of matrices is laid out for ONNX Runtime's threads. It gives each thread a range of rows, or of columns
 * where there are more of these; and columns it shares badly: a row's end is another thread's beginning. Measured on two
 * threads, 64×784 by 784×256: 211 µs by columns, 135 µs as the transposed product, by rows; on one thread 260 and 243.
 * So large products with more columns than rows are made of rows: transposed, or in two halves.
 */
import type { DType } from '../../dtype';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';

/** A factor of a product: a value, whether it is to be transposed, and a constant to multiply by. */
export interface Factor {
  readonly value: string;
  readonly transposed: boolean;
  readonly scale: number;
}

/** The same matrix, transposed. */
export const turned = (factor: Factor): Factor => ({ ...factor, transposed: !factor.transposed });

/** What is added to a product, and what both are multiplied by. */
export interface Addition {
  /** A value of the product's shape, a row of it, or a number. */
  readonly c?: string;
  /** True if `c` is a list: one number for each column. */
  readonly perColumn?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
}

/** Sizes of a product: [rows, inner] by [inner, columns]. */
export interface ProductSize {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly dtype: DType;
}

/** From so many multiplications on the layout of a product matters. */
const large = 2 ** 20;

/**
 * From so many on, a transposed product saves more than it costs to transpose it back, should somebody ask for that: its
 * users mostly take it as it is.
 */
const deep = 640;

/** True if ONNX Runtime would share the product out by columns. */
function isWide(graph: GraphBuilder, { rows, inner, columns }: ProductSize): boolean {
  return graph.device === 'cpu' && columns > rows && rows * inner * columns >= large;
}

/** `alpha · left @ right + beta · c` as it stands. */
export function gemmNode(
  graph: GraphBuilder,
  left: Factor,
  right: Factor,
  { c, alpha = 1, beta = 1 }: Addition = {},
): string {
  return graph.node('Gemm', [left.value, right.value, ...(c === undefined ? [] : [c])], {
    alpha: { float: alpha * left.scale * right.scale },
    beta: { float: beta },
    transA: Number(left.transposed),
    transB: Number(right.transposed),
  });
}

/** `alpha · left @ right + beta · c`, by rows where that is faster. */
export function multiply(
  graph: GraphBuilder,
  left: Factor,
  right: Factor,
  size: ProductSize,
  addition: Addition = {},
): string {
  const { c, perColumn = false } = addition;
  const across = () => {
    const column = c === undefined ? {} : { c: graph.node('Reshape', [c, graph.ints([size.columns, 1])]) };
    return gemmNode(graph, turned(right), turned(left), { ...addition, ...column });
  };
  const turns = c === undefined || perColumn;
  if (!turns || graph.device !== 'cpu') return gemmNode(graph, left, right, addition);
  if (isWide(graph, size) && size.inner >= deep) return graph.transposed(across());
  const { alpha = 1 } = addition;
  const halves = c === undefined ? inHalves(graph, left, right, size, alpha) : undefined;
  return halves ?? graph.offerTransposed(gemmNode(graph, left, right, addition), across);
}

/**
 * `alpha · left @ right` of a wide product as two products, of the upper rows and of the lower ones; undefined where one
 * product is better.
 */
export function inHalves(
  graph: GraphBuilder,
  left: Factor,
  right: Factor,
  size: ProductSize,
  alpha = 1,
): string | undefined {
  const { rows, inner, columns, dtype } = size;
  if (!isWide(graph, size) || rows % 2 !== 0 || left.transposed || right.transposed) return undefined;
  const scale = alpha * left.scale * right.scale;
  const rowsOf = scale === 1 ? left.value : graph.node('Mul', [left.value, graph.scalar(scale, dtype)]);
  const shaped = (value: string, shape: readonly number[]) =>
    graph.node('Reshape', [value, graph.ints(shape)]);
  // The further dimension keeps ONNX Runtime from making one product of the two again.
  const product = graph.node('MatMul', [
    shaped(rowsOf, [2, rows / 2, inner]),
    shaped(right.value, [1, 1, inner, columns]),
  ]);
  return shaped(product, [rows, columns]);
}
