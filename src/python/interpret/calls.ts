/** Calling what can be called. */
import type { Parameter } from '../parse';
import { evaluate } from './expressions';
import { type Frame, type Interpreter, OutOfFuel } from './interpreter';
import { join, optionsOf } from './join';
import { classAttribute, getAttribute } from './objects';
import { Scope } from './scope';
import { runBody } from './statements';
import {
  type Arguments,
  BoundMethod,
  Builtin,
  firstOf,
  PyClass,
  PyDict,
  PyFunction,
  PyInstance,
  PyIterator,
  PyList,
  PyTuple,
  PyWrapped,
  TensorValue,
  unknown,
  type Value,
} from './values';

/** How many calls may be made within one another. */
const deepest = 48;

/** Calls with arguments by position. */
export function callValue(interpreter: Interpreter, callee: Value, positional: readonly Value[]): Value {
  return call(interpreter, callee, { positional, keywords: new Map(), span: interpreter.span });
}

/** Calls with any arguments. */
export function call(interpreter: Interpreter, callee: Value, args: Arguments): Value {
  interpreter.burn();
  const options = optionsOf(callee);
  if (options.length > 1)
    return options
      .filter(option => option !== null)
      .map(option => interpreter.perhaps(() => call(interpreter, option, args)))
      .reduce(join);
  if (callee instanceof PyFunction) return callFunction(interpreter, callee, args);
  if (callee instanceof Builtin) {
    const given = interpreter.live?.replacement(callee) ?? callee.call;
    const result = given(args, interpreter);
    interpreter.witness?.(callee, args, result);
    return result;
  }
  if (callee instanceof PyWrapped) return call(interpreter, callee.callee, args);
  if (callee instanceof BoundMethod)
    return callFunctionAs(interpreter, callee.callee, {
      ...args,
      positional: [callee.self, ...args.positional],
    });
  if (callee instanceof PyClass) return instantiate(interpreter, callee, args);
  if (callee instanceof PyInstance) {
    const method = classAttribute(callee.cls, '__call__');
    if (method !== undefined) return call(interpreter, getAttribute(interpreter, callee, '__call__'), args);
  }
  if (interpreter.live !== undefined) checkHarmless(interpreter, args);
  letEscape(interpreter, args);
  return unknown;
}

function callFunctionAs(interpreter: Interpreter, callee: Value, args: Arguments): Value {
  return call(interpreter, callee, args);
}

/** What is given to something unknown may be changed by it, or be part of what it gives. */
function checkHarmless(interpreter: Interpreter, args: Arguments): void {
  const given = [...args.positional, ...args.keywords.values()];
  if (given.some(value => value instanceof TensorValue || value instanceof PyInstance))
    interpreter.mustKnow('what is called here is not known');
}

/** What is given to something unknown may be changed by it. */
export function letEscape(interpreter: Interpreter, args: Arguments): void {
  for (const value of [...args.positional, ...args.keywords.values()]) {
    if (value instanceof PyList) interpreter.journal.setItems(value, value.items, true);
    if (value instanceof PyDict) interpreter.journal.setEntries(value, value.entries, true);
  }
}

/** Makes an instance of a class. */
export function instantiate(interpreter: Interpreter, cls: PyClass, args: Arguments): Value {
  const maker = [cls, ...cls.bases].find(one => one instanceof PyClass && one.construct !== undefined);
  if (maker instanceof PyClass && maker.construct !== undefined) {
    const replaced = interpreter.live?.replacement(maker);
    const made =
      replaced === undefined ? maker.construct(cls, args, interpreter) : replaced(args, interpreter);
    interpreter.witness?.(cls, args, made);
    return made;
  }
  const instance = new PyInstance(cls);
  cls.instantiated = true;
  interpreter.origins.set(instance, { span: interpreter.span, file: interpreter.frame.file.uri });
  interpreter.witness?.(cls, args, instance);
  interpreter.frames.at(0)?.file.instances.set(cls, instance);
  const init = classAttribute(cls, '__init__');
  const fields = cls.attributes.get('__dataclass_fields__');
  if (init instanceof PyFunction || init instanceof Builtin)
    call(interpreter, init, { ...args, positional: [instance, ...args.positional] });
  else if (fields instanceof PyList) fillFields(interpreter, instance, fields, args);
  return instance;
}

