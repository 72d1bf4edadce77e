/** Recognising a multilayer perceptron in a file by the names and shapes of its weights. */
import type { Tensor } from '../engine';
import { TrainingError } from './errors';

/** A multilayer perceptron as it was found. */
export interface PerceptronWeights {
  /** [in, hidden …, out]. */
  readonly sizes: readonly number[];
  /** Weight and bias of each layer, one after the other. */
  readonly tensors: readonly Tensor[];
}

/** Tensors by name as an error lists them, cut where there are many. */
function listed(weights: ReadonlyMap<string, Tensor>): string {
  const names = [...weights].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  if (names.length === 0) return 'no tensors';
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
}

/**
 * Finds the layers of a multilayer perceptron, in the order of the file, whatever they are called: a
 * `….weight` [out, in] and a `….bias` [out] each, every layer taking what the one before it gives.
 */
export function findPerceptron(file: string, weights: ReadonlyMap<string, Tensor>): PerceptronWeights {
  const sizes: number[] = [];
  const tensors: Tensor[] = [];
  for (const [name, weight] of weights) {
    if (!name.endsWith('weight')) continue;
    const bias = weights.get(`${name.slice(0, -'weight'.length)}bias`);
    const [rows = 0, columns = 0] = weight.shape;
    const before = sizes.at(-1) ?? columns;
    if (weight.ndim !== 2 || columns !== before || bias?.ndim !== 1 || bias.shape[0] !== rows) break;
    if (sizes.length === 0) sizes.push(columns);
    sizes.push(rows);
    tensors.push(weight, bias);
  }
  if (tensors.length === 0 || tensors.length < weights.size) {
    throw new TrainingError(
      `${file}: expected a weight and a bias for each of some fully connected layers that fit together, ` +
        `found ${listed(weights)}`,
    );
  }
  return { sizes, tensors };
}
