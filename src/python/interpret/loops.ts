/**
 * Loops. A short one is run as often as it says, or until a turn leaves everything as it found it. Of a long one a few turns are run; what changes from turn to turn is
 * then widened to what it may be in any of them, one more turn is run on that, and what grew evenly (a counter, a list
 * that every turn appends to) is drawn out to the last turn.
 */
import type { StatementOf } from '../parse';
import { assign } from './assign';
import { evaluate } from './expressions';
import { dead, surviving } from './fork';
import { type Interpreter, type Loop, Raised } from './interpreter';
import { elementsOf } from './iterate';
import { join } from './join';
import { absent, type Outcome } from './journal';
import { type End, runBody } from './statements';
import { alikeItems, boundNames, functionsUse, isSteady, makesUseOf } from './steady';
import { truth } from './truth';
import { PyList, PyNumber, type Value } from './values';
import { widened } from './widen';

/** How much fuel the turns of one loop may burn before it is cut short: less where it trains, as every step is like the others. */
const budget = { training: 1_500, any: 12_000 };
/** Lists are not drawn out beyond this. */
const longestDrawn = 4096;

interface Turn {
  readonly end: End | typeof dead;
  readonly outcome: Outcome;
  /** True where it ran to its end, on one way. */
  readonly plain: boolean;
}

/** How much fuel a loop may burn. */
function budgetOf(interpreter: Interpreter, { span }: Loop): number {
  const trains = interpreter.frame.file.text.slice(span.from, span.to).includes('.backward(');
  return trains ? budget.training : budget.any;
}

/** Runs the body once; what it changed is in place, and told. */
function turn(
  interpreter: Interpreter,
  loop: Loop,
  prepare: () => void,
  statement: StatementOf<'for' | 'while'>,
): Turn {
  const { journal } = interpreter;
  const { result, outcome } = journal.attempt(() =>
    surviving(() => {
      prepare();
      return runBody(interpreter, statement.body);
    }),
  );
  const plain = result === 'next' && loop.continues.length === 0 && loop.breaks.length === 0;
  if (result !== dead) journal.apply(outcome);
  for (const earlier of loop.continues.splice(0)) journal.applyEarlier(earlier);
  if (result === dead && interpreter.uncertain === 0) throw new Raised(null);
  return { end: result, outcome, plain };
}

/** `for target in iterable`. */
export function forLoop(interpreter: Interpreter, statement: StatementOf<'for'>): End {
  const { items, exact, count } = elementsOf(interpreter, evaluate(interpreter, statement.iterable));
  const turns = exact ? items.length : typeof count === 'number' ? count : undefined;
  const loop: Loop = { breaks: [], continues: [], span: statement, turns, statement };
  const { loops } = interpreter.frame;
  loops.push(loop);
  try {
    const once = (item: Value) => {
      loop.item = item;
      return turn(interpreter, loop, () => assign(interpreter, statement.target, item), statement);
    };
    const rest = new Rest(interpreter, statement);
    const end = exact
      ? exactTurns(interpreter, loop, items, once, rest)
      : someTurns(interpreter, loop, items, typeof count === 'number' ? count : undefined, once, rest);
    if (end === 'return') return 'return';
    if (end === 'next') runBody(interpreter, statement.otherwise);
  } finally {
    loops.pop();
  }
  for (const outcome of loop.breaks) interpreter.journal.applyEarlier(outcome);
  return 'next';
}

type Once = (item: Value) => Turn;

/** What is left of a `for` loop after a turn. */
class Rest {
  readonly #passed: ReadonlySet<string>;

  constructor(
    private readonly interpreter: Interpreter,
    private readonly statement: StatementOf<'for'>,
  ) {
    this.#passed = new Set(boundNames(statement.target).filter(name => !this.#isUsed(name)));
  }

