/** With what a class of the file is made: what the file gives, else its defaults, else what the data says. */

import { classAttribute } from '../interpret/objects';
import { type Arguments, int, isUnknown, type PyClass, PyFunction, type Value } from '../interpret/values';
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
    /^(in_?features|input_?size|input_?dim|in_?dim|in_?size|n_?in|n_?inputs?|n_?features|num_?features|num_?inputs?|dim_?in|d_?in|inputs?|features)$/i,
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
  if (!(init instanceof PyFunction)) return site?.args ?? noArguments;
  const value = (parameter: Parameter, given: Value | undefined): Value => {
    const size = sizesOf === 'data' ? fromData(parameter.name, data) : undefined;
    return size === undefined ? known(cls, init, parameter, given, data, place) : int(size);
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
