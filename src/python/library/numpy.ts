/** NumPy: arrays are tensors that are marked as such; functions go by PyTorch's rules for shapes. */
import { call, callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import type { Dim } from '../interpret/sizes';
import {
  type Arguments,
  Builtin,
  firstOf,
  float,
  int,
  isUnknown,
  PyClass,
  PyList,
  type PyModule,
  PyNumber,
  PyRange,
  PyTuple,
  sizeOf,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { asArray, countBetween, nested } from './creation';
import { dtypeNamed } from './dtypes';
import { type Body, type Bound, natives } from './native';
import { libraryModule } from './nn';
import { operation, operations, sizesFrom } from './operations';
import { imageArray } from './torchvision';

/** A new array. */
function array(dims: readonly Dim[], dtype: string | undefined): TensorValue {
  return new TensorValue(dims, dtype, { array: true });
}

function typeOf(args: Bound, usual: string | undefined): string | undefined {
  const given = args.get('dtype');
  return given === undefined || given === null ? usual : dtypeNamed(given);
}

const ofShape =
  (usual: string): Body =>
  (args, interpreter) => {
    const sizes = sizesFrom(interpreter, [firstOf(args.get('shape'))]);
    return sizes === undefined ? unknown : array(sizes, typeOf(args, usual));
  };

/** Random numbers of a shape given as `size`, or one by one; a single number where there is none. */
const drawn =
  (usual: 'float64' | 'int64', parameters: number): Body =>
  (args, interpreter) => {
    const size = args.get('size') ?? args.all[parameters];
    const shapes = args.all.slice(0, parameters).find(one => one instanceof TensorValue);
    if (size === undefined || size === null) {
      if (shapes instanceof TensorValue) return array(shapes.dims, usual);
      return new PyNumber(usual === 'int64' ? 'int' : 'float', undefined);
    }
    const sizes = sizesFrom(interpreter, [size]);
    return sizes === undefined ? unknown : array(sizes, usual);
  };

const oneByOne: Body = (args, interpreter) => {
  if (args.all.length === 0) return float(undefined);
  const sizes = sizesFrom(interpreter, args.all);
  return sizes === undefined ? unknown : array(sizes, 'float64');
};

const random = libraryModule(
  'numpy.random',
  natives({
    'seed(seed)': () => null,
    'rand(*)': oneByOne,
    'randn(*)': oneByOne,
    'random(size)': drawn('float64', 0),
    'random_sample(size)': drawn('float64', 0),
    'uniform(low, high, size)': drawn('float64', 2),
    'normal(loc, scale, size)': drawn('float64', 2),
    'randint(low, high, size, dtype)': (args, interpreter) => {
      const size = args.get('size');
      if (size === undefined || size === null) return int(undefined);
      const sizes = sizesFrom(interpreter, [size]);
      return sizes === undefined ? unknown : array(sizes, typeOf(args, 'int64'));
    },
    'standard_normal(size)': drawn('float64', 0),
    'binomial(n, p, size)': drawn('int64', 2),
    'multivariate_normal(mean, cov, size)': (args, interpreter) => {
      const mean = asArray(interpreter, firstOf(args.get('mean')));
      const size = args.get('size');
      const sizes = size === undefined ? [] : sizesFrom(interpreter, [size]);
      return mean instanceof TensorValue && sizes !== undefined
        ? array([...sizes, ...mean.dims], 'float64')
        : unknown;
    },
    'permutation(x)': (args, interpreter) => {
      const value = args.get('x');
      const size = sizeOf(value);
      if (size !== undefined && !(value instanceof TensorValue)) return array([size], 'int64');
      return asArray(interpreter, firstOf(value));
    },
    'shuffle(x)': (args, interpreter) => {
      const value = args.get('x');
      if (value instanceof PyList && value.items.length > 0)
        interpreter.journal.setItems(value, value.items, value.open);
      return null;
    },
    'choice(a, size, replace, p)': (args, interpreter) => {
      const from = firstOf(args.get('a'));
      const size = args.get('size');
      const source = from instanceof PyNumber || isUnknown(from) ? undefined : asArray(interpreter, from);
      if (size === undefined || size === null) return from instanceof PyNumber ? int(undefined) : unknown;
      const sizes = sizesFrom(interpreter, [size]);
      const rest = source instanceof TensorValue ? source.dims.slice(1) : [];
      return sizes === undefined || (source === undefined && !(from instanceof PyNumber))
        ? unknown
        : array([...sizes, ...rest], source instanceof TensorValue ? source.dtype : 'int64');
    },
    'RandomState(seed)': () => random,
    'default_rng(seed)': () => random,
  }),
);

/** The arguments with lists as arrays. */
function withArrays(args: Arguments, interpreter: Interpreter): Arguments {
  return {
    ...args,
    positional: args.positional.map((one, i) => (i === 0 ? asArray(interpreter, one) : one)),
  };
}

/** Functions that are PyTorch's operations, with other types where integers become floating point. */
const sameAs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'exp',
      'log',
      'log2',
      'log10',
      'log1p',
      'sqrt',
      'sin',
      'cos',
      'tan',
      'tanh',
      'sinh',
      'cosh',
      'abs',
      'sign',
      'square',
      'floor',
      'ceil',
      'round',
      'isnan',
      'isinf',
      'isfinite',
      'maximum',
      'minimum',
      'argmax',
      'argmin',
      'cumsum',
      'argsort',
      'diff',
      'clip',
      'outer',
      'dot',
      'squeeze',
      'swapaxes',
      'moveaxis',
      'flip',
      'fliplr',
      'flipud',
      'roll',
      'tril',
      'triu',
      'diag',
      'trace',
      'allclose',
      'any',
      'all',
      'std',
      'var',
      'median',
      'prod',
      'reshape',
      'logical_and',
      'logical_or',
      'logical_not',
      'add',
      'subtract',
      'multiply',
      'divide',
      'power',
      'exp2',
      'where',
      'nonzero',
      'unique',
      'argwhere',
      'einsum',
      'ravel',
      'broadcast_to',
      'repeat',
      'tile',
      'sort',
    ].map(name => [name, name]),
  ),
  absolute: 'abs',
  arctan: 'atan',
  arcsin: 'asin',
  arccos: 'acos',
  matmul: 'matmul',
  dot: 'matmul',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  power: 'pow',
  max: 'amax',
  min: 'amin',
  amax: 'amax',
  amin: 'amin',
  sum: 'sum',
  mean: 'mean',
  repeat: 'repeat_interleave',
  clip: 'clamp',
};

