/**
 * NumPy's arrays as they are pickled: `_reconstruct(ndarray, (0,), b'b')` and a state with the shape, the type, the
 * order and the bytes, or in protocol 5 `_frombuffer(bytes, type, shape, order)`. They become tensors; nothing of NumPy
 * is needed for it.
 */
import { decodeElements } from '../elements';
import { CheckpointError } from '../errors';
import { readArrayType } from '../npy/array-type';
import { elementCount, type Stored, type StoredTensor, Tuple, Unresolved } from '../stored';
import { firstFastest, gather } from '../strided';

const reconstruct = /^numpy\._?core\.multiarray\._reconstruct$/;
const fromBuffer = /^numpy\._?core\.numeric\._frombuffer$/;

/** NumPy's limit on the number of dimensions. */
const maxDimensions = 64;

/** What a pickle says of an array. */
interface Parts {
  readonly sizes: Stored | undefined;
  readonly dtype: Stored | undefined;
  readonly fortran: boolean;
  readonly bytes: Stored | undefined;
}

function partsOf(value: Unresolved): Parts | undefined {
  const { name, args = [], state } = value;
  if (reconstruct.test(name) && state instanceof Tuple) {
    const [, sizes, dtype, fortran, bytes] = state.items;
    return { sizes, dtype, fortran: fortran === true, bytes };
  }
  if (!fromBuffer.test(name)) return undefined;
  const [bytes, dtype, sizes, order] = args;
  return { sizes, dtype, fortran: order === 'F', bytes };
}

/** An array; undefined for what is none, or holds no numbers. */
export function arrayOf(value: Stored): StoredTensor | undefined {
  const parts = value instanceof Unresolved ? partsOf(value) : undefined;
  if (parts === undefined) return undefined;
  const { sizes, dtype, fortran, bytes } = parts;
  const shape = sizes instanceof Tuple ? sizes.items.map(Number) : undefined;
  const type = typeOf(dtype);
  if (shape === undefined || type === undefined || !(bytes instanceof Uint8Array)) return undefined;
  const { element, bigEndian } = type;
  if (shape.length > maxDimensions || !shape.every(side => Number.isSafeInteger(side) && side >= 0))
    return undefined;
  if (elementCount(shape) * element.bytes !== bytes.length) return undefined;
  return {
    dtype: element.dtype,
    shape: element.parts === 1 ? shape : [...shape, element.parts],
    ...(element.name !== element.dtype && { storedAs: element.name }),
    get data() {
      const inOrder = fortran ? gather(bytes, element.bytes, shape, firstFastest(shape)) : bytes;
      return decodeElements(element, inOrder, bigEndian);
    },
  };
}

/** `dtype('f8', False, True)` with the state `(3, '<', …)`. */
function typeOf(value: Stored | undefined) {
  if (!(value instanceof Unresolved) || value.name !== 'numpy.dtype') return undefined;
  const [code] = value.args ?? [];
  const order = value.state instanceof Tuple ? value.state.items[1] : undefined;
  if (typeof code !== 'string') return undefined;
  try {
    const { type, bigEndian } = readArrayType(`${typeof order === 'string' ? order : ''}${code}`);
    return { element: type, bigEndian };
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}
