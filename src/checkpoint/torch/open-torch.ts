/** PyTorch's files, opened without reading their tensors. */
import type { OpenedContent } from '../checkpoint-file';
import { CheckpointError } from '../errors';
import type { ByteSource } from '../source/byte-source';
import type { ZipArchive } from '../zip/archive';
import { describe } from './describe';
import { judgeImports } from './imports';
import { readLegacy } from './read-legacy';
import { findRoot, readArchive } from './read-zip';
import type { TorchValue } from './torch-value';

/** Opens a file of `torch.save` since PyTorch 1.6. */
export function openTorchZip(archive: ZipArchive, fileSize: number): OpenedContent {
  const version = archive.read(`${findRoot(archive)}version`);
  const format =
    version === undefined ? '' : `, format ${new TextDecoder().decode(version.subarray(0, 20)).trim()}`;
  return {
    format: 'torch-zip',
    writer: `PyTorch 1.6 or later${format}`,
    metadata: [],
    ...contentOf(readArchive(archive, fileSize, false), fileSize),
  };
}

/** Opens a file of `torch.save` before PyTorch 1.6. */
export function openTorchLegacy(source: ByteSource): OpenedContent {
  return {
    format: 'torch-legacy',
    writer: 'PyTorch, in its format before 1.6',
    metadata: [],
    ...contentOf(readLegacy(source, false), source.size),
  };
}

/**
 * What a value comes to.
 *
 * @param isOwn whether a class is the file's own, so that nothing is imported for it
 */
export function contentOf(
  { value, storages, globals }: TorchValue,
  fileSize: number,
  isOwn: (name: string) => boolean = () => false,
) {
  const { tensors, values, structure, modules, warnings } = describe(value, storages, fileSize);
  const judged = judgeImports([...globals].filter(name => !isOwn(name)));
  return {
    tensors,
    structure,
    modules,
    imports: judged.imports,
    warnings: [...judged.warnings, ...warnings],
    elements: ({ name }: { readonly name: string }) => {
      const tensor = values.get(name);
      if (tensor === undefined) throw new CheckpointError(`has no tensor ${JSON.stringify(name)}`);
      return tensor;
    },
  };
}