function fillFields(interpreter: Interpreter, instance: PyInstance, fields: PyList, args: Arguments): void {
  fields.items.forEach((name, i) => {
    if (typeof name !== 'string') return;
    const value = firstOf(args.positional[i], args.keywords.get(name), classAttribute(instance.cls, name));
    interpreter.journal.set(instance.attributes, name, value);
  });
}

/** Lets the parameters of a function stand for what it is given. */
function bind(interpreter: Interpreter, fn: PyFunction, args: Arguments, scope: Scope): void {
  const { journal } = interpreter;
  const { parameters } = fn.definition;
  const plain = parameters.filter(({ kind }) => kind === 'plain');
  const keywords = new Map(args.keywords);
  const give = (parameter: Parameter, value: Value) => {
    scope.assign(parameter.name, value, journal);
    interpreter.frame.file.recorder.see(parameter, value, true);
  };
  plain.forEach((parameter, i) => {
    const named = keywords.get(parameter.name);
    keywords.delete(parameter.name);
    const missing = args.open ? unknown : firstOf(fn.defaults.get(parameter.name));
    give(parameter, firstOf(args.positional[i], named, missing));
  });
  for (const parameter of parameters) {
    if (parameter.kind === 'star') {
      const rest = args.positional.slice(plain.length);
      give(parameter, args.open ? unknown : new PyTuple(rest));
    } else if (parameter.kind === 'keywordOnly') {
      const value = firstOf(keywords.get(parameter.name), fn.defaults.get(parameter.name));
      keywords.delete(parameter.name);
      give(parameter, value);
    }
  }
  const rest = parameters.find(({ kind }) => kind === 'doubleStar');
  if (rest !== undefined)
    give(
      rest,
      new PyDict(new Map([...keywords].map(([name, value]) => [`s${name}`, [name, value]])), args.open),
    );
}

/** Calls a function that is written in a file. */
export function callFunction(interpreter: Interpreter, fn: PyFunction, args: Arguments): Value {
  const { frames } = interpreter;
  interpreter.burn(4);
  if (frames.length >= deepest) {
    interpreter.mustKnow('more calls within one another than are followed');
    return unknown;
  }
  fn.called = true;
  const scope = new Scope('function', fn.scope.enclosing);
  const file = fileOf(interpreter, fn);
  const frame: Frame = {
    scope,
    function: fn,
    owner: fn.owner,
    self: args.positional[0],
    returned: [],
    yielded: [],
    loops: [],
    file,
  };
  const { span } = interpreter;
  frames.push(frame);
  try {
    bind(interpreter, fn, args, scope);
    if (fn.definition.kind === 'lambda') return evaluate(interpreter, fn.definition.body);
    const end = runBody(interpreter, fn.definition.body);
    if (fn.definition.generator)
      return new PyIterator({ items: frame.yielded, exact: !frame.yielded.some(one => one === unknown) });
    if (end === 'next') frame.returned.push(null);
    return frame.returned.length === 0 ? unknown : frame.returned.reduce(join);
  } catch (error) {
    if (error instanceof RangeError) throw new OutOfFuel();
    throw error;
  } finally {
    frames.pop();
    interpreter.span = span;
  }
}

function fileOf(interpreter: Interpreter, fn: PyFunction) {
  const globals = fn.scope.globals;
  return (
    interpreter.frames.findLast(({ file }) => file.globals === globals)?.file ?? interpreter.fileOf(globals)
  );
}