  /** Whether turns on these items would bring nothing new after one on `item`. */
  isLike({ plain, outcome }: Turn, item: Value, items: readonly Value[]): boolean {
    const { interpreter, statement } = this;
    if (!plain || interpreter.live !== undefined) return false;
    if (!isSteady(outcome, interpreter.frame.scope.variables, this.#passed)) return false;
    return items.every(each => alikeItems(statement.target, item, each, this.#passed));
  }

  /** Leaves behind what the turns on these items would. */
  pass(items: readonly Value[]): End {
    const last = items.at(-1);
    if (last !== undefined) assign(this.interpreter, this.statement.target, last);
    return 'next';
  }

  #isUsed(name: string): boolean {
    const { scope, file } = this.interpreter.frame;
    return (
      makesUseOf(this.statement.body, name) || (scope.kind === 'file' && functionsUse(file.functions, name))
    );
  }
}

function exactTurns(
  interpreter: Interpreter,
  loop: Loop,
  items: readonly Value[],
  once: Once,
  left: Rest,
): End {
  const start = interpreter.fuel;
  const budget = budgetOf(interpreter, loop);
  const done: Turn[] = [];
  for (const [i, item] of items.entries()) {
    const spent = start - interpreter.fuel;
    const rest = items.slice(i);
    if (interpreter.live === undefined && i >= 2 && spent > budget && rest.length > 1) {
      // The turns differ in their items only by what those are joined to.
      return drawnOut(interpreter, loop, done, [rest.reduce(join)], items.length, once);
    }
    const one = once(item);
    if (one.end === 'break' || one.end === 'return') return one.end;
    done.push(one);
    if (rest.length > 2 && left.isLike(one, item, rest)) return left.pass(items);
  }
  return 'next';
}

function someTurns(
  interpreter: Interpreter,
  loop: Loop,
  items: readonly Value[],
  count: number | undefined,
  once: Once,
  left: Rest,
): End {
  const done: Turn[] = [];
  for (const item of items.slice(0, count === undefined ? 1 : 2)) {
    if (done.length > 0 && (count ?? 0) <= done.length) break;
    const one = once(item);
    if (one.end === 'break' || one.end === 'return') return one.end;
    done.push(one);
    if (left.isLike(one, item, items)) return left.pass(items);
  }
  if (count !== undefined && count <= done.length) return 'next';
  return drawnOut(interpreter, loop, done, items, count, once);
}

/** The turns that are left, as one or a few that may be any of them. */
function drawnOut(
  interpreter: Interpreter,
  loop: Loop,
  done: readonly Turn[],
  items: readonly Value[],
  count: number | undefined,
  once: Once,
): End {
  interpreter.mustKnow('how often this loop turns is not known');
  const { journal } = interpreter;
  const last = done.at(-1);
  if (last === undefined) return 'next';
  const growth = count === undefined || loop.breaks.length > 0 ? new Map() : evenGrowth(done);
  journal.revise(last.outcome, (now, change) =>
    widened(interpreter, change.before === absent ? now : change.before, now),
  );
  const generic: Turn[] = [];
  for (const item of items) {
    const one = once(item);
    // What changes only now is widened, too, before the next turn.
    journal.revise(one.outcome, (now, change) =>
      widened(interpreter, change.before === absent ? now : change.before, now),
    );
    generic.push(one);
    if (one.end === 'return' && items.length === 1) return 'return';
  }
  if (growth.size > 0 && loop.breaks.length === 0 && count !== undefined)
    drawOut(interpreter, growth, generic, count);
  return 'next';
}

/** What grew by the same amount in every turn: by how much, and what was there before the first. */
interface Growth {
  readonly start: PyList | PyNumber;
  readonly by: number;
}

function amount(before: unknown, after: unknown): number | undefined {
  if (before instanceof PyList && after instanceof PyList && !before.open && !after.open)
    return after.items.length - before.items.length;
  if (
    before instanceof PyNumber &&
    after instanceof PyNumber &&
    before.type === 'int' &&
    after.type === 'int'
  ) {
    if (typeof before.value === 'number' && typeof after.value === 'number')
      return after.value - before.value;
  }
  return undefined;
}

function evenGrowth(done: readonly Turn[]): Map<object, Map<string, Growth>> {
  const all = new Map<object, Map<string, Growth>>();
  if (done.length < 2) return all;
  const [first] = done;
  for (const [owner, keys] of first?.outcome ?? []) {
    for (const [key, { before, after }] of keys) {
      const by = amount(before, after);
      const even = done.every(({ outcome }) => {
        const change = outcome.get(owner)?.get(key);
        return change !== undefined && amount(change.before, change.after) === by;
      });
      if (by === undefined || by < 0 || !even || !(before instanceof PyList || before instanceof PyNumber))
        continue;
      const found = all.get(owner) ?? new Map<string, Growth>();
      all.set(owner, found.set(key, { start: before, by }));
    }
  }
  return all;
}

function drawOut(
  interpreter: Interpreter,
  growth: Map<object, Map<string, Growth>>,
  generic: readonly Turn[],
  count: number,
): void {
  for (const { outcome } of generic.slice(0, 1)) {
    interpreter.journal.revise(outcome, now => now);
    const drawn: Outcome = new Map();
    for (const [owner, keys] of outcome) {
      for (const [key, change] of keys) {
        const found = growth.get(owner)?.get(key);
        // A list that this turn may or may not have appended to is no longer known to grow evenly.
        const before = change.before;
        const after = change.after;
        const steady =
          before instanceof PyList && after instanceof PyList
            ? after.items.length - before.items.length === found?.by
            : before instanceof PyNumber;
        if (found === undefined || !steady) continue;
        const value = extended(found, count, change.cell.read());
        if (value !== undefined)
          drawn.set(owner, (drawn.get(owner) ?? new Map()).set(key, { ...change, after: value }));
      }
    }
    interpreter.journal.apply(drawn);
  }
}

function extended({ start, by }: Growth, count: number, now: unknown): unknown {
  if (start instanceof PyNumber)
    return typeof start.value === 'number' ? new PyNumber('int', start.value + by * count) : undefined;
  const length = start.items.length + by * count;
  if (!(now instanceof PyList) || length > longestDrawn) return undefined;
  const last = now.items.at(-1);
  if (last === undefined) return undefined;
  return new PyList(Array.from({ length }, (_, i) => now.items[i] ?? last));
}

/** `while test`. */
export function whileLoop(interpreter: Interpreter, statement: StatementOf<'while'>): End {
  const { journal } = interpreter;
  const loop: Loop = { breaks: [], continues: [], span: statement, statement };
  const { loops } = interpreter.frame;
  const start = interpreter.fuel;
  const budget = budgetOf(interpreter, loop);
  loops.push(loop);
  try {
    for (let turns = 0; ; turns++) {
      const answer = truth(evaluate(interpreter, statement.test));
      if (answer === false) {
        runBody(interpreter, statement.otherwise);
        break;
      }
      const cut =
        interpreter.live === undefined &&
        turns >= 2 &&
        (start - interpreter.fuel > budget || turns >= 512 || loop.breaks.length > 0);
      if (answer === true && !cut) {
        const { end } = turn(interpreter, loop, () => undefined, statement);
        if (end === 'return') return 'return';
        if (end === 'break') break;
        continue;
      }
      anyTurns(interpreter, loop, statement, answer === true);
      break;
    }
  } finally {
    loops.pop();
  }
  for (const outcome of loop.breaks) journal.applyEarlier(outcome);
  return 'next';
}

/** Any number of turns more. */
function anyTurns(
  interpreter: Interpreter,
  loop: Loop,
  statement: StatementOf<'while'>,
  surely: boolean,
): void {
  interpreter.mustKnow('how often this loop turns is not known');
  const { journal } = interpreter;
  for (let turns = 0; turns < 2; turns++) {
    const { result, outcome } = interpreter.perhaps(() =>
      journal.attempt(() => surviving(() => runBody(interpreter, statement.body))),
    );
    if (result === dead) return;
    if (surely) journal.apply(outcome);
    else journal.applyJoined(outcome, new Map());
    for (const earlier of loop.continues.splice(0)) journal.applyEarlier(earlier);
    if (result === 'break' || result === 'return') return;
    journal.revise(outcome, (now, change) =>
      widened(interpreter, change.before === absent ? now : change.before, now),
    );
    evaluate(interpreter, statement.test);
  }
}
