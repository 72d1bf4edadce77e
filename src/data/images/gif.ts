/** GIF, of which the first picture counts. */
import { GifReader } from 'omggif';
import { CUT_OFF, ImageError } from './image-error';
import type { Picture } from './picture';

/** The last byte of a whole file. */
const TRAILER = 0x3b;

/** Decodes the first picture of a GIF file whose size was found to be acceptable. */
export function decodeGif(bytes: Buffer): Picture {
  try {
    const reader = new GifReader(bytes);
    const { width, height } = reader;
    const frame = reader.frameInfo(0);
    // A frame has a size of its own, for which the decoder allocates memory whatever the screen's.
    if (frame.x + frame.width > width || frame.y + frame.height > height) {
      throw new Error(`its picture of ${frame.width}×${frame.height} does not fit its ${width}×${height}`);
    }
    const data = new Uint8Array(4 * width * height);
    reader.decodeAndBlitFrameRGBA(0, data);
    return { width, height, channels: 4, data };
  } catch (error) {
    if (bytes.at(-1) !== TRAILER) throw new ImageError(CUT_OFF, { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageError(`damaged: ${reason}`, { cause: error });
  }
}
