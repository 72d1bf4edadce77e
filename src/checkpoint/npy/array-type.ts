/** NumPy's names of types, such as `<f4`: byte order, kind, and bytes of an element. */
import { type ElementType, elementTypes } from '../elements';
import { CheckpointError, quote } from '../errors';

/** The type of an array's elements. */
export interface ArrayType {
  readonly type: ElementType;
  readonly bigEndian: boolean;
}

/** NumPy's kinds of numbers with the size in bytes, as PyTorch's types. */
const types: Readonly<Record<string, string>> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
};

const refusals: Readonly<Record<string, string>> = {
  O: 'is an array of Python objects: its elements are a pickle, which is not opened; save numbers instead',
  U: 'is an array of text, not of numbers; save numbers instead',
  S: 'is an array of text, not of numbers; save numbers instead',
  M: 'is an array of dates, not of numbers; save numbers instead',
  m: 'is an array of time spans, not of numbers; save numbers instead',
  V: 'is an array of records, not of numbers; save each field as an array of its own',
};

/**
 * Takes a name apart.
 * @throws CheckpointError with the reason where the elements are no numbers
 */
export function readArrayType(name: string): ArrayType {
  const [, order = '', kind = '', bytes = ''] = /^([<>=|]?)(\w)(\d*)/.exec(name) ?? [];
  const type = elementTypes.get(types[`${kind}${bytes}`] ?? '');
  if (type === undefined) {
    throw new CheckpointError(refusals[kind] ?? `has elements of the unknown type ${quote(name)}`);
  }
  return { type, bigEndian: order === '>' };
}
