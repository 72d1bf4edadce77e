/** JPEG by mozjpeg in WebAssembly (jSquash): the same pixels as PIL's libjpeg-turbo, some 40 megapixels a second. */

import program from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import decode, { init } from '@jsquash/jpeg/decode';
import { ImageError } from './image-error';
import type { Picture } from './picture';

let ready: Promise<void> | undefined;

/** Decodes a JPEG file whose size was found to be acceptable. The orientation that a camera noted is not applied. */
export async function decodeJpeg(bytes: Buffer): Promise<Picture> {
  if (bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0) {
    throw new ImageError('truncated: the file ends before the image does');
  }
  ready ??= init(new WebAssembly.Module(program));
  await ready;
  try {
    const { width, height, data } = await decode(Uint8Array.from(bytes).buffer);
    return { width, height, channels: 4, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  } catch (error) {
    // What failed in the middle has left the decoder in no defined state.
    ready = undefined;
    throw new ImageError('damaged: it cannot be decoded as JPEG', { cause: error });
  }
}
