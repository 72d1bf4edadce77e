/** Attributes and methods of tensors and arrays that are no operations: sizes, types, conversions, gradients. */

import { callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { twice } from '../interpret/operators';
import type { Dim } from '../interpret/sizes';
import {
  BoundMethod,
  Builtin,
  firstOf,
  int,
  PyDevice,
  PyDtype,
  PyList,
  PyNumber,
  PyTuple,
  sizeOf,
  TensorValue,
  UnknownText,
  unknown,
  type Value,
} from '../interpret/values';
import { creation, deviceNamed } from './creation';
import { copyOf } from './derived';
import { dtypeNamed, isFloatingType, withDtype } from './dtypes';
import { type Body, natives } from './native';
import { operation, operations, sizesFrom } from './operations';

/** `torch.Size`. */
export function sizeTuple(dims: readonly Dim[]): PyTuple {
  return new PyTuple(
    dims.map(dim => int(dim)),
    undefined,
    true,
  );
}

/** How many elements there are. */
export function elementCount(interpreter: Interpreter, tensor: TensorValue): Dim {
  return tensor.dims.reduce<Dim>((product, dim) => twice(interpreter, (a, b) => a * b, product, dim), 1);
}

/** A number of the type of a tensor's elements. */
export function elementOf(tensor: TensorValue, i = 0): Value {
  const known = tensor.extra.known?.[i];
  const type = isFloatingType(tensor.dtype) ? 'float' : 'int';
  if (tensor.dtype === 'bool') return known === undefined ? unknown : known !== 0;
  return new PyNumber(type, known);
}

const properties: Readonly<Record<string, (tensor: TensorValue, interpreter: Interpreter) => Value>> = {
  shape: tensor => sizeTuple(tensor.dims),
  dtype: tensor => (tensor.dtype === undefined ? unknown : new PyDtype(tensor.dtype)),
  device: tensor => new PyDevice(tensor.extra.device),
  ndim: tensor => int(tensor.dims.length),
  T: (tensor, interpreter) => transposed(interpreter, tensor),
  mT: (tensor, interpreter) => operation(interpreter, 'transpose', tensor, int(-2), int(-1)),
  H: (tensor, interpreter) => transposed(interpreter, tensor),
  grad: tensor => tensor.grad,
  data: (tensor, interpreter) => detached(interpreter, tensor),
  requires_grad: tensor => tensor.requiresGrad,
  is_leaf: tensor => tensor.extra.gradFn === undefined,
  grad_fn: tensor => (tensor.extra.gradFn === undefined ? null : unknown),
  is_cuda: () => unknown,
  real: tensor => tensor,
  nbytes: () => int(undefined),
  itemsize: () => int(undefined),
  names: () => unknown,
};

function transposed(interpreter: Interpreter, tensor: TensorValue): Value {
  const order = tensor.dims.map((_, i) => int(tensor.dims.length - 1 - i));
  return tensor.dims.length === 2
    ? operation(interpreter, 't', tensor)
    : operation(interpreter, 'permute', tensor, ...order);
}

/** The same numbers without the graph. */
export function detached(_: Interpreter, tensor: TensorValue): TensorValue {
  const made = new TensorValue(tensor.dims, tensor.dtype, {
    ...tensor.extra,
    parameter: false,
    requiresGrad: false,
    gradFn: undefined,
  });
  made.step = tensor.step;
  return made;
}

function asTensor(value: Value | undefined): TensorValue | undefined {
  return value instanceof TensorValue ? value : undefined;
}

/** A method that gives the tensor in another type. */
const cast =
  (dtype: string): Body =>
  (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : castTo(interpreter, self, dtype);
  };

/** The tensor in another type; itself where it has that already. */
export function castTo(interpreter: Interpreter, self: TensorValue, dtype: string | undefined): Value {
  if (dtype === self.dtype && dtype !== undefined) return self;
  const flows = isFloatingType(dtype);
  const made = withDtype(
    copyOf(interpreter, self, `to(${dtype ?? ''})`, flows ? 'ToCopyBackward0' : undefined),
    dtype,
    true,
  );
  if (made instanceof TensorValue && self.extra.known !== undefined) {
    const whole = !isFloatingType(dtype);
    made.extra = { ...made.extra, known: whole ? self.extra.known.map(Math.trunc) : self.extra.known };
  }
  return made;
}

const to: Body = (args, interpreter) => {
  const self = asTensor(args.get('self'));
  if (self === undefined) return unknown;
  let result: Value = self;
  for (const target of [
    ...args.all.slice(1),
    args.extra.get('dtype'),
    args.extra.get('device'),
    args.extra.get('other'),
  ]) {
    if (target === undefined || typeof target === 'boolean' || !(result instanceof TensorValue)) continue;
    const dtype = target instanceof TensorValue ? target.dtype : dtypeNamed(target);
    if (dtype !== undefined) result = castTo(interpreter, result, dtype);
    else if (target instanceof PyDevice || typeof target === 'string')
      result = moved(interpreter, result, deviceNamed(target));
    else return moved(interpreter, result, undefined);
  }
  return result;
};

/** The tensor on another device. */
function moved(interpreter: Interpreter, tensor: TensorValue, device: string | undefined): TensorValue {
  if (device === tensor.extra.device && device !== undefined) return tensor;
  const made = copyOf(interpreter, tensor, `to(${device ?? 'device'})`, 'ToCopyBackward0');
  made.extra = { ...made.extra, device, known: tensor.extra.known };
  return made;
}

function nestedNumbers(tensor: TensorValue, depth = 0, offset = 0): Value {
  const size = tensor.dims[depth];
  if (size === undefined) return elementOf(tensor, offset);
  if (typeof size !== 'number' || size > 256)
    return new PyList([nestedNumbers(tensor, depth + 1, Number.NaN)], true);
  const step = tensor.dims
    .slice(depth + 1)
    .reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : Number.NaN), 1);
  return new PyList(
    Array.from({ length: size }, (_, i) => nestedNumbers(tensor, depth + 1, offset + i * step)),
  );
}

