/** BMP, of any number of bits. */
import { decode } from 'bmp-ts';
import { errorCode } from '../data-error';
import { CUT_OFF, ImageError } from './image-error';
import type { Picture } from './picture';

/** Decodes a BMP file whose size was found to be acceptable. */
export function decodeBmp(bytes: Buffer): Picture {
  try {
    // Pixels come as alpha, blue, green, red: asked for RGBA, bmp-ts forgets images with palettes.
    const { width, height, data } = decode(bytes);
    const colours = new Uint8Array(3 * width * height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) colours[3 * i + c] = data[4 * i + 3 - c] ?? 0;
    }
    return { width, height, channels: 3, data: colours };
  } catch (error) {
    if (errorCode(error) === 'ERR_OUT_OF_RANGE') throw new ImageError(CUT_OFF, { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageError(`damaged: ${reason}`, { cause: error });
  }
}
