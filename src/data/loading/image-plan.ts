/** What images become before a network gets them: one size, and grey or colour. A few of them are looked at for it. */
import { count, DataError } from '../data-error';
import type { ImageForm, Surveyed } from '../images/jobs';
import type { Channels } from '../images/picture';
import type { Size } from '../images/resize';
import type { ImageThreads } from '../images/threads';
import type { DataOptions } from '../options';
import { planTransforms, shapeAfter } from '../transforms/plan';
import type { PixelTransform } from '../transforms/transform';
import { naming } from '../transforms/transform-error';
import type { LabelledImages } from './labelled-images';

/** So many images are looked at. */
const LOOKED_AT = 24;
/** Images of one size are left as they are up to this side; others become squares of at most {@link USUAL_SIDE}. */
const MOST_SIDE = 128;
const USUAL_SIDE = 64;

/** What images become. */
export interface ImagePlan extends ImageForm {
  /** The sizes that were seen, `width×height` each, after transforms. */
  readonly seen: readonly string[];
}

/** Some of a list, evenly spread over it. */
function some<T>(items: readonly T[], most: number): T[] {
  const n = Math.min(most, items.length);
  return Array.from({ length: n }, (_, i) => items[Math.floor((i * items.length) / n)]).filter(
    item => item !== undefined,
  );
}

/**
 * Decides what images become, from a look at some of them.
 * @throws DataError where none of those can be read
 */
export async function planImages(
  files: readonly string[],
  threads: ImageThreads,
  { imageSize, colour, transforms = [] }: DataOptions,
): Promise<ImagePlan> {
  const sample = some(files, LOOKED_AT);
  const half = Math.ceil(sample.length / 2);
  const parts = [sample.slice(0, half), sample.slice(half)].filter(part => part.length > 0);
  const answers = (await Promise.all(parts.map(part => threads.ask({ kind: 'survey', files: part })))).flat();
  const good = answers.filter(answer => 'width' in answer);
  const [first] = good;
  if (first === undefined) {
    const bad = answers.find(answer => 'reason' in answer);
    throw new DataError(
      sample[0] ?? '',
      `${bad?.reason ?? 'no image'}; none of the ${count(sample.length, 'image')} that were looked at can be read; repair them, or choose another folder`,
    );
  }
  const channels =
    colour === undefined ? (good.every(({ grey }) => grey) ? 1 : 3) : colour === 'grey' ? 1 : 3;
  const { before } = naming(sample[0] ?? '', () => planTransforms(transforms));
  if (before.length === 0) {
    const seen = sizesOf(good);
    return { size: sizeOf(good, seen.length === 1, imageSize), channels, seen };
  }
  return planTransformed(sample[0] ?? '', good, channels, before, imageSize);
}

/** What images become that go through transforms first: after a resizing that was asked for, else as they are. */
function planTransformed(
  file: string,
  images: readonly Good[],
  channels: Channels,
  before: readonly PixelTransform[],
  asked: DataOptions['imageSize'],
): ImagePlan {
  const size = asked === undefined ? undefined : sizeOf(images, false, asked);
  const shapes = images.map(({ width, height }) =>
    naming(file, () => shapeAfter(before, { channels, width, height, ...size })),
  );
  const seen = sizesOf(shapes);
  const alike = shapes.every(shape => shape.channels === 1) ? 1 : 3;
  const [first = { width: 1, height: 1 }] = shapes;
  const texts = [
    ...(size === undefined ? [] : [`Resize((${size.height}, ${size.width}))`]),
    ...before.map(({ text }) => text),
  ];
  return {
    // What somebody asked for stays, however large it is.
    size: seen.length === 1 ? { width: first.width, height: first.height } : sizeOf(shapes, false, undefined),
    channels: alike,
    transforms: { texts, channels },
    seen,
  };
}

type Good = Extract<Surveyed, { readonly width: number }>;

function sizesOf(images: readonly Size[]): string[] {
  return [...new Set(images.map(({ width, height }) => `${width}×${height}`))];
}

function sizeOf(images: readonly Size[], alike: boolean, asked: DataOptions['imageSize']): Size {
  if (typeof asked === 'number') return { height: asked, width: asked };
  if (asked !== undefined) return { height: asked[0], width: asked[1] };
  const [{ width, height } = { width: 1, height: 1 }] = images;
  if (alike && Math.max(width, height) <= MOST_SIDE) return { width, height };
  const sides = images.map(image => Math.min(image.width, image.height)).sort((a, b) => a - b);
  const side = Math.min(USUAL_SIDE, sides[sides.length >> 1] ?? USUAL_SIDE);
  return { width: side, height: side };
}

/** What to know of images and what they become. @param resized how many were not of the size that was seen */
export function notesOf(
  { notes }: Pick<LabelledImages, 'notes'>,
  { size, seen }: ImagePlan,
  resized = 0,
): string[] {
  const to = `${size.width}×${size.height}`;
  const sizes = seen.length === 1 ? `of ${seen[0]}` : 'of several sizes';
  if (seen.length > 1 || seen[0] !== to) return [...notes, `images ${sizes} are resized to ${to}`];
  return resized === 0
    ? [...notes]
    : [...notes, `${count(resized, 'image')} of other sizes resized to ${to}`];
}
