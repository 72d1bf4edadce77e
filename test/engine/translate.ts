/** From a call of PyTorch to the same call of the engine. */
import * as engine from '../../src/engine';
import { Tensor } from '../../src/engine';
import type { Spelling } from './golden';

/** A call as the golden files hold it, with PyTorch's names. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * The names of the parameters that come in order, `self` included, of functions without a signature in the engine. What
 * has no place here goes into an object of options behind them.
 */
const parameters: Record<string, readonly string[]> = {
  flip: ['self', 'dims'],
  slice: ['self', 'dim', 'start', 'end', 'step'],
  max: ['self', 'dim', 'keepdim'],
  min: ['self', 'dim', 'keepdim'],
  softmax: ['self', 'dim'],
  log_softmax: ['self', 'dim'],
  index_put: ['self', 'indices', 'values', 'accumulate'],
  index_put_: ['self', 'indices', 'values', 'accumulate'],
  constant_pad_nd: ['self', 'pad', 'value'],
  linspace: ['start', 'end', 'steps'],
  logspace: ['start', 'end', 'steps', 'base'],
  huber_loss: ['input', 'target'],
  smooth_l1_loss: ['input', 'target'],
  kl_div: ['input', 'target'],
  unfold: ['input', 'kernel_size'],
  nanquantile: ['self', 'q', 'dim', 'keepdim'],
  unique: ['self', 'sorted', 'return_inverse', 'return_counts', 'dim'],
  aminmax: ['self'],
  tensor: ['data'],
  zeros: ['size'],
  ones: ['size'],
  full: ['size', 'fill_value'],
  zeros_like: ['self'],
  ones_like: ['self'],
  full_like: ['self', 'fill_value'],
  arange: ['start', 'end', 'step'],
  eye: ['n', 'm'],
  conv3d: ['input', 'weight', 'bias', 'stride', 'padding', 'dilation', 'groups'],
  conv_transpose3d: ['input', 'weight', 'bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation'],
  dropout: ['input', 'p', 'training'],
  dropout_: ['input', 'p', 'training'],
  dropout2d: ['input', 'p', 'training'],
  dropout2d_: ['input', 'p', 'training'],
  nll_loss: ['input', 'target'],
  cross_entropy: ['input', 'target'],
  mse_loss: ['input', 'target'],
  l1_loss: ['input', 'target'],
  binary_cross_entropy: ['input', 'target'],
  binary_cross_entropy_with_logits: ['input', 'target'],
};

/** `std(unbiased)`, `std(dim, unbiased, keepdim)` and `std(dim, correction, keepdim)` as the last one. */
function biased([self, ...rest]: readonly unknown[], options: Call['options']): unknown[] {
  const [first, second, third] = rest;
  const dim = typeof first === 'boolean' ? undefined : (options['dim'] ?? first);
  const unbiased = options['unbiased'] ?? (typeof first === 'boolean' ? first : second);
  const correction = options['correction'] ?? (typeof unbiased === 'boolean' ? Number(unbiased) : unbiased);
  return [self, dim ?? undefined, correction ?? undefined, options['keepdim'] ?? third];
}

/** Of parameters in PyTorch's order, the first `count` stay in order; the others go into an object of options. */
const splitAt =
  (count: number, names: readonly string[]) =>
  (args: readonly unknown[], options: Call['options']): unknown[] => {
    const given = names.map((name, i) => args[i] ?? options[name]);
    const rest = names.slice(count).map((name, i) => [camelCase(name), given[count + i]]);
    return [...given.slice(0, count), Object.fromEntries(rest)];
  };

const windows = ['input', 'kernel_size', 'stride', 'padding'];

