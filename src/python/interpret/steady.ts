/**
 * Whether another turn of a loop could bring anything new. A turn that leaves everything as it found it, as far as
 * can be told apart here, is like every turn after it, unless those get items that differ and look at them.
 */
import type { Expression } from '../parse';
import { absent, type Outcome } from './journal';
import { Variables } from './scope';
import { type Dim, sameDim, sameDims } from './sizes';
import {
  PyDict,
  type PyFunction,
  PyList,
  PyNumber,
  PySet,
  PyTuple,
  TensorValue,
  Union,
  type Value,
} from './values';

/** Names that a loop gives a value in each turn. */
export function boundNames(target: Expression): string[] {
  if (target.kind === 'name') return [target.name];
  if (target.kind === 'tuple' || target.kind === 'list') return target.items.flatMap(boundNames);
  return [];
}

/**
 * Whether code makes anything of a name, apart from showing it: in an f-string, or as an argument of `print`, a
 * number may stand that is another one in each turn.
 */
export function makesUseOf(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some(each => makesUseOf(each, name));
  if (typeof node !== 'object' || node === null) return false;
  if (!('kind' in node)) return Object.values(node).some(each => makesUseOf(each, name));
  // The parser's nodes are told by their kind.
  const code = node as Expression;
  if (code.kind === 'name') return code.name === name;
  if (code.kind === 'fstring') return code.parts.some(part => !isShown(part) && makesUseOf(part, name));
  if (code.kind === 'call' && code.callee.kind === 'name' && code.callee.name === 'print')
    return code.args.some(({ value }) => !isShown(value) && makesUseOf(value, name));
  return Object.values(node).some(each => makesUseOf(each, name));
}

/** Whether functions that are written in a file make something of one of its variables. */
export function functionsUse(functions: Iterable<PyFunction>, name: string): boolean {
  for (const { definition } of functions) {
    const own = definition.parameters.some(parameter => parameter.name === name);
    if (!own && makesUseOf(definition.body, name)) return true;
  }
  return false;
}

/** A name, or a number computed from names by `+`, `-` and the like, of which nothing but its value is seen. */
function isShown(part: string | Expression): boolean {
  if (typeof part === 'string') return true;
  if (part.kind === 'name' || part.kind === 'literal') return true;
  return part.kind === 'binary' && isShown(part.left) && isShown(part.right);
}

/**
 * Whether a turn left everything as it found it.
 * @param outcome what it changed
 * @param passed variables of which that does not matter
 */
export function isSteady(outcome: Outcome, variables: object, passed: ReadonlySet<string>): boolean {
  for (const [owner, keys] of outcome) {
    if (isOfACall(owner, keys)) continue;
    for (const [key, { before, after }] of keys)
      if (!(owner === variables && passed.has(key)) && !alike(before, after)) return false;
  }
  return true;
}

/**
 * Whether these are all the variables of a function that was called in the turn. Nothing sees them afterwards, unless
 * it is something else that is new, too.
 */
function isOfACall(owner: object, keys: ReadonlyMap<string, { readonly before: unknown }>): boolean {
  if (!(owner instanceof Variables) || owner.size > keys.size) return false;
  return [...keys.values()].every(({ before }) => before === absent);
}

/** Whether items of a loop differ only in what goes to names that nothing is made of. */
export function alikeItems(target: Expression, a: Value, b: Value, passed: ReadonlySet<string>): boolean {
  if (target.kind === 'name' && passed.has(target.name)) return true;
  if ((target.kind === 'tuple' || target.kind === 'list') && a instanceof PyTuple && b instanceof PyTuple) {
    if (a.items.length !== b.items.length || target.items.length !== a.items.length) return false;
    return target.items.every((each, i) => {
      const [one, two] = [a.items[i], b.items[i]];
      return one !== undefined && two !== undefined && alikeItems(each, one, two, passed);
    });
  }
  return alike(a, b);
}

/** Whether two values cannot be told apart; what is an object of its own is only like itself. */
function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof PyNumber && b instanceof PyNumber)
    return a.type === b.type && (a.value === b.value || bothSame(a.value, b.value));
  if (a instanceof TensorValue && b instanceof TensorValue) return alikeTensors(a, b);
  if (a instanceof PyTuple && b instanceof PyTuple)
    return a.isSize === b.isSize && a.names === b.names && alikeAll(a.items, b.items);
  if (a instanceof PyList && b instanceof PyList) return a.open === b.open && alikeAll(a.items, b.items);
  if (a instanceof Union && b instanceof Union) return alikeAll(a.options, b.options);
  if ((a instanceof PyDict && b instanceof PyDict) || (a instanceof PySet && b instanceof PySet)) {
    if (a.open !== b.open || a.entries.size !== b.entries.size) return false;
    const others: ReadonlyMap<string, unknown> = b.entries;
    return [...a.entries].every(([key, entry]) => {
      const other = others.get(key);
      return Array.isArray(entry) && Array.isArray(other) ? alikeAll(entry, other) : alike(entry, other);
    });
  }
  return false;
}

function alikeAll(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => alike(each, b[i]));
}

function bothSame(a: Dim | undefined, b: Dim | undefined): boolean {
  return a !== undefined && b !== undefined && sameDim(a, b);
}

function alikeTensors(a: TensorValue, b: TensorValue): boolean {
  if (!sameDims(a.dims, b.dims) || a.dtype !== b.dtype || a.numbers !== b.numbers) return false;
  const [one, two] = [a.extra, b.extra];
  if (one.known !== undefined || two.known !== undefined || one.parameter || two.parameter) return false;
  return (
    a.requiresGrad === b.requiresGrad &&
    a.isArray === b.isArray &&
    one.gradFn === two.gradFn &&
    one.device === two.device &&
    a.sources.length === b.sources.length &&
    a.sources.every(source => b.sources.includes(source)) &&
    alike(a.grad, b.grad)
  );
}
