/**
 * Reads transforms as one writes them in Python: `RandomCrop(28, padding=4)`. Nothing is run: a call is a name and
 * values, which are numbers, texts, `True`, `False`, `None`, and tuples or lists of these.
 */
import { TransformError } from './transform-error';

/** A value in a call. */
export type Value = number | string | boolean | null | readonly Value[];

/** A call as it was written. */
export interface Call {
  /** Without what stands before it: `transforms.RandomCrop` is `RandomCrop`. */
  readonly name: string;
  readonly positional: readonly Value[];
  readonly keyword: ReadonlyMap<string, Value>;
  /** As it was written, from its name to its closing bracket. */
  readonly text: string;
}

const NAME = /[A-Za-z_][\w.]*/y;
const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const STRING = /'([^'\\\n]*)'|"([^"\\\n]*)"/y;
const SPACE = /\s*/y;
const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
  ['true', true],
  ['false', false],
]);
/** Lists in lists are read so deep. */
const MOST_DEPTH = 4;

/** A text, and how far it was read. */
class Reader {
  at = 0;

  constructor(readonly text: string) {}

  /** The next piece that fits, which is passed over. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    this.#skip();
    return this.#match(pattern);
  }

  /** Whether the sign comes next, which is passed over. */
  sign(sign: string): boolean {
    this.#skip();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  get done(): boolean {
    this.#skip();
    return this.at >= this.text.length;
  }

  expected(what: string): TransformError {
    const rest = this.text.slice(this.at, this.at + 20);
    return new TransformError(`expected ${what}, found ${rest === '' ? 'the end' : `“${rest}”`}`);
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }
}

/**
 * The calls in a text: one, or several with commas between them.
 * @throws TransformError where the text is none
 */
export function readCalls(text: string): Call[] {
  const reader = new Reader(text);
  const calls: Call[] = [];
  do {
    if (reader.done && calls.length > 0) break;
    calls.push(readCall(reader));
  } while (reader.sign(','));
  if (!reader.done) throw reader.expected('a comma or the end');
  return calls;
}

function readCall(reader: Reader): Call {
  const written = reader.take(NAME)?.[0];
  if (written === undefined) throw reader.expected('the name of a transform, such as RandomHorizontalFlip()');
  const start = reader.at - written.length;
  const positional: Value[] = [];
  const keyword = new Map<string, Value>();
  // What takes no settings may be written without brackets.
  if (reader.sign('(')) readArguments(reader, positional, keyword);
  const name = written.slice(written.lastIndexOf('.') + 1);
  return {
    name,
    positional,
    keyword,
    text: `${name}${reader.text.slice(start + written.length, reader.at)}`,
  };
}

function readArguments(reader: Reader, positional: Value[], keyword: Map<string, Value>): void {
  while (!reader.sign(')')) {
    const before = reader.at;
    const name = reader.take(NAME)?.[0];
    if (name !== undefined && reader.sign('=')) {
      if (keyword.has(name)) throw new TransformError(`${name} is given twice`);
      keyword.set(name, readValue(reader, 0));
    } else {
      reader.at = before;
      if (keyword.size > 0) throw new TransformError('a value without a name stands behind one with a name');
      positional.push(readValue(reader, 0));
    }
    if (reader.sign(')')) return;
    if (!reader.sign(',')) throw reader.expected('a comma or )');
  }
}

function readValue(reader: Reader, depth: number): Value {
  const number = reader.take(NUMBER)?.[0];
  if (number !== undefined) return Number(number);
  const string = reader.take(STRING);
  if (string !== undefined) return string[1] ?? string[2] ?? '';
  for (const [open, close] of ['()', '[]']) {
    if (open === undefined || close === undefined || !reader.sign(open)) continue;
    if (depth === MOST_DEPTH) throw new TransformError('lists in lists in lists are no value of a transform');
    const items: Value[] = [];
    while (!reader.sign(close)) {
      items.push(readValue(reader, depth + 1));
      if (reader.sign(',')) continue;
      if (!reader.sign(close)) throw reader.expected(`a comma or ${close}`);
      break;
    }
    return items;
  }
  const word = reader.take(NAME)?.[0];
  const value = word === undefined ? undefined : WORDS.get(word);
  if (value !== undefined) return value;
  if (word === undefined) throw reader.expected('a value');
  // `InterpolationMode.BILINEAR` and the like: an enumeration's name stands for itself.
  const [, constant] = /^(?:\w+\.)*InterpolationMode\.([A-Z]+)$/.exec(word) ?? [];
  if (constant !== undefined) return constant.toLowerCase();
  throw new TransformError(`expected a value, found “${word}”`);
}
