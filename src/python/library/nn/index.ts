/** `torch.nn`, `torch.nn.functional`, `torch.nn.init` and `torch.nn.utils`. */
import { callValue } from '../../interpret/calls';
import type { Interpreter } from '../../interpret/interpreter';
import { elementsOf } from '../../interpret/iterate';
import { optionsOf } from '../../interpret/join';
import {
  Builtin,
  firstOf,
  float,
  int,
  PyClass,
  PyList,
  PyModule,
  TensorValue,
  unknown,
  type Value,
} from '../../interpret/values';
import { copyOf } from '../derived';
import { natives } from '../native';
import { operation, operations } from '../operations';
import { containers } from './containers';
import { functionalModules } from './functional-modules';
import { layers } from './layers';
import { lossFunctions, lossModules } from './losses';
import { moduleClass, newParameter } from './module-class';
import { recurrentLayers } from './recurrent';

/** `nn.Parameter(data)`. */
export const parameterClass = new PyClass(
  'Parameter',
  [],
  undefined,
  (_, { positional: [data], keywords }) => {
    const tensor = data ?? keywords.get('data');
    if (!(tensor instanceof TensorValue)) return unknown;
    const made = newParameter(tensor.dims, tensor.dtype, keywords.get('requires_grad') !== false);
    made.extra = { ...made.extra, device: tensor.extra.device };
    made.step = tensor.step;
    return made;
  },
);

/** A module of the library with these names. */
export function libraryModule(name: string, ...parts: readonly ReadonlyMap<string, Value>[]): PyModule {
  const all = new Map(parts.flatMap(part => [...part]));
  return new PyModule(
    name,
    key => all.get(key),
    () => [...all.keys()].filter(key => !key.startsWith('_')),
  );
}

const initialised = (name: string) => new Builtin(name, ({ positional: [tensor = unknown] }) => tensor);

const initNames = [
  ...[
    'uniform',
    'normal',
    'constant',
    'ones',
    'zeros',
    'eye',
    'dirac',
    'xavier_uniform',
    'xavier_normal',
    'kaiming_uniform',
  ],
  ...['kaiming_normal', 'orthogonal', 'sparse', 'trunc_normal'],
];

/** `torch.nn.init`. */
export const init = libraryModule(
  'torch.nn.init',
  new Map<string, Value>([
    ...initNames.flatMap(name => [
      [name, initialised(name)] as const,
      [`${name}_`, initialised(`${name}_`)] as const,
    ]),
    ['calculate_gain', new Builtin('calculate_gain', () => float(undefined))],
  ]),
);

/** Functions that are of `nn.functional` only. */
const functions = natives({
  'adaptive_max_pool2d(self, output_size)': (args, interpreter) =>
    viaModule(interpreter, 'AdaptiveMaxPool2d', args.get('output_size'), args.get('self')),
  'adaptive_max_pool1d(self, output_size)': (args, interpreter) =>
    viaModule(interpreter, 'AdaptiveMaxPool1d', args.get('output_size'), args.get('self')),
  'layer_norm(self, normalized_shape, weight, bias, eps)': (args, interpreter) =>
    kept(interpreter, args.get('self'), 'layer_norm', 'NativeLayerNormBackward0'),
  'batch_norm(self, running_mean, running_var, weight, bias)': (args, interpreter) =>
    kept(interpreter, args.get('self'), 'batch_norm', 'NativeBatchNormBackward0'),
  'instance_norm(self)': (args, interpreter) =>
    kept(interpreter, args.get('self'), 'instance_norm', 'ViewBackward0'),
  'group_norm(self, num_groups)': (args, interpreter) =>
    kept(interpreter, args.get('self'), 'group_norm', 'NativeGroupNormBackward0'),
  'local_response_norm(self)': (args, interpreter) =>
    kept(interpreter, args.get('self'), 'local_response_norm', 'DivBackward0'),
  'gumbel_softmax(self, tau, hard)': (args, interpreter) =>
    kept(interpreter, args.get('self'), 'gumbel_softmax', 'SoftmaxBackward0'),
  'feature_dropout(self)': (args, interpreter) =>
    kept(interpreter, args.get('self'), 'dropout', 'MulBackward0'),
  'dropout3d(self)': (args, interpreter) => kept(interpreter, args.get('self'), 'dropout3d', 'MulBackward0'),
  'dropout1d(self)': (args, interpreter) => kept(interpreter, args.get('self'), 'dropout1d', 'MulBackward0'),
  'pairwise_distance(x1, x2, p, eps, keepdim)': (args, interpreter) => {
    const between = operation(interpreter, 'sub', firstOf(args.get('x1')), firstOf(args.get('x2')));
    return operation(interpreter, 'norm', between, int(2), int(-1), firstOf(args.get('keepdim'), false));
  },
  'scaled_dot_product_attention(query, key, value)': (args, interpreter) => {
    const scores = operation(
      interpreter,
      'matmul',
      firstOf(args.get('query')),
      transposedLast(interpreter, args.get('key')),
    );
    return operation(interpreter, 'matmul', scores, firstOf(args.get('value')));
  },
});

