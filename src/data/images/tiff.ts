/** TIFF, of which the first page counts: 8 and 16 bits, uncompressed, LZW or Deflate. */
import { inflateSync } from 'node:zlib';
import { decode, type TiffIfd } from 'tiff';
import { errorCode } from '../data-error';
import { CUT_OFF, ImageError } from './image-error';
import { lzwLength } from './lzw';
import { MOST_PIXELS, type Picture } from './picture';

/** A photometric interpretation of the specification. */
const PALETTE = 3;
/** Compressions of the specification: LZW, and those that are Deflate. */
const LZW = 5;
const DEFLATE = new Set([8, 32946]);

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
  const [header] = decode(bytes, { pages: [0], ignoreImageData: true });
  if (header !== undefined) checkSizes(header, bytes);
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
  // Where white is zero, the decoder has turned that round.
  return { width, height, channels, data };
}

/** Refuses a page that holds more than its size promises: the decoder believes whatever the file says. */
function checkSizes(page: TiffIfd, bytes: Buffer): void {
  const { width, height, samplesPerPixel, compression, tiled } = page;
  if (width * height > MOST_PIXELS) throw new ImageError('damaged: its sizes contradict');
  if (samplesPerPixel > 4) throw new ImageError(`expected 1 to 4 channels, found ${samplesPerPixel}`);
  const blockWidth = tiled ? (page.tileWidth ?? width) : width;
  const blockHeight = tiled ? (page.tileHeight ?? height) : Math.min(page.rowsPerStrip, height);
  // Tiles at the edge are whole ones, but not much larger than the image.
  if (blockWidth * blockHeight > MOST_PIXELS) throw new ImageError('damaged: its sizes contradict');
  const blocks = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight);
  const offsets = (tiled ? page.tileOffsets : page.stripOffsets) ?? [];
  const lengths = (tiled ? page.tileByteCounts : page.stripByteCounts) ?? [];
  if (offsets.length > blocks * samplesPerPixel) throw new ImageError('damaged: its sizes contradict');
  if (offsets.some((offset, i) => offset + (lengths[i] ?? 0) > bytes.length)) throw new ImageError(CUT_OFF);
  if (!DEFLATE.has(compression) && compression !== LZW) return;
  const promised = blockHeight * Math.ceil((blockWidth * samplesPerPixel * page.bitsPerSample) / 8);
  for (const [i, offset] of offsets.entries()) {
    const packed = bytes.subarray(offset, offset + (lengths[i] ?? 0));
    if (compression !== LZW) checkInflated(packed, promised);
    else if (lzwLength(packed, promised) > promised) throw tooMuch();
  }
}

const tooMuch = () => new ImageError('it unzips to more than its header promises');

/** Inflates a strip or tile for its size alone, and no further than that. */
function checkInflated(deflated: Buffer, promised: number): void {
  try {
    inflateSync(deflated, { maxOutputLength: Math.max(1, promised) });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooMuch();
    if (code === 'Z_BUF_ERROR') throw new ImageError('truncated: its pixels end too early');
    throw new ImageError('damaged: its pixels cannot be unzipped', { cause: error });
  }
}
