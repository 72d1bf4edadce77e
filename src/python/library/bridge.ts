/**
 * The bridge to the engine: its operations are called with stand-ins for the tensors, of which only shape and type are
 * known, and what comes out is read off. Where a size depends on a symbol the operation is done in both worlds.
 */
import {
  type DType,
  dtypes,
  EngineError,
  Expr,
  enableGrad,
  noGrad,
  ops,
  Tensor,
  trace,
} from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { type Dim, inWorld, Size, type World } from '../interpret/sizes';
import {
  float,
  int,
  PyDevice,
  PyDtype,
  PyList,
  PyNumber,
  PyTuple,
  TensorValue,
  Union,
  unknown,
  type Value,
} from '../interpret/values';

/** Thrown where an argument that decides is not known. */
export class NotKnown extends Error {}

const supported = new Set<string>(dtypes);

/** The engine's type that stands for one of PyTorch's. */
export function standIn(dtype: string | undefined): DType {
  const known = dtypes.find(one => one === dtype);
  if (known !== undefined) return known;
  return dtype !== undefined && /^u?int/.test(dtype) ? 'int32' : 'float32';
}

/** Turns values into what the engine takes, in one world. */
export class Converter {
  readonly #tensors = new Map<TensorValue, Tensor>();
  readonly inputs: TensorValue[] = [];

  constructor(
    readonly world: World,
    readonly gradients: boolean,
  ) {}

  /** The stand-in for a tensor. */
  tensor(value: TensorValue): Tensor {
    const known = this.#tensors.get(value);
    if (known !== undefined) return known;
    const shape = value.dims.map(dim => inWorld(dim, this.world));
    const tensor = Tensor.fromExpr(Expr.placeholder({ shape, dtype: standIn(value.dtype) }, 'cpu'));
    if (value.requiresGrad && this.gradients && engineIsFloating(tensor.dtype)) tensor.requiresGrad = true;
    this.#tensors.set(value, tensor);
    this.inputs.push(value);
    return tensor;
  }

  /** Any argument. */
  argument(value: Value | undefined): unknown {
    if (value === undefined || value === null) return undefined;
    if (value instanceof TensorValue) return this.tensor(value);
    if (value instanceof PyNumber) {
      if (value.value !== undefined) return inWorld(value.value, this.world);
      if (value.type === 'float') return 0.5;
      throw new NotKnown();
    }
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (value instanceof PyList && value.open) throw new NotKnown();
    if (value instanceof PyList || value instanceof PyTuple)
      return value.items.map(one => this.argument(one));
    if (value instanceof PyDtype) return standIn(value.name);
    if (value instanceof PyDevice) return undefined;
    throw new NotKnown();
  }
}

