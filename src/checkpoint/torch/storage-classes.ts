/** PyTorch's classes of storages: their names in a pickle are what tells the element type of a tensor. */
import { type ElementType, elementTypes } from '../elements';
import { CheckpointError } from '../errors';

/** PyTorch's storage classes and what their elements are. */
const storageClasses: ReadonlyMap<string, string> = new Map([
  ['FloatStorage', 'float32'],
  ['DoubleStorage', 'float64'],
  ['LongStorage', 'int64'],
  ['IntStorage', 'int32'],
  ['ShortStorage', 'int16'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['BoolStorage', 'bool'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['ComplexFloatStorage', 'complex64'],
  ['ComplexDoubleStorage', 'complex128'],
  ['QInt8Storage', 'qint8'],
  ['QUInt8Storage', 'quint8'],
  ['QInt32Storage', 'qint32'],
  ['UntypedStorage', 'uint8'],
  ['_UntypedStorage', 'uint8'],
]);

const storageModules: ReadonlySet<string> = new Set(['torch', 'torch.cuda', 'torch.storage']);

/** The element type of the storage class `module.name`; undefined where it is not known. */
export function elementOfStorage(module: string, name: string): ElementType | undefined {
  return storageModules.has(module) ? elementTypes.get(storageClasses.get(name) ?? '') : undefined;
}

/** The storage class that a tensor of PyTorch's type `type` is written with. */
export function storageClassOf(type: string): string {
  for (const [name, own] of storageClasses) if (own === type) return name;
  throw new CheckpointError(`cannot write a tensor of type ${type}`);
}
