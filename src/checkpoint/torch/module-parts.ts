/** A `torch.nn.Module` that was pickled as a whole: the attributes that PyTorch keeps its parts in. */
import { keyText, pythonText } from '../python-repr';
import { isTensor, type Stored, Unresolved } from '../stored';

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

/** Modules of TorchScript keep all their parts side by side. */
function scriptParts({ state }: Unresolved): ModuleParts {
  const all = entriesOf(state).filter(([name]) => !own.test(name));
  const isPart = (item: Stored) => item instanceof Unresolved && isScript(item);
  const rest = withTexts(all.filter(([, item]) => !isPart(item) && !(item !== null && isTensorValue(item))));
  return {
    parameters: all.filter(([, item]) => isTensorValue(item) && item !== null),
    buffers: [],
    modules: all.filter(([, item]) => isPart(item)),
    ...rest,
  };
}

/** Whether this is an object of a class that an archive of TorchScript brings along. */
const isScript = ({ module }: Unresolved): boolean => module.startsWith('__torch__');

const isTensorValue = (item: Stored): boolean => typeof item === 'object' && isTensor(item);

/** Attributes, apart by whether they are plain values. */
function withTexts(entries: readonly Entry[]): Pick<ModuleParts, 'others' | 'settings'> {
  const texts = entries.map(([name, item]) => [name, item, pythonText(item)] as const);
  return {
    others: texts.filter(([, , text]) => text === undefined).map(([name, item]) => [name, item]),
    settings: texts.flatMap(([name, , text]) => (text === undefined ? [] : [[name, text] as const])),
  };
}

/** The parts of a module; undefined for what is none. */
export function moduleParts(value: Stored): ModuleParts | undefined {
  if (!(value instanceof Unresolved) || !(value.state instanceof Map)) return undefined;
  if (isScript(value)) return scriptParts(value);
  const { state } = value;
  if (!(state.get('_modules') instanceof Map) || !(state.get('_parameters') instanceof Map)) return undefined;
  const rest = entriesOf(state).filter(([name]) => !own.test(name));
  return {
    parameters: entriesOf(state.get('_parameters')),
    buffers: entriesOf(state.get('_buffers')),
    modules: entriesOf(state.get('_modules')),
    ...withTexts(rest),
  };
}
