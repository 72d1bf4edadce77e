/** Evaluating expressions. */
import type { Argument, Expression, ExpressionOf, Literal, Parameter } from '../parse';
import { assign } from './assign';
import { call } from './calls';
import { comprehension } from './comprehensions';
import { fork } from './fork';
import type { Interpreter } from './interpreter';
import { elementsOf } from './iterate';
import { join, optionsOf } from './join';
import { getAttribute } from './objects';
import { binary, comparison, unary } from './operators';
import { subscript } from './subscripts';
import { truth } from './truth';
import {
  type Arguments,
  Ellipsis,
  firstOf,
  float,
  int,
  isUnknown,
  keyOf,
  knownNumber,
  PyDict,
  PyFunction,
  PyInstance,
  PyList,
  PyNumber,
  PySet,
  PySlice,
  PySuper,
  PyTuple,
  TensorValue,
  UnknownText,
  unknown,
  type Value,
} from './values';

/** The value of an expression. */
export function evaluate(interpreter: Interpreter, expression: Expression): Value {
  interpreter.burn();
  const value = compute(interpreter, expression);
  const { kind } = expression;
  if (value instanceof TensorValue && kind !== 'name' && kind !== 'attribute')
    value.origin ??= { span: expression, file: interpreter.frame.file.uri };
  if (kind !== 'literal' && kind !== 'fstring' && kind !== 'slice')
    interpreter.frame.file.recorder.see(expression, value, kind === 'name' || kind === 'attribute');
  return value;
}

function compute(interpreter: Interpreter, expression: Expression): Value {
  switch (expression.kind) {
    case 'name':
      return firstOf(
        interpreter.frame.scope.find(expression.name),
        interpreter.library.builtins.get(expression.name),
      );
    case 'literal':
      return literal(expression.literal);
    case 'fstring':
      return formatted(interpreter, expression.parts);
    case 'tuple':
      return new PyTuple(itemsOf(interpreter, expression.items).items);
    case 'list': {
      const { items, open } = itemsOf(interpreter, expression.items);
      return new PyList(items, open);
    }
    case 'set': {
      const { items, open } = itemsOf(interpreter, expression.items);
      return setOf(items, open);
    }
    case 'dict':
      return dictionary(interpreter, expression);
    case 'starred':
      return evaluate(interpreter, expression.value);
    case 'attribute': {
      const owner = evaluate(interpreter, expression.value);
      interpreter.span = expression;
      return getAttribute(interpreter, owner, expression.name);
    }
    case 'subscript': {
      const owner = evaluate(interpreter, expression.value);
      const index = evaluate(interpreter, expression.index);
      interpreter.span = expression;
      return subscript(interpreter, owner, index);
    }
    case 'slice': {
      const bound = (one: Expression | undefined) => (one === undefined ? null : evaluate(interpreter, one));
      return new PySlice(bound(expression.lower), bound(expression.upper), bound(expression.step));
    }
    case 'call':
      return evaluateCall(interpreter, expression);
    case 'unary': {
      const operand = evaluate(interpreter, expression.operand);
      interpreter.span = expression;
      return unary(interpreter, expression.op, operand);
    }
    case 'binary': {
      const left = evaluate(interpreter, expression.left);
      const right = evaluate(interpreter, expression.right);
      interpreter.span = expression;
      return binary(interpreter, expression.op, left, right);
    }
    case 'logic':
      return logic(interpreter, expression);
    case 'compare':
      return compared(interpreter, expression);
    case 'conditional': {
      const test = truth(evaluate(interpreter, expression.test));
      if (test !== undefined) return evaluate(interpreter, test ? expression.body : expression.otherwise);
      return fork(
        interpreter,
        () => evaluate(interpreter, expression.body),
        () => evaluate(interpreter, expression.otherwise),
      );
    }
    case 'lambda': {
      const defaults = defaultsOf(interpreter, expression.parameters);
      const fn = new PyFunction(expression, interpreter.frame.scope, defaults, undefined);
      interpreter.frame.file.functions.add(fn);
      return fn;
    }
    case 'comprehension':
      return comprehension(interpreter, expression);
    case 'walrus': {
      const value = evaluate(interpreter, expression.value);
      assign(interpreter, expression.target, value);
      return value;
    }
    case 'yield': {
      const value = expression.value === undefined ? null : evaluate(interpreter, expression.value);
      const { yielded } = interpreter.frame;
      if (expression.each) yielded.push(...elementsOf(interpreter, value).items);
      else if (yielded.length < 256) yielded.push(value);
      if (interpreter.oneOfTwo > 0) yielded.push(unknown);
      return unknown;
    }
    case 'await':
      return evaluate(interpreter, expression.value);
    case 'bad':
      return unknown;
  }
}

function literal(literal: Literal): Value {
  switch (literal.type) {
    case 'int':
      return int(literal.value);
    case 'float':
      return float(literal.value);
    case 'string':
    case 'bool':
      return literal.value;
    case 'none':
      return null;
    case 'ellipsis':
      return Ellipsis.value;
    case 'other':
      return unknown;
  }
}

/** The defaults of parameters, evaluated where the function is made. */
export function defaultsOf(interpreter: Interpreter, parameters: readonly Parameter[]): Map<string, Value> {
  const defaults = new Map<string, Value>();
  for (const parameter of parameters) {
    if (parameter.default !== undefined)
      defaults.set(parameter.name, evaluate(interpreter, parameter.default));
  }
  return defaults;
}

