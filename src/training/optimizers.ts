/** The optimizer that a run asks for. */
import { optim, type Tensor } from '../engine';
import type { OptimizerName } from '../protocol/choices';
import type { RunConfig } from './config';

/** An optimizer that can be saved: one of those that a run may ask for. */
export type AnyOptimizer = optim.Optimizer<optim.lrScheduler.CycledSettings>;

type Settings = Pick<RunConfig, 'lr' | 'momentum' | 'weightDecay'> & Readonly<Record<string, unknown>>;

const makers: Readonly<
  Record<OptimizerName, (parameters: readonly Tensor[], settings: Settings) => AnyOptimizer>
> = {
  sgd: (parameters, settings) => new optim.SGD(parameters, settings),
  adam: (parameters, { momentum: _, ...settings }) => new optim.Adam(parameters, settings),
  adamw: (parameters, { momentum: _, ...settings }) => new optim.AdamW(parameters, settings),
  adamax: (parameters, { momentum: _, ...settings }) => new optim.Adamax(parameters, settings),
  nadam: (parameters, { momentum: _, ...settings }) => new optim.NAdam(parameters, settings),
  radam: (parameters, { momentum: _, ...settings }) => new optim.RAdam(parameters, settings),
  rmsprop: (parameters, settings) => new optim.RMSprop(parameters, settings),
  adagrad: (parameters, { momentum: _, ...settings }) => new optim.Adagrad(parameters, settings),
  adadelta: (parameters, { momentum: _, ...settings }) => new optim.Adadelta(parameters, settings),
};

/** PyTorch's names of settings as the engine writes them. */
function inCamelCase(options: RunConfig['optimizerOptions']): Record<string, unknown> {
  const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [camelCase(name), value]));
}

/** Builds the optimizer of a run. */
export function buildOptimizer(
  { optimizer, lr, momentum, weightDecay, optimizerOptions }: RunConfig,
  parameters: readonly Tensor[],
): AnyOptimizer {
  return makers[optimizer](parameters, { ...inCamelCase(optimizerOptions), lr, momentum, weightDecay });
}
