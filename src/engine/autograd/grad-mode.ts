/** Whether operations are recorded for differentiation (`torch.no_grad`, `torch.enable_grad`). */

import { EngineError } from '../errors';

let enabled = true;

/** True where operations on tensors that require gradients build a graph. */
export function isGradEnabled(): boolean {
  return enabled;
}

function withGradMode<T>(mode: boolean, body: () => T): T {
  const before = enabled;
  enabled = mode;
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new EngineError('noGrad and enableGrad take a function that is not async: put the await outside');
    }
    return result;
  } finally {
    enabled = before;
  }
}

/** Runs `body` without recording a graph. `body` must not be asynchronous. */
export function noGrad<T>(body: () => T): T {
  return withGradMode(false, body);
}

/** Runs `body` with recording switched on, also inside `noGrad`. */
export function enableGrad<T>(body: () => T): T {
  return withGradMode(true, body);
}
