/** Python's operators on tensors, with numbers. */
import type { Interpreter } from '../interpret/interpreter';
import { PyNumber, TensorValue, type Value } from '../interpret/values';
import { operatorFunctions, reflectedFunctions } from '../library/operator-table';
import { apply } from './operations';
import { refuse } from './refused';

const logical: Readonly<Record<string, string>> = {
  '&': 'logical_and',
  '|': 'logical_or',
  '^': 'logical_xor',
};

const isOperand = (value: Value) =>
  value instanceof TensorValue || value instanceof PyNumber || typeof value === 'boolean';

/** A truth value counts as a number beside a tensor. */
const asNumber = (value: Value): Value =>
  typeof value === 'boolean' ? new PyNumber('int', Number(value)) : value;

/** `a op b`. */
export function liveBinary(interpreter: Interpreter, op: string, a: Value, b: Value): Value {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (!isOperand(x) || !isOperand(y)) return refuse(interpreter, `what stands beside \`${op}\` is not known`);
  const ofTruth = logical[op];
  if (ofTruth !== undefined) {
    const truths = [x, y].every(one => one instanceof TensorValue && one.dtype === 'bool');
    return truths
      ? apply(interpreter, ofTruth, op, [x, y])
      : refuse(interpreter, `\`${op}\` is computed between tensors of truth values only`);
  }
  if (x instanceof TensorValue)
    return apply(interpreter, named(interpreter, operatorFunctions, op), op, [x, y]);
  return apply(interpreter, named(interpreter, reflectedFunctions, op), op, [y, x]);
}

function named(interpreter: Interpreter, names: Readonly<Record<string, string>>, op: string): string {
  return names[op] ?? refuse(interpreter, `\`${op}\` is not computed here`);
}

/** `-a` and `~a`. */
export function liveUnary(interpreter: Interpreter, op: string, tensor: TensorValue): Value {
  if (op === '+') return tensor;
  if (op === '-') return apply(interpreter, 'neg', op, [tensor]);
  if (tensor.dtype === 'bool') return apply(interpreter, 'logical_not', op, [tensor]);
  return refuse(interpreter, `\`${op}\` is computed for tensors of truth values only`);
}
