/** BMP, of any number of bits. */
import { decode } from 'bmp-ts';
import { ImageError } from './image-error';
import type { Picture } from './picture';

/** Decodes a BMP file whose size was found to be acceptable. */
export function decodeBmp(bytes: Buffer): Picture {
  try {
    const { width, height, data } = decode(bytes, { toRGBA: true });
    return { width, height, channels: 4, data: new Uint8Array(data) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageError(`damaged: ${reason}`, { cause: error });
  }
}
