/**
 * Going back to before a step. The state of a run is numbers that never change in place, so remembering it costs
 * nothing: only names are turned back to what they stood for. A GPU frees what was replaced, so this is for the CPU.
 */
import { defaultGenerator, type Tensor } from '../engine';
import type { BatchOrder } from './batch-order';
import type { Learner } from './training-step';

/** All that a step changes. */
function stateOf({ network, optimizer }: Learner): Tensor[] {
  return [...optimizer.stateTensors(), ...network.namedBuffers().map(([, buffer]) => buffer)];
}

/** Remembers where a run stands; returns a function that goes back to there, as often as is wanted. */
export function remember(learner: Learner, order: BatchOrder): () => void {
  const state = stateOf(learner).map(tensor => ({ tensor, expr: tensor.storage.expr }));
  const counts = new Map(
    [...learner.optimizer.stateDict().state].map(([number, { step }]) => [
      number,
      { step, tensors: new Map<string, Tensor>() },
    ]),
  );
  const place = order.mark();
  const rates = learner.schedule?.mark();
  const generator = defaultGenerator.getState();
  return () => {
    for (const { tensor, expr } of state) tensor.replaceStorage(expr);
    learner.optimizer.loadState(counts);
    place();
    rates?.();
    defaultGenerator.setState(generator);
  };
}
