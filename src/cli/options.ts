/** Turning the text of options into values; what does not fit is bad usage (exit code 2). */
import { InvalidArgumentError } from 'commander';
import { type ModelName, modelNames } from '../protocol/choices';
import { transformsSchema } from '../training';

/** A module of a Python file: the file, and the class or variable in it. */
export interface PythonModule {
  readonly file: string;
  readonly name: string;
}

/** A model preset by name, or a module of a Python file as `net.py:Net`. */
export function modelChoice(text: string): ModelName | PythonModule {
  const preset = modelNames.find(name => name === text);
  if (preset !== undefined) return preset;
  const [, file, name = ''] = /^(.*\.py)(?::(\w*))?$/u.exec(text) ?? [];
  if (file !== undefined) return { file, name };
  throw new InvalidArgumentError(`expected one of ${modelNames.join(', ')}, or FILE.py:NAME.`);
}

/** A parser of whole numbers from `least` on. */
export function whole(least: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || text.trim() === '') {
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** A parser of numbers in a range; `above` is excluded, `below` too. */
export function between(above: number, below: number, { orEqual = false } = {}): (text: string) => number {
  return text => {
    const value = Number(text);
    const fits = (orEqual ? value >= above : value > above) && value < below;
    if (!fits || text.trim() === '') {
      const upper = below === Number.POSITIVE_INFINITY ? '' : ` and below ${below}`;
      throw new InvalidArgumentError(
        `expected a number ${orEqual ? 'of at least' : 'above'} ${above}${upper}.`,
      );
    }
    return value;
  };
}

/** Sizes of layers: `256`, `256,128,100`, or `none`. */
export function sizes(text: string): number[] {
  if (text === 'none') return [];
  return text.split(',').map(whole(1));
}

/** The size of images: `64` for squares, or height and width as `48x64`. */
export function imageSize(text: string): number | [number, number] {
  const [height, width, ...more] = text.split(/[x×]/).map(whole(1));
  if (height === undefined || more.length > 0) throw new InvalidArgumentError('expected 64, or 48x64.');
  return width === undefined ? height : [height, width];
}

/** Transforms, each option's behind those of the one before. */
export function transforms(text: string, before: readonly string[] | undefined): string[] {
  const all = [...(before ?? []), text];
  const checked = transformsSchema.safeParse(all);
  if (checked.success) return all;
  throw new InvalidArgumentError(`${checked.error.issues[0]?.message ?? 'it cannot be read'}.`);
}

/** A class and those that become it, `even=0,2,4,6,8`, together with those of the options before. */
export function targets(
  text: string,
  before: Readonly<Record<string, readonly string[]>> | undefined,
): Record<string, readonly string[]> {
  const [, name = '', members = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === '')
    throw new InvalidArgumentError('expected a class and those that become it: even=0,2,4,6,8.');
  return { ...before, [name]: [...(before?.[name] ?? []), ...members.split(',')] };
}
