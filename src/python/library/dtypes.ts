/** PyTorch's element types and the names they go by. */
import { Builtin, PyClass, PyDtype, PyTuple, TensorValue, type Value } from '../interpret/values';

const names = [
  ...['float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'],
  ...['complex64', 'complex128'],
];

const aliases: Readonly<Record<string, string>> = {
  float: 'float32',
  double: 'float64',
  half: 'float16',
  long: 'int64',
  int: 'int32',
  short: 'int16',
  cfloat: 'complex64',
  cdouble: 'complex128',
};

/** `torch.float32` and the like, with their other names. */
export const dtypeValues: ReadonlyMap<string, PyDtype> = new Map([
  ...names.map(name => [name, new PyDtype(name)] as const),
  ...Object.entries(aliases).map(([alias, name]) => [alias, new PyDtype(name)] as const),
]);

/** `torch.FloatTensor` and its like. */
export const legacyTypes: Readonly<Record<string, string>> = {
  FloatTensor: 'float32',
  DoubleTensor: 'float64',
  HalfTensor: 'float16',
  LongTensor: 'int64',
  IntTensor: 'int32',
  ShortTensor: 'int16',
  CharTensor: 'int8',
  ByteTensor: 'uint8',
  BoolTensor: 'bool',
};

/** The type that a value names: a dtype, `torch.FloatTensor`, a text, or a type of Python's. */
export function dtypeNamed(value: Value | undefined): string | undefined {
  if (value instanceof PyDtype) return value.name;
  if (value instanceof Builtin || value instanceof PyClass) {
    const python: Readonly<Record<string, string>> = { float: 'float64', int: 'int64', bool: 'bool' };
    return (
      python[value.name] ??
      legacyTypes[value.name] ??
      (dtypeValues.has(value.name) && value instanceof PyClass ? value.name : undefined)
    );
  }
  if (typeof value === 'string') {
    const name = value.replace(/^torch\.(cuda\.)?/, '');
    return (
      legacyTypes[name] ??
      dtypeValues.get(name)?.name ??
      { f4: 'float32', f8: 'float64', i8: 'int64', i4: 'int32', u1: 'uint8' }[name]
    );
  }
  return undefined;
}

/** A result in another type; what is not a tensor is left alone. */
export function withDtype(value: Value, dtype: string | undefined, always = false): Value {
  if (dtype === undefined && !always) return value;
  if (value instanceof PyTuple) return value;
  if (!(value instanceof TensorValue) || value.dtype === dtype) return value;
  const made = new TensorValue(value.dims, dtype, { ...value.extra, known: undefined });
  made.sources = value.sources;
  made.step = value.step;
  return made;
}

/** True for types that gradients can flow through. */
export function isFloatingType(dtype: string | undefined): boolean {
  return dtype === undefined || /float|complex/.test(dtype);
}