const newOfSize: Body = (args, interpreter) => {
  const self = asTensor(args.get('self'));
  const size = args.get('size');
  const sizes = sizesFrom(interpreter, args.rest.length > 0 ? args.rest : size === undefined ? [] : [size]);
  if (self === undefined || sizes === undefined) return unknown;
  const dtype = dtypeNamed(args.get('dtype')) ?? self.dtype;
  return new TensorValue(sizes, dtype, {
    device: self.extra.device,
    requiresGrad: args.get('requires_grad') === true,
  });
};

/** Makes gradients: every leaf that the tensor was computed from has one afterwards. */
const backward: Body = (args, interpreter) => {
  const self = asTensor(args.get('self'));
  if (self === undefined) return null;
  const leaves = self.extra.gradFn === undefined && self.requiresGrad ? [self] : self.sources;
  for (const leaf of leaves)
    interpreter.journal.setTensor(
      leaf,
      'grad',
      new TensorValue(leaf.dims, leaf.dtype, { device: leaf.extra.device }),
    );
  return null;
};

const itself: Body = args => firstOf(args.get('self'));

/** The methods that are no operations. */
export const tensorMethods: ReadonlyMap<string, Value> = natives({
  'size(self, dim)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    if (self === undefined) return unknown;
    if (args.get('dim') === undefined || args.get('dim') === null) return sizeTuple(self.dims);
    const dim = args.number('dim');
    if (dim === undefined) return int(undefined);
    const size = self.dims.at(dim);
    if (size === undefined || dim >= self.dims.length) {
      interpreter.fail(
        `Dimension out of range (expected to be in range of [${-self.dims.length}, ${self.dims.length - 1}], but got ${dim})`,
      );
      return int(undefined);
    }
    return int(size);
  },
  'dim(self)': args => int(asTensor(args.get('self'))?.dims.length),
  'ndimension(self)': args => int(asTensor(args.get('self'))?.dims.length),
  'numel(self)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return int(self && elementCount(interpreter, self));
  },
  'nelement(self)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return int(self && elementCount(interpreter, self));
  },
  '__len__(self)': args => int(asTensor(args.get('self'))?.dims[0]),
  'stride(self, dim)': () => unknown,
  'item(self)': args => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : elementOf(self);
  },
  'tolist(self)': args => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : nestedNumbers(self);
  },
  'numpy(self)': args => {
    const self = asTensor(args.get('self'));
    return self === undefined
      ? unknown
      : new TensorValue(self.dims, self.dtype, { array: true, known: self.extra.known });
  },
  'detach(self)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : detached(interpreter, self);
  },
  'detach_(self)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    if (self !== undefined)
      interpreter.journal.setTensor(self, 'extra', { ...self.extra, requiresGrad: false, gradFn: undefined });
    return firstOf(self);
  },
  'requires_grad_(self, value)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    if (self !== undefined)
      interpreter.journal.setTensor(self, 'extra', {
        ...self.extra,
        requiresGrad: args.flag('value', true) ?? true,
      });
    return firstOf(self);
  },
  'backward(self, gradient)': backward,
  'retain_grad(self)': () => null,
  'register_hook(self, hook)': () => unknown,
  'cpu(self)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : moved(interpreter, self, 'cpu');
  },
  'cuda(self)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : moved(interpreter, self, 'cuda');
  },
  'to(self, *)': to,
  'type(self, dtype)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    const dtype = args.get('dtype');
    if (self === undefined) return unknown;
    return dtype === undefined ? UnknownText.value : castTo(interpreter, self, dtypeNamed(dtype));
  },
  'float(self)': cast('float32'),
  'double(self)': cast('float64'),
  'half(self)': cast('float16'),
  'bfloat16(self)': cast('bfloat16'),
  'long(self)': cast('int64'),
  'int(self)': cast('int32'),
  'short(self)': cast('int16'),
  'byte(self)': cast('uint8'),
  'char(self)': cast('int8'),
  'bool(self)': cast('bool'),
  'astype(self, dtype)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : castTo(interpreter, self, dtypeNamed(args.get('dtype')));
  },
  'contiguous(self)': itself,
  'pin_memory(self)': itself,
  'share_memory_(self)': itself,
  'is_contiguous(self)': () => unknown,
  'is_floating_point(self)': args => {
    const self = asTensor(args.get('self'));
    return self?.dtype === undefined ? unknown : isFloatingType(self.dtype);
  },
  'copy(self)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    return self === undefined ? unknown : copyOf(interpreter, self, 'copy', undefined);
  },
  'new_zeros(self, *, size, dtype, device, requires_grad)': newOfSize,
  'new_ones(self, *, size, dtype, device, requires_grad)': newOfSize,
  'new_empty(self, *, size, dtype, device, requires_grad)': newOfSize,
  'new(self, *, size)': newOfSize,
  'new_full(self, size, fill_value, dtype)': newOfSize,
  'new_tensor(self, data)': (args, interpreter) => {
    const [self, data] = [asTensor(args.get('self')), args.get('data')];
    const made = callValue(interpreter, firstOf(creation.get('tensor')), [firstOf(data)]);
    return self === undefined ? unknown : withDtype(made, self.dtype);
  },
  'unfold(self, dimension, size, step)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    const [dimension, size, step] = [args.number('dimension'), args.get('size'), args.number('step')];
    const window = sizeOf(size);
    if (self === undefined || dimension === undefined || typeof window !== 'number' || step === undefined)
      return unknown;
    const at = dimension < 0 ? dimension + self.dims.length : dimension;
    const before = self.dims[at];
    if (before === undefined) return unknown;
    const count = twice(interpreter, a => Math.floor((a - window) / step) + 1, before, 0);
    const made = copyOf(interpreter, self, 'unfold', 'UnfoldBackward0');
    made.dims = [...self.dims.with(at, count), window];
    return made;
  },
  'apply_(self, fn)': itself,
  'resize_(self, *, size)': (args, interpreter) => resized(args.get('self'), args.rest, interpreter),
  'resize(self, *, size)': (args, interpreter) => resized(args.get('self'), args.rest, interpreter),
  'equal(self, other)': () => unknown,
  'allclose(self, other)': () => unknown,
  'data_ptr(self)': () => int(undefined),
  'element_size(self)': () => int(undefined),
  'get_device(self)': () => int(undefined),
  'is_complex(self)': () => false,
  'map(self)': () => unknown,
});

