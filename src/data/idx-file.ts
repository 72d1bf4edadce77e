/**
 * From a file to an IDX array: plain or gzip (told by the content, since names lie), with a clear word for
 * what is commonly found in such a file's place: a web page, a Git LFS pointer, half a download.
 */
import { readFileSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { count, DataError, errorCode } from './data-error';
import { type IdxArray, type IdxHeader, parseIdx, parseIdxHeader, tooLong, truncated } from './idx';

/** Node reads no larger file at once. */
const MAX_BYTES = 2 ** 31 - 1;
/** Deflate makes at most 1,032 bytes of one. */
const MAX_RATIO = 1032;
/** Compressed bytes that are unzipped to see the IDX header; they come to at most 65 MB. */
const PEEK_BYTES = 2 ** 16;

/** What a file must hold: so many dimensions of bytes, which its magic number tells. */
export interface ExpectedIdx {
  /** Such as `images`. */
  readonly what: string;
  readonly dimensions: number;
}

/** Reads an IDX file, plain or gzip. */
export function readIdx(file: string, expected?: ExpectedIdx): IdxArray {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) {
      throw new DataError(file, `too large: expected at most 2 GiB, found ${count(size, 'byte')}; split it`);
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const code = errorCode(error) ?? 'unknown error';
    throw new DataError(file, `cannot be read (${code}); check that it exists and that you may read it`, {
      cause: error,
    });
  }
  return decodeIdx(bytes, file, expected);
}

/**
 * Reads an IDX file from its bytes as they lie on disk, plain or gzip. The memory used is bounded by what
 * the IDX header promises, whatever a gzip stream would expand to.
 */
export function decodeIdx(bytes: Uint8Array, file: string, expected?: ExpectedIdx): IdxArray {
  rejectForeign(bytes, file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    checkMagic(bytes, file, expected);
    return parseIdx(bytes, file);
  }
  const head = unzip(bytes.subarray(0, PEEK_BYTES), file, { finishFlush: constants.Z_SYNC_FLUSH });
  // What is too short for anything is unzipped to hear what is wrong with it.
  const whole = head.length < 4 ? unzip(bytes, file, {}) : undefined;
  rejectForeign(head, file);
  checkMagic(head, file, expected);
  return parseIdx(whole ?? unzipWhole(bytes, file, parseIdxHeader(head, file)), file);
}

/** The magic number tells type and dimensions; a wrong one is better told than what its sizes come to. */
function checkMagic(bytes: Uint8Array, file: string, expected: ExpectedIdx | undefined): void {
  if (expected === undefined || bytes.length < 4) return;
  const wanted = [0, 0, 8, expected.dimensions];
  if (wanted.every((byte, i) => bytes[i] === byte)) return;
  const hex = (values: Iterable<number>) =>
    Array.from(values, byte => byte.toString(16).padStart(2, '0')).join(' ');
  throw new DataError(
    file,
    `wrong magic number: expected ${hex(wanted)} (${expected.what}), found ${hex(bytes.subarray(0, 4))}; ` +
      'are images and labels swapped, or is this another file?',
  );
}

/** Unzips into one buffer of the size that the header promises, and refuses to go beyond it. */
function unzipWhole(bytes: Uint8Array, file: string, header: IdxHeader): Uint8Array {
  const { byteLength } = header;
  if (byteLength > bytes.length * MAX_RATIO) {
    throw truncated(file, header, `gzip data of ${count(bytes.length, 'byte')} that cannot hold so many`);
  }
  if (byteLength > MAX_BYTES) {
    throw new DataError(
      file,
      `too large: expected at most 2 GiB, found ${count(byteLength, 'byte')}; split it`,
    );
  }
  const limits = { chunkSize: Math.max(constants.Z_MIN_CHUNK, byteLength + 1), maxOutputLength: byteLength };
  try {
    return unzip(bytes, file, limits);
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLong(file, header, 'more in the gzip data');
    if (!(error instanceof DataError && errorCode(error.cause) === 'Z_BUF_ERROR')) throw error;
  }
  throw truncated(file, header, `gzip data that ends ${whereItEnds(bytes, limits)}`);
}

/** How much a cut gzip file holds. */
function whereItEnds(bytes: Uint8Array, limits: Parameters<typeof gunzipSync>[1]): string {
  try {
    const found = gunzipSync(bytes, { ...limits, finishFlush: constants.Z_SYNC_FLUSH });
    return `after ${count(found.length, 'byte')}`;
  } catch {
    return 'too early';
  }
}

function unzip(bytes: Uint8Array, file: string, options: Parameters<typeof gunzipSync>[1]): Uint8Array {
  try {
    return gunzipSync(bytes, options);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw error;
    const problem =
      code === 'Z_BUF_ERROR'
        ? 'the gzip data ends too early'
        : `the gzip data is damaged (${error instanceof Error ? error.message : String(error)})`;
    throw new DataError(file, `${problem}; download or copy it again`, { cause: error });
  }
}

/** Throws when the content is one of the things that are often found where data was expected. */
function rejectForeign(bytes: Uint8Array, file: string): void {
  if (bytes.length === 0) throw new DataError(file, 'the file is empty; download or copy it again');
  const start = new TextDecoder('utf-8').decode(bytes.subarray(0, 256)).trimStart();
  if (/^<(!doctype|html|head|body|\?xml|!--)/i.test(start)) {
    throw new DataError(file, 'looks like an HTML page: the download failed; download the file again');
  }
  if (start.startsWith('version https://git-lfs')) {
    throw new DataError(file, 'is a Git LFS pointer, not the file itself; run `git lfs pull`');
  }
  if (start.startsWith('PK\x03\x04')) throw new DataError(file, 'is a ZIP archive; unpack it first');
}
