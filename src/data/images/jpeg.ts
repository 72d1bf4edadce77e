/** JPEG by mozjpeg in WebAssembly (jSquash): the same pixels as PIL's libjpeg-turbo, some 40 megapixels a second. */

import program from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import decode, { init } from '@jsquash/jpeg/decode';
import { CUT_OFF, ImageError } from './image-error';
import type { Picture } from './picture';

let ready: Promise<void> | undefined;
/** What libjpeg says of the image that it decodes: it goes on where it can, and fills the rest with grey. */
let warnings: string[] = [];

/** Decodes a JPEG file whose size was found to be acceptable. The orientation that a camera noted is not applied. */
export async function decodeJpeg(bytes: Buffer): Promise<Picture> {
  if (bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0) {
    throw new ImageError(CUT_OFF);
  }
  ready ??= begin();
  await ready;
  warnings = [];
  try {
    const { width, height, data } = await decode(Uint8Array.from(bytes).buffer);
    // Other warnings are of superfluous bytes, as many cameras write them: the image is whole.
    if (warnings.some(text => /premature end/i.test(text))) throw new ImageError(CUT_OFF);
    return { width, height, channels: 4, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  } catch (error) {
    if (error instanceof ImageError) throw error;
    // What failed in the middle has left the decoder in no defined state.
    ready = undefined;
    throw new ImageError('damaged: it cannot be decoded as JPEG', { cause: error });
  }
}

function begin(): Promise<void> {
  return init({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(program), imports);
      done(instance);
      return instance.exports;
    },
    printErr: text => warnings.push(text),
  });
}
