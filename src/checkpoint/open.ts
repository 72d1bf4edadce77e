/** Opens a checkpoint of any format, which its first bytes tell. */
import { type CheckpointFile, checkpointFile, isOutOfMemory, type OpenedContent } from './checkpoint-file';
import { CheckpointError } from './errors';
import { isNpy } from './npy/header';
import { openNpy, openNpz } from './npy/open-npy';
import { openOnnx } from './onnx/open-onnx';
import { isOnnx, recognise } from './recognise';
import { isSafetensors, openSafetensors } from './safetensors/open-safetensors';
import { ArraySource, type ByteSource } from './source/byte-source';
import { FileSource } from './source/file-source';
import { isPickle, openPickle } from './torch/open-pickle';
import { openTorchLegacy, openTorchZip } from './torch/open-torch';
import { isTorchScript, openTorchScript } from './torch/open-torchscript';
import { isLegacy } from './torch/read-legacy';
import { ZipArchive } from './zip/archive';

/**
 * Opens a file, and reads what is in it but for its tensors. Nothing in it is ever executed. Close it when done.
 *
 *     const file = await openCheckpoint('model.pt');
 *     for (const { name, dtype, shape } of file.tensors) …
 *     const { data } = await file.readTensor('fc1.weight');
 *     file.close();
 *
 * @param from a path, or bytes with the name to call them
 * @throws CheckpointError with one line that says what is wrong with the file
 */
export async function openCheckpoint(
  from: string | { readonly bytes: Uint8Array; readonly name: string },
): Promise<CheckpointFile> {
  return openSource(typeof from === 'string' ? new FileSource(from) : new ArraySource(from.bytes, from.name));
}

/** {@link openCheckpoint} of a source, which is closed with the file, or where it cannot be opened. */
export async function openSource(source: ByteSource): Promise<CheckpointFile> {
  try {
    return checkpointFile(source, openContent(source));
  } catch (error) {
    source.close();
    if (error instanceof CheckpointError) throw error.inFile(source.name);
    if (isOutOfMemory(error)) {
      throw new CheckpointError('needs more memory than there is', source.name, { cause: error });
    }
    throw error;
  }
}

function openContent(source: ByteSource): OpenedContent {
  const start = source.read(0, Math.min(source.size, 4096));
  if (startsWithZip(start)) return openArchive(new ZipArchive(source), source);
  if (isLegacy(start)) return openTorchLegacy(source);
  if (isNpy(start)) return openNpy(source);
  if (isSafetensors(start)) return openSafetensors(source);
  if (isOnnx(start)) return openOnnx(source);
  if (isPickle(start, source.name)) return openPickle(source);
  throw new CheckpointError(`expected a checkpoint, found ${recognise(start)}`);
}

/** Zip archives are PyTorch's or NumPy's. */
function openArchive(archive: ZipArchive, source: ByteSource): OpenedContent {
  const torch = archive.names.some(name => name === 'data.pkl' || name.endsWith('/data.pkl'));
  const numpy = !torch && archive.names.some(name => name.endsWith('.npy'));
  if (numpy) return openNpz(archive);
  return torch && isTorchScript(archive)
    ? openTorchScript(archive, source.size)
    : openTorchZip(archive, source.size);
}

/** Whether the file begins with an entry of a zip archive, or with the end of one that is empty. */
export function startsWithZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}
