/** Which tensors of two files belong together, and which are in one of them only. */
import type { CheckpointTensor } from '../protocol/checkpoint';
import { type Weight, weightsIn } from './weights';

/** A tensor that both files have. */
export interface TensorPair {
  readonly name: string;
  readonly before: CheckpointTensor;
  readonly after: CheckpointTensor;
  /** Whether the shapes are equal, so that the elements can be compared. */
  readonly comparable: boolean;
}

/** Two files beside each other. */
export interface Pairing {
  /** In the order of the first file. */
  readonly pairs: readonly TensorPair[];
  /** Only in the second file. */
  readonly added: readonly Weight[];
  /** Only in the first file. */
  readonly removed: readonly Weight[];
}

type Content = { readonly tensors: readonly CheckpointTensor[] };

/**
 * Pairs tensors by name. Files that wrap their model differently, such as a `state_dict` and the checkpoint of a run,
 * have the names of the model in common; of these nothing but the model is compared.
 */
export function pairTensors(before: Content, after: Content): Pairing {
  const whole = [before, after].map(({ tensors }) => tensors.map(tensor => ({ name: tensor.name, tensor })));
  const models = [before, after].map(({ tensors }) => weightsIn(tensors));
  const [a = [], b = []] = shared(models) > shared(whole) ? models : whole;
  const others = new Map(b.map(weight => [weight.name, weight.tensor]));
  const names = new Set(a.map(({ name }) => name));
  return {
    pairs: a.flatMap(({ name, tensor }) => {
      const other = others.get(name);
      if (other === undefined) return [];
      const comparable = tensor.shape.join() === other.shape.join() && isComplex(tensor) === isComplex(other);
      return [{ name, before: tensor, after: other, comparable }];
    }),
    added: b.filter(({ name }) => !names.has(name)),
    removed: a.filter(({ name }) => !others.has(name)),
  };
}

/** How many names two lists have in common. */
function shared([a = [], b = []]: readonly (readonly Weight[])[]): number {
  const names = new Set(a.map(({ name }) => name));
  return b.filter(({ name }) => names.has(name)).length;
}

/** Complex numbers are read as pairs. */
const isComplex = ({ dtype }: CheckpointTensor) => dtype.startsWith('complex');
