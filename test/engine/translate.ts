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
 * The names of the parameters that come in order, `self` included, where arguments are passed by name. What
 * has no place here goes into an object of options behind them.
 */
const parameters: Record<string, readonly string[]> = {
  add: ['self', 'other', 'alpha'],
  add_: ['self', 'other', 'alpha'],
  sub: ['self', 'other', 'alpha'],
  sub_: ['self', 'other', 'alpha'],
  rsub: ['self', 'other', 'alpha'],
  diff: ['self', 'n', 'dim'],
  count_nonzero: ['self', 'dim'],
  flip: ['self', 'dims'],
  diagonal: ['self', 'offset', 'dim1', 'dim2'],
  diag_embed: ['self', 'offset', 'dim1', 'dim2'],
  diagflat: ['self', 'offset'],
  slice: ['self', 'dim', 'start', 'end', 'step'],
  hardtanh: ['self', 'min_val', 'max_val'],
  hardtanh_: ['self', 'min_val', 'max_val'],
  hardshrink: ['self', 'lambd'],
  softshrink: ['self', 'lambd'],
  softplus: ['self', 'beta', 'threshold'],
  prelu: ['self', 'weight'],
  tensordot: ['self', 'other', 'dims'],
  fill: ['self', 'value'],
  fill_: ['self', 'value'],
  all: ['self', 'dim', 'keepdim'],
  any: ['self', 'dim', 'keepdim'],
  prod: ['self', 'dim', 'keepdim'],
  clamp: ['self', 'min', 'max'],
  clamp_: ['self', 'min', 'max'],
  sum: ['self', 'dim', 'keepdim'],
  mean: ['self', 'dim', 'keepdim'],
  amax: ['self', 'dim', 'keepdim'],
  amin: ['self', 'dim', 'keepdim'],
  argmax: ['self', 'dim', 'keepdim'],
  argmin: ['self', 'dim', 'keepdim'],
  max: ['self', 'dim', 'keepdim'],
  min: ['self', 'dim', 'keepdim'],
  softmax: ['self', 'dim'],
  log_softmax: ['self', 'dim'],
  cat: ['tensors', 'dim'],
  stack: ['tensors', 'dim'],
  flatten: ['self', 'start_dim', 'end_dim'],
  addmm: ['self', 'mat1', 'mat2'],
  addmm_: ['self', 'mat1', 'mat2'],
  index_put: ['self', 'indices', 'values', 'accumulate'],
  index_put_: ['self', 'indices', 'values', 'accumulate'],
  repeat_interleave: ['self', 'repeats', 'dim'],
  scatter: ['self', 'dim', 'index', 'src'],
  scatter_: ['self', 'dim', 'index', 'src'],
  index_add: ['self', 'dim', 'index', 'source'],
  index_add_: ['self', 'dim', 'index', 'source'],
  cross: ['self', 'other', 'dim'],
  pad: ['self', 'pad', 'mode', 'value'],
  constant_pad_nd: ['self', 'pad', 'value'],
  linspace: ['start', 'end', 'steps'],
  logspace: ['start', 'end', 'steps', 'base'],
  addmv: ['self', 'mat', 'vec'],
  addr: ['self', 'vec1', 'vec2'],
  addbmm: ['self', 'batch1', 'batch2'],
  baddbmm: ['self', 'batch1', 'batch2'],
  norm: ['self', 'p', 'dim', 'keepdim'],
  normalize: ['input'],
  cosine_similarity: ['x1', 'x2'],
  cdist: ['x1', 'x2'],
  embedding: ['input', 'weight'],
  one_hot: ['self', 'num_classes'],
  huber_loss: ['input', 'target'],
  smooth_l1_loss: ['input', 'target'],
  kl_div: ['input', 'target'],
  unfold: ['input', 'kernel_size'],
  fold: ['input', 'output_size', 'kernel_size'],
  pixel_shuffle: ['input', 'upscale_factor'],
  linalg_svd: ['self', 'full_matrices'],
  linalg_qr: ['self', 'mode'],
  linalg_eigh: ['self', 'UPLO'],
  linalg_norm: ['self', 'ord', 'dim', 'keepdim'],
  linalg_matrix_norm: ['self', 'ord', 'dim', 'keepdim'],
  linalg_vector_norm: ['self', 'ord', 'dim', 'keepdim'],
  linalg_cond: ['self', 'p'],
  linalg_solve: ['A', 'B'],
  sort: ['self', 'dim', 'descending'],
  argsort: ['self', 'dim', 'descending'],
  topk: ['self', 'k', 'dim', 'largest', 'sorted'],
  median: ['self', 'dim', 'keepdim'],
  nanmedian: ['self', 'dim', 'keepdim'],
  kthvalue: ['self', 'k', 'dim', 'keepdim'],
  quantile: ['self', 'q', 'dim', 'keepdim'],
  nanquantile: ['self', 'q', 'dim', 'keepdim'],
  unique: ['self', 'sorted', 'return_inverse', 'return_counts', 'dim'],
  searchsorted: ['sorted_sequence', 'self'],
  bucketize: ['self', 'boundaries'],
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
  conv1d: ['input', 'weight', 'bias', 'stride', 'padding', 'dilation', 'groups'],
  conv2d: ['input', 'weight', 'bias', 'stride', 'padding', 'dilation', 'groups'],
  conv3d: ['input', 'weight', 'bias', 'stride', 'padding', 'dilation', 'groups'],
  conv_transpose3d: ['input', 'weight', 'bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation'],
  conv_transpose1d: ['input', 'weight', 'bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation'],
  conv_transpose2d: ['input', 'weight', 'bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation'],
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
  const names = parameters[name] ?? [];
  // PyTorch's None is JavaScript's undefined, but between the brackets of x[…] it is a new dimension.
  const result: unknown[] = name === 'index' ? [...args] : args.map(arg => arg ?? undefined);
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) {
    const place = names.indexOf(key);
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

/** Calls the engine. */
export function translate(call: Call, spelling: Spelling): unknown {
  const args = argumentsOf(call);
  if (call.name === 'where') return translateWhere(args, spelling);
  const [self, ...rest] = args;
  const method: unknown = self instanceof Tensor ? Reflect.get(self, camelCase(call.name)) : undefined;
  const named = functionNamed(call.name);
  if (typeof method === 'function' && (spelling === 'method' || typeof named !== 'function')) {
    return Reflect.apply(method, self, rest);
  }
  if (typeof named !== 'function') throw new Error(`the engine has no ${call.name}`);
  return Reflect.apply(named, undefined, args);
}
