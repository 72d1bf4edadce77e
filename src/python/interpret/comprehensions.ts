/** List, set and dictionary comprehensions and generator expressions. */
import type { ExpressionOf } from '../parse';
import { assign } from './assign';
import { evaluate, setOf } from './expressions';
import { fork } from './fork';
import type { Interpreter } from './interpreter';
import { elementsOf } from './iterate';
import { Scope } from './scope';
import { truth } from './truth';
import { firstOf, keyOf, PyDict, PyIterator, PyList, unknown, type Value } from './values';

type Comprehension = ExpressionOf<'comprehension'>;

/** What a comprehension collects. */
interface Collected {
  readonly items: (readonly [element: Value, value: Value | undefined])[];
  /** True where it is not known which elements there are. */
  open: boolean;
}

/** The value of a comprehension. */
export function comprehension(interpreter: Interpreter, expression: Comprehension): Value {
  const { frame, frames } = interpreter;
  const scope = new Scope('comprehension', frame.scope);
  const collected: Collected = { items: [], open: false };
  frames.push({ ...frame, scope });
  try {
    collect(interpreter, expression, 0, collected);
  } finally {
    frames.pop();
  }
  const { items, open } = collected;
  const elements = items.map(([element]) => element);
  switch (expression.makes) {
    case 'list':
      return new PyList(elements, open);
    case 'set':
      return setOf(elements, open);
    case 'generator':
      return new PyIterator({ items: elements.length === 0 && open ? [unknown] : elements, exact: !open });
    case 'dict': {
      const entries = new Map<string, readonly [Value, Value]>();
      let some = open;
      for (const [name, value] of items) {
        const key = keyOf(name);
        if (key === undefined) some = true;
        else entries.set(key, [name, firstOf(value)]);
      }
      return new PyDict(entries, some);
    }
  }
}

function collect(interpreter: Interpreter, expression: Comprehension, depth: number, into: Collected): void {
  const clause = expression.clauses[depth];
  if (clause === undefined) {
    const element = evaluate(interpreter, expression.element);
    into.items.push([element, expression.value && evaluate(interpreter, expression.value)]);
    return;
  }
  const { items, exact } = elementsOf(interpreter, evaluate(interpreter, clause.iterable));
  if (!exact) into.open = true;
  for (const item of items) {
    assign(interpreter, clause.target, item);
    let met: boolean | undefined = true;
    for (const condition of clause.conditions) {
      const answer = truth(evaluate(interpreter, condition));
      if (answer === false) met = false;
      else if (answer === undefined && met) met = undefined;
      if (met === false) break;
    }
    if (met === false) continue;
    if (met === undefined) into.open = true;
    if (met === true) collect(interpreter, expression, depth + 1, into);
    else
      fork(
        interpreter,
        () => {
          collect(interpreter, expression, depth + 1, into);
          return undefined;
        },
        () => undefined,
      );
  }
}
