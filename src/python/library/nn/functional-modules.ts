/** Modules without weights of their own: each calls a function with the settings that it was made with. */
import { call, callValue } from '../../interpret/calls';
import type { Interpreter } from '../../interpret/interpreter';
import { twice } from '../../interpret/operators';
import type { Dim } from '../../interpret/sizes';
import {
  Builtin,
  firstOf,
  int,
  PyClass,
  PyInstance,
  PyList,
  PyTuple,
  sizeOf,
  TensorValue,
  unknown,
  type Value,
} from '../../interpret/values';
import { copyOf } from '../derived';
import { bindTo } from '../native';
import { operation, operations } from '../operations';
import { layers } from './layers';
import { moduleClass, newParameter, parametersOf } from './module-class';

type Forward = (interpreter: Interpreter, self: PyInstance, input: Value, ...more: readonly Value[]) => Value;

/** A module with settings; `forward` finds them among its attributes. */
function moduleOf(
  name: string,
  settings: readonly string[],
  forward: Forward,
  prepare?: (interpreter: Interpreter, self: PyInstance) => void,
): [string, PyClass] {
  const cls = new PyClass(name, [moduleClass]);
  cls.attributes.set(
    '__init__',
    new Builtin('__init__', (args, interpreter) => {
      const bound = bindTo(['self', ...settings], args);
      const self = bound.get('self');
      if (!(self instanceof PyInstance)) return null;
      interpreter.journal.set(self.attributes, 'training', true);
      if (args.open) self.native = 'opaque';
      for (const one of settings) {
        const value = bound.get(one);
        if (value !== undefined) interpreter.journal.set(self.attributes, one, value);
      }
      prepare?.(interpreter, self);
      return null;
    }),
  );
  cls.attributes.set(
    'forward',
    new Builtin('forward', ({ positional: [self, input = unknown, ...more], keywords }, interpreter) =>
      self instanceof PyInstance && self.native !== 'opaque'
        ? forward(interpreter, self, input, ...more, ...keywords.values())
        : unknown,
    ),
  );
  return [name, cls];
}

/** A module that calls an operation with some of its settings. */
function calling(
  name: string,
  fn: string,
  settings: readonly string[] = [],
  skipped: readonly string[] = ['inplace'],
): [string, PyClass] {
  return moduleOf(name, settings, (interpreter, self, input) => {
    const found = operations.get(fn);
    if (found === undefined) return unknown;
    const given = settings
      .filter(one => !skipped.includes(one))
      .flatMap(one => {
        const value = self.attributes.get(one);
        return value === undefined ? [] : [[one, value] as const];
      });
    return call(interpreter, found, {
      positional: [input],
      keywords: new Map(given),
      span: interpreter.span,
    });
  });
}

/** A module whose output has the shape of its input. */
function keeping(
  name: string,
  gradFn: string | undefined,
  settings: readonly string[] = ['p', 'inplace'],
): [string, PyClass] {
  return moduleOf(name, settings, (interpreter, _, input) =>
    input instanceof TensorValue
      ? gradFn === undefined
        ? input
        : copyOf(interpreter, input, name, gradFn)
      : unknown,
  );
}

/** Borders of images: the settings are one number or one for each side. */
function padding(name: string, axes: number, mode: string): [string, PyClass] {
  return moduleOf(name, ['padding', 'value'], (interpreter, self, input) => {
    const value = self.attributes.get('padding');
    const size = sizeOf(value);
    const sides = size !== undefined ? new PyTuple(Array.from({ length: 2 * axes }, () => int(size))) : value;
    const fn = operations.get('pad');
    if (fn === undefined || sides === undefined) return unknown;
    return callValue(interpreter, fn, [input, sides, mode]);
  });
}

/** Pools to a given size: the last axes are replaced. */
function adaptive(name: string, axes: number, gradFn: string): [string, PyClass] {
  return moduleOf(name, ['output_size', 'return_indices'], (interpreter, self, input) => {
    if (!(input instanceof TensorValue)) return unknown;
    const value = self.attributes.get('output_size');
    const given =
      value instanceof PyTuple || value instanceof PyList
        ? value.items
        : Array.from({ length: axes }, () => firstOf(value));
    const kept = input.dims.slice(0, -axes);
    const sizes = given.map((one, i) => (one === null ? input.dims[kept.length + i] : sizeOf(one)));
    if (
      sizes.length !== axes ||
      !sizes.every(size => size !== undefined) ||
      self.attributes.get('return_indices') === true
    )
      return unknown;
    const made = copyOf(interpreter, input, name, gradFn);
    made.dims = [...kept, ...sizes];
    return made;
  });
}

