/** Opens images that have no room in memory: they are decoded while they are needed, in every epoch anew. */
import { createHash } from 'node:crypto';
import { count, DataError } from '../data-error';
import { type ImageData, type ImageSplit, labelArray, type SkippedFile } from '../image-data';
import type { ImageForm } from '../images/jobs';
import type { ImageThreads } from '../images/threads';
import { memoryForData, noRoom } from '../memory';
import type { OpeningOptions } from '../options';
import { type ImagePlan, notesOf } from './image-plan';
import { ImageStream } from './image-stream';
import { type LabelledFiles, type LabelledImages, partNames } from './labelled-images';

/** Of the memory for data, what the buffers of the training set and of other parts take. */
const SHARES = { train: 0.5, validation: 0.2, test: 0.2 };
/** Fewer images than these make no buffer: so many are measured at once. */
const FEWEST = 1024;
/** Images in one job of the search for bad ones. */
const AT_ONCE = 64;

/**
 * The data set as a stream; undefined where it has room in memory.
 * @throws DataError where not even a buffer has room
 */
export async function openStream(
  images: LabelledImages,
  { seen: _, ...form }: ImagePlan,
  options: OpeningOptions,
  threads: ImageThreads,
): Promise<ImageData | undefined> {
  const { size, channels } = form;
  const each = size.width * size.height * channels;
  const total = partNames.reduce((sum, part) => sum + (images[part]?.files.length ?? 0), 0);
  const room = memoryForData();
  if (total * each <= room) return undefined;
  const tooLarge = () =>
    noRoom(
      images.name,
      `${count(total, 'image')} of ${size.width}×${size.height}`,
      total * each,
      'choose a smaller --image-size',
    );
  const skipped: SkippedFile[] = [];
  const split = async (part: (typeof partNames)[number]): Promise<ImageSplit | undefined> => {
    const list = images[part];
    if (list === undefined) return undefined;
    const good = options.onBadFile === 'skip' ? await withoutBad(list, form, threads, skipped) : list;
    const capacity = Math.min(good.files.length, Math.floor((room * SHARES[part]) / each));
    if (capacity < Math.min(FEWEST, good.files.length)) throw tooLarge();
    const stream = new ImageStream({ files: good.files, form, capacity, tooLarge }, threads);
    return {
      images: new Uint8Array(0),
      shape: channels === 1 ? [size.height, size.width] : [channels, size.height, size.width],
      labels: labelArray(good.labels, images.classes.length),
      length: good.files.length,
      files: good.files,
      pending: stream,
      stream,
    };
  };
  const [train, validation, test] = [await split('train'), await split('validation'), await split('test')];
  if (train === undefined || train.length === 0) {
    throw new DataError(images.name, `none of ${count(skipped.length, 'image')} can be read`);
  }
  const { name, classes, reading } = images;
  const notes = [
    ...notesOf(images, { ...form, seen: [`${size.width}×${size.height}`] }),
    `${count(total, 'image')} have no room in memory and are decoded anew in every epoch`,
  ];
  const fingerprint = namesFingerprint([train, validation, test]);
  return {
    name,
    train,
    validation,
    test,
    classes,
    fingerprint,
    reading,
    notes,
    ...(skipped.length > 0 && { skipped }),
  };
}

/** The list without the files that cannot be decoded, which is tried. */
async function withoutBad(
  { files, labels }: LabelledFiles,
  form: ImageForm,
  threads: ImageThreads,
  skipped: SkippedFile[],
): Promise<LabelledFiles> {
  const bad = new Set<number>();
  let next = 0;
  const lane = async () => {
    while (next < files.length) {
      const start = next;
      next += AT_ONCE;
      const some = files.slice(start, start + AT_ONCE);
      const answer = await threads.ask({ kind: 'decode', files: some, ...form });
      for (const { index, reason } of answer.bad) {
        bad.add(start + index);
        skipped.push({ file: some[index] ?? '', reason });
      }
    }
  };
  await Promise.all(Array.from({ length: threads.capacity }, lane));
  if (bad.size === 0) return { files, labels };
  const kept = Array.from(files.keys()).filter(row => !bad.has(row));
  return { files: kept.map(row => files[row] ?? ''), labels: kept.map(row => labels[row] ?? 0) };
}

function namesFingerprint(splits: readonly (ImageSplit | undefined)[]): string {
  const hash = createHash('sha256');
  for (const split of splits) {
    if (split === undefined) continue;
    hash.update(`${split.length}x${split.shape.join('x')};`);
    hash.update(split.labels);
    for (const file of split.files ?? []) hash.update(`${file.replace(/.*[\\/](?=[^\\/]*[\\/])/, '')}\0`);
  }
  return hash.digest('hex');
}
