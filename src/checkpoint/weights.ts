/** The weights of the model among the tensors of a file, whatever the file wraps them in. */
import type { CheckpointTensor } from '../protocol/checkpoint';

/** A tensor of the model, by its name in the `state_dict`. */
export interface Weight {
  readonly name: string;
  readonly tensor: CheckpointTensor;
}

/** Under these keys checkpoints of whole runs keep the model, the likeliest first. */
const usualKeys = ['model_state_dict', 'state_dict', 'model', 'net', 'network', 'module', 'weights'];

/**
 * The tensors of the model: of a checkpoint dict those under the key of the model, else all that belong to no
 * optimizer. Names are those of the `state_dict`.
 */
export function weightsIn(tensors: readonly CheckpointTensor[]): Weight[] {
  const own = tensors.filter(({ role }) => role !== 'optimizer');
  for (const key of usualKeys) {
    const prefix = `${key}/`;
    const inside = own.filter(({ name }) => name.startsWith(prefix));
    if (inside.length > 0) {
      return inside.map(tensor => ({ name: tensor.name.slice(prefix.length), tensor }));
    }
  }
  return own.map(tensor => ({ name: tensor.name, tensor }));
}
