/** With what a class of the file is made: what the file gives, else its defaults, else what the data says. */

import { classAttribute, linearized } from '../interpret/objects';
import {
  type Arguments,
  int,
  isUnknown,
  knownNumber,
  PyClass,
  PyFunction,
  PyInstance,
  type Value,
} from '../interpret/values';
import { layerLines } from '../library/nn/layer-table';
import { isModule } from '../library/nn/module-class';
import type { Parameter } from '../parse';
import type { CallSite } from './recipe';
import { type Place, Refused } from './refused';

/** What is known of the data that a module is made for. */
export interface DataSizes {
  /** The shape of a sample as the module gets it: [channels, height, width], or [features]. */
  readonly sample: readonly number[];
  readonly classes: number;
  /** Whether the module may give any tensor, instead of a number for each class: it is looked at and not trained. */
  readonly anyOutput?: boolean;
}

const meaning: readonly (readonly [pattern: RegExp, of: (data: DataSizes) => number])[] = [
  [
    /^(in_?channels?|input_?channels?|channels|n_?channels|num_?channels|c_?in|cin|in_?ch|nc)$/i,
    ({ sample }) => (sample.length > 1 ? (sample[0] ?? 1) : 1),
  ],
  [
    /^(num_?classes|n_?classes|classes|n_?class|num_?class|num_?labels|n_?labels|out_?features|output_?size|output_?dim|out_?dim|out_?size|n_?out|n_?outputs?|num_?outputs?|dim_?out|d_?out|outputs?|nclass|c)$/i,
    ({ classes }) => classes,
  ],
  [
    /^(in_?features|input_?size|input_?dim|in_?dim|in_?size|n_?in|n_?inputs?|n_?features?|num_?features?|num_?inputs?|dim_?in|d_?in|inputs?|features)$/i,
    ({ sample }) => sample.reduce((product, size) => product * size, 1),
  ],
];

/** The size that the data gives a parameter of that name; undefined where the name says nothing. */
function fromData(name: string, data: DataSizes): number | undefined {
  return meaning.find(([pattern]) => pattern.test(name))?.[1](data);
}

/** Whose sizes count: those that the file gives, or those of the data where a parameter's name says what it is. */
export type SizesOf = 'file' | 'data';

/** The arguments with which a class is made. */
export function argumentsFor(
  cls: PyClass,
  site: CallSite | undefined,
  data: DataSizes,
  place: Place,
  sizesOf: SizesOf = 'file',
): Arguments {
  const init = classAttribute(cls, '__init__');
  if (!(init instanceof PyFunction)) return ofLayer(cls, site?.args ?? noArguments, data, sizesOf);
  const value = (parameter: Parameter, given: Value | undefined): Value => {
    const size = sizesOf === 'data' ? fromData(parameter.name, data) : undefined;
    if (size !== undefined) return int(size);
    const found = known(cls, init, parameter, given, data, place);
    return sizesOf === 'data' ? configured(found, data) : found;
  };
  const given = site?.args ?? noArguments;
  const parameters = init.definition.parameters.slice(1);
  const plain = parameters.filter(({ kind }) => kind === 'plain');
  const keywords = new Map(given.keywords);
  const positional: Value[] = [];
  plain.forEach((parameter, i) => {
    const first = given.positional[i];
    const found = first === undefined ? keywords.get(parameter.name) : first;
    keywords.delete(parameter.name);
    positional.push(value(parameter, found));
  });
  for (const parameter of parameters.filter(({ kind }) => kind === 'keywordOnly'))
    keywords.set(parameter.name, value(parameter, keywords.get(parameter.name)));
  return { positional: [...positional, ...given.positional.slice(plain.length)], keywords, span: given.span };
}

/** The arguments of a class that is made as one of the library's layers is. */
function ofLayer(cls: PyClass, given: Arguments, data: DataSizes, sizesOf: SizesOf): Arguments {
  const names = linearized(cls).flatMap(one => (one instanceof PyClass ? [one.name] : []));
  const ordered = layerLines.find(({ name }) => names.includes(name))?.ordered;
  if (sizesOf === 'file' || ordered === undefined) return given;
  const sized = (name: string | undefined, value: Value): Value => {
    const size = name === undefined ? undefined : fromData(name, data);
    return size === undefined ? value : int(size);
  };
  return {
    ...given,
    positional: given.positional.map((value, i) => sized(ordered[i], value)),
    keywords: new Map([...given.keywords].map(([name, value]) => [name, sized(name, value)])),
  };
}

/** A configuration, such as a dataclass, with the sizes of the data under the names that say what is meant. */
function configured(value: Value, data: DataSizes): Value {
  if (!(value instanceof PyInstance) || value.cls.definition === undefined) return value;
  const module: boolean = isModule(value);
  if (module) return value;
  const made = new PyInstance(value.cls);
  for (const [name, own] of value.attributes) {
    const size = knownNumber(own) === undefined ? undefined : fromData(name, data);
    made.attributes.set(name, size === undefined ? own : int(size));
  }
  return made;
}

function known(
  cls: PyClass,
  init: PyFunction,
  { name }: Parameter,
  given: Value | undefined,
  data: DataSizes,
  place: Place,
): Value {
  if (given !== undefined && !isUnknown(given)) return given;
  const usual = init.defaults.get(name);
  if (usual !== undefined && !isUnknown(usual)) return usual;
  const size = fromData(name, data);
  if (size !== undefined) return int(size);
  throw new Refused(
    place,
    `what \`${name}\` of ${cls.name} is to be is not known: give it a default, or make a ${cls.name} somewhere in the file`,
  );
}

const noArguments: Arguments = { positional: [], keywords: new Map(), span: { from: 0, to: 0 } };