const floating = new Set([
  'exp',
  'log',
  'log2',
  'log10',
  'log1p',
  'sqrt',
  'sin',
  'cos',
  'tan',
  'tanh',
  'sinh',
  'cosh',
  'std',
  'var',
  'mean',
  'median',
]);

function viaOperation(name: string, other: string): Builtin {
  return new Builtin(name, (args, interpreter) => {
    const found = operations.get(other);
    const [first] = args.positional;
    if (found === undefined) return unknown;
    // A number stays a number.
    if (args.positional.length === 1 && first instanceof PyNumber) return new PyNumber('float', undefined);
    let given = withArrays(args, interpreter);
    const [self] = given.positional;
    if (name === 'where' || name === 'maximum' || name === 'minimum')
      given = { ...given, positional: given.positional.map(one => asArray(interpreter, one)) };
    if (
      floating.has(name) &&
      self instanceof TensorValue &&
      self.dtype !== undefined &&
      /int|bool/.test(self.dtype)
    )
      given = {
        ...given,
        positional: [new TensorValue(self.dims, 'float64', self.extra), ...given.positional.slice(1)],
      };
    if (name === 'sort') {
      const sorted = call(interpreter, found, given);
      return sorted instanceof PyTuple ? firstOf(sorted.items[0]) : unknown;
    }
    const made = call(interpreter, found, given);
    return made;
  });
}

const joined =
  (name: string): Body =>
  (args, interpreter) => {
    const { items, exact } = elementsOf(interpreter, firstOf(args.get('arrays')));
    if (!exact) return unknown;
    const axis = args.get('axis');
    const parts = new PyList(items.map(item => asArray(interpreter, item)));
    return name === 'hstack' || name === 'vstack' || name === 'column_stack' || name === 'dstack'
      ? operation(interpreter, name, parts)
      : operation(interpreter, name, parts, axis ?? int(0));
  };

const fromData: Body = (args, interpreter) => {
  const data = firstOf(args.get('data'));
  const image = imageArray(data);
  if (image !== undefined) return image;
  if (data instanceof TensorValue) return array(data.dims, typeOf(args, data.dtype));
  const found =
    data instanceof PyList || data instanceof PyTuple || data instanceof PyRange || data instanceof PyNumber
      ? nested(interpreter, data)
      : undefined;
  if (found === undefined) return unknown;
  const usual = found.dtype === 'float32' && !holdsTensors(data) ? 'float64' : found.dtype;
  return new TensorValue(found.dims, typeOf(args, usual), { array: true, known: found.known });
};

function holdsTensors(value: Value): boolean {
  return (
    (value instanceof PyList || value instanceof PyTuple) &&
    value.items.some(one => one instanceof TensorValue || holdsTensors(one))
  );
}

const like: Body = args => {
  const self = args.get('self');
  return self instanceof TensorValue ? array(self.dims, typeOf(args, self.dtype)) : unknown;
};