/** Convolutions and pools of volumes, which the engine lacks: their output sizes by PyTorch's formula. */
function volume(name: string, kind: 'convolution' | 'pool' | 'transposed'): [string, PyClass] {
  const settings =
    kind === 'pool'
      ? ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode']
      : kind === 'convolution'
        ? ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias']
        : [
            'in_channels',
            'out_channels',
            'kernel_size',
            'stride',
            'padding',
            'output_padding',
            'groups',
            'bias',
            'dilation',
          ];
  return moduleOf(
    name,
    settings,
    (interpreter, self, input) => {
      if (
        !(input instanceof TensorValue) ||
        input.dims.length !== 5 ||
        self.attributes.get('ceil_mode') === true
      )
        return unknown;
      const three = (setting: string, otherwise: Value) => {
        const value = self.attributes.get(setting) ?? otherwise;
        const items =
          value instanceof PyTuple || value instanceof PyList ? value.items : [value, value, value];
        return items.map(one => sizeOf(one));
      };
      const kernel = three('kernel_size', unknown);
      const stride = three('stride', kind === 'pool' ? firstOf(self.attributes.get('kernel_size')) : int(1));
      const pads = three('padding', int(0));
      const dilation = three('dilation', int(1));
      const extra = three('output_padding', int(0));
      const out = kind === 'pool' ? input.dims[1] : sizeOf(self.attributes.get('out_channels'));
      const sizes = input.dims.slice(2).map((size, i): Dim | undefined => {
        const [k, s, p, d, o] = [kernel[i], stride[i], pads[i], dilation[i], extra[i]];
        if (
          typeof k !== 'number' ||
          typeof s !== 'number' ||
          typeof p !== 'number' ||
          typeof d !== 'number' ||
          typeof o !== 'number'
        )
          return undefined;
        if (kind === 'transposed')
          return twice(interpreter, x => (x - 1) * s - 2 * p + d * (k - 1) + o + 1, size, 0);
        return twice(interpreter, x => Math.floor((x + 2 * p - d * (k - 1) - 1) / s) + 1, size, 0);
      });
      if (out === undefined || !sizes.every(size => size !== undefined)) return unknown;
      const made = copyOf(
        interpreter,
        input,
        name,
        kind === 'pool' ? 'MaxPool3DWithIndicesBackward0' : 'ConvolutionBackward0',
      );
      made.dims = [input.dims[0] ?? 1, out, ...sizes];
      return withWeights(interpreter, self, made);
    },
    (interpreter, self) => {
      if (kind === 'pool') return;
      const [ins, outs] = [
        sizeOf(self.attributes.get('in_channels')),
        sizeOf(self.attributes.get('out_channels')),
      ];
      const kernel = self.attributes.get('kernel_size');
      const items =
        kernel instanceof PyTuple || kernel instanceof PyList ? kernel.items : [kernel, kernel, kernel];
      const sizes = items.map(one => sizeOf(one));
      const groups = self.attributes.get('groups');
      if (
        ins === undefined ||
        outs === undefined ||
        groups !== undefined ||
        !sizes.every(size => size !== undefined)
      )
        return;
      const [a, b] = kind === 'transposed' ? [ins, outs] : [outs, ins];
      interpreter.journal.set(self.attributes, 'weight', newParameter([a, b, ...sizes]));
      if (self.attributes.get('bias') !== false)
        interpreter.journal.set(self.attributes, 'bias', newParameter([outs]));
    },
  );
}

/** The output of a module that has weights: gradients flow to them. */
function withWeights(interpreter: Interpreter, self: PyInstance, made: TensorValue): TensorValue {
  const learned = parametersOf(self).map(([, one]) => one);
  if (interpreter.gradEnabled && learned.length > 0) {
    made.extra = { ...made.extra, requiresGrad: true, gradFn: made.extra.gradFn ?? 'AddBackward0' };
    made.sources = [...new Set([...made.sources, ...learned])];
  }
  return made;
}

/** Attention in several heads: the output has the queries' shape, the weights [N, L, S]. */
const attention = moduleOf(
  'MultiheadAttention',
  [
    'embed_dim',
    'num_heads',
    'dropout',
    'bias',
    'add_bias_kv',
    'add_zero_attn',
    'kdim',
    'vdim',
    'batch_first',
  ],
  () => unknown,
  (interpreter, self) => {
    const size = sizeOf(self.attributes.get('embed_dim'));
    if (size === undefined || self.attributes.get('kdim') instanceof PyTuple) return;
    const tripled = twice(interpreter, a => 3 * a, size, 0);
    interpreter.journal.set(self.attributes, 'in_proj_weight', newParameter([tripled, size]));
    if (self.attributes.get('bias') !== false)
      interpreter.journal.set(self.attributes, 'in_proj_bias', newParameter([tripled]));
    interpreter.journal.set(
      self.attributes,
      'out_proj',
      callValue(interpreter, firstOf(layers.get('Linear')), [int(size), int(size)]),
    );
  },
);