/** Functions whose parameters are arranged otherwise. */
const adapted: Record<string, (args: readonly unknown[], options: Call['options']) => unknown> = {
  batch_norm: ([input, mean, variance, weight, bias], { training, momentum, eps }) => [
    input,
    {
      weight,
      bias,
      training,
      momentum,
      eps,
      ...(mean instanceof Tensor && { running: { mean, var: variance } }),
    },
  ],
  diff: ([self, n, dim, prepend, append], options) => [self, n, dim, { prepend, append, ...options }],
  meshgrid: (tensors, options) => [tensors.flat(), options],
  // The last two are non_blocking, which says nothing here, and copy.
  to: ([self, ...targets]) => [
    self,
    targets.findLast(target => target instanceof Tensor || typeof target === 'string'),
    { copy: targets.filter(target => typeof target === 'boolean')[1] === true },
  ],
  cdist: ([x1, x2, p, computeMode], options) => [
    x1,
    x2,
    { p, computeMode: computeMode ?? options['compute_mode'], ...options },
  ],
  unfold: ([self, size, dilation, padding, stride], options) => [
    self,
    size,
    { dilation, padding, stride, ...options },
  ],
  fold: ([self, size, kernel, dilation, padding, stride], options) => [
    self,
    size,
    kernel,
    { dilation, padding, stride, ...options },
  ],
  pixel_unshuffle: ([input, factor], options) => [input, factor ?? options['downscale_factor']],
  linalg_pinv: ([self, rcond], options) => [self, { rtol: rcond, ...options }],
  linalg_matrix_rank: ([self, tol], options) => [self, { atol: tol, ...options }],
  std: biased,
  var: biased,
  std_mean: biased,
  var_mean: biased,
  _scaled_dot_product_attention: splitAt(3, [
    ...['query', 'key', 'value', 'attn_mask', 'dropout_p', 'need_attn_weights', 'is_causal'],
  ]),
  max_pool1d: splitAt(4, [...windows, 'dilation', 'ceil_mode', 'return_indices']),
  max_pool2d: splitAt(4, [...windows, 'dilation', 'ceil_mode', 'return_indices']),
  avg_pool1d: splitAt(4, [...windows, 'ceil_mode', 'count_include_pad']),
  avg_pool2d: splitAt(4, [...windows, 'ceil_mode', 'count_include_pad', 'divisor_override']),
  interpolate: splitAt(1, [
    ...['input', 'size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor'],
  ]),
  group_norm: ([input, groups, weight, bias], { eps, ...named }) => [
    input,
    groups,
    { weight: weight ?? named['weight'], bias: bias ?? named['bias'], eps },
  ],
  instance_norm: ([input, mean, variance, weight, bias], { use_input_stats, momentum, eps, ...named }) => [
    input,
    {
      weight: weight ?? named['weight'],
      bias: bias ?? named['bias'],
      useInputStats: use_input_stats,
      momentum,
      eps,
      ...(mean instanceof Tensor && { running: { mean, var: variance } }),
    },
  ],
  layer_norm: ([input, shape, weight, bias], { eps }) => [input, shape, { weight, bias, eps }],
  grad: ([output, inputs, upstream]) => [[output], inputs, { gradOutputs: [upstream], createGraph: true }],
};

/** Functions that are named otherwise. */
const renamed: Record<string, string> = {
  var: 'variance',
  expand: 'expandTo',
  ScaledDotProductAttention: 'scaledDotProductAttention',
  WeightNorm: 'weightFromNorm',
};

/** `log_softmax` → `logSoftmax`; the underscore at the end of an in-place form stays. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function argumentsOf({ name, args, options }: Call): unknown[] {
  const adapt = adapted[name];
  if (adapt !== undefined) {
    const adaptedArgs = adapt(args, options);
    if (Array.isArray(adaptedArgs)) return adaptedArgs.map(arg => withoutMissing(arg));
  }
  const signature = engine.signatures().get(name.replace(/_$/, ''));
  const names = parameters[name] ?? signature?.ordered ?? [];
  // PyTorch's None is JavaScript's undefined, but between the brackets of x[…] it is a new dimension.
  const result: unknown[] = name === 'index' ? [...args] : args.map(arg => arg ?? undefined);
  const rest: Record<string, unknown> = {};
  // Options that PyTorch takes in order, too.
  const beyond = signature === undefined || name in parameters ? [] : result.splice(names.length);
  for (const [i, value] of beyond.entries()) rest[camelCase(signature?.options[i] ?? '')] = value;
  for (const [key, value] of Object.entries(options)) {
    const place = names.indexOf(key === 'input' && names[0] === 'self' ? 'self' : key);
    if (place === -1) rest[camelCase(key)] = value;
    else result[place] = value ?? undefined;
  }
  if (Object.keys(rest).length > 0) result[Math.max(names.length, result.length)] = rest;
  return Array.from(result, arg => arg);
}

/** Options without those that are undefined or null. */
function withoutMissing(arg: unknown): unknown {
  if (typeof arg !== 'object' || arg === null || arg instanceof Tensor || Array.isArray(arg)) return arg;
  return Object.fromEntries(Object.entries(arg).filter(([, value]) => value != null));
}

function functionNamed(name: string): unknown {
  if (name.startsWith('linalg_')) return Reflect.get(engine.linalg, camelCase(name.slice(7)));
  const own = camelCase(name);
  return Reflect.get(engine, own) ?? Reflect.get(engine, renamed[own] ?? '') ?? Reflect.get(engine.nn, own);
}

/** The method takes the condition second: `a.where(condition, b)`. */
function translateWhere(args: readonly unknown[], spelling: Spelling): unknown {
  const [condition, a, ...rest] = args;
  return spelling === 'method' && a instanceof Tensor
    ? Reflect.apply(a.where, a, [condition, ...rest])
    : Reflect.apply(engine.where, undefined, args);
}

/** Methods of these names are other functions: `unfold` of images is meant. */
const functionsOnly = new Set(['unfold']);

/** Calls the engine. */
export function translate(call: Call, spelling: Spelling): unknown {
  const args = argumentsOf(call);
  if (call.name === 'where') return translateWhere(args, spelling);
  const [self, ...rest] = args;
  const isMethod = self instanceof Tensor && !functionsOnly.has(call.name);
  const method: unknown = isMethod ? Reflect.get(self, camelCase(call.name)) : undefined;
  const named = functionNamed(call.name);
  if (typeof method === 'function' && (spelling === 'method' || typeof named !== 'function')) {
    return Reflect.apply(method, self, rest);
  }
  if (typeof named !== 'function') throw new Error(`the engine has no ${call.name}`);
  return Reflect.apply(named, undefined, args);
}
