/** The work of a thread that reads images: files in, pixels of one size out. */
import { closeSync, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { errorCode } from '../data-error';
import { resizePlanes } from '../transforms/fixed';
import { planTransforms } from '../transforms/plan';
import { applyAll } from '../transforms/sample-transforms';
import type { PixelTransform, Planes } from '../transforms/transform';
import { TransformError } from '../transforms/transform-error';
import { decodeImage, look } from './decode';
import { ImageError } from './image-error';
import type { Answers, BadFile, DecodeJob, Surveyed } from './jobs';
import { type Channels, convert, isGrey, type Picture, toPlanes } from './picture';
import { resize, type Size } from './resize';

/** Files larger than this hold no image that could be read. */
const MOST_BYTES = 2 ** 30;

let buffer = Buffer.allocUnsafeSlow(1 << 16);

interface FileContent {
  /** Valid until the next file is read. */
  readonly bytes: Buffer;
  readonly modified: number;
}

/** Reads a file into a buffer that is used again and again. */
function read(file: string): FileContent {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new ImageError('is no file');
    if (stat.size > MOST_BYTES) throw new ImageError('too large: more than 1 GiB');
    if (stat.size > buffer.length) buffer = Buffer.allocUnsafeSlow(2 * stat.size);
    let length = 0;
    while (length < stat.size) {
      const got = readSync(descriptor, buffer, length, stat.size - length, length);
      if (got === 0) break;
      length += got;
    }
    return { bytes: buffer.subarray(0, length), modified: stat.mtimeMs };
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT') throw new ImageError(whyMissing(file), { cause: error });
    if (code === 'ELOOP') throw new ImageError('is a link that leads in a circle', { cause: error });
    throw new ImageError(`cannot be read (${code ?? 'unknown error'})`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Why a file is not there that was listed. */
function whyMissing(file: string): string {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return 'is a link that leads nowhere';
  // What is no UTF-8 in a name was replaced when the folder was listed.
  return file.includes('\ufffd') ? 'has a name that is no UTF-8; rename it' : 'is not there (any more)';
}

/** What is wrong with an image; other errors are errors of the program. */
function reasonOf(error: unknown): string {
  if (error instanceof ImageError || error instanceof TransformError) return error.message;
  if (error instanceof RangeError) return `cannot be decoded (${error.message})`;
  throw error;
}

/** What an image becomes that has gone through transforms first. */
function transformed(
  picture: Picture,
  transforms: readonly PixelTransform[],
  channels: Channels,
  size: Size,
): { readonly planes: Planes; readonly resized: boolean } {
  const { width, height } = picture;
  const data = new Uint8Array(width * height * channels);
  toPlanes(convert(picture, channels), channels, data, 0);
  const changed = applyAll(transforms, { data, width, height, channels });
  const planes = resizePlanes(changed, size);
  return { planes, resized: planes !== changed };
}

/** Decodes files to pixels of one size. */
export async function decodeFiles(job: DecodeJob): Promise<Answers['decode']> {
  const { files, size, channels } = job;
  const each = size.width * size.height * channels;
  const pixels = new Uint8Array(files.length * each);
  const stamps = new Float64Array(2 * files.length).fill(-1);
  const bad: BadFile[] = [];
  const resized: number[] = [];
  const transforms = planTransforms(job.transforms?.texts ?? []).before;
  for (const [index, file] of files.entries()) {
    try {
      const { bytes, modified } = read(file);
      stamps.set([bytes.length, modified], 2 * index);
      const picture = await decodeImage(bytes);
      if (transforms.length > 0) {
        const made = transformed(picture, transforms, job.transforms?.channels ?? channels, size);
        if (made.resized) resized.push(index);
        pixels.set(made.planes.data, index * each);
        continue;
      }
      if (picture.width !== size.width || picture.height !== size.height) resized.push(index);
      toPlanes(resize(convert(picture, channels), picture, size, channels), channels, pixels, index * each);
    } catch (error) {
      bad.push({ index, reason: reasonOf(error) });
    }
  }
  return { pixels, bad, resized, stamps };
}

/** Looks what image files are. */
export async function surveyFiles(files: readonly string[]): Promise<Surveyed[]> {
  const surveyed: Surveyed[] = [];
  for (const file of files) {
    try {
      const picture = await decodeImage(read(file).bytes);
      surveyed.push({ width: picture.width, height: picture.height, grey: isGrey(picture) });
    } catch (error) {
      surveyed.push({ reason: reasonOf(error) });
    }
  }
  return surveyed;
}

/** Looks of which length and age files are. */
export function stampFiles(files: readonly string[]): Answers['stamp'] {
  const stamps = new Float64Array(2 * files.length).fill(-1);
  for (const [index, file] of files.entries()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined) stamps.set([stat.size, stat.mtimeMs], 2 * index);
  }
  return stamps;
}

/** Looks how large images are. */
export function measureFiles(files: readonly string[]): Answers['measure'] {
  const sizes = new Int32Array(2 * files.length);
  for (const [index, file] of files.entries()) {
    try {
      const { width, height } = look(read(file).bytes);
      sizes.set([width, height], 2 * index);
    } catch (error) {
      reasonOf(error);
    }
  }
  return sizes;
}
