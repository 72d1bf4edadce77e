/** Two ways, of which it is not known which one is taken. */
import { type Interpreter, Raised } from './interpreter';
import { join } from './join';
import type { Value } from './values';

/** Marks a way that ends in an exception. */
export const dead: unique symbol = Symbol('dead');

/** The result of a way, or `dead`. */
export function surviving<T>(way: () => T): T | typeof dead {
  try {
    return way();
  } catch (error) {
    if (error instanceof Raised) return dead;
    throw error;
  }
}

/** Evaluates both; what they left behind and gave is joined. A way that raises was not taken. */
export function fork(interpreter: Interpreter, first: () => Value, second: () => Value): Value;
export function fork(
  interpreter: Interpreter,
  first: () => Value,
  second: () => undefined,
): Value | undefined;
export function fork(interpreter: Interpreter, first: () => undefined, second: () => undefined): undefined;
export function fork(
  interpreter: Interpreter,
  first: () => Value | undefined,
  second: () => Value | undefined,
): Value | undefined {
  interpreter.mustKnow('which of two values this is is only known while it runs');
  const { journal } = interpreter;
  const a = interpreter.onOneWay(() => journal.attempt(() => surviving(first)));
  const b = interpreter.onOneWay(() => journal.attempt(() => surviving(second)));
  const x = a.result;
  const y = b.result;
  if (x === dead && y === dead) throw new Raised(null);
  if (x === dead || y === dead) {
    journal.apply(x === dead ? b.outcome : a.outcome);
    return x === dead ? (y === dead ? undefined : y) : x;
  }
  journal.applyJoined(a.outcome, b.outcome);
  return x === undefined || y === undefined ? (x ?? y) : join(x, y);
}
