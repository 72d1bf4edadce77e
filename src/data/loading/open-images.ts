/**
 * From lists of image files to a data set that is being read: what the images become is decided by a look at some of
 * them, those decoded by an earlier run come from the cache, all others are decoded in threads while training begins.
 */
import { count, DataError } from '../data-error';
import { fingerprintOf, type ImageData, type ImageSplit, labelArray, type SkippedFile } from '../image-data';
import { ImageThreads } from '../images/threads';
import type { OpeningOptions } from '../options';
import { DecodedCache } from './decoded-cache';
import { type BadImage, badFile, ImageLoader } from './image-loader';
import { type ImagePlan, notesOf, planImages } from './image-plan';
import { type LabelledFiles, type LabelledImages, type PartName, partNames } from './labelled-images';
import { openStream } from './open-stream';

/** A part while it is being read. */
interface Part {
  readonly files: readonly string[];
  readonly split: ImageSplit;
  readonly loader: ImageLoader;
}

/**
 * Opens images.
 * @param aside a place for what was decoded other than the usual one
 */
export async function openImages(
  images: LabelledImages,
  options: OpeningOptions,
  aside?: string,
): Promise<ImageData> {
  const threads = new ImageThreads();
  try {
    const plan = await planImages(images.train.files, threads, options);
    const stream = await openStream(images, plan, options, threads);
    if (stream !== undefined) return { ...stream, transformed: true };
    const reading = new Reading(images, plan, options, threads, aside);
    return { ...(await reading.open()), transformed: true };
  } catch (error) {
    threads.close();
    throw error;
  }
}

/** The reading of one data set. */
class Reading {
  readonly #parts: ReadonlyMap<PartName, Part>;
  readonly #cache: DecodedCache;
  readonly #each: number;
  readonly #onBadFile: 'stop' | 'skip';
  readonly #onProgress: OpeningOptions['onProgress'];

