/** GIF, of which the first picture counts. */
import { GifReader } from 'omggif';
import { ImageError } from './image-error';
import type { Picture } from './picture';

/** Decodes the first picture of a GIF file whose size was found to be acceptable. */
export function decodeGif(bytes: Buffer): Picture {
  try {
    const reader = new GifReader(bytes);
    const { width, height } = reader;
    const data = new Uint8Array(4 * width * height);
    reader.decodeAndBlitFrameRGBA(0, data);
    return { width, height, channels: 4, data };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageError(`damaged: ${reason}`, { cause: error });
  }
}
