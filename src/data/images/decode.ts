/** From the bytes of an image file to a picture: what it is, is told by the content, since names lie. */
import { imageSize } from 'image-size';
import { count } from '../data-error';
import { decodeBmp } from './bmp';
import { decodeGif } from './gif';
import { ImageError } from './image-error';
import { decodeJpeg } from './jpeg';
import { MOST_PIXELS, type Picture } from './picture';
import { decodePng } from './png';
import { decodeTiff } from './tiff';
import { decodeWebp } from './webp';

const DECODERS: ReadonlyMap<string, (bytes: Buffer) => Picture | Promise<Picture>> = new Map<
  string,
  (bytes: Buffer) => Picture | Promise<Picture>
>([
  ['png', decodePng],
  ['jpg', decodeJpeg],
  ['gif', decodeGif],
  ['bmp', decodeBmp],
  ['tiff', decodeTiff],
  ['webp', decodeWebp],
]);

/** How files of each kind begin. */
const BEGINNINGS: readonly (readonly [kind: string, beginning: RegExp])[] = [
  ['PNG', /^\x89PNG/],
  ['JPEG', /^\xff\xd8\xff/],
  ['GIF', /^GIF8/],
  ['BMP', /^BM/],
  ['TIFF', /^(II\*\0|MM\0\*)/],
  ['WebP', /^RIFF....WEBP/s],
];

/**
 * Decodes an image.
 * @throws ImageError that says in a few words what is wrong with it
 */
export async function decodeImage(bytes: Buffer): Promise<Picture> {
  if (bytes.length === 0) throw new ImageError('the file is empty');
  const { type, width, height } = look(bytes);
  const decoder = DECODERS.get(type);
  if (decoder === undefined) {
    throw new ImageError(`expected PNG, JPEG, BMP, GIF, TIFF or WebP, found ${type.toUpperCase()}`);
  }
  if (!(width > 0 && height > 0)) throw new ImageError(`damaged: it is ${width}×${height} pixels large`);
  if (width * height > MOST_PIXELS) {
    throw new ImageError(
      `too large: ${width}×${height} pixels, at most ${count(Math.floor(MOST_PIXELS / 1e6), 'megapixel')} are read`,
    );
  }
  const picture = await decoder(bytes);
  if (picture.width * picture.height > MOST_PIXELS) throw new ImageError('damaged: its sizes contradict');
  return picture;
}

/** Kind and size of an image, from the first bytes of the file. */
export function look(bytes: Buffer): {
  readonly type: string;
  readonly width: number;
  readonly height: number;
} {
  try {
    const { type = '', width, height } = imageSize(bytes);
    return { type, width, height };
  } catch (error) {
    const start = bytes.toString('utf8', 0, 256).trimStart();
    if (/^<(!doctype|html|head|body|!--)/i.test(start)) {
      throw new ImageError('is no image but an HTML page: the download failed', { cause: error });
    }
    if (start.startsWith('version https://git-lfs')) {
      throw new ImageError('is no image but a Git LFS pointer; run `git lfs pull`', { cause: error });
    }
    const known = BEGINNINGS.find(([, beginning]) => beginning.test(bytes.toString('latin1', 0, 12)));
    if (known !== undefined) {
      throw new ImageError(
        `truncated or damaged: it begins as ${known[0]}, and the size of the image is not to be found`,
        {
          cause: error,
        },
      );
    }
    throw new ImageError('is no image, or a damaged one: its first bytes are of no known format', {
      cause: error,
    });
  }
}
