/** Python's operators on tensors. */
import type { Interpreter } from '../interpret/interpreter';
import { PyNumber, TensorValue, unknown, type Value } from '../interpret/values';
import { engineFunction, withEngine } from './bridge';
import { asArray } from './creation';
import { operatorFunctions, reflectedFunctions } from './operator-table';

const logical = new Set(['&', '|', '^', '<<', '>>']);

/** `a op b`. */
export function tensorBinary(interpreter: Interpreter, op: string, a: Value, b: Value): Value {
  const array = [a, b].some(one => one instanceof TensorValue && one.isArray);
  const [x, y] = array ? [asArray(interpreter, a), asArray(interpreter, b)] : [a, b];
  if (!isOperand(x) || !isOperand(y)) return unknown;
  const name = operatorFunctions[op] ?? (logical.has(op) ? 'add' : undefined);
  const body = name === undefined ? undefined : engineFunction(name);
  if (body === undefined) return unknown;
  const made = withEngine(interpreter, { label: op, inputs: [x, y] }, convert => {
    const [left, right] = [x, y].map(value =>
      value instanceof TensorValue ? convert.tensor(value) : plainNumber(value),
    );
    // The engine's functions take a tensor first; what is stretched to which shape is the same either way.
    if (typeof left === 'number') return reversed(op, left, right);
    return body(left, right);
  });
  if (!(made instanceof TensorValue)) return made;
  if (logical.has(op)) {
    const types = [x, y].map(value => (value instanceof TensorValue ? value.dtype : undefined));
    return new TensorValue(made.dims, types[0] ?? types[1], { array, device: made.extra.device });
  }
  if (!array) return made;
  return arrayResult(op, made, x, y);
}

function isOperand(value: Value): value is TensorValue | PyNumber | boolean {
  return value instanceof TensorValue || value instanceof PyNumber || typeof value === 'boolean';
}

function plainNumber(value: PyNumber | boolean | TensorValue): number {
  if (value instanceof PyNumber) {
    if (value.type === 'float') return 0.5;
    return typeof value.value === 'number' && value.value !== 0 ? value.value : 1;
  }
  return 1;
}

function reversed(op: string, left: number, right: unknown): unknown {
  return engineFunction(reflectedFunctions[op] ?? operatorFunctions[op] ?? 'add')?.(right, left);
}

/** NumPy divides integers in double precision, and its numbers do not make anything smaller. */
function arrayResult(op: string, made: TensorValue, x: Value, y: Value): TensorValue {
  const integers = [x, y].every(one => !(one instanceof TensorValue) || /int|bool/.test(one.dtype ?? ''));
  const promoted =
    made.dtype === 'float32' &&
    integers &&
    (op === '/' || op === '**' || [x, y].some(one => one instanceof PyNumber && one.type === 'float'));
  return promoted ? new TensorValue(made.dims, 'float64', made.extra) : made;
}

/** `-a` and `~a`. */
export function tensorUnary(interpreter: Interpreter, op: string, tensor: TensorValue): Value {
  if (op === '+') return tensor;
  const name = op === '-' ? 'neg' : 'logical_not';
  const made = withEngine(interpreter, { label: op, inputs: [tensor] }, convert =>
    engineFunction(name)?.(convert.tensor(tensor)),
  );
  return made instanceof TensorValue && op === '~'
    ? new TensorValue(made.dims, tensor.dtype, made.extra)
    : made;
}
