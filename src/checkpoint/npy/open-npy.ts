/** NumPy's arrays (`.npy`) and archives of them (`.npz`), opened without reading their elements. */
import type { OpenedContent } from '../checkpoint-file';
import { CheckpointError } from '../errors';
import { type FlatTensor, flatTensors } from '../flat-tensors';
import type { ByteSource } from '../source/byte-source';
import { elementCount } from '../stored';
import { firstFastest, gather } from '../strided';
import type { ZipArchive } from '../zip/archive';
import { type ArrayHeader, headerRoom, readArrayHeader } from './header';

/** Opens an array. Its tensor is called `array`. */
export function openNpy(source: ByteSource): OpenedContent {
  const header = readArrayHeader(source.read(0, Math.min(source.size, headerRoom)));
  const array = toTensor('array', header, source.size, (at, length) => source.read(at, length));
  return { format: 'npy', writer: 'NumPy', metadata: [], imports: [], warnings: [], ...flatTensors([array]) };
}

/** Opens an archive; its tensors are called as `numpy.savez` was told. */
export function openNpz(archive: ZipArchive): OpenedContent {
  const tensors: FlatTensor[] = [];
  const warnings: string[] = [];
  for (const entry of archive.names.filter(name => name.endsWith('.npy'))) {
    const name = entry.slice(0, -'.npy'.length);
    const problem = attempt(() => tensors.push(arrayOf(archive, entry, name)));
    if (problem !== undefined) warnings.push(`${name} ${problem}`);
  }
  if (tensors.length === 0) throw new CheckpointError(warnings[0] ?? 'is a NumPy archive without arrays');
  return { format: 'npz', writer: 'NumPy', metadata: [], imports: [], warnings, ...flatTensors(tensors) };
}

function arrayOf(archive: ZipArchive, entry: string, name: string): FlatTensor {
  const header = readArrayHeader(archive.beginning(entry, headerRoom) ?? new Uint8Array(0));
  const size = archive.sizeOf(entry) ?? 0;
  return toTensor(name, header, size, (at, length) => archive.part(entry, at, length) ?? new Uint8Array(0));
}

/** The problem with an array, of which others in the archive may be free. */
function attempt(body: () => void): string | undefined {
  try {
    body();
    return undefined;
  } catch (error) {
    if (error instanceof CheckpointError) return error.problem;
    throw error;
  }
}

function toTensor(
  name: string,
  { type, bigEndian, fortran, shape, start }: ArrayHeader,
  size: number,
  read: (at: number, length: number) => Uint8Array,
): FlatTensor {
  const length = elementCount(shape) * type.bytes;
  if (start + length > size) {
    throw new CheckpointError(`is cut off: expected ${start + length} bytes, found ${size}; copy it again`);
  }
  const inOrder = () => read(start, length);
  const turned = () => gather(inOrder(), type.bytes, shape, firstFastest(shape));
  return { name, type, bigEndian, shape, read: fortran ? turned : inOrder };
}
