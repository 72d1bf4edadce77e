/** Writes `.safetensors`: a header of JSON, and the elements of one tensor after the other, large types first. */
import { encodeTensor } from '../encode-elements';
import { CheckpointError, quote } from '../errors';
import type { StoredTensor } from '../stored';
import { typeNames } from './header';

/** The data begins at a multiple of this, so that it can be mapped into memory. */
const alignment = 8;

/**
 * The bytes of a file. The same tensors give the same bytes.
 *
 * @param metadata texts by name, such as `format: 'pt'`
 * @throws CheckpointError where the format has no such type or name
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const encoded = [...tensors].map(([name, tensor]) => ({ name, ...encodeTensor(tensor) }));
  // Sizes of types fall, so that every tensor is aligned to that of its own.
  encoded.sort((a, b) => b.type.word - a.type.word);
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let at = 0;
  for (const { name, type, shape, bytes } of encoded) {
    if (name === '__metadata__')
      throw new CheckpointError('cannot write a tensor of the name "__metadata__"');
    const dtype = formatName(type.name);
    if (dtype === undefined)
      throw new CheckpointError(`cannot write ${quote(name)}: .safetensors has no ${type.name}`);
    Object.defineProperty(header, name, {
      value: { dtype, shape, data_offsets: [at, at + bytes.length] },
      enumerable: true,
    });
    at += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / alignment) * alignment;
  const file = new Uint8Array(8 + length + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(json, 8);
  file.fill(0x20, 8 + json.length, 8 + length);
  let end = 8 + length;
  for (const { bytes } of encoded) {
    file.set(bytes, end);
    end += bytes.length;
  }
  return file;
}

/** The format's name of one of PyTorch's types. */
function formatName(type: string): string | undefined {
  for (const [name, own] of typeNames) if (own === type) return name;
  return undefined;
}