/** A text as `str()` gives it, where that is known. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const number = knownNumber(value);
  if (number === undefined) return undefined;
  return value instanceof PyNumber && value.type === 'float' && Number.isInteger(number)
    ? `${number}.0`
    : String(number);
}

function formatted(interpreter: Interpreter, parts: readonly (string | Expression)[]): Value {
  const texts = parts.map(part => (typeof part === 'string' ? part : textOf(evaluate(interpreter, part))));
  return texts.every(text => text !== undefined) ? texts.join('') : UnknownText.value;
}

/** The elements of a display such as `[a, *b]`. */
function itemsOf(
  interpreter: Interpreter,
  expressions: readonly Expression[],
): { items: Value[]; open: boolean } {
  const items: Value[] = [];
  let open = false;
  for (const expression of expressions) {
    const value = evaluate(interpreter, expression);
    if (expression.kind !== 'starred') items.push(value);
    else {
      const elements = elementsOf(interpreter, value);
      items.push(...elements.items);
      open ||= !elements.exact;
    }
  }
  return { items, open };
}

/** A set of these values. */
export function setOf(items: readonly Value[], open: boolean): PySet {
  const entries = new Map<string, Value>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) open = true;
    else entries.set(key, item);
  }
  return new PySet(entries, open);
}

function dictionary(interpreter: Interpreter, expression: ExpressionOf<'dict'>): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  let open = false;
  for (const { key, value } of expression.entries) {
    if (key === undefined) {
      const other = evaluate(interpreter, value);
      if (!(other instanceof PyDict)) open = true;
      else {
        for (const [name, entry] of other.entries) entries.set(name, entry);
        open ||= other.open;
      }
      continue;
    }
    const name = evaluate(interpreter, key);
    const found = keyOf(name);
    const item = evaluate(interpreter, value);
    if (found === undefined) open = true;
    else entries.set(found, [name, item]);
  }
  return new PyDict(entries, open);
}

function logic(interpreter: Interpreter, { op, left, right }: ExpressionOf<'logic'>): Value {
  const first = evaluate(interpreter, left);
  const answer = truth(first);
  if (answer !== undefined) return answer === (op === 'or') ? first : evaluate(interpreter, right);
  const second = fork(
    interpreter,
    () => evaluate(interpreter, right),
    () => undefined,
  );
  return second === undefined ? unknown : join(first, second);
}

function compared(interpreter: Interpreter, { ops, operands }: ExpressionOf<'compare'>): Value {
  const values = operands.map(one => evaluate(interpreter, one));
  const results = ops.map((op, i) => comparison(interpreter, op, firstOf(values[i]), firstOf(values[i + 1])));
  const [first = unknown] = results;
  if (results.length === 1) return first;
  if (results.includes(false)) return false;
  return results.every(one => one === true) ? true : unknown;
}

/** Settings that change no shape: one of several may give them or not. */
const harmless = new Set(['num_workers', 'pin_memory', 'shuffle']);

/** `**kwargs` that is one of several dictionaries: what only some of them have is not known. */
function alternatives(value: Value, keywords: Map<string, Value>): boolean {
  const options = optionsOf(value);
  if (!options.every(one => one instanceof PyDict && !one.open)) return false;
  const names = new Set(options.flatMap(one => (one instanceof PyDict ? [...one.entries.keys()] : [])));
  for (const key of names) {
    const found = options.map(one => (one instanceof PyDict ? one.entries.get(key)?.[1] : undefined));
    if (harmless.has(key.slice(1))) continue;
    keywords.set(key.slice(1), found.map(one => firstOf(one)).reduce(join));
  }
  return true;
}

/** The arguments of a call. */
export function argumentsOf(interpreter: Interpreter, args: readonly Argument[]): Arguments {
  const given: Value[] = [];
  const keywords = new Map<string, Value>();
  let open = false;
  for (const argument of args) {
    const value = evaluate(interpreter, argument.value);
    if (argument.kind === 'positional') given.push(value);
    else if (argument.kind === 'keyword') keywords.set(argument.name ?? '', value);
    else if (argument.kind === 'star') {
      const { items, exact } = elementsOf(interpreter, value);
      given.push(...items);
      open ||= !exact;
    } else if (value instanceof PyDict) {
      for (const [name, one] of value.entries.values()) if (typeof name === 'string') keywords.set(name, one);
      open ||= value.open;
    } else if (!alternatives(value, keywords)) open = true;
  }
  return { positional: given, keywords, open, span: { from: args[0]?.from ?? 0, to: args.at(-1)?.to ?? 0 } };
}

function evaluateCall(interpreter: Interpreter, expression: ExpressionOf<'call'>): Value {
  const { callee, args } = expression;
  if (callee.kind === 'name' && callee.name === 'super') return superOf(interpreter, args);
  const fn = evaluate(interpreter, callee);
  const given = argumentsOf(interpreter, args);
  interpreter.span = expression;
  // What is called may be unknown for some of the possible arguments only.
  if (
    given.open &&
    !(fn instanceof PyFunction) &&
    !(optionsOf(fn).length === 1 && fn instanceof PyInstance)
  ) {
    if (isUnknown(fn)) return unknown;
  }
  return call(interpreter, fn, given);
}

function superOf(interpreter: Interpreter, args: readonly Argument[]): Value {
  const method = interpreter.frames.findLast(frame => frame.owner !== undefined && frame.self !== undefined);
  const [, given] = args.map(one => evaluate(interpreter, one.value));
  if (method?.owner === undefined) return unknown;
  return new PySuper(method.owner, firstOf(given, method.self));
}
