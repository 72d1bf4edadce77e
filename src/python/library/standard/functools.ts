/** Python's `functools`. */
import { call, callValue } from '../../interpret/calls';
import { elementsOf } from '../../interpret/iterate';
import { Builtin, firstOf, unknown } from '../../interpret/values';
import { natives } from '../native';
import { libraryModule } from '../nn';

/** `functools`. */
export const functools = libraryModule(
  'functools',
  natives({
    'partial(fn, *)': args => {
      const [fn = unknown, ...bound] = args.all;
      const keywords = args.extra;
      return new Builtin('partial', (given, interpreter) =>
        call(interpreter, fn, {
          ...given,
          positional: [...bound, ...given.positional],
          keywords: new Map([...keywords, ...given.keywords]),
        }),
      );
    },
    'reduce(fn, iterable, initial)': (args, interpreter) => {
      const { items, exact } = elementsOf(interpreter, firstOf(args.get('iterable')));
      const fn = firstOf(args.get('fn'));
      const initial = args.get('initial');
      const all = initial === undefined ? items : [initial, ...items];
      const [first = unknown, ...rest] = all;
      return exact ? rest.reduce((a, b) => callValue(interpreter, fn, [a, b]), first) : unknown;
    },
    'lru_cache(maxsize)': () => new Builtin('lru_cache', ({ positional: [fn = unknown] }) => fn),
    'wraps(fn)': () => new Builtin('wraps', ({ positional: [fn = unknown] }) => fn),
  }),
);
