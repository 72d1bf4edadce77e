/** New tensors: from lists, from typed arrays, constants, ranges and random numbers. */
import type { Device } from '../../device';
import { allocate, checkDtype, type DType, dtypes, isFloating, type TypedArray } from '../../dtype';
import { EngineError } from '../../errors';
import { Expr } from '../../expr';
import type { NestedList } from '../../ndarray';
import { defaultGenerator, type Generator } from '../../random/generator';
import { roundTo } from '../../runtime/reference';
import { hostInput } from '../../runtime/trace';
import { numel, type Shape } from '../../shape';
import { Tensor } from '../../tensor';
import { apply } from '../apply';
import { encodeNumber } from '../encode-number';
import { decodeNumber } from '../kernels';
import { defineInPlaceMethods } from '../methods';
import { defineOp } from '../op';
import { copyOp } from './to';

/** Options of the functions that make tensors. */
export interface TensorOptions {
  readonly dtype?: DType;
  readonly device?: Device;
  readonly requiresGrad?: boolean;
}

/** Options of the functions that make random tensors. */
export interface RandomOptions extends TensorOptions {
  readonly generator?: Generator;
}

function finish(tensor: Tensor, { requiresGrad = false }: TensorOptions): Tensor {
  return requiresGrad ? tensor.requiresGrad_() : tensor;
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  const given: ArrayBufferView = data;
  if (given instanceof Uint8Array || given instanceof Uint8ClampedArray) return 'uint8';
  throw new EngineError(
    `${given.constructor.name} has no dtype here (there are ${dtypes.join(', ')}): copy it to an Int32Array first`,
  );
}

/** A tensor over a typed array, which is used as it is (`torch.from_numpy`). */
export function fromArray(data: TypedArray, shape: Shape, options: TensorOptions = {}): Tensor {
  const { dtype = dtypeOf(data), device = 'cpu' } = options;
  checkDtype(dtype);
  if (data.length !== numel(shape)) {
    throw new EngineError(`shape '[${shape}]' is invalid for input of size ${data.length}`);
  }
  const fits = dtype === dtypeOf(data) || (dtype === 'bool' && data instanceof Uint8Array);
  const array = fits ? data : roundTo(dtype, Float64Array.from(data, Number));
  return finish(Tensor.fromExpr(Expr.leaf(array, { shape, dtype }, device)), options);
}

interface Flat {
  readonly shape: number[];
  readonly values: (number | bigint | boolean)[];
}

function flattenList(list: NestedList): Flat {
  if (typeof list !== 'object') return { shape: [], values: [list] };
  const parts = list.map(flattenList);
  const shape = parts[0]?.shape ?? [];
  const ragged = parts.findIndex(part => part.shape.join() !== shape.join());
  if (ragged !== -1) {
    throw new EngineError(
      `expected sequence of length ${shape[0] ?? 0} at dim 1 (got ${parts[ragged]?.shape[0] ?? 0}): ` +
        'the lists of a tensor must have equal lengths',
    );
  }
  return { shape: [list.length, ...shape], values: parts.flatMap(part => part.values) };
}

/**
 * A tensor from nested lists. Bools give bool, whole numbers int64, and others float32: JavaScript cannot
 * tell `2` from `2.0`, so a list of floating point numbers that are all whole needs `dtype: 'float32'`.
 */
export function tensor(list: NestedList | TypedArray, options: TensorOptions = {}): Tensor {
  if (ArrayBuffer.isView(list)) return fromArray(list, [list.length], options);
  const { shape, values } = flattenList(list);
  const inferred: DType = values.every(value => typeof value === 'boolean')
    ? 'bool'
    : values.every(value => typeof value !== 'number' || Number.isInteger(value))
      ? 'int64'
      : 'float32';
  const { dtype = values.length === 0 || options.requiresGrad ? 'float32' : inferred } = options;
  checkDtype(dtype);
  return fromArray(roundTo(dtype, Float64Array.from(values, Number)), shape, { ...options, dtype });
}

type Full = { shape: Shape; value: number | string; dtype: DType };

/** A constant in every place. */
export const fullOp = defineOp<Full>({
  name: 'full',
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  lower: (graph, { attributes: { shape, value, dtype } }) => {
    const scalar = graph.scalar(decodeNumber(value), dtype);
    return shape.length === 0 ? scalar : graph.node('Expand', [scalar, graph.ints(shape)]);
  },
  kernel: (_, { shape, value }) => new Float64Array(numel(shape)).fill(decodeNumber(value)),
});

/** A tensor with `value` in every place. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  const { dtype = Number.isInteger(value) ? 'int64' : 'float32', device = 'cpu' } = options;
  const wrong = shape.find(size => !Number.isInteger(size) || size < 0);
  if (wrong !== undefined) {
    throw new EngineError(`Trying to create tensor with negative dimension ${wrong}: [${shape.join(', ')}]`);
  }
  const expr = Expr.of(fullOp, [], { shape, value: encodeNumber(value), dtype }, device);
  return finish(Tensor.fromExpr(expr), options);
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 0, { dtype: 'float32', ...options });
}

/** A tensor of ones. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 1, { dtype: 'float32', ...options });
}

const like = ({ dtype, device }: Tensor, options: TensorOptions) => ({ dtype, device, ...options });

/** Zeros of the shape, type and device of another tensor. */
export function zerosLike(other: Tensor, options: TensorOptions = {}): Tensor {
  return zeros(other.shape, like(other, options));
}

