/** Python's `math`. */
import type { Interpreter } from '../../interpret/interpreter';
import { elementsOf } from '../../interpret/iterate';
import { twice } from '../../interpret/operators';
import { firstOf, float, int, PyNumber, sizeOf, unknown, type Value } from '../../interpret/values';
import { type Bound, natives } from '../native';
import { libraryModule } from '../nn';

/** A function of a number. */
const ofNumber =
  (compute: (x: number) => number, whole = false) =>
  (args: Bound, interpreter: Interpreter) => {
    const value = args.get('x');
    const known = value instanceof PyNumber ? value.value : undefined;
    if (known === undefined) return new PyNumber(whole ? 'int' : 'float', undefined);
    return new PyNumber(
      whole ? 'int' : 'float',
      twice(interpreter, x => compute(x), known, 0),
    );
  };

/** `math`. */
export const math = libraryModule(
  'math',
  new Map<string, Value>([
    ['pi', float(Math.PI)],
    ['e', float(Math.E)],
    ['inf', float(Number.POSITIVE_INFINITY)],
    ['nan', float(undefined)],
    ...natives({
      'sqrt(x)': ofNumber(Math.sqrt),
      'exp(x)': ofNumber(Math.exp),
      'log(x, base)': (args, interpreter) =>
        args.get('base') === undefined ? ofNumber(Math.log)(args, interpreter) : float(undefined),
      'log2(x)': ofNumber(Math.log2),
      'log10(x)': ofNumber(Math.log10),
      'sin(x)': ofNumber(Math.sin),
      'cos(x)': ofNumber(Math.cos),
      'tan(x)': ofNumber(Math.tan),
      'tanh(x)': ofNumber(Math.tanh),
      'floor(x)': ofNumber(Math.floor, true),
      'ceil(x)': ofNumber(Math.ceil, true),
      'fabs(x)': ofNumber(Math.abs),
      'radians(x)': ofNumber(x => (x * Math.PI) / 180),
      'pow(x, y)': () => float(undefined),
      'isnan(x)': () => unknown,
      'isinf(x)': () => unknown,
      'gcd(a, b)': () => int(undefined),
      'prod(iterable)': (args, interpreter) => {
        const { items, exact } = elementsOf(interpreter, firstOf(args.get('iterable')));
        const sizes = items.map(sizeOf);
        return exact && sizes.every(size => size !== undefined)
          ? int(sizes.reduce((a, b) => twice(interpreter, (x, y) => x * y, a, b), 1))
          : new PyNumber('int', undefined);
      },
    }),
  ]),
);
