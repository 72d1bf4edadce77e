/** The settings of a transform, out of a call of it: by place or by name, checked, with torchvision's defaults. */
import type { Call, Value } from './call';
import { TransformError } from './transform-error';

/** What a number may be. */
interface Range {
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

const shown = (value: Value): string => JSON.stringify(value);

/** The settings of one call. */
export class Settings {
  readonly #given: ReadonlyMap<string, Value>;
  readonly #name: string;

  /** @param names what torchvision calls the settings, in its order */
  constructor({ name, positional, keyword }: Call, names: readonly string[]) {
    this.#name = name;
    const takes = names.length === 0 ? 'takes no settings' : `takes ${names.join(', ')}`;
    if (positional.length > names.length) {
      throw new TransformError(`${name} ${takes}; found ${positional.length} values`);
    }
    const given = new Map(positional.map((value, i) => [names[i] ?? '', value]));
    for (const [key, value] of keyword) {
      if (!names.includes(key)) throw new TransformError(`${name} ${takes}; found ${key}`);
      if (given.has(key)) throw new TransformError(`${name}: ${key} is given twice`);
      given.set(key, value);
    }
    this.#given = given;
  }

  /** Whether the setting was given, and not as `None`. */
  has(key: string): boolean {
    return (this.#given.get(key) ?? null) !== null;
  }

  /** A number. */
  number(key: string, usual: number | undefined, range: Range = {}): number {
    const value = this.#given.get(key) ?? usual;
    if (typeof value === 'number' && fits(value, range)) return value;
    throw this.#wrong(key, wordsOf(range), value);
  }

  /** Numbers in a list, of one of some lengths; a single number counts as a list of one. */
  numbers(
    key: string,
    lengths: readonly number[],
    usual: readonly number[] | undefined,
    range: Range = {},
  ): number[] {
    const value = this.#given.get(key) ?? usual;
    const list = typeof value === 'number' ? [value] : Array.isArray(value) ? value : [];
    const numbers = list.filter(item => typeof item === 'number' && fits(item, range));
    if (numbers.length === list.length && lengths.includes(list.length)) return numbers;
    throw this.#wrong(key, `${lengths.join(' or ')} of: ${wordsOf(range)}`, value);
  }

  /** `True` or `False`. */
  flag(key: string, usual: boolean): boolean {
    const value = this.#given.get(key) ?? usual;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(key, 'True or False', value);
  }

  /** One of some words. */
  word<Word extends string>(key: string, words: readonly Word[], usual: Word): Word {
    const value = this.#given.get(key) ?? usual;
    const found = words.find(word => word === value);
    if (found !== undefined) return found;
    throw this.#wrong(key, words.map(word => `“${word}”`).join(' or '), value);
  }

  /** A value as it was given. */
  value(key: string): Value | undefined {
    return this.#given.get(key);
  }

  /** What is wrong with a setting. */
  #wrong(key: string, expected: string, found: Value | undefined): TransformError {
    return new TransformError(
      `${this.#name}: expected ${key} to be ${expected}, found ${found === undefined ? 'nothing' : shown(found)}`,
    );
  }
}

function fits(value: number, { least = -Infinity, most = Infinity, whole = false }: Range): boolean {
  return Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isInteger(value));
}

function wordsOf({ least, most, whole = false }: Range): string {
  const what = whole ? 'a whole number' : 'a number';
  if (least !== undefined && most !== undefined) return `${what} from ${least} to ${most}`;
  return least === undefined ? what : `${what} of at least ${least}`;
}