  constructor(
    private readonly images: LabelledImages,
    private readonly plan: ImagePlan,
    { onBadFile = 'stop', onProgress }: OpeningOptions,
    private readonly threads: ImageThreads,
    aside: string | undefined,
  ) {
    this.#onBadFile = onBadFile;
    this.#onProgress = onProgress;
    const { size, channels } = plan;
    this.#each = size.width * size.height * channels;
    this.#parts = new Map(
      partNames.flatMap((name): [PartName, Part][] => {
        const list = images[name];
        return list === undefined ? [] : [[name, this.#partOf(list)]];
      }),
    );
    const lists = [...this.#parts.values()].map(({ files }) => files);
    // Without transforms, as it always was: what was kept before there were any is still good.
    const what = plan.transforms === undefined ? [] : [plan.transforms];
    this.#cache = new DecodedCache([size, channels, lists, ...what], aside);
  }

  async open(): Promise<ImageData> {
    const cached = await this.#fromCache();
    if (cached !== undefined) return cached;
    const fingerprint = this.#decode();
    // Whoever needs it hears what went wrong.
    fingerprint.catch(() => undefined);
    if (this.#onBadFile === 'stop') return this.#data(fingerprint);
    await fingerprint;
    return this.#withoutBad(this.#notes(this.#resized));
  }

  #partOf({ files, labels }: LabelledFiles): Part {
    const { size, channels } = this.plan;
    const pixels = new Uint8Array(files.length * this.#each);
    const { seen: _, ...form } = this.plan;
    const loader = new ImageLoader({ files, pixels }, form, this.threads, this.#onBadFile);
    loader.onChange = () => this.#tell();
    const shape = channels === 1 ? [size.height, size.width] : [channels, size.height, size.width];
    const split: ImageSplit = {
      images: pixels,
      shape,
      labels: labelArray(labels, this.images.classes.length),
      length: files.length,
      files,
      pending: loader,
    };
    return { files, split, loader };
  }

  #tell(): void {
    if (this.#onProgress === undefined) return;
    const parts = [...this.#parts.values()];
    const total = parts.reduce((sum, { files }) => sum + files.length, 0);
    this.#onProgress(total - parts.reduce((sum, { loader }) => sum + loader.left, 0), total);
  }

  get #resized(): number {
    return [...this.#parts.values()].reduce((sum, { loader }) => sum + loader.resized, 0);
  }

  /** Decodes all parts, the training set first, and keeps what was decoded. */
  async #decode(): Promise<string> {
    const parts = [...this.#parts.values()];
    try {
      for (const { loader } of parts) {
        await loader.run();
        await loader.all();
      }
    } finally {
      this.threads.close();
    }
    const fingerprint = fingerprintOf(...parts.map(({ split }) => split));
    const stamps = new Float64Array(parts.reduce((sum, { loader }) => sum + loader.stamps.length, 0));
    const bad: BadImage[] = [];
    let rows = 0;
    for (const { loader, files } of parts) {
      stamps.set(loader.stamps, 2 * rows);
      for (const { row, reason } of loader.bad) bad.push({ row: rows + row, reason });
      rows += files.length;
    }
    const header = { rows, each: this.#each, fingerprint, resized: this.#resized, bad };
    const pixels = parts.map(({ split }) => split.images).filter(array => array instanceof Uint8Array);
    await this.#cache.save(header, stamps, pixels);
    return fingerprint;
  }

  async #fromCache(): Promise<ImageData | undefined> {
    const parts = [...this.#parts.values()];
    const all = parts.flatMap(({ files }) => files);
    const kept = await this.#cache.load(all.length, this.#each);
    if (kept === undefined) return undefined;
    const { capacity } = this.threads;
    const size = Math.ceil(all.length / capacity);
    const jobs = Array.from({ length: capacity }, (_, i) => all.slice(i * size, (i + 1) * size));
    const stamps = await Promise.all(jobs.map(files => this.threads.ask({ kind: 'stamp', files })));
    const unchanged = stamps.every((part, i) =>
      part.every((value, k) => value === kept.stamps[2 * i * size + k]),
    );
    if (!unchanged) return undefined;
    this.threads.close();
    let first = 0;
    for (const { split, files, loader } of parts) {
      split.images.set(kept.pixels.subarray(first * this.#each, (first + files.length) * this.#each));
      for (const { row, reason } of kept.header.bad) {
        if (row >= first && row < first + files.length) loader.bad.push({ row: row - first, reason });
      }
      first += files.length;
    }
    return this.#complete(kept.header.fingerprint, kept.header.resized);
  }

  /** The data set, all of which was read. */
  #complete(fingerprint: string, resized: number): ImageData {
    const [bad] = [...this.#parts.values()].flatMap(({ files, loader }) =>
      loader.bad.map(({ row, reason }) => ({ file: files[row] ?? '', reason })),
    );
    const notes = this.#notes(resized);
    if (bad === undefined) return this.#data(fingerprint, { read: true, notes });
    if (this.#onBadFile === 'stop') throw badFile(bad.file, bad.reason);
    return this.#withoutBad(notes);
  }

  #data(
    fingerprint: string | Promise<string>,
    { read = false, notes = this.#notes() }: { readonly read?: boolean; readonly notes?: string[] } = {},
  ): ImageData {
    const { name, classes, reading } = this.images;
    const split = (part: PartName) => {
      const found = this.#parts.get(part)?.split;
      if (found === undefined || !read) return found;
      const { pending: _, ...rest } = found;
      return rest;
    };
    const train = split('train');
    if (train === undefined) throw new Error('a data set has a training part');
    return {
      name,
      train,
      validation: split('validation'),
      test: split('test'),
      classes,
      fingerprint,
      reading,
      notes,
    };
  }

  #notes(resized?: number): string[] {
    return notesOf(this.images, this.plan, resized);
  }

  /** The data set as if the bad files were not there. */
  #withoutBad(notes: string[]): ImageData {
    const skipped: SkippedFile[] = [];
    const without = (part: PartName) => {
      const found = this.#parts.get(part);
      if (found === undefined) return undefined;
      for (const { row, reason } of found.loader.bad) skipped.push({ file: found.files[row] ?? '', reason });
      return withoutRows(found.split, new Set(found.loader.bad.map(({ row }) => row)));
    };
    const [train, validation, test] = [without('train'), without('validation'), without('test')];
    const { name, classes, reading } = this.images;
    if (train === undefined || train.length === 0) {
      throw new DataError(name, `none of ${count(skipped.length, 'image')} can be read`);
    }
    const fingerprint = fingerprintOf(train, validation, test);
    return { name, train, validation, test, classes, fingerprint, reading, notes, skipped };
  }
}

function withoutRows(split: ImageSplit, rows: ReadonlySet<number>): ImageSplit {
  const { pending: _, ...whole } = split;
  if (rows.size === 0) return whole;
  const each = split.images.length / split.length;
  const kept = Array.from(split.labels.keys()).filter(row => !rows.has(row));
  const images = new Uint8Array(kept.length * each);
  kept.forEach((row, i) => {
    images.set(split.images.subarray(row * each, (row + 1) * each), i * each);
  });
  const labels = split.labels.filter((_, row) => !rows.has(row));
  const files = whole.files?.filter((_, row) => !rows.has(row));
  return { ...whole, images, labels, length: kept.length, ...(files && { files }) };
}
