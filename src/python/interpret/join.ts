/** What is known of a value that is one of two. */
import { sameDim, sameDims } from './sizes';
import {
  firstOf,
  PyDevice,
  PyList,
  PyNumber,
  PyTuple,
  TensorValue,
  Union,
  Unknown,
  UnknownText,
  unknown,
  type Value,
} from './values';

/** How many values a union may hold. */
const widest = 6;

/** The value that is one of both. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  if (a instanceof Unknown || b instanceof Unknown) return unknown;
  const options: Value[] = [];
  for (const option of [...optionsOf(a), ...optionsOf(b)]) {
    const place = options.findIndex(other => mergeable(other, option));
    const other = options[place];
    if (other === undefined) options.push(option);
    else options[place] = merged(other, option);
  }
  if (options.length === 1) return firstOf(options[0]);
  return options.length > widest ? unknown : new Union(options);
}

/** The values that one may be. */
export function optionsOf(value: Value): readonly Value[] {
  return value instanceof Union ? value.options : [value];
}

function mergeable(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof PyNumber && b instanceof PyNumber) return a.type === b.type;
  if (isText(a) && isText(b)) return true;
  if (a instanceof PyDevice && b instanceof PyDevice) return true;
  if (a instanceof TensorValue && b instanceof TensorValue)
    return (
      sameDims(a.dims, b.dims) &&
      a.dtype === b.dtype &&
      a.isArray === b.isArray &&
      !a.extra.parameter &&
      !b.extra.parameter
    );
  if (a instanceof PyTuple && b instanceof PyTuple) return a.items.length === b.items.length;
  if (!(a instanceof PyList && b instanceof PyList) || a.open || b.open) return false;
  // Lists of tensors stay what they are: whoever changes one of them means that one.
  return a.items.length === b.items.length && [...a.items, ...b.items].every(isPlain);
}

function isPlain(value: Value): boolean {
  return value instanceof PyNumber || isText(value);
}

function isText(value: Value): boolean {
  return typeof value === 'string' || value instanceof UnknownText;
}

function merged(a: Value, b: Value): Value {
  if (a === b) return a;
  if (a instanceof PyNumber && b instanceof PyNumber) {
    const same = a.value !== undefined && b.value !== undefined && sameDim(a.value, b.value);
    return same ? a : new PyNumber(a.type, undefined);
  }
  if (isText(a) && isText(b)) return a === b ? a : UnknownText.value;
  if (a instanceof PyDevice && b instanceof PyDevice) return a.name === b.name ? a : new PyDevice(undefined);
  if (a instanceof TensorValue && b instanceof TensorValue) {
    const both = new TensorValue(a.dims, a.dtype, {
      ...a.extra,
      known: undefined,
      requiresGrad: a.requiresGrad || b.requiresGrad,
      gradFn: a.extra.gradFn === b.extra.gradFn ? a.extra.gradFn : undefined,
      device: a.extra.device === b.extra.device ? a.extra.device : undefined,
    });
    both.sources = [...new Set([...a.sources, ...b.sources])];
    both.step = a.step;
    return both;
  }
  if (a instanceof PyList && b instanceof PyList)
    return a.items.length === 0 ? a : new PyList(a.items.map((item, i) => join(item, firstOf(b.items[i]))));
  if (a instanceof PyTuple && b instanceof PyTuple)
    return new PyTuple(
      a.items.map((item, i) => join(item, firstOf(b.items[i]))),
      a.names,
      a.isSize && b.isSize,
    );
  return a;
}
