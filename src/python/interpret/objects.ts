/** Classes and their instances: where an attribute is found, and what setting one does. */

import { callValue } from './calls';
import type { Interpreter } from './interpreter';
import { join, optionsOf } from './join';
import {
  BoundMethod,
  Builtin,
  firstOf,
  isUnknown,
  PyClass,
  PyFunction,
  PyInstance,
  PyModule,
  PyProperty,
  PySuper,
  PyWrapped,
  TensorValue,
  Unknown,
  unknown,
  type Value,
} from './values';

/** A class and its bases, in the order in which attributes are looked for; bases that are unknown included. */
export function linearized(cls: PyClass): Value[] {
  const all: Value[] = [
    cls,
    ...cls.bases.flatMap(base => (base instanceof PyClass ? linearized(base) : [base])),
  ];
  // A base that several share comes after all of them.
  return all.filter((one, i) => all.lastIndexOf(one) === i);
}

/** True if a class is another, or made from it; undefined where that cannot be known. */
export function isSubclass(cls: PyClass, other: PyClass): boolean | undefined {
  const line = linearized(cls);
  if (line.includes(other)) return true;
  return line.some(isUnknown) ? undefined : false;
}

/** An attribute of a class as it stands there; undefined where there is none. */
export function classAttribute(cls: PyClass, name: string, after?: PyClass): Value | undefined {
  const line = linearized(cls);
  for (const one of after === undefined ? line : line.slice(line.indexOf(after) + 1)) {
    if (!(one instanceof PyClass)) return unknown;
    const value = one.attributes.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** An attribute of a class, as seen from one of its instances. */
function bound(interpreter: Interpreter, value: Value, self: Value, cls: PyClass, name: string): Value {
  if (value instanceof PyProperty) return callValue(interpreter, value.getter, [self]);
  if (value instanceof PyWrapped)
    return value.kind === 'classmethod' ? new BoundMethod(cls, value.callee, name) : value.callee;
  if (value instanceof PyFunction || value instanceof Builtin) return new BoundMethod(self, value, name);
  return value;
}

/** `value.name`. */
export function getAttribute(interpreter: Interpreter, value: Value, name: string): Value {
  const options = optionsOf(value);
  if (options.length > 1)
    return options
      .filter(option => option !== null)
      .map(option => interpreter.perhaps(() => getAttribute(interpreter, option, name)))
      .reduce(join);
  if (value instanceof Unknown) return unknown;
  if (value instanceof PyInstance) return instanceAttribute(interpreter, value, name);
  if (value instanceof PyModule) return firstOf(value.find(name));
  if (value instanceof PyClass) {
    const found = classAttribute(value, name);
    if (found instanceof PyWrapped)
      return found.kind === 'classmethod' ? new BoundMethod(value, found.callee, name) : found.callee;
    if (found !== undefined) return found;
    if (name === '__name__' || name === '__qualname__') return value.name;
    return firstOf(interpreter.library.attribute(interpreter, value, name));
  }
  if (value instanceof PySuper) {
    const { self } = value;
    const cls = self instanceof PyInstance ? self.cls : self instanceof PyClass ? self : value.cls;
    const found = classAttribute(cls, name, value.cls);
    if (found !== undefined) return bound(interpreter, found, self, cls, name);
    return name === '__init__' ? new Builtin('__init__', () => null) : unknown;
  }
  if (value instanceof PyFunction) {
    if (name === '__name__') return value.name;
    return firstOf(value.attributes.get(name));
  }
  if (value instanceof Builtin && value.attributes?.has(name)) return firstOf(value.attributes.get(name));
  return firstOf(interpreter.library.attribute(interpreter, value, name));
}

function instanceAttribute(interpreter: Interpreter, instance: PyInstance, name: string): Value {
  const inClass = classAttribute(instance.cls, name);
  if (inClass instanceof PyProperty) return bound(interpreter, inClass, instance, instance.cls, name);
  const own = instance.attributes.get(name);
  if (own !== undefined) return own;
  if (inClass !== undefined && !isUnknown(inClass))
    return bound(interpreter, inClass, instance, instance.cls, name);
  if (name === '__class__') return instance.cls;
  const known = interpreter.library.attribute(interpreter, instance, name);
  if (known !== undefined) return known;
  const fallback = classAttribute(instance.cls, '__getattr__');
  if (fallback instanceof PyFunction) return callValue(interpreter, fallback, [instance, name]);
  return unknown;
}

/** `value.name = next`. */
export function setAttribute(interpreter: Interpreter, value: Value, name: string, next: Value): void {
  const { journal } = interpreter;
  const options = optionsOf(value);
  for (const option of options) {
    if (option instanceof PyInstance) {
      const before = option.attributes.get(name);
      // Which of several objects is meant is not known: the others keep what they have.
      const joined = options.length > 1 && before !== undefined ? join(before, next) : next;
      journal.set(option.attributes, name, joined);
    } else if (option instanceof PyClass || option instanceof PyFunction)
      journal.set(option.attributes, name, next);
    else if (option instanceof TensorValue)
      interpreter.library.setTensorAttribute(interpreter, option, name, next);
  }
}
