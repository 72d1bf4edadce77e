/** What a call in a module that is really run is given: exactly that is used, and where it cannot be the reading ends. */
import { Tensor } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import { type Arguments, knownNumber, PyNumber, TensorValue, type Value } from '../interpret/values';
import { dtypeNamed } from '../library/dtypes';
import type { Bound } from '../library/native';
import { refuse } from './refused';
import { argument, computing, engineType, numbersOf } from './strict';

/** What takes the place of a function of the library. */
export type Replacement = (args: Arguments, interpreter: Interpreter) => Value;

/** Keyword arguments that may be given to any function without a consequence. */
const ignorable = new Set(['_stacklevel', 'memory_format', 'non_blocking']);

/** Ends the reading where a call has arguments that would be passed over. */
export function checkAll(
  interpreter: Interpreter,
  name: string,
  bound: Bound,
  known: readonly string[] = [],
): void {
  if (bound.open) refuse(interpreter, `with what \`${name}\` is called is not known`);
  for (const [key, value] of bound.extra) {
    if (ignorable.has(key) || known.includes(key) || value === null) continue;
    if (key === 'inplace' && value === false) continue;
    refuse(interpreter, `the argument \`${key}\` of \`${name}\` is not taken into account`);
  }
}

/** Ends the reading where a call has more positional arguments than are used. */
export function checkRest(interpreter: Interpreter, name: string, bound: Bound): void {
  if (bound.rest.length > 0)
    refuse(interpreter, `\`${name}\` is given more arguments than are taken into account`);
}

const isWholeFloat = (value: Value | undefined) =>
  value instanceof PyNumber && value.type === 'float' && Number.isInteger(value.value);

const isWhole = (value: Value | undefined) =>
  value instanceof TensorValue && value.dtype !== undefined && !value.dtype.includes('float');

/**
 * The operands of an operation between tensors and numbers. The engine takes a number such as 2.0 for a whole one, so
 * that a tensor of whole numbers is turned into one of floats first, as PyTorch does.
 */
export function operands(interpreter: Interpreter, values: readonly (Value | undefined)[]): unknown[] {
  const floats = values.some(isWholeFloat);
  return values.map(value => {
    const given = argument(interpreter, value);
    return floats && isWhole(value) && value instanceof TensorValue
      ? computing(interpreter, () => numbersOf(interpreter, value).to('float32'))
      : given;
  });
}

/** Without what was not given at the end, so that the engine's defaults hold. */
export function trimmed(values: readonly unknown[]): unknown[] {
  const last = values.findLastIndex(value => value !== undefined);
  return values.slice(0, last + 1);
}

/** In the type that `dtype=` names, where there is one: PyTorch's reductions convert before they compute. */
export function inType(interpreter: Interpreter, bound: Bound, first: unknown): unknown {
  const asked = bound.extra.get('dtype') ?? bound.get('dtype');
  if (asked === undefined || asked === null) return first;
  const dtype = engineType(interpreter, dtypeNamed(asked));
  return computing(interpreter, () => (first instanceof Tensor ? first.to(dtype) : first));
}

/** A tensor argument; ends the reading where it is none. */
export function tensorArgument(interpreter: Interpreter, value: Value | undefined): TensorValue {
  return value instanceof TensorValue
    ? value
    : refuse(interpreter, 'expected a tensor here, found something else');
}

/** Sizes given one by one or as a list. */
export function sizesOf(interpreter: Interpreter, values: readonly Value[]): number[] {
  const [only] = values;
  const list =
    values.length === 1 && only !== undefined && !(only instanceof PyNumber) && !(only instanceof TensorValue)
      ? elementsOf(interpreter, only)
      : { items: values, exact: true };
  if (!list.exact) refuse(interpreter, 'these sizes are not known');
  return list.items.map(item => {
    const size = knownNumber(item);
    return size ?? refuse(interpreter, 'this size is not known');
  });
}
