/** All that is known besides the file: Python's built-in names, PyTorch, torchvision, NumPy and some of Python's modules. */
import type { Library } from '../interpret/interpreter';
import type { PyModule, Value } from '../interpret/values';
import {
  Builtin,
  PyClass,
  PyDevice,
  PyInstance,
  PyNumber,
  TensorValue,
  UnknownText,
  unknown,
} from '../interpret/values';
import { builtinNames } from './builtins';
import { collectionAttribute } from './collections';
import { dataElements } from './datasets';
import { indexTensor, setTensorIndex } from './indexing';
import { isModule } from './nn/module-class';
import { numpyModules } from './numpy';
import { tensorBinary, tensorUnary } from './operators';
import { standardModules } from './standard';
import { setTensorAttribute, tensorAttribute } from './tensor-methods';
import { torchModules } from './torch';
import { torchvisionModules } from './torchvision';

const modules: ReadonlyMap<string, PyModule> = new Map(
  [...torchModules, ...torchvisionModules, ...numpyModules, ...standardModules].map(module => [
    module.name,
    module,
  ]),
);

/** Attributes of values of Python's own types. */
function attribute(...[interpreter, value, name]: Parameters<Library['attribute']>): Value | undefined {
  if (value instanceof TensorValue) return tensorAttribute(interpreter, value, name);
  if (value instanceof PyDevice)
    return name === 'type' ? (value.name?.replace(/:.*/, '') ?? UnknownText.value) : undefined;
  if (value instanceof PyInstance && isModule(value) && name === '__dict__') return unknown;
  if (value instanceof PyNumber && (name === 'real' || name === 'item')) return value;
  if (value instanceof Builtin && name === '__name__') return value.name;
  // `torch.Tensor.add` and `str.lower` are methods that are given their object.
  if (value instanceof PyClass || value instanceof Builtin) return undefined;
  return collectionAttribute(value, name);
}

/** The library. */
export const library: Library = {
  builtins: builtinNames,
  module: name => modules.get(name),
  attribute,
  setTensorAttribute,
  binary: tensorBinary,
  unary: tensorUnary,
  index: indexTensor,
  setIndex: setTensorIndex,
  elements: dataElements,
};
