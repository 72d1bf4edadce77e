/** Pictures of samples: the very pixels, each a square that is as sharp as the screen. */
import { element } from '../shared/dom';

/** What all images of a dataset have in common. */
export interface ImageForm {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Bytes out of base 64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
}

/** Bytes in base 64. */
export function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}

/** Draws an image; how large it appears is the style's affair. */
export function drawImage(
  canvas: HTMLCanvasElement,
  pixels: Uint8Array,
  { height, width, channels }: ImageForm,
): void {
  canvas.width = width;
  canvas.height = height;
  const picture = new ImageData(width, height);
  const area = width * height;
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++)
      picture.data[4 * i + channel] = pixels[(channels === 3 ? channel * area : 0) + i] ?? 0;
    picture.data[4 * i + 3] = 255;
  }
  // Many small pictures, drawn once: they do not belong into the memory of the graphics card.
  canvas.getContext('2d', { willReadFrequently: true })?.putImageData(picture, 0, 0);
}

/** A canvas with an image. */
export function pictureOf(pixels: Uint8Array, form: ImageForm): HTMLCanvasElement {
  const canvas = element('canvas', { class: 'picture', attributes: { 'aria-hidden': 'true' } });
  drawImage(canvas, pixels, form);
  return canvas;
}
