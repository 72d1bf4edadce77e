/** What tests of folders share: small images, and data sets that are read to the end. */
import { encode } from 'fast-png';
import { openDataset } from '../../src/data/find';
import type { ImageData } from '../../src/data/image-data';
import type { DataOptions } from '../../src/data/options';

/** A grey PNG, all pixels of one value. */
export function grey(value: number, width = 4, height = 3): Uint8Array {
  return encode({ width, height, channels: 1, depth: 8, data: new Uint8Array(width * height).fill(value) });
}

/** A coloured PNG, all pixels of one colour. */
export function rgb(colour: readonly number[], width = 4, height = 3): Uint8Array {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => colour[i % 3] ?? 0);
  return encode({ width, height, channels: 3, depth: 8, data });
}

/** Opens a folder and waits until everything is read. */
export async function whole(folder: string, options: DataOptions = {}): Promise<ImageData> {
  const data = await openDataset(folder, options);
  for (const part of [data.train, data.validation, data.test]) await part?.pending?.all();
  return { ...data, fingerprint: await data.fingerprint };
}

/** A NumPy array as `numpy.save` writes it. */
export function npy(descr: string, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = `${dict.padEnd(117)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), bytes]);
}
