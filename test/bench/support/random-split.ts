/** Images to measure with: nobody learns anything from them. */
import type { ImageSplit } from '../../../src/data/image-data';
import { defaultGenerator } from '../../../src/engine';

/** Random images of 28×28 with labels 0 to 9. */
export function randomSplit(samples: number): ImageSplit {
  const images = new Uint8Array(samples * 784);
  for (let i = 0; i < images.length; i++) images[i] = defaultGenerator.uint32() & 255;
  return {
    images,
    shape: [28, 28],
    labels: Uint8Array.from({ length: samples }, (_, i) => i % 10),
    length: samples,
  };
}
