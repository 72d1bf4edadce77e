/** Calls of PyTorch's functions as their signatures say: what each parameter is given, and the engine's answer to it. */
import type { Signature } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import { join } from '../interpret/join';
import { sameDims } from '../interpret/sizes';
import {
  isUnknown,
  PyList,
  PyNumber,
  PyTuple,
  TensorValue,
  Union,
  unknown,
  type Value,
} from '../interpret/values';
import { type Converter, callText, camelCase, engineFunction, withEngine } from './bridge';
import { copyOf } from './derived';
import { dtypeNamed, withDtype } from './dtypes';
import { type Body, Bound } from './native';

/** Parameters whose value changes no shape: any number will do where it is not known. */
const harmless = new Set(
  'other exponent alpha beta value min max eps p weight negative_slope lambd end threshold nan posinf neginf rounding_mode decimals fill_value q min_val max_val diagonal offset start step momentum training'.split(
    ' ',
  ),
);

/** The converted argument of a parameter. */
export function converted(convert: Converter, name: string, value: Value | undefined): unknown {
  if (value instanceof PyNumber && value.value === undefined && harmless.has(name))
    return value.type === 'int' ? 1 : 0.5;
  if (
    value instanceof PyNumber &&
    value.type === 'float' &&
    harmless.has(name) &&
    typeof value.value === 'number' &&
    name !== 'p'
  )
    // The engine takes a whole number for an integer; where the type counts it must not be one.
    return Number.isInteger(value.value) && (name === 'other' || name === 'exponent')
      ? value.value + 0.25
      : value.value;
  if (
    isUnknown(value) &&
    value !== undefined &&
    harmless.has(name) &&
    name !== 'other' &&
    name !== 'weight' &&
    name !== 'end'
  )
    return 0.5;
  return convert.argument(value);
}

/** Goes through the alternatives of arguments that may be one of several. */
export function eachAlternative(interpreter: Interpreter, args: Bound, body: (args: Bound) => Value): Value {
  const [name, value] = [...args.values].find(([, one]) => one instanceof Union) ?? [];
  if (name === undefined || !(value instanceof Union)) return body(args);
  return value.options
    .map(option =>
      interpreter.perhaps(() =>
        eachAlternative(
          interpreter,
          new Bound(new Map([...args.values, [name, option]]), args.rest, args.all, args.extra, args.open),
          body,
        ),
      ),
    )
    .reduce((a, b) => join(a, b));
}

/** Iterators and generators as lists; tensors are left alone. */
function listed(interpreter: Interpreter, value: Value | undefined): Value | undefined {
  if (value === undefined || value === null || value instanceof TensorValue) return value;
  if (
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyNumber ||
    typeof value !== 'object'
  )
    return value;
  if (value instanceof Union || isUnknown(value)) return value;
  const { items, exact } = elementsOf(interpreter, value);
  return items.length === 1 && isUnknown(items[0]) ? value : new PyList(items, !exact);
}

/** Tensors of which it is not known how many there are, put together: the axis along which they lie is a symbol. */
function ofOpenList(interpreter: Interpreter, name: 'cat' | 'stack', list: PyList, dim: number): Value {
  const [first] = list.items;
  if (!(first instanceof TensorValue)) return unknown;
  const rank = first.dims.length + (name === 'stack' ? 1 : 0);
  const axis = dim < 0 ? dim + rank : dim;
  const rest = name === 'stack' ? first.dims : first.dims.toSpliced(axis, 1);
  const alike = list.items.every(
    one =>
      one instanceof TensorValue &&
      sameDims(name === 'stack' ? one.dims : one.dims.toSpliced(axis, 1), rest) &&
      one.dtype === first.dtype,
  );
  if (!alike || axis < 0 || axis >= rank) return unknown;
  const made = copyOf(interpreter, first, name, name === 'cat' ? 'CatBackward0' : 'StackBackward0');
  made.dims = rest.toSpliced(axis, 0, interpreter.symbols.fresh('N'));
  return made;
}

/** A function that is called as its signature says. */
export function bySignature({ name, engine, ordered, options }: Signature): Body {
  const body = engineFunction(engine);
  return (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      if (body === undefined || bound.open) return unknown;
      const values = ordered.map(parameter => listed(interpreter, bound.get(parameter)));
      const given = options.flatMap(option => {
        const value = bound.get(option);
        return value === undefined || value === null ? [] : [[option, value] as const];
      });
      const inputs = [...values, ...given.map(([, value]) => value)];
      const [list] = values;
      if (list instanceof PyList && list.open && (engine === 'cat' || engine === 'stack'))
        return ofOpenList(interpreter, engine, list, bound.number('dim') ?? 0);
      const made = withEngine(interpreter, { label: callText(name, values), inputs }, convert => {
        const all = ordered.map((parameter, i) => converted(convert, parameter, values[i]));
        const settings = Object.fromEntries(
          given.map(([option, value]) => [camelCase(option), converted(convert, option, value)]),
        );
        return body(...all, ...(given.length > 0 ? [settings] : []));
      });
      return withDtype(made, dtypeNamed(bound.extra.get('dtype')));
    });
}
