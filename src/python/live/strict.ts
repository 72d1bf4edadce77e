/**
 * From values to what the engine takes and back, with nothing guessed: a number that is not known, or a tensor whose
 * numbers are not at hand, ends the reading with a sentence.
 */
import { type DType, dtypes, EngineError, noGrad, ops, Tensor } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import {
  float,
  int,
  PyDevice,
  PyDtype,
  PyIterator,
  PyList,
  PyNumber,
  PyRange,
  PyTuple,
  TensorValue,
  type Value,
} from '../interpret/values';
import { brief } from '../library/bridge';
import { refuse } from './refused';

/** The storages of parameters: whoever shares them shares what is learned. */
export const learned = new WeakSet<object>();

/** Tensors whose numbers are kept back, and why. */
export const withheld = new WeakMap<TensorValue, string>();

/** The engine's type of that name; ends the reading where it has none. */
export function engineType(interpreter: Interpreter, name: string | undefined): DType {
  const known = dtypes.find(one => one === name);
  return known ?? refuse(interpreter, `tensors of type ${name ?? 'unknown'} are not computed with`);
}

/** The engine's tensor behind a value. */
export function numbersOf(interpreter: Interpreter, value: TensorValue): Tensor {
  const device = interpreter.live?.device ?? 'cpu';
  if (value.numbers !== undefined)
    return value.numbers.device === device ? value.numbers : value.numbers.to(device);
  const reason = withheld.get(value);
  if (reason !== undefined) return refuse(interpreter, reason);
  const { known } = value.extra;
  const { dims } = value;
  if (known !== undefined && dims.every(dim => typeof dim === 'number') && !value.isArray) {
    const made = ops.tensor([...known], { dtype: engineType(interpreter, value.dtype), device });
    value.numbers = made.reshape(dims.map(Number));
    return value.numbers;
  }
  const how = value.step?.label;
  return refuse(
    interpreter,
    how === undefined
      ? 'the numbers of this tensor are not known: it was made outside of the module'
      : `the numbers that \`${how}\` gives are not computed`,
  );
}

/** Any argument, as the engine takes it; undefined for None and for what is not given. */
export function argument(interpreter: Interpreter, value: Value | undefined): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof TensorValue) return numbersOf(interpreter, value);
  if (value instanceof PyNumber) {
    if (typeof value.value === 'number') return value.value;
    return refuse(interpreter, 'a number is used here that is only known while the program runs');
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyRange ||
    value instanceof PyIterator
  ) {
    const { items, exact } = elementsOf(interpreter, value);
    if (exact) return items.map(item => argument(interpreter, item));
  }
  if (value instanceof PyDtype) return engineType(interpreter, value.name);
  if (value instanceof PyDevice) return undefined;
  return refuse(interpreter, `what \`${brief(value)}\` is here is not known`);
}

/** Does something with the engine; what it refuses is told at the place of the call. */
export function computing<T>(interpreter: Interpreter, body: () => T): T {
  interpreter.burn(8);
  try {
    return interpreter.gradEnabled ? body() : noGrad(body);
  } catch (error) {
    if (error instanceof EngineError) return refuse(interpreter, error.message);
    if (error instanceof TypeError || error instanceof RangeError)
      return refuse(interpreter, `this cannot be computed with what it is given (${error.message})`);
    if (error instanceof Error && /placeholder .*has no numbers|has no numbers/.test(error.message))
      return refuse(interpreter, 'how large this is depends on numbers that are only known while it runs');
    throw error;
  }
}

/** What the engine gave, as a value. */
export function pythonValue(
  interpreter: Interpreter,
  result: unknown,
  label: string,
  from?: TensorValue,
): Value {
  if (result instanceof Tensor) return tensorValue(result, label, from);
  if (Array.isArray(result))
    return new PyTuple(result.map(one => pythonValue(interpreter, one, label, from)));
  if (typeof result === 'boolean' || typeof result === 'string') return result;
  if (typeof result === 'number') return Number.isInteger(result) ? int(result) : float(result);
  if (result === undefined || result === null) return null;
  if (typeof result === 'object' && !(result instanceof Promise)) {
    const names = Object.keys(result);
    return new PyTuple(
      names.map(name => pythonValue(interpreter, Reflect.get(result, name), label, from)),
      names,
    );
  }
  return refuse(interpreter, `what \`${label}\` gives is not known`);
}

/** A value for a tensor of the engine. */
export function tensorValue(tensor: Tensor, label?: string, from?: TensorValue): TensorValue {
  const value = new TensorValue([...tensor.shape], tensor.dtype, { device: 'cpu', ...stateOf(tensor) });
  value.numbers = tensor;
  if (label !== undefined) value.step = { label, from };
  return value;
}

/** What of a tensor's state is kept with its value. */
function stateOf(tensor: Tensor): { requiresGrad: boolean; gradFn: string | undefined } {
  return { requiresGrad: tensor.requiresGrad, gradFn: tensor.gradFn?.name };
}

/** Reads off again what an operation in place has changed. */
export function refresh(value: TensorValue): TensorValue {
  const { numbers } = value;
  if (numbers === undefined) return value;
  value.dims = [...numbers.shape];
  value.extra = { ...value.extra, ...stateOf(numbers), known: undefined };
  return value;
}
