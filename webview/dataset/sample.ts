/** A sample, and its picture: the very pixels, each a square that is as sharp as the screen. */
import type { SamplesAnswer } from '../../src/protocol/dataset';
import type { PartName } from '../../src/protocol/dataset-check';

/** What all samples of a dataset have in common. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** A sample of a dataset. */
export interface Sample {
  readonly split: PartName;
  /** Where it stands in its part of the dataset. */
  readonly index: number;
  /** The name of its class. */
  readonly className: string;
  /** 8 bits each, row by row; of coloured images red, green and blue one after the other. */
  readonly pixels: Uint8Array;
}

/** What the parts of a dataset are called. */
export const splitTitles: Readonly<Record<PartName, string>> = {
  train: 'Training',
  validation: 'Validation',
  test: 'Test',
};

/** A sample in words: `Training sample 1234, class 7`. */
export function describeSample({ split, index, className }: Sample): string {
  return `${splitTitles[split]} sample ${index}, class ${className}`;
}

/** Bytes that came in base 64. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0));
}

/** The samples of an answer. */
export function samplesOf(
  { indices, pixels }: SamplesAnswer,
  { height, width, channels }: ImageSize,
  split: PartName,
  className: string,
): Sample[] {
  const bytes = bytesOf(pixels);
  const size = height * width * channels;
  return indices.map((index, i) => ({
    split,
    index,
    className,
    pixels: bytes.subarray(i * size, (i + 1) * size),
  }));
}

/** Screen pixels for a pixel of an image, so that it comes near a length: a whole number where it is enlarged. */
export function scaleFor({ height, width }: Omit<ImageSize, 'channels'>, length: number): number {
  const scale = length / Math.max(height, width);
  return scale >= 1 ? Math.floor(scale) : scale;
}

/** Draws a sample; how large it appears is the style's affair. */
export function drawSample(
  canvas: HTMLCanvasElement,
  { pixels }: Pick<Sample, 'pixels'>,
  { height, width, channels }: ImageSize,
): void {
  canvas.width = width;
  canvas.height = height;
  const picture = new ImageData(width, height);
  const plane = channels === 3 ? height * width : 0;
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) picture.data[4 * i + c] = pixels[c * plane + i] ?? 0;
    picture.data[4 * i + 3] = 255;
  }
  // Many small pictures, drawn once: they do not belong into the memory of the graphics card.
  canvas.getContext('2d', { willReadFrequently: true })?.putImageData(picture, 0, 0);
}

/** A small picture of some pixels, so many screen pixels long; `label` is for those who do not see it. */
export function pictureOf(
  pixels: Uint8Array,
  size: ImageSize,
  length: number,
  label: string,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const scale = scaleFor(size, length);
  canvas.style.width = `${size.width * scale}px`;
  canvas.style.height = `${size.height * scale}px`;
  canvas.className = 'picture';
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  drawSample(canvas, { pixels }, size);
  return canvas;
}
