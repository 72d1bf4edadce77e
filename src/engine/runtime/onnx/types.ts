/** Element types in ONNX's numbering, and as ONNX Runtime spells them. */
import { allocate, type DType } from '../../dtype';

/** `TensorProto.DataType`. */
export const onnxType: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

/** The bytes of one element, little-endian, as ONNX stores constants. */
export function scalarBytes(value: number, dtype: DType): Uint8Array {
  const array = allocate(dtype, 1);
  if (array instanceof BigInt64Array) array[0] = BigInt(Math.trunc(value));
  else array[0] = dtype === 'bool' ? Number(value !== 0) : value;
  return new Uint8Array(array.buffer);
}
