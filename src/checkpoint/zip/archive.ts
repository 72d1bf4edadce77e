/**
 * Reads zip archives that are not to be trusted: first the table of contents, an entry when it is asked for, and of one
 * that is stored uncompressed, as all of PyTorch's are, no more than the part that is asked for. (fflate, which writes them, copies every entry, checks
 * neither bounds nor checksums, and does not stop an entry that unpacks to more than it announces.)
 */
import { constants, inflateRawSync } from 'node:zlib';
import { CheckpointError, quote } from '../errors';
import { type ByteSource, checkPart } from '../source/byte-source';
import { Numbers } from '../source/numbers';
import { crc32 } from './crc32';

/** Signatures, as little-endian numbers. */
const signature = {
  local: 0x04034b50,
  entry: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator: 0x07064b50,
};
const endLength = 22;
const entryLength = 46;
const localLength = 30;
/** Deflate cannot pack better than this. */
const maxRatio = 1032;
/** What may come out of a compressed entry beyond eight times the size of the file. */
const freeInflation = 64 * 2 ** 20;

interface Entry {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  /** Bytes in the file. */
  readonly packed: number;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Offset of the local header. */
  readonly offset: number;
}

/** The entries of a zip archive. */
export class ZipArchive {
  readonly #entries = new Map<string, Entry>();
  /** The entry that was unpacked last, since one part of it is often followed by the next. */
  #unpacked: { readonly name: string; readonly content: Uint8Array } | undefined;
  readonly #numbers: Numbers;
  /** Offset of the table of contents, which is where the entries end. */
  #directory = 0;

  /** Reads the table of contents of an archive. */
  constructor(private readonly source: ByteSource) {
    this.#numbers = new Numbers(source);
    this.#readDirectory();
    this.#checkOverlaps();
  }

  /** Names of the entries, in the order of the table of contents. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** How many bytes an entry has when unpacked; undefined where there is none of this name. */
  sizeOf(name: string): number | undefined {
    return this.#entries.get(name)?.size;
  }