function resized(value: Value | undefined, given: readonly Value[], interpreter: Interpreter): Value {
  const sizes = sizesFrom(interpreter, given);
  if (!(value instanceof TensorValue) || sizes === undefined) return unknown;
  interpreter.journal.setTensor(value, 'dims', sizes);
  return value;
}

/** In-place forms that change the shape of their tensor. */
const reshaping = new Set(['squeeze_', 'unsqueeze_', 't_', 'transpose_', 'swapaxes_']);

/** What an in-place operation does: the shape stays, and the tensor may become part of a graph. */
function inPlace(name: string): Builtin {
  const base = name.slice(0, -1);
  return new Builtin(name, (args, interpreter) => {
    const [self] = args.positional;
    if (!(self instanceof TensorValue)) return unknown;
    const { journal } = interpreter;
    const result = operations.has(base)
      ? callValue(
          interpreter,
          new BoundMethod(self, firstOf(operations.get(base)), base),
          args.positional.slice(1),
        )
      : unknown;
    if (reshaping.has(name)) {
      if (!(result instanceof TensorValue)) return unknown;
      journal.setTensor(self, 'dims', result.dims);
    }
    const flows =
      args.positional.some(one => one instanceof TensorValue && one.requiresGrad) && interpreter.gradEnabled;
    const changed = { ...self.extra, known: undefined };
    if (flows && result instanceof TensorValue && result.requiresGrad && self.extra.gradFn !== undefined)
      journal.setTensor(self, 'extra', { ...changed, requiresGrad: true, gradFn: result.extra.gradFn });
    else if (flows && !self.requiresGrad && result instanceof TensorValue && result.requiresGrad) {
      journal.setTensor(self, 'extra', { ...changed, requiresGrad: true, gradFn: result.extra.gradFn });
      self.sources = result.sources;
    } else if (self.extra.known !== undefined) journal.setTensor(self, 'extra', changed);
    return self;
  });
}

