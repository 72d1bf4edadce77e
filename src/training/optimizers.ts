/** The optimizer that a run asks for. */
import { optim, type Tensor } from '../engine';
import type { RunConfig } from './config';

/** Builds the optimizer of a run. */
export function buildOptimizer(
  { optimizer, lr, momentum, weightDecay }: RunConfig,
  parameters: readonly Tensor[],
): optim.SGD | optim.Adam {
  if (optimizer === 'sgd') return new optim.SGD(parameters, { lr, momentum, weightDecay });
  if (optimizer === 'adam') return new optim.Adam(parameters, { lr, weightDecay });
  return new optim.AdamW(parameters, { lr, weightDecay });
}