/** Ones of the shape, type and device of another tensor. */
export function onesLike(other: Tensor, options: TensorOptions = {}): Tensor {
  return ones(other.shape, like(other, options));
}

/** `value` in the shape, type and device of another tensor. */
export function fullLike(other: Tensor, value: number, options: TensorOptions = {}): Tensor {
  return full(other.shape, value, like(other, options));
}

/** Numbers from `start` until before `end`; with one argument, from 0 until before it. */
export function arange(start: number, end?: number, step = 1, options: TensorOptions = {}): Tensor {
  const bounds = end === undefined ? [0, start, step] : [start, end, step];
  const { dtype = bounds.every(Number.isInteger) ? 'int64' : 'float32' } = options;
  // Integers are counted by integers.
  const [from = 0, to = 0, by = 1] = isFloating(dtype) ? bounds : bounds.map(Math.trunc);
  if (by === 0 || (to - from) / by < 0) {
    throw new EngineError('upper bound and larger bound inconsistent with step sign');
  }
  const length = Math.ceil((to - from) / by);
  const values = Float64Array.from({ length }, (_, i) => from + i * by);
  return fromArray(roundTo(dtype, values), [length], { ...options, dtype });
}

/** The identity matrix, or `n` rows and `m` columns with ones on the diagonal. */
export function eye(n: number, m = n, options: TensorOptions = {}): Tensor {
  const { dtype = 'float32' } = options;
  const values = Float64Array.from({ length: n * m }, (_, i) => Number(Math.floor(i / m) === i % m));
  return fromArray(roundTo(dtype, values), [n, m], { ...options, dtype });
}

function random(shape: Shape, options: RandomOptions, draw: (generator: Generator) => () => number): Tensor {
  const { dtype = 'float32', device = 'cpu', generator = defaultGenerator } = options;
  const count = numel(shape);
  const drawn = hostInput({ shape, dtype }, device, (target, start) => {
    const next = draw(generator);
    for (let i = start; i < start + count; i++) {
      if (target instanceof BigInt64Array) target[i] = BigInt(next());
      else target[i] = next();
    }
  });
  return finish(drawn, options);
}

function checkFloating(name: string, { dtype = 'float32' }: TensorOptions): void {
  if (!isFloating(dtype)) throw new EngineError(`"${name}" not implemented for '${dtype}'`);
}

/** Numbers uniform over [0, 1). */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  checkFloating('rand', options);
  return random(shape, options, generator => () => generator.uniform());
}

/** Standard normal numbers. */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  checkFloating('randn', options);
  return random(shape, options, generator => {
    let spare: number | undefined;
    return () => {
      if (spare !== undefined) {
        const second = spare;
        spare = undefined;
        return second;
      }
      const [first, second] = generator.normalPair();
      spare = second;
      return first;
    };
  });
}

/** Whole numbers uniform over [low, high). */
export function randint(low: number, high: number, shape: Shape, options: RandomOptions = {}): Tensor {
  if (!(low < high))
    throw new EngineError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`);
  return random(shape, { dtype: 'int64', ...options }, generator => () => generator.integer(low, high));
}

/** A random order of 0 … n−1. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const { generator = defaultGenerator, dtype = 'int64' } = options;
  const order = allocate('int32', n);
  order.set(generator.permutation(n));
  return fromArray(order, [n], { ...options, dtype });
}

/** Random tensors of the shape and device of another one. */
export const randLike = (other: Tensor, options: RandomOptions = {}): Tensor =>
  rand(other.shape, like(other, options));
export const randnLike = (other: Tensor, options: RandomOptions = {}): Tensor =>
  randn(other.shape, like(other, options));

/**
 * Whole numbers uniform over [low, high) in the shape, type and device of another tensor: `randintLike(x, low, high)`, or
 * from 0 on `randintLike(x, high)`.
 */
export function randintLike(other: Tensor, high: number, options?: RandomOptions): Tensor;
export function randintLike(other: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function randintLike(
  other: Tensor,
  first: number,
  second: number | RandomOptions = {},
  options: RandomOptions = {},
): Tensor {
  return typeof second === 'number'
    ? randint(first, second, other.shape, like(other, options))
    : randint(0, first, other.shape, like(other, second));
}

type Fill = { value: number | string; node: string };

/** `self` overwritten by one number. */
export const fillOp = defineOp<Fill>({
  name: 'fill',
  infer: ([self]) => ({ shape: self?.shape ?? [], dtype: self?.dtype ?? 'float32' }),
  gradient: { name: ({ node }) => node, backward: grad => [zerosLike(grad)] },
  lower: (graph, { attributes: { value }, shape, dtype }) =>
    graph.node('Expand', [graph.scalar(decodeNumber(value), dtype), graph.ints(shape)]),
  kernel: (_, { value }, { shape }) => new Float64Array(numel(shape)).fill(decodeNumber(value)),
});

defineInPlaceMethods({
  zero: (self: Tensor) => apply(fillOp, [self], { value: 0, node: 'ZeroBackward0' }),
  fill: (self: Tensor, value: number | Tensor) =>
    typeof value === 'number'
      ? apply(fillOp, [self], { value: encodeNumber(value), node: 'FillBackward2' })
      : apply(copyOp, [self, value], { node: 'FillBackward3' }),
});

declare module '../../tensor' {
  interface Tensor {
    /** Overwrites with zeros. */
    zero_(): this;
    /** Overwrites with one number, or with a tensor without dimensions. */
    fill_(value: number | Tensor): this;
  }
}