  /** The content of an entry; undefined where there is none of this name. */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    return entry && this.part(name, 0, entry.size);
  }

  /**
   * A part of the content of an entry; undefined where there is none of this name. The checksum is compared where all
   * of it is read.
   */
  part(name: string, offset: number, length: number): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    checkPart(offset, length, entry.size);
    if (entry.method === 0 && length < entry.size) {
      return this.source.read(this.#contentStart(name, entry) + offset, length);
    }
    return this.#whole(name, entry).subarray(offset, offset + length);
  }

  /**
   * The first bytes of an entry, at most `length`, without unpacking all of it; undefined where there is none of this
   * name. No checksum is compared.
   */
  beginning(name: string, length: number): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const wanted = Math.min(length, entry.size);
    if (entry.method === 0) return this.source.read(this.#contentStart(name, entry), wanted);
    const packed = this.source.read(this.#contentStart(name, entry), Math.min(entry.packed, length));
    return beginningOf(packed)?.subarray(0, wanted) ?? this.read(name)?.subarray(0, wanted);
  }

  #whole(name: string, entry: Entry): Uint8Array {
    if (this.#unpacked?.name === name) return this.#unpacked.content;
    const content = this.#unpack(name, entry);
    // PyTorch writes 0 where it was told not to compute checksums.
    if (entry.crc !== 0 && crc32(content) !== entry.crc) {
      throw damaged(`the checksum of ${quote(name)} does not match its content`);
    }
    if (entry.method !== 0) this.#unpacked = { name, content };
    return content;
  }

  #u16(offset: number): number {
    this.#check(offset, 2);
    return this.#numbers.u16(offset);
  }

  #u32(offset: number): number {
    this.#check(offset, 4);
    return this.#numbers.u32(offset);
  }

  #u64(offset: number): number {
    this.#check(offset, 8);
    return this.#numbers.u64(offset);
  }

  #check(offset: number, length: number): void {
    if (!(offset >= 0 && offset + length <= this.source.size)) {
      throw damaged('it refers to something outside of the file');
    }
  }

  /** Offset of the record at the end of the file, which is followed by a comment only. */
  #findEnd(): number {
    const { size } = this.source;
    const last = size - endLength;
    const first = Math.max(0, last - 0xffff);
    this.#numbers.load(first, size - first);
    for (let at = last; at >= first; at--) {
      if (this.#u32(at) === signature.end && at + endLength + this.#u16(at + 20) === size) return at;
    }
    throw new CheckpointError(
      'is cut off: expected the table of contents of a zip archive at its end; copy it again',
    );
  }

  #readDirectory(): void {
    const end = this.#findEnd();
    let count = this.#u16(end + 10);
    let length = this.#u32(end + 12);
    let start = this.#u32(end + 16);
    if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
      const locator = end - 20;
      if (locator < 0 || this.#u32(locator) !== signature.locator) throw damaged('its end is incomplete');
      const end64 = this.#u64(locator + 8);
      if (this.#u32(end64) !== signature.end64) throw damaged('its end is incomplete');
      [count, length, start] = [this.#u64(end64 + 32), this.#u64(end64 + 40), this.#u64(end64 + 48)];
    }
    this.#check(start, length);
    if (start + length > end || count * entryLength > length)
      throw damaged('its table of contents is too short');
    this.#directory = start;
    for (let at = start; count > 0; count--) at = this.#readEntry(at);
  }

  /** Reads one line of the table of contents and gives the offset of the next. */
  #readEntry(at: number): number {
    if (this.#u32(at) !== signature.entry) throw damaged('its table of contents is not one');
    const [nameLength, extraLength, commentLength] = [
      this.#u16(at + 28),
      this.#u16(at + 30),
      this.#u16(at + 32),
    ];
    const extra = at + entryLength + nameLength;
    const next = extra + extraLength + commentLength;
    this.#check(at, next - at);
    const name = new TextDecoder().decode(this.source.read(at + entryLength, nameLength));
    if (this.#entries.has(name)) throw damaged(`it has two entries named ${quote(name)}`);
    const wide = this.#wideFields(extra, extraLength, [
      this.#u32(at + 24),
      this.#u32(at + 20),
      this.#u32(at + 42),
    ]);
    this.#entries.set(name, {
      flags: this.#u16(at + 8),
      method: this.#u16(at + 10),
      crc: this.#u32(at + 16),
      size: wide[0] ?? 0,
      packed: wide[1] ?? 0,
      offset: wide[2] ?? 0,
    });
    return next;
  }

  /** Numbers of 32 bits, those that are saturated replaced by the 64-bit ones of the extra field. */
  #wideFields(extra: number, extraLength: number, fields: readonly number[]): number[] {
    if (!fields.includes(0xffffffff)) return [...fields];
    let at = extra;
    while (at + 4 <= extra + extraLength && this.#u16(at) !== 1) at += 4 + this.#u16(at + 2);
    let field = at + 4;
    return fields.map(value => {
      if (value !== 0xffffffff) return value;
      field += 8;
      if (field > extra + extraLength) throw damaged('its table of contents is incomplete');
      return this.#u64(field - 8);
    });
  }

  /** No byte may be in two entries, which would make much out of little. What ends outside is an error when read. */
  #checkOverlaps(): void {
    const parts = [...this.#entries.values()]
      .filter(({ offset, packed }) => packed > 0 && offset + packed <= this.#directory)
      .sort((a, b) => a.offset - b.offset);
    parts.forEach(({ offset, packed }, i) => {
      const next = parts[i + 1];
      if (next !== undefined && offset + packed > next.offset) {
        throw new CheckpointError('is a zip archive whose entries overlap');
      }
    });
  }

  /** Where the bytes of an entry begin, behind its header. */
  #contentStart(name: string, { flags, method, packed, size, offset }: Entry): number {
    if (flags & 1) throw new CheckpointError(`is a zip archive with the encrypted entry ${quote(name)}`);
    if (this.#u32(offset) !== signature.local) throw damaged(`expected ${quote(name)} at byte ${offset}`);
    const start = offset + localLength + this.#u16(offset + 26) + this.#u16(offset + 28);
    if (start + packed > this.#directory) {
      throw damaged(`${quote(name)} is cut off: expected ${packed} bytes, found ${this.#directory - start}`);
    }
    if (method === 0 && size !== packed) throw damaged(`${quote(name)} has two different sizes`);
    return start;
  }

  #unpack(name: string, entry: Entry): Uint8Array {
    const content = this.source.read(this.#contentStart(name, entry), entry.packed);
    if (entry.method === 8) return this.#inflate(name, content, entry.size);
    if (entry.method === 0) return content;
    throw new CheckpointError(`is a zip archive with the unknown compression ${entry.method}`);
  }

  #inflate(name: string, packed: Uint8Array, size: number): Uint8Array {
    if (size > maxRatio * (packed.length + 1)) throw damaged(`${quote(name)} announces ${size} bytes`);
    if (size > 8 * this.source.size + freeInflation) {
      throw new CheckpointError('is a zip archive that unpacks to far too much');
    }
    const content = inflated(packed, size);
    if (content?.length !== size) throw damaged(`${quote(name)} does not unpack to its ${size} bytes`);
    return content;
  }
}

/** What a part of packed bytes unpacks to; undefined where that does not work. */
function beginningOf(packed: Uint8Array): Uint8Array | undefined {
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}

/** Unpacks at most `size` bytes; undefined where that does not work. */
function inflated(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

function damaged(problem: string): CheckpointError {
  return new CheckpointError(`is a damaged zip archive: ${problem}`);
}
