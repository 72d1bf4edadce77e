/**
 * Element types of tensors, named as PyTorch names them, and PyTorch's rules for what comes out when
 * two of them meet (https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc).
 */
import { EngineError } from './errors';

/** All element types, in no particular order. */
export const dtypes = ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'] as const;

/** An element type. */
export type DType = (typeof dtypes)[number];

/** The typed array that holds elements of each type; `bool` is one byte, 0 or 1. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int64: BigInt64Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** A typed array that holds the elements of a tensor. */
export type TypedArray = ArrayOf[DType];

const constructors: { [D in DType]: new (length: number) => ArrayOf[D] } = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/**
 * Complains about a type that the engine lacks.
 * @throws EngineError unless `dtype` is one of {@link dtypes}
 */
export function checkDtype(dtype: string): void {
  if (Object.hasOwn(constructors, dtype)) return;
  throw new EngineError(
    `dtype '${dtype}' is not supported: there are ${dtypes.join(', ')}` +
      (/^u?int/.test(dtype) ? "; 'int32' holds all that smaller integers do" : ''),
  );
}

/** A zero-filled array for `length` elements of `dtype`. */
export function allocate<D extends DType>(dtype: D, length: number): ArrayOf[D] {
  return new constructors[dtype](length);
}

/** True for float32 and float64. */
export function isFloating(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

type Category = 0 | 1 | 2;

/** bool < integers < floating point: only a higher category changes the type of a tensor. */
function category(dtype: DType): Category {
  if (dtype === 'bool') return 0;
  return isFloating(dtype) ? 2 : 1;
}

const rank: Record<DType, number> = { bool: 0, uint8: 1, int32: 2, int64: 3, float32: 4, float64: 5 };

/** The type of a result of two types of the same standing (`torch.promote_types`). */
export function promoteTypes(a: DType, b: DType): DType {
  return rank[a] >= rank[b] ? a : b;
}

/** What takes part in an arithmetic operation, as far as the type of its result is concerned. */
export interface Operand {
  readonly dtype: DType;
  /** `scalar` is a plain number, `zeroDim` a tensor without dimensions, `tensor` any other. */
  readonly standing: 'scalar' | 'zeroDim' | 'tensor';
}

const standings = ['tensor', 'zeroDim', 'scalar'] as const;

/**
 * The type of a result of an arithmetic operation (`torch.result_type`): tensors decide, and
 * zero-dimensional tensors and then plain numbers count only if they are of a higher category.
 */
export function resultType(operands: readonly Operand[]): DType {
  let result: DType | undefined;
  for (const standing of standings) {
    const group = operands.filter(operand => operand.standing === standing).map(operand => operand.dtype);
    if (group.length === 0) continue;
    const type = group.reduce(promoteTypes);
    if (result === undefined || category(type) > category(result)) result = type;
  }
  return result ?? 'float32';
}
