/** A `torch.nn.Module` that was pickled as a whole: the attributes that PyTorch keeps its parts in. */
import { keyText, pythonText } from '../python-repr';
import { type Stored, Unresolved } from '../stored';

/** What a module consists of, by name. */
export interface ModuleParts {
  readonly parameters: readonly Entry[];
  readonly buffers: readonly Entry[];
  readonly modules: readonly Entry[];
  /** Other attributes that are more than plain values: lists of tensors, for example. */
  readonly others: readonly Entry[];
  /** Attributes that are plain values, in Python's spelling. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

type Entry = readonly [name: string, value: Stored];

/** Attributes that say nothing to a person: what every module has, and what is private. */
const own = /^(_|dump_patches$|call_super_init$|.*_hooks)/;

function entriesOf(value: Stored | undefined): Entry[] {
  if (!(value instanceof Map)) return [];
  return [...value].map(([key, item]) => [keyText(key), item]);
}

/** The parts of a module; undefined for what is none. */
export function moduleParts(value: Stored): ModuleParts | undefined {
  if (!(value instanceof Unresolved) || !(value.state instanceof Map)) return undefined;
  const { state } = value;
  if (!(state.get('_modules') instanceof Map) || !(state.get('_parameters') instanceof Map)) return undefined;
  const rest = entriesOf(state).filter(([name]) => !own.test(name));
  const plain = rest.map(([name, item]) => [name, item, pythonText(item)] as const);
  return {
    parameters: entriesOf(state.get('_parameters')),
    buffers: entriesOf(state.get('_buffers')),
    modules: entriesOf(state.get('_modules')),
    others: plain.filter(([, , text]) => text === undefined).map(([name, item]) => [name, item]),
    settings: plain.flatMap(([name, , text]) => (text === undefined ? [] : [[name, text] as const])),
  };
}
