/**
 * Finding IDX files under any names, by their content: arrays of bytes with as many images as there are labels. Well-known
 * names are looked for before, in `idx-folder.ts`.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { DataError, errorCode } from './data-error';
import type { Listing } from './folder';
import { partOf } from './formats/parts';
import { parseIdxHeader } from './idx';
import type { IdxFiles, IdxPair } from './idx-images';

/** Enough of a file for its header, compressed or not. */
const ENOUGH = 1024;
/** No more files are looked into. */
const LOOKED_AT = 60;
/** Files whose names say that they are something else. */
const OTHER =
  /\.(png|jpe?g|bmp|gif|tiff?|webp|csv|tsv|npy|npz|json|jsonl|txt|md|py|ipynb|pt|pth|onnx|zip|safetensors)$/i;

/** A file of images or labels. */
interface Part {
  readonly file: string;
  readonly kind: 'images' | 'labels';
  readonly count: number;
  /** What its name says that it is for. */
  readonly part: 'train' | 'validation' | 'test' | undefined;
}

/** The sizes of the byte array in a file; undefined where it holds none. */
function shapeIn(file: string): readonly number[] | undefined {
  try {
    const bytes = Buffer.alloc(ENOUGH);
    const descriptor = openSync(file, 'r');
    let head: Buffer;
    try {
      head = bytes.subarray(0, readSync(descriptor, bytes, 0, ENOUGH, 0));
    } finally {
      closeSync(descriptor);
    }
    const packed = head[0] === 0x1f && head[1] === 0x8b;
    const start = packed ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
    const { type, shape } = parseIdxHeader(start, file);
    return type === 'ubyte' ? shape : undefined;
  } catch (error) {
    if (error instanceof DataError || errorCode(error) !== undefined) return undefined;
    throw error;
  }
}

function lookAt(file: string): Part | undefined {
  const shape = shapeIn(file);
  if (shape === undefined || (shape.length !== 3 && shape.length !== 1)) return undefined;
  const name = path.basename(file);
  return {
    file,
    kind: shape.length === 3 ? 'images' : 'labels',
    count: shape[0] ?? 0,
    part: /t10k/i.test(name) ? 'test' : partOf(name),
  };
}

/** How many letters two names begin with alike, and end with. */
function likeness(a: string, b: string): number {
  let [begin, end] = [0, 0];
  while (begin < a.length && a[begin] === b[begin]) begin++;
  while (end < a.length && a.at(-1 - end) === b.at(-1 - end)) end++;
  return begin + end;
}

/** The labels that belong to some images: as many of the same part, with the name that is most like theirs. */
function labelsFor(images: Part, all: readonly Part[]): Part | undefined {
  const name = path.basename(images.file);
  return all
    .filter(({ kind, count, part }) => kind === 'labels' && count === images.count && part === images.part)
    .sort((a, b) => likeness(path.basename(b.file), name) - likeness(path.basename(a.file), name))[0];
}

/** The data sets that IDX files in a folder make, whatever they are called. */
export function idxByContent({ folder, files }: Listing): IdxFiles[] {
  const candidates = files.filter(name => !OTHER.test(name)).slice(0, LOOKED_AT);
  const all = candidates.flatMap(name => lookAt(path.join(folder, name)) ?? []);
  const pairs = all
    .filter(({ kind }) => kind === 'images')
    .flatMap(images => {
      const labels = labelsFor(images, all);
      return labels === undefined
        ? []
        : [{ part: images.part, pair: { images: images.file, labels: labels.file } }];
    });
  const of = (part: Part['part']) => pairs.filter(each => each.part === part).map(({ pair }) => pair);
  const name = path.basename(path.resolve(folder));
  const [train, test] = [of('train'), of('test')];
  const wholes: readonly IdxPair[] = train.length > 0 ? train : of(undefined);
  const single = wholes.length === 1 ? test[0] : undefined;
  // Nothing is known of its classes but how many there are.
  return wholes.map(pair => ({ name, prefix: path.basename(pair.images), train: pair, test: single }));
}
