/** Functions that nobody calls and classes that nobody makes: understood from their defaults and their first layers. */
import { callFunction, instantiate } from '../interpret/calls';
import { type Interpreter, OutOfFuel, Raised, type SourceFile } from '../interpret/interpreter';
import { classAttribute, linearized } from '../interpret/objects';
import type { Recorder } from '../interpret/recorder';
import { PyClass, PyFunction, PyInstance, unknown, type Value } from '../interpret/values';
import { isModule, moduleClass } from '../library/nn/module-class';
import { exampleInputs } from './examples';

/** Looks at everything that was not reached; false where the fuel did not suffice. */
export function exploreUncalled(
  interpreter: Interpreter,
  file: SourceFile,
  recorder: Recorder,
  fuel: number,
): boolean {
  const own: SourceFile = { ...file, recorder };
  interpreter.files.set(file.globals, own);
  interpreter.frames.push({ scope: file.globals, returned: [], yielded: [], loops: [], file: own });
  interpreter.refuel(fuel);
  try {
    for (const cls of [...file.classes]) exploreClass(interpreter, own, cls);
    // Looking at one function may call others, or make new ones.
    for (const fn of [...file.functions])
      if (!fn.called && fn.owner === undefined) tryCall(interpreter, fn, []);
    return true;
  } catch (error) {
    if (error instanceof OutOfFuel || error instanceof RangeError) return false;
    throw error;
  } finally {
    interpreter.frames.pop();
  }
}

/** Runs something that may raise without harm. */
function harmlessly<T>(interpreter: Interpreter, body: () => T, certain = false): T | undefined {
  const { gradEnabled } = interpreter;
  try {
    return certain ? body() : interpreter.perhaps(body);
  } catch (error) {
    if (error instanceof Raised) return undefined;
    throw error;
  } finally {
    interpreter.gradEnabled = gradEnabled;
  }
}

function tryCall(
  interpreter: Interpreter,
  fn: PyFunction,
  positional: readonly Value[],
  certain = false,
): Value | undefined {
  return harmlessly(
    interpreter,
    () => callFunction(interpreter, fn, { positional, keywords: new Map(), span: interpreter.span }),
    certain,
  );
}

function exploreClass(interpreter: Interpreter, file: SourceFile, cls: PyClass): void {
  const methods = [...cls.attributes.values()].filter(value => value instanceof PyFunction);
  if (cls.instantiated && methods.every(method => method.called)) return;
  const instance = file.instances.get(cls) ?? instanceOf(interpreter, cls);
  if (!(instance instanceof PyInstance)) return;
  for (const method of methods) {
    if (method.called) continue;
    if (method.name === 'forward' && isModule(instance)) exploreForward(interpreter, file, instance, method);
    else tryCall(interpreter, method, [instance]);
  }
}

function instanceOf(interpreter: Interpreter, cls: PyClass): Value | undefined {
  if (linearized(cls).some(one => one instanceof PyClass && one.construct !== undefined)) return undefined;
  // With all its defaults given a class is as it would be made.
  const init = classAttribute(cls, '__init__');
  const parameters = init instanceof PyFunction ? init.definition.parameters.slice(1) : [];
  const certain = parameters.every(
    ({ default: value, kind }) => value !== undefined || kind === 'star' || kind === 'doubleStar',
  );
  return harmlessly(
    interpreter,
    () => instantiate(interpreter, cls, { positional: [], keywords: new Map(), span: interpreter.span }),
    certain && linearized(cls).includes(moduleClass),
  );
}

/** Calls `forward` with the first example that it understands. */
function exploreForward(
  interpreter: Interpreter,
  file: SourceFile,
  instance: PyInstance,
  forward: PyFunction,
): void {
  const { recorder } = file;
  const examples = exampleInputs(interpreter, instance, forward);
  for (const example of examples) {
    recorder.muted = true;
    interpreter.flows.muted = true;
    const result = interpreter.journal.attempt(() =>
      tryCall(interpreter, forward, [instance, ...example]),
    ).result;
    recorder.muted = false;
    interpreter.flows.muted = false;
    if (result === undefined || result === unknown) continue;
    const output = tryCall(interpreter, forward, [instance, ...example], true);
    interpreter.flows.note(instance, example[0], output ?? unknown);
    return;
  }
  const [first = []] = examples;
  tryCall(interpreter, forward, [instance, ...first], examples.length === 1);
}