/** An attribute of a tensor or an array; undefined where it is not known. */
export function tensorAttribute(
  interpreter: Interpreter,
  tensor: TensorValue,
  name: string,
): Value | undefined {
  const property = properties[name];
  if (property !== undefined && Object.hasOwn(properties, name)) return property(tensor, interpreter);
  if (tensor.isArray) {
    const asNumpy = numpyMethods.get(name);
    if (asNumpy !== undefined) return new BoundMethod(tensor, asNumpy, name);
    if (name === 'size') return int(elementCount(interpreter, tensor));
  }
  const method = tensorMethods.get(name) ?? operations.get(name);
  if (method !== undefined) return new BoundMethod(tensor, method, name);
  if (/^[a-z]\w*[a-z0-9]_$/.test(name)) return new BoundMethod(tensor, inPlace(name), name);
  return likeMethods.has(name) ? new BoundMethod(tensor, firstOf(creation.get(name)), name) : undefined;
}

const likeMethods = new Set(['zeros_like', 'ones_like']);

/** Methods that NumPy has otherwise than PyTorch. */
const numpyMethods: ReadonlyMap<string, Value> = natives({
  'transpose(self, *)': (args, interpreter) => {
    const self = asTensor(args.get('self'));
    if (self === undefined) return unknown;
    return args.rest.length === 0
      ? transposed(interpreter, self)
      : operation(interpreter, 'permute', self, ...args.rest);
  },
  'repeat(self, repeats, axis)': (args, interpreter) =>
    operation(
      interpreter,
      'repeat_interleave',
      firstOf(args.get('self')),
      firstOf(args.get('repeats')),
      args.get('axis') ?? null,
    ),
  'flatten(self)': (args, interpreter) => operation(interpreter, 'flatten', firstOf(args.get('self'))),
  'sort(self)': () => null,
  'fill(self, value)': () => null,
  'max(self, axis, keepdims)': (args, interpreter) =>
    operation(interpreter, 'amax', firstOf(args.get('self')), args.get('axis') ?? null),
  'min(self, axis, keepdims)': (args, interpreter) =>
    operation(interpreter, 'amin', firstOf(args.get('self')), args.get('axis') ?? null),
  'dot(self, other)': (args, interpreter) =>
    operation(interpreter, 'matmul', firstOf(args.get('self')), firstOf(args.get('other'))),
});

/** `tensor.name = value`. */
export function setTensorAttribute(
  interpreter: Interpreter,
  tensor: TensorValue,
  name: string,
  value: Value,
): void {
  const { journal } = interpreter;
  if (name === 'requires_grad')
    journal.setTensor(tensor, 'extra', { ...tensor.extra, requiresGrad: value === true });
  else if (name === 'grad') journal.setTensor(tensor, 'grad', value);
  else if (name === 'data') {
    if (value instanceof TensorValue) {
      journal.setTensor(tensor, 'dims', value.dims);
      journal.setTensor(tensor, 'dtype', value.dtype);
    }
  } else if (name === 'shape') {
    const sizes = sizesFrom(interpreter, [value]);
    if (sizes !== undefined) journal.setTensor(tensor, 'dims', sizes);
  }
}
