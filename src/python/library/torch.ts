/** `torch` itself: functions, types, devices, switches of the gradient. */
import { linalg, ops, type Signature } from '../../engine/shapes';
import { callFunction, callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import {
  Builtin,
  firstOf,
  float,
  int,
  isUnknown,
  PyClass,
  PyDevice,
  PyFunction,
  PyInstance,
  PyModule,
  PyTuple,
  sizeOf,
  TensorValue,
  UnknownText,
  unknown,
  type Value,
} from '../interpret/values';
import { camelCase, withEngine } from './bridge';
import { creation, legacyTensor } from './creation';
import { dataNames } from './datasets';
import { dtypeValues, legacyTypes } from './dtypes';
import { type Bound, bindTo, natives } from './native';
import { libraryModule, nnModule, nnModules, parameterClass } from './nn';
import { operation, operations } from './operations';
import { optim, optimModules } from './optim';
import { elementCount, tensorAttribute } from './tensor-methods';

/** A context manager that sets whether gradients are recorded; a decorator, too. */
function switching(name: string, setting: (args: readonly Value[]) => boolean | undefined): PyClass {
  const cls = new PyClass(name, [], undefined, (own, args, interpreter) => {
    const [first] = args.positional;
    // `@torch.no_grad` without parentheses is given the function.
    if (first instanceof PyFunction) return wrapped(interpreter, first, setting([]));
    const made = new PyInstance(own);
    made.native = { before: interpreter.gradEnabled, to: setting(args.positional) };
    if (name === 'set_grad_enabled') interpreter.gradEnabled = setting(args.positional) ?? true;
    return made;
  });
  const set = (self: Value | undefined, interpreter: Interpreter, key: 'before' | 'to') => {
    const native = self instanceof PyInstance ? self.native : undefined;
    if (typeof native !== 'object' || native === null || !('before' in native) || !('to' in native)) return;
    const { before, to } = native;
    if (key === 'to' && self instanceof PyInstance) self.native = { before: interpreter.gradEnabled, to };
    const value = key === 'to' ? to : before;
    if (typeof value === 'boolean') interpreter.gradEnabled = value;
  };
  for (const [key, method] of natives({
    '__enter__(self)': (args, interpreter) => {
      set(args.get('self'), interpreter, 'to');
      return null;
    },
    '__exit__(self, type, value, trace)': (args, interpreter) => {
      set(args.get('self'), interpreter, 'before');
      return null;
    },
    '__call__(self, fn)': (args, interpreter) => {
      const fn = args.get('fn');
      return fn instanceof PyFunction ? wrapped(interpreter, fn, setting([])) : firstOf(fn);
    },
  }))
    cls.attributes.set(key, method);
  return cls;
}

/** The function with gradients switched while it runs. */
function wrapped(_: Interpreter, fn: PyFunction, to: boolean | undefined): Value {
  return new Builtin(fn.name, (args, interpreter) => {
    const before = interpreter.gradEnabled;
    interpreter.gradEnabled = to ?? before;
    try {
      return callFunction(interpreter, fn, args);
    } finally {
      interpreter.gradEnabled = before;
    }
  });
}

const flag = ([first]: readonly Value[]) => (typeof first === 'boolean' ? first : undefined);

const switches = new Map<string, Value>([
  ['no_grad', switching('no_grad', () => false)],
  ['inference_mode', switching('inference_mode', () => false)],
  ['enable_grad', switching('enable_grad', () => true)],
  ['set_grad_enabled', switching('set_grad_enabled', flag)],
]);

const functions = natives({
  'device(type, index)': args => {
    const name = args.text('type');
    return new PyDevice(name);
  },
  'manual_seed(seed)': () => unknown,
  'seed()': () => int(undefined),
  'is_tensor(value)': args =>
    isUnknown(args.get('value')) ? unknown : args.get('value') instanceof TensorValue,
  'numel(self)': (args, interpreter) => {
    const self = args.get('self');
    return self instanceof TensorValue ? int(elementCount(interpreter, self)) : unknown;
  },
  'is_grad_enabled()': (_, interpreter) => interpreter.gradEnabled,
  'set_default_dtype(dtype)': () => null,
  'set_default_tensor_type(type)': () => null,
  'set_printoptions(*)': () => null,
  'set_num_threads(n)': () => null,
  'get_num_threads()': () => int(undefined),
  'use_deterministic_algorithms(mode)': () => null,
  'save(value, path)': () => null,
  'load(path)': () => unknown,
  'allclose(self, other)': () => unknown,
  'equal(self, other)': () => unknown,
  'typename(value)': () => UnknownText.value,
  'Size(sizes)': (args, interpreter) =>
    new PyTuple(elementsOf(interpreter, firstOf(args.get('sizes'))).items, undefined, true),
  'is_floating_point(self)': (args, interpreter) => {
    const self = args.get('self');
    const method =
      self instanceof TensorValue ? tensorAttribute(interpreter, self, 'is_floating_point') : undefined;
    return method === undefined ? unknown : callValue(interpreter, method, []);
  },
  'compile(model)': args => firstOf(args.get('model')),
  'get_default_dtype()': () => firstOf(dtypeValues.get('float32')),
});

function gradients(args: Bound, interpreter: Interpreter): Value {
  const inputs = firstOf(args.get('inputs'));
  const { items, exact } =
    inputs instanceof TensorValue ? { items: [inputs], exact: true } : elementsOf(interpreter, inputs);
  if (!exact) return unknown;
  const graph = args.flag('create_graph', false);
  return new PyTuple(
    items.map(one => {
      if (!(one instanceof TensorValue)) return unknown;
      return new TensorValue(one.dims, one.dtype, {
        requiresGrad: graph === true,
        gradFn: graph === true ? 'MulBackward0' : undefined,
        device: one.extra.device,
      });
    }),
  );
}

const functionClass = new PyClass('Function', []);
functionClass.attributes.set('apply', new Builtin('apply', () => unknown));

const autograd = libraryModule(
  'torch.autograd',
  switches,
  new Map<string, Value>([
    ['Function', functionClass],
    [
      'Variable',
      new Builtin('Variable', (args, interpreter) => {
        const bound = bindTo(['data', 'requires_grad', 'volatile'], args);
        const data = firstOf(bound.get('data'));
        if (data instanceof TensorValue && bound.get('requires_grad') === true)
          interpreter.journal.setTensor(data, 'extra', { ...data.extra, requiresGrad: true });
        return data;
      }),
    ],
    ...natives({
      'grad(outputs, inputs, grad_outputs, retain_graph, create_graph)': gradients,
      'backward(tensors)': () => null,
    }),
  ]),
);

/** A function of `torch.linalg`, which the engine keeps apart. */
function linalgFunction({ name, ordered, options }: Signature): Builtin {
  const own = name.slice('linalg_'.length);
  const body: unknown = Reflect.get(linalg, camelCase(own));
  return new Builtin(own, (args, interpreter) => {
    const bound = bindTo([...ordered, ...options], args);
    const inputs = ordered.map(one => bound.get(one));
    return withEngine(interpreter, { label: own, inputs }, convert => {
      const given = inputs.map(one => convert.argument(one));
      const settings = options.flatMap(option => {
        const value = bound.get(option);
        return value === undefined ? [] : [[camelCase(option), convert.argument(value)]];
      });
      const all = settings.length > 0 ? [...given, Object.fromEntries(settings)] : given;
      return typeof body === 'function' ? Reflect.apply(body, undefined, all) : undefined;
    });
  });
}

const linalgNames = new Map<string, Value>(
  [...ops.signatures().values()]
    .filter(({ name }) => name.startsWith('linalg_'))
    .map(linalgFunction)
    .map(builtin => [builtin.name, builtin]),
);
const linalgModule = libraryModule('torch.linalg', linalgNames);

const cuda = libraryModule(
  'torch.cuda',
  natives({
    'is_available()': () => unknown,
    'device_count()': () => int(undefined),
    'manual_seed(seed)': () => null,
    'manual_seed_all(seed)': () => null,
    'empty_cache()': () => null,
    'synchronize()': () => null,
    'get_device_name(device)': () => UnknownText.value,
    'memory_allocated(device)': () => float(undefined),
    'current_device()': () => int(undefined),
  }),
);

const special = libraryModule('torch.special', operations);

const data = libraryModule('torch.utils.data', dataNames);
const writer = new PyClass(
  'SummaryWriter',
  [],
  undefined,
  () => new PyInstance(new PyClass('SummaryWriter', [unknown])),
);

/** A distribution: its samples have the shape of its parameters behind the shape that is asked for. */
function distribution(
  name: string,
  parameters: readonly string[],
  whole: (interpreter: Interpreter, values: readonly Value[]) => Value,
): PyClass {
  const cls = new PyClass(name, []);
  for (const [key, method] of natives({
    '__init__(self, *)': (args, interpreter) => {
      const [self, ...rest] = args.all;
      if (self instanceof PyInstance) {
        const values = parameters.flatMap((parameter, i) => {
          const value = rest[i] ?? args.extra.get(parameter);
          if (value !== undefined) self.attributes.set(parameter, value);
          return value === undefined ? [] : [value];
        });
        self.native = whole(interpreter, values);
      }
      return null;
    },
    'sample(self, shape)': (args, interpreter) =>
      sampled(args.get('self'), args.get('shape'), interpreter, false),
    'rsample(self, shape)': (args, interpreter) =>
      sampled(args.get('self'), args.get('shape'), interpreter, true),
    'log_prob(self, value)': (args, interpreter) => {
      const self = args.get('self');
      const base = self instanceof PyInstance && self.native instanceof TensorValue ? self.native : unknown;
      const value = firstOf(args.get('value'));
      return isUnknown(base) || isUnknown(value) ? unknown : operation(interpreter, 'add', base, value);
    },
    'entropy(self)': args => {
      const self = args.get('self');
      return self instanceof PyInstance && self.native instanceof TensorValue ? self.native : unknown;
    },
  }))
    cls.attributes.set(key, method);
  return cls;
}

function sampled(
  self: Value | undefined,
  shape: Value | undefined,
  interpreter: Interpreter,
  flows: boolean,
): Value {
  const base = self instanceof PyInstance ? self.native : undefined;
  if (!(base instanceof TensorValue)) return unknown;
  const sizes = shape === undefined ? [] : elementsOf(interpreter, shape).items;
  const dims = sizes.map(one => (one instanceof TensorValue ? undefined : sizeOf(one)));
  if (!dims.every(dim => dim !== undefined)) return unknown;
  return new TensorValue(
    [...dims, ...base.dims],
    base.dtype,
    flows ? base.extra : { device: base.extra.device },
  );
}

const broadcast = (interpreter: Interpreter, values: readonly Value[]): Value => {
  const [first = unknown, ...rest] = values;
  return rest.reduce(
    (a, b) =>
      a instanceof TensorValue || b instanceof TensorValue
        ? operation(interpreter, 'add', a instanceof TensorValue ? a : b, a instanceof TensorValue ? b : a)
        : unknown,
    first,
  );
};

const categories = (_: Interpreter, values: readonly Value[]): Value => {
  const [probabilities] = values;
  if (!(probabilities instanceof TensorValue)) return unknown;
  return new TensorValue(probabilities.dims.slice(0, -1), 'int64', { device: probabilities.extra.device });
};

const distributions = libraryModule(
  'torch.distributions',
  new Map<string, Value>([
    ['Normal', distribution('Normal', ['loc', 'scale'], broadcast)],
    ['Uniform', distribution('Uniform', ['low', 'high'], broadcast)],
    ['Bernoulli', distribution('Bernoulli', ['probs'], broadcast)],
    ['Categorical', distribution('Categorical', ['probs', 'logits'], categories)],
  ]),
);

/** Names of `torch` that are written out nowhere else. */
const tensorClasses = new Map<string, Value>(
  Object.entries(legacyTypes).map(([name, dtype]) => [
    name,
    new Builtin(name, (args, interpreter) => legacyTensor(bindTo(['*'], args), interpreter, dtype)),
  ]),
);

const modules = new Map<string, Value>([
  ['nn', nnModule],
  ['optim', optim],
  ['autograd', autograd],
  ['linalg', linalgModule],
  ['cuda', cuda],
  ['special', special],
  ['distributions', distributions],
  ['utils', libraryModule('torch.utils', new Map<string, Value>([['data', data]]))],
  [
    'backends',
    new PyModule(
      'torch.backends',
      () => unknown,
      () => [],
    ),
  ],
  ['random', libraryModule('torch.random', functions)],
  ['__version__', UnknownText.value],
]);

for (const name of ['inverse', 'det', 'svd', 'qr', 'pinverse']) {
  const found = linalgNames.get(name === 'inverse' ? 'inv' : name === 'pinverse' ? 'pinv' : name);
  if (found !== undefined) modules.set(name, found);
}

/** `torch`. */
export const torch = libraryModule(
  'torch',
  operations,
  creation,
  dtypeValues,
  functions,
  switches,
  tensorClasses,
  modules,
  new Map<string, Value>([['Parameter', parameterClass]]),
);

/** `torch` and its parts. */
export const torchModules: readonly PyModule[] = [
  torch,
  nnModule,
  ...nnModules,
  ...optimModules,
  autograd,
  linalgModule,
  cuda,
  data,
  distributions,
  libraryModule('torch.utils', new Map<string, Value>([['data', data]])),
  libraryModule('torch.utils.tensorboard', new Map<string, Value>([['SummaryWriter', writer]])),
  libraryModule('torch.nn.parameter', new Map<string, Value>([['Parameter', parameterClass]])),
  libraryModule(
    'torch.autograd.variable',
    new Map<string, Value>([['Variable', firstOf(autograd.find('Variable'))]]),
  ),
];