attention[1].attributes.set(
  'forward',
  new Builtin('forward', (args, interpreter) => {
    const bound = bindTo(
      [
        'self',
        'query',
        'key',
        'value',
        'key_padding_mask',
        'need_weights',
        'attn_mask',
        'average_attn_weights',
      ],
      args,
    );
    const [self, query, key] = [bound.get('self'), bound.get('query'), bound.get('key')];
    if (!(self instanceof PyInstance) || !(query instanceof TensorValue) || !(key instanceof TensorValue))
      return unknown;
    const batchFirst = self.attributes.get('batch_first') ?? false;
    const rank = query.dims.length;
    if (typeof batchFirst !== 'boolean' || (rank !== 2 && rank !== 3)) return unknown;
    const output = withWeights(
      interpreter,
      self,
      copyOf(interpreter, query, 'MultiheadAttention', 'TransposeBackward0'),
    );
    const length = (tensor: TensorValue) => tensor.dims[rank === 2 || !batchFirst ? 0 : 1];
    const [l, s] = [length(query), length(key)];
    const batch = query.dims[batchFirst ? 0 : 1];
    const wanted = bound.flag('need_weights', true);
    if (wanted === undefined || l === undefined || s === undefined || batch === undefined) return unknown;
    if (!wanted) return new PyTuple([output, null]);
    const averaged = bound.flag('average_attn_weights', true);
    const heads = sizeOf(self.attributes.get('num_heads'));
    if (averaged === undefined || heads === undefined) return unknown;
    const weights = withWeights(interpreter, self, copyOf(interpreter, query, 'weights', 'MeanBackward1'));
    weights.dims = [...(rank === 2 ? [] : [batch]), ...(averaged ? [] : [heads]), l, s];
    return new PyTuple([output, weights]);
  }),
);

/** Stacks and halves of transformers: what comes out has the shape of what is attended from. */
const ofTarget = (
  name: string,
  settings: readonly string[],
  which: 0 | 1,
  prepare?: (interpreter: Interpreter, self: PyInstance) => void,
) =>
  moduleOf(
    name,
    settings,
    (interpreter, self, input, second) => {
      const target = which === 0 ? input : second;
      return target instanceof TensorValue
        ? withWeights(interpreter, self, copyOf(interpreter, target, name, 'NativeLayerNormBackward0'))
        : unknown;
    },
    prepare,
  );

/** Something that learns, so that gradients are known to flow. */
const someWeight = (interpreter: Interpreter, self: PyInstance) => {
  self.native = self.native === 'opaque' ? 'opaque' : undefined;
  interpreter.journal.set(self.attributes, '__weights__', newParameter([1]));
};

const transformer = [
  'd_model',
  'nhead',
  'dim_feedforward',
  'dropout',
  'activation',
  'layer_norm_eps',
  'batch_first',
  'norm_first',
];