const types = ['float32', 'float64', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint8'];

const functions = natives({
  'array(data, dtype)': fromData,
  'asarray(data, dtype)': fromData,
  'ascontiguousarray(data, dtype)': fromData,
  'copy(data, dtype)': fromData,
  'zeros(shape, dtype)': ofShape('float64'),
  'ones(shape, dtype)': ofShape('float64'),
  'empty(shape, dtype)': ofShape('float64'),
  'full(shape, value, dtype)': ofShape('float64'),
  'zeros_like(self, dtype)': like,
  'ones_like(self, dtype)': like,
  'empty_like(self, dtype)': like,
  'full_like(self, value, dtype)': like,
  'arange(start, stop, step, dtype)': (args, interpreter) => {
    const [start = unknown, stop, step] = [args.get('start'), args.get('stop'), args.get('step')];
    const [from, to] = stop === undefined || stop === null ? [int(0), start] : [start, stop];
    const count = countBetween(interpreter, from, to, step ?? int(1));
    const whole = [from, to, step ?? int(1)].every(one => one instanceof PyNumber && one.type === 'int');
    return array([count ?? interpreter.symbols.fresh('N')], typeOf(args, whole ? 'int64' : 'float64'));
  },
  'linspace(start, stop, num, endpoint, dtype)': args => {
    const count = args.get('num') === undefined ? 50 : sizeOf(args.get('num'));
    return count === undefined ? unknown : array([count], typeOf(args, 'float64'));
  },
  'eye(n, m, dtype)': args => {
    const n = sizeOf(args.get('n'));
    const m = args.get('m') === undefined ? n : sizeOf(args.get('m'));
    return n === undefined || m === undefined ? unknown : array([n, m], 'float64');
  },
  'identity(n)': args => {
    const n = sizeOf(args.get('n'));
    return n === undefined ? unknown : array([n, n], 'float64');
  },
  'concatenate(arrays, axis)': joined('cat'),
  'stack(arrays, axis)': joined('stack'),
  'vstack(arrays)': joined('vstack'),
  'hstack(arrays)': joined('hstack'),
  'dstack(arrays)': joined('dstack'),
  'column_stack(arrays)': joined('column_stack'),
  'append(arr, values, axis)': (args, interpreter) => {
    const parts = [firstOf(args.get('arr')), firstOf(args.get('values'))].map(one =>
      asArray(interpreter, one),
    );
    const axis = args.get('axis');
    const flat =
      axis === undefined ? parts.map(one => operation(interpreter, 'flatten', one, int(0))) : parts;
    return operation(interpreter, 'cat', new PyList(flat), axis ?? int(0));
  },
  'transpose(self, axes)': (args, interpreter) => {
    const self = asArray(interpreter, firstOf(args.get('self')));
    if (!(self instanceof TensorValue)) return unknown;
    const axes = args.get('axes');
    if (axes !== undefined) return operation(interpreter, 'permute', self, axes);
    return operation(interpreter, 'permute', self, ...self.dims.map((_, i) => int(self.dims.length - 1 - i)));
  },
  'expand_dims(self, axis)': (args, interpreter) =>
    operation(
      interpreter,
      'unsqueeze',
      asArray(interpreter, firstOf(args.get('self'))),
      firstOf(args.get('axis')),
    ),
  'meshgrid(*)': (args, interpreter) => {
    const indexing = args.extra.get('indexing') ?? 'xy';
    return call(interpreter, firstOf(operations.get('meshgrid')), {
      positional: args.all.map(one => asArray(interpreter, one)),
      keywords: new Map([['indexing', indexing]]),
      span: interpreter.span,
    });
  },
  'argpartition(self, k)': like,
  'bincount(self)': (_, interpreter) => array([interpreter.symbols.fresh('N')], 'int64'),
  'loadtxt(file)': () => unknown,
  'genfromtxt(file)': () => unknown,
  'load(file)': () => unknown,
  'save(file, value)': () => null,
  'savetxt(file, value)': () => null,
  'set_printoptions(*)': () => null,
  'squeeze(self, axis)': (args, interpreter) => {
    const self = asArray(interpreter, firstOf(args.get('self')));
    const axis = args.get('axis');
    return axis === undefined
      ? operation(interpreter, 'squeeze', self)
      : operation(interpreter, 'squeeze', self, axis);
  },
  'shape(self)': (args, interpreter) => {
    const self = asArray(interpreter, firstOf(args.get('self')));
    return self instanceof TensorValue ? new PyTuple(self.dims.map(dim => int(dim))) : unknown;
  },
});

/** `numpy` and its parts. */
export const numpyModules: readonly PyModule[] = [
  libraryModule(
    'numpy',
    new Map<string, Value>([
      ...Object.entries(sameAs).map(([name, other]) => [name, viaOperation(name, other)] as const),
      ...functions,
      ...types.map(
        name =>
          [
            name,
            new PyClass(name, [], undefined, (_, { positional: [value = unknown] }, interpreter) =>
              value instanceof TensorValue ? callValue(interpreter, unknown, []) : value,
            ),
          ] as const,
      ),
      ['bool_', new PyClass('bool', [])],
      ['ndarray', new PyClass('ndarray', [])],
      ['pi', float(Math.PI)],
      ['e', float(Math.E)],
      ['inf', float(Number.POSITIVE_INFINITY)],
      ['nan', float(undefined)],
      ['newaxis', null],
      ['random', random],
      [
        'linalg',
        libraryModule(
          'numpy.linalg',
          natives({
            'norm(self, ord, axis, keepdims)': (args, interpreter) =>
              operation(
                interpreter,
                'norm',
                asArray(interpreter, firstOf(args.get('self'))),
                int(2),
                args.get('axis') ?? null,
                args.get('keepdims') ?? false,
              ),
            'inv(self)': like,
          }),
        ),
      ],
    ]),
  ),
  random,
];
