/** Python's `collections`. */
import { elementsOf } from '../../interpret/iterate';
import { Builtin, firstOf, PyDict, PyList, PyTuple, type Value } from '../../interpret/values';
import { builtinNames } from '../builtins';
import { natives } from '../native';
import { libraryModule } from '../nn';

/** `collections`. */
export const collections = libraryModule(
  'collections',
  new Map<string, Value>([
    ['OrderedDict', firstOf(builtinNames.get('dict'))],
    ['Counter', new Builtin('Counter', () => new PyDict(new Map(), true))],
    [
      'defaultdict',
      new Builtin(
        'defaultdict',
        ({ positional: [factory] }) => new PyDict(new Map(), false, factory ?? null),
      ),
    ],
    ...natives({
      'deque(iterable, maxlen)': (args, interpreter) => {
        const source = args.get('iterable');
        if (source === undefined) return new PyList([], args.get('maxlen') !== undefined);
        const { items, exact } = elementsOf(interpreter, source);
        return new PyList(items, !exact || args.get('maxlen') !== undefined);
      },
      'namedtuple(name, fields)': (args, interpreter) => {
        const fields = args.get('fields');
        const names =
          typeof fields === 'string'
            ? fields.split(/[\s,]+/)
            : elementsOf(interpreter, firstOf(fields)).items.filter(one => typeof one === 'string');
        return new Builtin(
          args.text('name') ?? 'namedtuple',
          given =>
            new PyTuple(
              names.map((name, i) => firstOf(given.positional[i], given.keywords.get(name))),
              names,
            ),
        );
      },
    }),
  ]),
);
