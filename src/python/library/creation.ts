/** Functions that make tensors and arrays. */
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import { twice } from '../interpret/operators';
import { type Dim, sameDims } from '../interpret/sizes';
import {
  firstOf,
  isUnknown,
  knownNumber,
  PyDevice,
  PyList,
  PyNumber,
  PyRange,
  PyTuple,
  sizeOf,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { dtypeNamed, isFloatingType } from './dtypes';
import { type Body, type Bound, natives } from './native';
import { sizesFrom } from './operations';

/** How many elements of a constant are kept. */
const mostKnown = 256;

/** The device that an argument names; undefined where it is not known. */
export function deviceNamed(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return 'cpu';
  if (value instanceof PyDevice) return value.name;
  return typeof value === 'string' ? value : undefined;
}

/** A new tensor with the options of a call: type, device, gradient. */
export function made(args: Bound, dims: readonly Dim[], usual: string | undefined): TensorValue {
  const given = args.get('dtype') ?? args.extra.get('dtype');
  const dtype = given === undefined || given === null ? usual : dtypeNamed(given);
  const wants = args.get('requires_grad') ?? args.extra.get('requires_grad');
  const device = args.get('device') ?? args.extra.get('device');
  return new TensorValue(dims, dtype, { requiresGrad: wants === true, device: deviceNamed(device) });
}

/** Shape, type and elements of nested lists; undefined where they are not known. */
interface Nested {
  readonly dims: readonly Dim[];
  readonly dtype: string | undefined;
  readonly known: readonly number[] | undefined;
}

/** What nested lists, numbers and tensors make together. */
export function nested(interpreter: Interpreter, value: Value, depth = 0): Nested | undefined {
  if (typeof value === 'boolean') return { dims: [], dtype: 'bool', known: [Number(value)] };
  if (value instanceof PyNumber) {
    const known = knownNumber(value);
    return {
      dims: [],
      dtype: value.type === 'int' ? 'int64' : 'float32',
      known: known === undefined ? undefined : [known],
    };
  }
  if (value instanceof TensorValue) return { dims: value.dims, dtype: value.dtype, known: value.extra.known };
  if (!(value instanceof PyList || value instanceof PyTuple || value instanceof PyRange) || depth > 6)
    return undefined;
  const { items, exact, count } = elementsOf(interpreter, value);
  const length =
    value instanceof PyRange && count !== undefined
      ? count
      : exact
        ? items.length
        : interpreter.symbols.fresh('N');
  interpreter.burn(items.length >> 3);
  const parts = items.map(item => nested(interpreter, item, depth + 1));
  const [first] = parts;
  if (first === undefined)
    return items.length === 0 ? { dims: [0], dtype: 'float32', known: undefined } : undefined;
  if (!parts.every(part => part !== undefined && sameDims(part.dims, first.dims))) return undefined;
  const types = parts.map(part => part?.dtype);
  const all = exact && length === items.length ? parts.map(part => part?.known) : [undefined];
  const known = all.every(part => part !== undefined) ? all.flat() : undefined;
  return {
    dims: [length, ...first.dims],
    dtype: commonType(types),
    known: known !== undefined && known.length <= mostKnown ? known : undefined,
  };
}

const order = ['bool', 'uint8', 'int8', 'int16', 'int32', 'int64', 'float16', 'float32', 'float64'];

function commonType(types: readonly (string | undefined)[]): string | undefined {
  const places = types.map(type => order.indexOf(type ?? ''));
  return places.includes(-1) ? undefined : order[Math.max(...places)];
}

/** A list or a number as an array of NumPy's. */
export function asArray(interpreter: Interpreter, value: Value): Value {
  if (!(value instanceof PyList || value instanceof PyTuple)) return value;
  const found = nested(interpreter, value);
  if (found === undefined) return unknown;
  const dtype = found.dtype === 'float32' ? 'float64' : found.dtype;
  return new TensorValue(found.dims, dtype, { array: true, known: found.known });
}

const fromData: Body = (args, interpreter) => {
  const data = args.get('data');
  if (data instanceof TensorValue && args.get('dtype') === undefined) {
    const copy = made(args, data.dims, data.dtype);
    return new TensorValue(data.dims, data.dtype, { ...copy.extra, known: data.extra.known });
  }
  const found = data === undefined ? undefined : nested(interpreter, data);
  if (found === undefined) return unknown;
  const tensor = made(args, found.dims, found.dtype);
  return new TensorValue(tensor.dims, tensor.dtype, { ...tensor.extra, known: found.known });
};

/** `zeros(2, 3)`, `zeros((2, 3))`, `zeros(size=(2, 3))`. */
const ofSize =
  (usual = 'float32'): Body =>
  (args, interpreter) => {
    const size = args.get('size');
    const sizes = sizesFrom(interpreter, args.rest.length > 0 ? args.rest : size === undefined ? [] : [size]);
    return sizes === undefined || args.open ? unknown : made(args, sizes, usual);
  };

const like: Body = args => {
  const self = args.get('self');
  if (!(self instanceof TensorValue)) return unknown;
  const tensor = made(args, self.dims, self.dtype);
  const device = args.get('device') === undefined ? self.extra.device : tensor.extra.device;
  return new TensorValue(tensor.dims, tensor.dtype, { ...tensor.extra, device });
};

/** How many numbers lie between two, by steps. */
export function countBetween(
  interpreter: Interpreter,
  start: Value,
  stop: Value,
  step: Value,
): Dim | undefined {
  const values = [start, stop, step].map(one => (one instanceof PyNumber ? one.value : undefined));
  const [from, to, by] = values;
  if (from === undefined || to === undefined || typeof by !== 'number') return undefined;
  return twice(interpreter, (a, b) => Math.max(0, Math.ceil((b - a) / by - 1e-9)), from, to);
}

const arange: Body = (args, interpreter) => {
  const [start, end, step] = [args.get('start'), args.get('end'), args.get('step')];
  const zero = new PyNumber('int', 0);
  const one = new PyNumber('int', 1);
  const [from, to] = end === undefined || end === null ? [zero, start] : [start ?? zero, end];
  const count = countBetween(interpreter, from, firstOf(to), step ?? one);
  const parts = [from, to, step].filter(part => part !== undefined);
  if (parts.some(isUnknown)) return made(args, [interpreter.symbols.fresh('N')], undefined);
  const whole = parts.every(part => part instanceof PyNumber && part.type === 'int');
  const dims = [count ?? interpreter.symbols.fresh('N')];
  const tensor = made(args, dims, whole ? 'int64' : 'float32');
  const first = knownNumber(from);
  const by = knownNumber(step ?? one);
  const known =
    typeof count === 'number' && count <= mostKnown && first !== undefined && by !== undefined
      ? Array.from({ length: count }, (_, i) => first + i * by)
      : undefined;
  return new TensorValue(tensor.dims, tensor.dtype, { ...tensor.extra, known });
};

/** Functions of `torch` that make tensors. */
export const creation: ReadonlyMap<string, Value> = natives({
  'tensor(data, dtype, device, requires_grad)': fromData,
  'as_tensor(data, dtype, device)': fromData,
  'asarray(data, dtype, device)': fromData,
  'from_numpy(data)': fromData,
  'Tensor(*)': (args, interpreter) => legacyTensor(args, interpreter, 'float32'),
  'zeros(*, size, dtype, device, requires_grad)': ofSize(),
  'ones(*, size, dtype, device, requires_grad)': ofSize(),
  'empty(*, size, dtype, device, requires_grad)': ofSize(),
  'rand(*, size, dtype, device, requires_grad)': ofSize(),
  'randn(*, size, dtype, device, requires_grad)': ofSize(),
  'full(size, fill_value, dtype, device, requires_grad)': (args, interpreter) => {
    const sizes = sizesFrom(interpreter, [firstOf(args.get('size'))]);
    const value = args.get('fill_value');
    const dtype =
      typeof value === 'boolean'
        ? 'bool'
        : value instanceof PyNumber
          ? value.type === 'int'
            ? 'int64'
            : 'float32'
          : undefined;
    return sizes === undefined ? unknown : made(args, sizes, dtype);
  },
  'zeros_like(self, dtype, device, requires_grad)': like,
  'ones_like(self, dtype, device, requires_grad)': like,
  'empty_like(self, dtype, device, requires_grad)': like,
  'rand_like(self, dtype, device, requires_grad)': like,
  'randn_like(self, dtype, device, requires_grad)': like,
  'full_like(self, fill_value, dtype, device, requires_grad)': like,
  'randint_like(self, low, high, dtype, device, requires_grad)': like,
  'arange(start, end, step, dtype, device, requires_grad)': arange,
  'range(start, end, step, dtype, device, requires_grad)': (args, interpreter) => {
    const [start, end, step] = ['start', 'end', 'step'].map(name => args.number(name));
    if (start === undefined || end === undefined)
      return made(args, [interpreter.symbols.fresh('N')], 'float32');
    return made(args, [Math.floor((end - start) / (step ?? 1)) + 1], 'float32');
  },
  'linspace(start, end, steps, dtype, device, requires_grad)': args => {
    const steps = args.get('steps') === undefined ? 100 : sizeOf(args.get('steps'));
    return steps === undefined ? unknown : made(args, [steps], 'float32');
  },
  'logspace(start, end, steps, base, dtype, device, requires_grad)': args => {
    const steps = args.get('steps') === undefined ? 100 : sizeOf(args.get('steps'));
    return steps === undefined ? unknown : made(args, [steps], 'float32');
  },
  'eye(n, m, dtype, device, requires_grad)': args => {
    const n = sizeOf(args.get('n'));
    const m = args.get('m') === undefined ? n : sizeOf(args.get('m'));
    return n === undefined || m === undefined ? unknown : made(args, [n, m], 'float32');
  },
  'randint(low, high, size, dtype, device, requires_grad)': (args, interpreter) => {
    // With two arguments the second one is the size.
    const high = args.get('high');
    const size = args.get('size') ?? high;
    const sizes = size === undefined ? undefined : sizesFrom(interpreter, [size]);
    return sizes === undefined ? unknown : made(args, sizes, 'int64');
  },
  'randperm(n, dtype, device, requires_grad)': args => {
    const n = sizeOf(args.get('n'));
    return n === undefined ? unknown : made(args, [n], 'int64');
  },
  'normal(mean, std, size, dtype, device, requires_grad)': (args, interpreter) => {
    const { values } = args;
    for (const one of [values.get('mean'), values.get('std')])
      if (one instanceof TensorValue) return made(args, one.dims, 'float32');
    const sizes = sizesFrom(interpreter, [firstOf(args.get('size'))]);
    return sizes === undefined ? unknown : made(args, sizes, 'float32');
  },
  'poisson(self)': like,
  'tril_indices(row, col, offset)': (args, interpreter) =>
    made(args, [2, interpreter.symbols.fresh('N')], 'int64'),
  'triu_indices(row, col, offset)': (args, interpreter) =>
    made(args, [2, interpreter.symbols.fresh('N')], 'int64'),
  'hann_window(n)': args => {
    const n = sizeOf(args.get('n'));
    return n === undefined ? unknown : made(args, [n], 'float32');
  },
});

/** `torch.FloatTensor(…)`: of sizes, or of data. */
export function legacyTensor(args: Bound, interpreter: Interpreter, dtype: string): Value {
  const [first] = args.all;
  if (first === undefined) return new TensorValue([0], dtype, { device: 'cpu' });
  if (first instanceof PyNumber) {
    const sizes = sizesFrom(interpreter, args.all);
    return sizes === undefined ? unknown : new TensorValue(sizes, dtype, { device: 'cpu' });
  }
  if (first instanceof PyTuple && first.isSize) {
    const sizes = sizesFrom(interpreter, [first]);
    return sizes === undefined ? unknown : new TensorValue(sizes, dtype, { device: 'cpu' });
  }
  const found = nested(interpreter, first);
  return found === undefined
    ? unknown
    : new TensorValue(found.dims, dtype, { device: 'cpu', known: found.known });
}

/** True where a type can have a gradient; used where `requires_grad` is set. */
export function canRequireGrad(tensor: TensorValue): boolean {
  return isFloatingType(tensor.dtype) && !tensor.isArray;
}
