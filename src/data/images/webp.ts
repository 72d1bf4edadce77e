/** WebP by libwebp in WebAssembly (jSquash). */

import program from '@jsquash/webp/codec/dec/webp_dec.wasm';
import decode, { init } from '@jsquash/webp/decode';
import { ImageError } from './image-error';
import type { Picture } from './picture';

let ready: Promise<void> | undefined;

/** Decodes a WebP file whose size was found to be acceptable; of an animation there is no first picture. */
export async function decodeWebp(bytes: Buffer): Promise<Picture> {
  ready ??= init(new WebAssembly.Module(program));
  await ready;
  try {
    const { width, height, data } = await decode(Uint8Array.from(bytes).buffer);
    return { width, height, channels: 4, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  } catch (error) {
    ready = undefined;
    throw new ImageError('damaged: it cannot be decoded as WebP', { cause: error });
  }
}