function transposedLast(interpreter: Interpreter, value: Value | undefined): Value {
  return operation(interpreter, 'transpose', firstOf(value), int(-2), int(-1));
}

function kept(interpreter: Interpreter, self: Value | undefined, label: string, gradFn: string): Value {
  return self instanceof TensorValue ? copyOf(interpreter, self, label, gradFn) : unknown;
}

function viaModule(
  interpreter: Interpreter,
  name: string,
  setting: Value | undefined,
  input: Value | undefined,
): Value {
  const cls = functionalModules.get(name);
  if (cls === undefined || setting === undefined || input === undefined) return unknown;
  return callBoth(interpreter, cls, setting, input);
}

function callBoth(interpreter: Interpreter, cls: PyClass, setting: Value, input: Value): Value {
  const made = callValue(interpreter, cls, [setting]);
  return callValue(interpreter, made, [input]);
}

const images = operations.get('unfold_images');

/** `torch.nn.functional`. */
export const functional = libraryModule(
  'torch.nn.functional',
  operations,
  lossFunctions,
  functions,
  new Map<string, Value>(images === undefined ? [] : [['unfold', images]]),
);

const utilities = natives({
  'clip_grad_norm_(parameters, max_norm)': () => new TensorValue([], 'float32'),
  'clip_grad_norm(parameters, max_norm)': () => new TensorValue([], 'float32'),
  'clip_grad_value_(parameters, clip_value)': () => null,
  'parameters_to_vector(parameters)': (args, interpreter) => {
    const { items, exact } = elementsOf(interpreter, firstOf(args.get('parameters')));
    if (!exact) return unknown;
    return operation(
      interpreter,
      'cat',
      new PyList(items.map(one => operation(interpreter, 'flatten', one))),
    );
  },
  'vector_to_parameters(vec, parameters)': () => null,
  'weight_norm(module)': args => firstOf(args.get('module')),
  'spectral_norm(module)': args => firstOf(args.get('module')),
});

const rnn = natives({
  'pad_sequence(sequences, batch_first, padding_value)': (args, interpreter) => {
    const { items: given, exact } = elementsOf(interpreter, firstOf(args.get('sequences')));
    const items = given.flatMap(optionsOf);
    const [first] = items;
    if (!exact || !items.every(one => one instanceof TensorValue) || !(first instanceof TensorValue))
      return unknown;
    const lengths = items.map(one => (one instanceof TensorValue ? one.dims[0] : undefined));
    const known = lengths.every(one => typeof one === 'number');
    const longest = known ? Math.max(...lengths.map(Number)) : interpreter.symbols.fresh('N');
    const batchFirst = args.flag('batch_first', false);
    if (batchFirst === undefined) return unknown;
    const leading = batchFirst ? [given.length, longest] : [longest, given.length];
    return new TensorValue([...leading, ...first.dims.slice(1)], first.dtype, { device: 'cpu' });
  },
});

/** `torch.nn`. */
export const nnModule = libraryModule(
  'torch.nn',
  functionalModules,
  layers,
  recurrentLayers,
  containers,
  lossModules,
  new Map<string, Value>([
    ['Module', moduleClass],
    ['Parameter', parameterClass],
    ['functional', functional],
    ['init', init],
    [
      'modules',
      new PyModule(
        'torch.nn.modules',
        name =>
          functionalModules.get(name) ?? layers.get(name) ?? (name === 'Module' ? moduleClass : undefined),
        () => [],
      ),
    ],
    [
      'utils',
      libraryModule(
        'torch.nn.utils',
        utilities,
        new Map<string, Value>([['rnn', libraryModule('torch.nn.utils.rnn', rnn)]]),
      ),
    ],
  ]),
);

/** Parts of `nn` that are modules of their own. */
export const nnModules: readonly PyModule[] = [functional, init];
