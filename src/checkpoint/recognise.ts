/**
 * Tells what a file is that is no checkpoint, so that the error can say it: downloads that ended in a web
 * page, pointers of Git LFS, other formats of models.
 */

const text = new TextDecoder('latin1');

/** First bytes of formats, as Latin-1 text, and their names with an article. */
const beginnings: readonly (readonly [string, string])[] = [
  ['version https://git-lfs', 'a Git LFS pointer; fetch the file itself with "git lfs pull"'],
  ['\x1f\x8b', 'a gzip file; unpack it first'],
  ['\x93NUMPY', 'a NumPy array (.npy)'],
  ['\x89HDF', 'an HDF5 file, as Keras writes it'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['%PDF', 'a PDF document'],
  ['GGUF', 'a GGUF file'],
  ['PYTORCH1', 'an archive of a preview of PyTorch 1.0'],
  ['\x80', 'a plain Python pickle, not written by torch.save'],
];

/** What `bytes` seem to be, with an article, where they are neither a zip archive nor PyTorch's old format. */
export function recognise(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const start = text.decode(bytes.subarray(0, 512));
  if (/^\s*<(!doctype|html|head|\?xml|!--)/i.test(start)) return 'an HTML page; download it again';
  for (const [beginning, name] of beginnings) if (start.startsWith(beginning)) return name;
  if (text.decode(bytes.subarray(257, 262)) === 'ustar')
    return 'a tar archive, as PyTorch before 0.2 wrote it';
  if (start[8] === '{' && start[9] === '"') return 'a safetensors file';
  if (isOnnx(bytes)) return 'an ONNX model';
  if (/^\s*[[{]/.test(start)) return 'JSON text';
  if (start.startsWith('PK')) return 'a zip archive that is cut off; copy it again';
  if (bytes.every(byte => byte === 0)) return 'a file of zeros; copy it again';
  return /^[\t\n\r\x20-\x7e]+$/.test(start) ? 'a text file' : 'something else';
}

/** ONNX begins with the version of the format, a small number, and goes on with one of the next fields. */
export function isOnnx(bytes: Uint8Array): boolean {
  const [field, version = 0, next = 0] = bytes;
  return (
    field === 0x08 && version > 0 && version < 0x20 && (next & 7) === 2 && next >> 3 >= 2 && next >> 3 <= 8
  );
}
