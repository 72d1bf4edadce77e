/**
 * TorchScript archives: beside the pickle of a module, whose classes are code of the archive's own, there is that code,
 * and the tensors that it refers to. The code is listed, never run.
 */
import type { OpenedContent } from '../checkpoint-file';
import { CheckpointError, quote } from '../errors';
import type { ZipArchive } from '../zip/archive';
import { contentOf } from './open-torch';
import { findRoot, readArchive } from './read-zip';

/** The longest text that is given. */
const maxText = 4 * 2 ** 20;

/** Whether an archive is one of TorchScript. */
export function isTorchScript(archive: ZipArchive): boolean {
  const root = findRoot(archive);
  return archive.names.includes(`${root}constants.pkl`);
}

/** Classes whose code is in the archive, in a language of its own that imports nothing, and lists of one type. */
const isOwn = (name: string): boolean =>
  name.startsWith('__torch__.') || /^torch\.jit\._pickle\.build_\w+list$/.test(name);

/** Opens an archive. */
export function openTorchScript(archive: ZipArchive, fileSize: number): OpenedContent {
  const root = findRoot(archive);
  const version = new TextDecoder().decode(archive.read(`${root}version`)?.subarray(0, 20)).trim();
  const module = contentOf(readArchive(archive, fileSize, false), fileSize, isOwn);
  const constants = contentOf(readArchive(archive, fileSize, false, 'constants'), fileSize, isOwn);
  // Their tuple has no names.
  const own = constants.tensors.map(tensor => ({
    ...tensor,
    name: `constants/${tensor.name}`,
    path: ['constants', ...tensor.path],
    role: 'buffer' as const,
  }));
  const code = archive.names.filter(name => name.startsWith(`${root}code/`) && name.endsWith('.py'));
  return {
    ...module,
    format: 'torchscript',
    writer: `TorchScript, format ${version || 'unknown'}`,
    metadata: [],
    tensors: [...module.tensors, ...own],
    imports: [...new Set([...module.imports, ...constants.imports])],
    warnings: [...module.warnings, ...constants.warnings],
    texts: code.map(name => ({ name: name.slice(root.length), bytes: archive.sizeOf(name) ?? 0 })),
    elements: tensor =>
      tensor.name.startsWith('constants/') && own.some(({ name }) => name === tensor.name)
        ? constants.elements({ name: tensor.name.slice('constants/'.length) })
        : module.elements(tensor),
    text: name => {
      if ((archive.sizeOf(`${root}${name}`) ?? 0) > maxText)
        throw new CheckpointError(`${quote(name)} is too long to be shown`);
      return new TextDecoder().decode(archive.read(`${root}${name}`));
    },
  };
}
