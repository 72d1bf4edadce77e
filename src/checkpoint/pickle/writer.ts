/**
 * Writes pickles of protocol 2, as `torch.save` does, with none but the opcodes and names that PyTorch's
 * `weights_only` reader accepts.
 */
import { CheckpointError, quote } from '../errors';
import {
  isTensor,
  kindOf,
  OrderedDict,
  type Stored,
  type StoredKey,
  type StoredTensor,
  Tuple,
} from '../stored';
import { ByteSink } from './byte-sink';
import { maxDepth } from './check';

const utf8 = new TextEncoder();

/** Writes one value. */
export class PickleWriter {
  readonly #out = new ByteSink();
  /** Indices in the memo of objects, and of strings and global names. */
  readonly #objects = new Map<object, number>();
  readonly #names = new Map<string, number>();
  #memoized = 0;
  /** Objects that are being written, and the way to the present one. */
  readonly #open = new Set<object>();
  readonly #path: string[] = [];

  /** @param tensor writes what stands for a tensor */
  constructor(private readonly tensor: (writer: PickleWriter, tensor: StoredTensor) => void) {
    this.#out.bytes(0x80, 2);
  }

  /** Ends the pickle and gives its bytes. */
  finish(): Uint8Array {
    this.op('.');
    return this.#out.finish();
  }

  /** An opcode without arguments, by its character. */
  op(...codes: string[]): void {
    for (const code of codes) this.#out.bytes(code.charCodeAt(0));
  }

  /** A class or function. */
  global(module: string, name: string): void {
    const text = `${module}\n${name}\n`;
    if (this.#recall(this.#names.get(`c${text}`))) return;
    this.#out.bytes(0x63);
    this.#out.append(utf8.encode(text));
    this.#names.set(`c${text}`, this.#memoize());
  }

  /** Text. */
  string(text: string): void {
    if (this.#recall(this.#names.get(`X${text}`))) return;
    if (/\p{Surrogate}/u.test(text))
      throw this.error(`cannot write the text ${quote(text)}: it is no valid Unicode`);
    const bytes = utf8.encode(text);
    this.#out.bytes(0x58);
    this.#out.u32(bytes.length);
    this.#out.append(bytes);
    this.#names.set(`X${text}`, this.#memoize());
  }

  /** An int. */
  int(value: bigint | number): void {
    const number = Number(value);
    if (number >= 0 && number <= 0xff) this.#out.bytes(0x4b, number);
    else if (number >= 0 && number <= 0xffff) this.#out.bytes(0x4d, number & 0xff, number >> 8);
    else if (number >= -(2 ** 31) && number < 2 ** 31) {
      this.op('J');
      this.#out.u32(number >>> 0);
    } else this.#long(BigInt(value));
  }

  /** An int of more than 32 bits, in two's complement. */
  #long(value: bigint): void {
    const magnitude = value < 0n ? ~value : value;
    const length = Math.floor(magnitude.toString(16).length / 2) + 1;
    if (length > 0xff) throw this.error('cannot write an int of more than 254 bytes');
    this.#out.bytes(0x8a, length);
    for (let i = 0; i < length; i++) this.#out.bytes(Number((value >> BigInt(8 * i)) & 0xffn));
  }

  /** A tuple of ints. */
  intTuple(values: readonly number[]): void {
    this.op('(');
    for (const value of values) this.int(value);
    this.op('t');
  }

  /** Any value. */
  save(value: Stored): void {
    if (value === null) this.op('N');
    else if (typeof value === 'boolean') this.#out.bytes(value ? 0x88 : 0x89);
    else if (typeof value === 'number') {
      this.op('G');
      this.#out.f64(value);
    } else if (typeof value === 'bigint') this.int(value);
    else if (typeof value === 'string') this.string(value);
    else this.#object(value);
  }

  #object(value: Exclude<Stored, null | boolean | number | bigint | string>): void {
    if (this.#recall(this.#objects.get(value))) return;
    if (this.#open.has(value)) throw this.error('cannot write a value that contains itself');
    if (this.#open.size >= maxDepth) throw this.error(`cannot write more than ${maxDepth} levels of nesting`);
    this.#open.add(value);
    if (value instanceof Uint8Array) this.#bytes(value);
    else if (Array.isArray(value)) this.#items(']', value, 'e');
    else if (value instanceof Tuple) this.#tuple(value);
    else if (value instanceof Map) this.#dict(value);
    else if (value instanceof Set) this.#set(value);
    else if (isTensor(value)) this.tensor(this, value);
    else throw this.error(`cannot write ${kindOf(value)}`);
    this.#open.delete(value);
    this.#objects.set(value, this.#memoize());
  }

  /** Bytes, in the way of protocol 2: as text with a character for each byte. */
  #bytes(value: Uint8Array): void {
    this.global('_codecs', 'encode');
    this.string(Array.from(value, byte => String.fromCharCode(byte)).join(''));
    this.string('latin1');
    this.op('\x86', 'R');
  }

  /** An opcode for something empty, its members above a mark, and an opcode that adds them. */
  #items(empty: string, items: Iterable<Stored>, add: string): void {
    this.op(empty, '(');
    this.#members(items);
    this.op(add);
  }

  #tuple(value: Tuple): void {
    this.op('(');
    this.#members(value.items);
    this.op('t');
  }

  #set(value: Set<StoredKey>): void {
    this.global('__builtin__', 'set');
    this.#items(']', value, 'e');
    this.op('\x85', 'R');
  }

  #members(items: Iterable<Stored>): void {
    let index = 0;
    for (const item of items) this.#at(String(index++), item);
  }

  #dict(value: Map<StoredKey, Stored>): void {
    if (value instanceof OrderedDict) {
      this.global('collections', 'OrderedDict');
      this.op(')', 'R');
    } else {
      this.op('}');
    }
    this.op('(');
    for (const [key, item] of value) {
      this.save(key);
      this.#at(typeof key === 'object' ? kindOf(key) : String(key), item);
    }
    this.op('u');
    if (!(value instanceof OrderedDict) || value.attributes.size === 0) return;
    this.#at('attributes', value.attributes);
    this.op('b');
  }

  /** Writes a value that lies within the present one. */
  #at(step: string, value: Stored): void {
    this.#path.push(step);
    this.save(value);
    this.#path.pop();
  }

  /** Refers to what is in the memo already, if it is. */
  #recall(index: number | undefined): boolean {
    if (index === undefined) return false;
    this.#indexed(0x68, 0x6a, index);
    return true;
  }

  /** Puts the value on top into the memo and gives its index there. */
  #memoize(): number {
    const index = this.#memoized++;
    this.#indexed(0x71, 0x72, index);
    return index;
  }

  #indexed(short: number, long: number, index: number): void {
    if (index <= 0xff) {
      this.#out.bytes(short, index);
    } else {
      this.#out.bytes(long);
      this.#out.u32(index);
    }
  }

  /** An error about the value that is being written. */
  error(problem: string): CheckpointError {
    return new CheckpointError(this.#path.length === 0 ? problem : `${this.#path.join('/')}: ${problem}`);
  }
}
