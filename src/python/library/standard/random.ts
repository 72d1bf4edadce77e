/** Python's `random`: of what it draws only the kind is known. */
import type { Interpreter } from '../../interpret/interpreter';
import { elementsOf } from '../../interpret/iterate';
import { join } from '../../interpret/join';
import { firstOf, float, int, PyList, unknown, type Value } from '../../interpret/values';
import { type Bound, natives } from '../native';
import { libraryModule } from '../nn';

/** Any of the elements of a sequence. */
function anyElement(args: Bound, interpreter: Interpreter): Value {
  const { items } = elementsOf(interpreter, firstOf(args.get('sequence')));
  return items.length === 0 ? unknown : items.reduce(join);
}

/** `random`. */
export const random = libraryModule(
  'random',
  natives({
    'random()': () => float(undefined),
    'uniform(a, b)': () => float(undefined),
    'gauss(mu, sigma)': () => float(undefined),
    'normalvariate(mu, sigma)': () => float(undefined),
    'randint(a, b)': () => int(undefined),
    'randrange(a, b)': () => int(undefined),
    'seed(a)': () => null,
    'getrandbits(k)': () => int(undefined),
    'choice(sequence)': anyElement,
    'shuffle(sequence)': (args, interpreter) => {
      const value = args.get('sequence');
      if (value instanceof PyList && value.items.length > 0) {
        const any = value.items.reduce(join);
        interpreter.journal.setItems(
          value,
          value.items.map(() => any),
        );
      }
      return null;
    },
    'sample(sequence, k)': (args, interpreter) => {
      const any = anyElement(args, interpreter);
      const k = args.number('k');
      return k === undefined || k > 4096
        ? new PyList([any], true)
        : new PyList(Array.from({ length: k }, () => any));
    },
    'choices(sequence, weights, k)': (args, interpreter) => {
      const any = anyElement(args, interpreter);
      const k = args.number('k');
      return k === undefined || k > 4096
        ? new PyList([any], true)
        : new PyList(Array.from({ length: k }, () => any));
    },
  }),
);
