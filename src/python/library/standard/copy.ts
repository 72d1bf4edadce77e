/** Python's `copy`. */
import { firstOf, PyDict, PyInstance, PyList, unknown, type Value } from '../../interpret/values';
import { natives } from '../native';
import { libraryModule } from '../nn';

/** A copy that does not share what can be changed; modules are copied with their parameters. */
function copied(value: Value, depth = 0): Value {
  if (depth > 12) return unknown;
  if (value instanceof PyList)
    return new PyList(
      value.items.map(item => copied(item, depth + 1)),
      value.open,
    );
  if (value instanceof PyDict)
    return new PyDict(
      new Map([...value.entries].map(([key, [name, item]]) => [key, [name, copied(item, depth + 1)]])),
      value.open,
    );
  if (value instanceof PyInstance) {
    const made = new PyInstance(value.cls);
    made.native = value.native;
    made.open = value.open;
    for (const [name, item] of value.attributes) made.attributes.set(name, copied(item, depth + 1));
    return made;
  }
  return value;
}

/** `copy`. */
export const copy = libraryModule(
  'copy',
  natives({
    'copy(value)': args => copied(firstOf(args.get('value')), 0),
    'deepcopy(value)': args => copied(firstOf(args.get('value'))),
  }),
);