/** Modules without an engine class of their own, by name. */
export const functionalModules: ReadonlyMap<string, PyClass> = new Map([
  ...[
    'ReLU',
    'ReLU6',
    'Sigmoid',
    'Tanh',
    'SELU',
    'SiLU',
    'Mish',
    'Hardswish',
    'Hardsigmoid',
    'Softsign',
    'Tanhshrink',
  ].map(name => calling(name, name.toLowerCase(), ['inplace'])),
  calling('LogSigmoid', 'logsigmoid'),
  calling('GELU', 'gelu', ['approximate']),
  calling('ELU', 'elu', ['alpha', 'inplace']),
  calling('CELU', 'celu', ['alpha', 'inplace']),
  calling('LeakyReLU', 'leaky_relu', ['negative_slope', 'inplace']),
  calling('Softplus', 'softplus', ['beta', 'threshold']),
  calling('Hardtanh', 'hardtanh', ['min_val', 'max_val', 'inplace']),
  calling('Softshrink', 'softshrink', ['lambd']),
  calling('Hardshrink', 'hardshrink', ['lambd']),
  calling('Threshold', 'threshold', ['threshold', 'value', 'inplace']),
  calling('GLU', 'glu', ['dim']),
  calling('Softmax', 'softmax', ['dim']),
  calling('LogSoftmax', 'log_softmax', ['dim']),
  calling('Softmin', 'softmax', ['dim']),
  moduleOf(
    'PReLU',
    ['num_parameters', 'init'],
    (interpreter, self, input) =>
      operation(interpreter, 'prelu', input, firstOf(self.attributes.get('weight'))),
    (interpreter, self) => {
      const size = self.attributes.get('num_parameters');
      interpreter.journal.set(
        self.attributes,
        'weight',
        newParameter([size === undefined ? 1 : (sizeOf(size) ?? 1)]),
      );
    },
  ),
  moduleOf('Softmax2d', [], (interpreter, _, input) => operation(interpreter, 'softmax', input, int(-3))),
  moduleOf('Flatten', ['start_dim', 'end_dim'], (interpreter, self, input) =>
    operation(
      interpreter,
      'flatten',
      input,
      self.attributes.get('start_dim') ?? int(1),
      self.attributes.get('end_dim') ?? int(-1),
    ),
  ),
  moduleOf('Unflatten', ['dim', 'unflattened_size'], (interpreter, self, input) =>
    operation(
      interpreter,
      'unflatten',
      input,
      firstOf(self.attributes.get('dim')),
      firstOf(self.attributes.get('unflattened_size')),
    ),
  ),
  keeping('Identity', undefined, ['p', 'q']),
  ...['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d'].map(name => keeping(name, 'MulBackward0')),
  keeping('AlphaDropout', 'AddBackward0'),
  keeping('FeatureAlphaDropout', 'AddBackward0'),
  keeping('LocalResponseNorm', 'DivBackward0', ['size', 'alpha', 'beta', 'k']),
  keeping('BatchNorm3d', 'NativeBatchNormBackward0', ['num_features', 'eps', 'momentum', 'affine']),
  keeping('InstanceNorm3d', 'NativeBatchNormBackward0', ['num_features', 'eps', 'momentum', 'affine']),
  padding('ZeroPad2d', 2, 'constant'),
  padding('ConstantPad1d', 1, 'constant'),
  padding('ConstantPad2d', 2, 'constant'),
  padding('ReflectionPad1d', 1, 'reflect'),
  padding('ReflectionPad2d', 2, 'reflect'),
  padding('ReplicationPad1d', 1, 'replicate'),
  padding('ReplicationPad2d', 2, 'replicate'),
  adaptive('AdaptiveMaxPool1d', 1, 'SqueezeBackward1'),
  adaptive('AdaptiveMaxPool2d', 2, 'AdaptiveMaxPool2DBackward0'),
  adaptive('AdaptiveAvgPool3d', 3, 'AdaptiveAvgPool3DBackward0'),
  adaptive('AdaptiveMaxPool3d', 3, 'AdaptiveMaxPool3DBackward0'),
  volume('Conv3d', 'convolution'),
  volume('ConvTranspose3d', 'transposed'),
  volume('MaxPool3d', 'pool'),
  volume('AvgPool3d', 'pool'),
  calling('PixelShuffle', 'pixel_shuffle', ['upscale_factor']),
  calling('PixelUnshuffle', 'pixel_unshuffle', ['downscale_factor']),
  calling('Upsample', 'interpolate', ['size', 'scale_factor', 'mode', 'align_corners'], []),
  calling('UpsamplingNearest2d', 'interpolate', ['size', 'scale_factor']),
  moduleOf('UpsamplingBilinear2d', ['size', 'scale_factor'], (interpreter, self, input) => {
    const keywords = new Map(
      [...self.attributes].filter(([name]) => name === 'size' || name === 'scale_factor'),
    );
    return call(interpreter, firstOf(operations.get('interpolate')), {
      positional: [input],
      keywords,
      span: interpreter.span,
    });
  }),
  calling('Unfold', 'unfold_images', ['kernel_size', 'dilation', 'padding', 'stride']),
  calling('Fold', 'fold', ['output_size', 'kernel_size', 'dilation', 'padding', 'stride']),
  moduleOf('CosineSimilarity', ['dim', 'eps'], (interpreter, self, input, second) =>
    call(interpreter, firstOf(operations.get('cosine_similarity')), {
      positional: [input, firstOf(second)],
      keywords: new Map([...self.attributes].filter(([name]) => name === 'dim')),
      span: interpreter.span,
    }),
  ),
  moduleOf('PairwiseDistance', ['p', 'eps', 'keepdim'], (interpreter, self, input, second) => {
    const between = operation(interpreter, 'sub', input, firstOf(second));
    return operation(interpreter, 'norm', between, int(2), int(-1), self.attributes.get('keepdim') ?? false);
  }),
  attention,
  ofTarget('TransformerEncoder', ['encoder_layer', 'num_layers', 'norm'], 0),
  ofTarget('TransformerDecoderLayer', transformer, 0, someWeight),
  ofTarget('TransformerDecoder', ['decoder_layer', 'num_layers', 'norm'], 0),
  ofTarget(
    'Transformer',
    ['d_model', 'nhead', 'num_encoder_layers', 'num_decoder_layers', 'dim_feedforward', 'dropout'],
    1,
    someWeight,
  ),
  moduleOf('EmbeddingBag', ['num_embeddings', 'embedding_dim'], () => unknown),
  moduleOf('DataParallel', ['module', 'device_ids'], (interpreter, self, input, ...more) =>
    callValue(interpreter, firstOf(self.attributes.get('module')), [input, ...more]),
  ),
]);
