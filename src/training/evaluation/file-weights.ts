/** The weights in somebody's file: a `state_dict`, a checkpoint that holds one, a whole pickled module, safetensors. */
import { type CheckpointFile, weightsIn } from '../../checkpoint';
import { fromArray, type Tensor } from '../../engine';
import type { CheckpointModule } from '../../protocol/checkpoint';
import type { ConvolutionFacts, FileWeights, Pair } from './architecture/units';

/** The numbers in `(2, 2)`. */
function pairIn(text: string | undefined): Pair | undefined {
  const [, height, width] = /^\((\d+), (\d+)\)$/.exec(text ?? '') ?? [];
  return height === undefined || width === undefined ? undefined : [Number(height), Number(width)];
}

/** What pickled modules say of their convolutions. */
function convolutionsIn(modules: readonly CheckpointModule[]): Map<string, ConvolutionFacts> {
  const found = new Map<string, ConvolutionFacts>();
  for (const { path, className, settings } of modules) {
    if (!className.endsWith('.Conv2d')) continue;
    const named = new Map(settings);
    const [stride, padding] = [pairIn(named.get('stride')), pairIn(named.get('padding'))];
    if (stride !== undefined && padding !== undefined) found.set(path.join('.'), { stride, padding });
  }
  return found;
}

/**
 * Reads the weights of a file.
 * @throws CheckpointError where one of them cannot be read
 */
export async function readWeights(file: CheckpointFile): Promise<FileWeights> {
  const tensors = new Map<string, Tensor>();
  for (const { name, tensor } of weightsIn(file.tensors)) {
    const { data, shape, dtype } = await file.readTensor(tensor.name);
    tensors.set(name, fromArray(data, shape, { dtype }));
  }
  return { tensors, convolutions: convolutionsIn(file.modules ?? []) };
}
