/** `.safetensors` files, opened without reading their tensors. */
import type { OpenedContent } from '../checkpoint-file';
import { flatTensors } from '../flat-tensors';
import type { ByteSource } from '../source/byte-source';
import { readHeader } from './header';

/** Whether a file begins as this format does: the length of the header, and JSON. */
export function isSafetensors(start: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(start.subarray(8, 256));
  return /^\{\s*("|\})/.test(text);
}

/** Opens such a file. */
export function openSafetensors(source: ByteSource): OpenedContent {
  const { entries, metadata } = readHeader(source);
  const made = metadata.find(([name]) => name === 'format')?.[1];
  return {
    format: 'safetensors',
    writer: made === undefined ? 'safetensors' : `safetensors, for ${made === 'pt' ? 'PyTorch' : made}`,
    metadata,
    imports: [],
    warnings: [],
    ...flatTensors(
      entries.map(({ name, type, shape, start, length }) => ({
        name,
        type,
        shape,
        read: () => source.read(start, length),
      })),
    ),
  };
}
