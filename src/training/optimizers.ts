/** The optimizer that a run asks for. */
import { optim, type Tensor } from '../engine';
import type { OptimizerName } from '../protocol/choices';
import type { RunConfig } from './config';

/** An optimizer that can be saved: one of those that a run may ask for. */
export type AnyOptimizer = optim.Optimizer<optim.lrScheduler.CycledSettings>;

type Settings = Pick<RunConfig, 'lr' | 'momentum' | 'weightDecay'>;

const makers: Readonly<
  Record<OptimizerName, (parameters: readonly Tensor[], settings: Settings) => AnyOptimizer>
> = {
  sgd: (parameters, settings) => new optim.SGD(parameters, settings),
  adam: (parameters, { lr, weightDecay }) => new optim.Adam(parameters, { lr, weightDecay }),
  adamw: (parameters, { lr, weightDecay }) => new optim.AdamW(parameters, { lr, weightDecay }),
  adamax: (parameters, { lr, weightDecay }) => new optim.Adamax(parameters, { lr, weightDecay }),
  nadam: (parameters, { lr, weightDecay }) => new optim.NAdam(parameters, { lr, weightDecay }),
  radam: (parameters, { lr, weightDecay }) => new optim.RAdam(parameters, { lr, weightDecay }),
  rmsprop: (parameters, settings) => new optim.RMSprop(parameters, settings),
  adagrad: (parameters, { lr, weightDecay }) => new optim.Adagrad(parameters, { lr, weightDecay }),
  adadelta: (parameters, { lr, weightDecay }) => new optim.Adadelta(parameters, { lr, weightDecay }),
};

/** Builds the optimizer of a run. */
export function buildOptimizer(
  { optimizer, lr, momentum, weightDecay }: RunConfig,
  parameters: readonly Tensor[],
): AnyOptimizer {
  return makers[optimizer](parameters, { lr, momentum, weightDecay });
}