function engineIsFloating(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

function dependsOnSymbol(value: Value | undefined, depth = 0): boolean {
  if (value instanceof TensorValue) return value.dims.some(dim => dim instanceof Size);
  if (value instanceof PyNumber) return value.value instanceof Size;
  if ((value instanceof PyList || value instanceof PyTuple) && depth < 3)
    return value.items.some(one => dependsOnSymbol(one, depth + 1));
  return false;
}

/** What an operation is called with besides its inputs, for the line that tells how a tensor came about. */
export interface Doing {
  /** Such as `flatten(1)`. */
  readonly label: string;
  /** All inputs: whether one depends on a symbol decides whether it is done twice. */
  readonly inputs: readonly (Value | undefined)[];
}

/**
 * Does something with the engine and gives its result as a value. Where the engine refuses with shapes that are known
 * for certain, that is noted as a failure of the file.
 */
export function withEngine(
  interpreter: Interpreter,
  doing: Doing,
  body: (convert: Converter) => unknown,
): Value {
  interpreter.burn(8);
  if (doing.inputs.some(input => input instanceof Union)) return unknown;
  const twice = doing.inputs.some(input => dependsOnSymbol(input));
  try {
    const first = inOneWorld(interpreter, 0, body);
    const second = twice ? inOneWorld(interpreter, 1, body) : undefined;
    return new Reader(interpreter, doing, first.convert.inputs).read(
      first.result,
      second?.result ?? first.result,
    );
  } catch (error) {
    if (error instanceof NotKnown) return unknown;
    if (error instanceof EngineError) {
      refused(interpreter, doing, error);
      return unknown;
    }
    if (error instanceof TypeError || error instanceof RangeError) return unknown;
    throw error;
  }
}

function inOneWorld(interpreter: Interpreter, world: World, body: (convert: Converter) => unknown) {
  const convert = new Converter(world, interpreter.gradEnabled);
  // Traced, so that no random number is drawn.
  const run = () => trace(() => body(convert)).result;
  return { convert, result: interpreter.gradEnabled ? enableGrad(run) : noGrad(run) };
}

/** Messages that say that shapes do not fit, whatever the numbers are. */
const aboutShapes =
  /cannot be multiplied|must match the size|is invalid for input of size|Sizes of tensors must match|expected input|to have \d+ channels|size mismatch|same number of dimensions|stack expects each tensor|inconsistent tensor size|Expected input batch_size|cannot reshape|Given groups|normalized_shape|batch1|Dimension out of range|broadcastable|expected \d+D|mat1|too many indices|out of bounds|input\.size\(-1\)|Using a target size|doesn't match the broadcast shape|must be the same|should contain \d+ elements/i;

function refused(interpreter: Interpreter, { inputs }: Doing, error: EngineError): void {
  if (!aboutShapes.test(error.message)) return;
  const message = error.message.replace(/\d{5,}/g, digits => nameOf(Number(digits), inputs) ?? digits);
  const symbolic = inputs.some(input => dependsOnSymbol(input));
  if (!symbolic || betweenNumbers.test(message)) interpreter.fail(message, operandPlace(interpreter, inputs));
}

/** Where one of the tensors came from that do not fit, if that is another place of the same file. */
function operandPlace(interpreter: Interpreter, inputs: Doing['inputs']) {
  if (interpreter.layer !== undefined) return undefined;
  const { span, frame } = interpreter;
  const found = inputs.findLast(
    (input): input is TensorValue =>
      input instanceof TensorValue &&
      input.origin?.file === frame.file.uri &&
      (input.origin.span.to <= span.from || input.origin.span.from >= span.to),
  );
  return found?.origin && { span: found.origin.span, message: `this is ${formatDims(found.dims)}` };
}

/** Where sizes are symbols it is certain only if those that do not fit are numbers. */
const betweenNumbers = /\(\w+x\d+ and \d+x\d+\)|to have \d+ channels, but got \d+ channels/;

/** The symbol that a number in a message stands for. */
function nameOf(value: number, inputs: Doing['inputs']): string | undefined {
  const dims = inputs.flatMap(input => (input instanceof TensorValue ? input.dims : []));
  const found = dims.find(dim => dim instanceof Size && (dim.first === value || dim.second === value));
  return found instanceof Size ? found.name : undefined;
}

/** Reads results of the engine in both worlds. */
class Reader {
  constructor(
    readonly interpreter: Interpreter,
    readonly doing: Doing,
    readonly inputs: readonly TensorValue[],
  ) {}

  read(first: unknown, second: unknown): Value {
    if (first instanceof Tensor && second instanceof Tensor) return this.#tensor(first, second);
    if (Array.isArray(first) && Array.isArray(second)) {
      if (first.length !== second.length) return unknown;
      return new PyTuple(first.map((one, i) => this.read(one, second[i])));
    }
    if (typeof first === 'boolean') return first;
    if (typeof first === 'number' && typeof second === 'number')
      return Number.isInteger(first) ? int(this.interpreter.symbols.join(first, second)) : float(first);
    if (typeof first === 'object' && first !== null && typeof second === 'object' && second !== null) {
      if (first instanceof Promise) return unknown;
      const names = Object.keys(first);
      return new PyTuple(
        names.map(name => this.read(Reflect.get(first, name), Reflect.get(second, name))),
        names,
      );
    }
    return first === undefined ? null : unknown;
  }

  #tensor(first: Tensor, second: Tensor): Value {
    if (first.ndim !== second.ndim) return unknown;
    const dims: Dim[] = first.shape.map((size, i) =>
      this.interpreter.symbols.join(size, second.shape[i] ?? size),
    );
    const made = new TensorValue(dims, this.#dtype(first), {
      requiresGrad: first.requiresGrad,
      gradFn: first.gradFn?.name,
      device: this.#device(),
      array: this.inputs.length > 0 && this.inputs.every(({ isArray }) => isArray),
    });
    if (first.requiresGrad) made.sources = leavesOf(this.inputs);
    made.step = { label: this.doing.label, from: this.inputs[0] };
    return made;
  }

  /** Where a type took part that the engine lacks, only results of a type of their own are sure. */
  #dtype(result: Tensor): string | undefined {
    const foreign = this.inputs.filter(({ dtype }) => dtype === undefined || !supported.has(dtype));
    if (foreign.length === 0 || result.dtype === 'bool') return result.dtype;
    const [one] = foreign;
    return this.inputs.every(({ dtype }) => dtype === one?.dtype) && result.dtype !== 'int64'
      ? one?.dtype
      : undefined;
  }

  #device(): string | undefined {
    const [first, ...rest] = this.inputs.map(({ extra }) => extra.device ?? '');
    return first === undefined ? 'cpu' : first !== '' && rest.every(one => one === first) ? first : undefined;
  }
}

