/** Assigning to names, attributes, places and patterns of these. */
import type { Expression } from '../parse';
import { evaluate } from './expressions';
import type { Interpreter } from './interpreter';
import { elementsOf } from './iterate';
import { join, optionsOf } from './join';
import { setAttribute } from './objects';
import { setSubscript } from './subscripts';
import { firstOf, PyList, unknown, type Value } from './values';

/** `target = value`. */
export function assign(interpreter: Interpreter, target: Expression, value: Value): void {
  const { frame, journal } = interpreter;
  const { recorder } = frame.file;
  switch (target.kind) {
    case 'name':
      frame.scope.assign(target.name, value, journal);
      recorder.see(target, value, true);
      return;
    case 'attribute':
      setAttribute(interpreter, evaluate(interpreter, target.value), target.name, value);
      recorder.see(target, value, true);
      return;
    case 'subscript': {
      const owner = evaluate(interpreter, target.value);
      const index = evaluate(interpreter, target.index);
      interpreter.span = target;
      setSubscript(interpreter, owner, index, value);
      return;
    }
    case 'tuple':
    case 'list':
      unpack(interpreter, target.items, value);
      return;
    case 'starred':
      assign(interpreter, target.value, value);
      return;
    default:
  }
}

function unpack(interpreter: Interpreter, targets: readonly Expression[], value: Value): void {
  const options = optionsOf(value);
  const values = options.map(option => unpacked(interpreter, targets, option));
  targets.forEach((target, i) => {
    const each = values.map(one => firstOf(one[i]));
    assign(
      interpreter,
      target,
      each.reduce<Value>((a, b) => join(a, b), firstOf(each[0])),
    );
  });
}

function unpacked(interpreter: Interpreter, targets: readonly Expression[], value: Value): Value[] {
  const { items, exact } = elementsOf(interpreter, value);
  const star = targets.findIndex(({ kind }) => kind === 'starred');
  if (!exact) {
    const any = items.length === 0 ? unknown : items.reduce(join);
    return targets.map(({ kind }) => (kind === 'starred' ? new PyList([any], true) : any));
  }
  if (star === -1) {
    if (items.length !== targets.length) return targets.map(() => unknown);
    return [...items];
  }
  const after = targets.length - star - 1;
  const rest = items.slice(star, Math.max(star, items.length - after));
  return [...items.slice(0, star), new PyList(rest), ...(after === 0 ? [] : items.slice(-after))];
}
