/** TIFF, of which the first page counts: 8 and 16 bits, uncompressed, LZW or Deflate. */
import { decode } from 'tiff';
import { ImageError } from './image-error';
import type { Picture } from './picture';

/** Photometric interpretations of the specification. */
const WHITE_IS_ZERO = 0;
const PALETTE = 3;

/** Decodes the first page of a TIFF file whose size was found to be acceptable. */
export function decodeTiff(bytes: Buffer): Picture {
  try {
    return firstPage(bytes);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageError(`it cannot be decoded as TIFF: ${reason}`, { cause: error });
  }
}

function firstPage(bytes: Buffer): Picture {
  const [page] = decode(bytes, { pages: [0] });
  if (page === undefined) throw new ImageError('damaged: it has no page');
  const { width, height, data, type, palette } = page;
  if (type === PALETTE && palette !== undefined) {
    const colours = new Uint8Array(3 * width * height);
    for (let i = 0; i < width * height; i++) {
      const colour = palette[data[i] ?? 0] ?? [0, 0, 0];
      colours.set(
        colour.map(value => value >> 8),
        3 * i,
      );
    }
    return { width, height, channels: 3, data: colours };
  }
  const channels = data.length / (width * height);
  if (!(channels === 1 || channels === 2 || channels === 3 || channels === 4)) {
    throw new ImageError(`expected 1 to 4 channels, found ${channels}`);
  }
  if (!(data instanceof Uint8Array || data instanceof Uint16Array)) {
    throw new ImageError('expected 8 or 16 bits a channel, found floating point numbers');
  }
  if (type !== WHITE_IS_ZERO || channels !== 1) return { width, height, channels, data };
  const most = data instanceof Uint8Array ? 255 : 65535;
  return { width, height, channels, data: data.map(value => most - value) };
}