/** The leaves that `backward()` reaches through these. */
export function leavesOf(inputs: readonly TensorValue[]): TensorValue[] {
  const leaves = new Set<TensorValue>();
  for (const input of inputs) {
    if (!input.requiresGrad) continue;
    if (input.extra.gradFn === undefined) leaves.add(input);
    for (const source of input.sources) if (leaves.size < 512) leaves.add(source);
  }
  return [...leaves];
}

/** `log_softmax` → `logSoftmax`. */
export function camelCase(name: string): string {
  return name.replace(/(?!^)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A function of the engine by PyTorch's name. */
export function engineFunction(name: string): ((...args: unknown[]) => unknown) | undefined {
  const found: unknown = Reflect.get(ops, camelCase(name));
  if (typeof found === 'function') return (...args) => Reflect.apply(found, undefined, args);
  const method: unknown = Reflect.get(Tensor.prototype, camelCase(name));
  if (typeof method !== 'function') return undefined;
  return (self, ...rest) => Reflect.apply(method, self, rest);
}

/** A call as it is shown in how a tensor came about, without what it was called on: `flatten(1)`. */
export function callText(name: string, values: readonly (Value | undefined)[]): string {
  const shown = values.slice(1).filter(value => value !== undefined);
  return `${name}(${shown.map(brief).join(', ')})`;
}

/** A value as it stands between parentheses, for labels. */
export function brief(value: Value | undefined): string {
  if (value === undefined || value === null) return 'None';
  if (value instanceof PyNumber)
    return value.value === undefined
      ? '?'
      : value.value instanceof Size
        ? value.value.name
        : String(value.value);
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof PyTuple || value instanceof PyList) {
    const inside = value.items.slice(0, 6).map(brief).join(', ');
    return value instanceof PyTuple ? `(${inside})` : `[${inside}]`;
  }
  if (value instanceof TensorValue) return formatDims(value.dims);
  return '…';
}

/** A shape as people read it: `[B, 784]`. */
export function formatDims(dims: readonly Dim[]): string {
  return `[${dims.map(dim => (dim instanceof Size ? dim.name : dim)).join(', ')}]`;
}
