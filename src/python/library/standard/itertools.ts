/** Python's `itertools`. */
import { elementsOf } from '../../interpret/iterate';
import { join } from '../../interpret/join';
import { subscript } from '../../interpret/subscripts';
import {
  firstOf,
  int,
  PyIterator,
  PyList,
  PySlice,
  PyTuple,
  unknown,
  type Value,
} from '../../interpret/values';
import { natives } from '../native';
import { libraryModule } from '../nn';

/** `itertools`. */
export const itertools = libraryModule(
  'itertools',
  natives({
    'chain(*)': (args, interpreter) => {
      const all = args.all.map(one => elementsOf(interpreter, one));
      return new PyIterator({
        items: all.flatMap(({ items }) => items),
        exact: all.every(({ exact }) => exact),
      });
    },
    'product(*)': (args, interpreter) => {
      const all = args.all.map(one => elementsOf(interpreter, one));
      const exact = all.every(one => one.exact) && !args.extra.has('repeat');
      const count = all.reduce((product, { items }) => product * items.length, 1);
      if (!exact || count > 2000)
        return new PyIterator({
          items: [new PyTuple(all.map(({ items }) => (items.length === 0 ? unknown : items.reduce(join))))],
          exact: false,
        });
      const tuples = all.reduce<Value[][]>(
        (lists, { items }) => lists.flatMap(list => items.map(item => [...list, item])),
        [[]],
      );
      return new PyIterator({ items: tuples.map(items => new PyTuple(items)), exact: true });
    },
    'repeat(value, times)': args => {
      const times = args.number('times');
      const value = firstOf(args.get('value'));
      return times === undefined || times > 512
        ? new PyIterator({ items: [value], exact: false })
        : new PyIterator({ items: Array.from({ length: times }, () => value), exact: true });
    },
    'count(start, step)': () => new PyIterator({ items: [int(undefined)], exact: false }),
    'cycle(iterable)': (args, interpreter) =>
      new PyIterator({ items: elementsOf(interpreter, firstOf(args.get('iterable'))).items, exact: false }),
    'islice(iterable, stop)': (args, interpreter) => {
      const { items, exact } = elementsOf(interpreter, firstOf(args.get('iterable')));
      const picked = subscript(
        interpreter,
        new PyList(items, !exact),
        new PySlice(null, args.get('stop') ?? null, null),
      );
      return picked instanceof PyList
        ? new PyIterator({ items: picked.items, exact: !picked.open })
        : unknown;
    },
    'combinations(iterable, r)': () => new PyIterator({ items: [unknown], exact: false }),
    'permutations(iterable, r)': () => new PyIterator({ items: [unknown], exact: false }),
  }),
);
