/** What went into modules and what came out when they were called: the shapes of each. */
import { optionsOf } from './join';
import type { Dim } from './sizes';
import { type PyInstance, PyTuple, TensorValue, type Value } from './values';

/** The shapes that went through a module. */
export interface Flow {
  readonly inputs: readonly (readonly Dim[])[];
  readonly outputs: readonly (readonly Dim[])[];
}

/** More shapes than these say nothing more. */
const most = 16;

/** Keeps what went through each module. */
export class Flows {
  /** What happens while this is true does not count: it is tried only. */
  muted = false;
  readonly #flows = new Map<PyInstance, { inputs: (readonly Dim[])[]; outputs: (readonly Dim[])[] }>();

  /** Notes a call that gave something. */
  note(module: PyInstance, input: Value | undefined, output: Value): void {
    if (this.muted) return;
    const flow = this.#flows.get(module) ?? { inputs: [], outputs: [] };
    this.#flows.set(module, flow);
    if (flow.outputs.length >= most) return;
    flow.inputs.push(...dimsOf(input));
    flow.outputs.push(...dimsOf(output));
  }

  /** What went through a module; nothing where it was never called. */
  of(module: PyInstance): Flow {
    return this.#flows.get(module) ?? { inputs: [], outputs: [] };
  }
}

/** The shapes of a tensor, or of the first of several: a recurrent layer's output comes before its state. */
function dimsOf(value: Value | undefined): (readonly Dim[])[] {
  if (value === undefined) return [];
  return optionsOf(value).flatMap(option => {
    const one = option instanceof PyTuple ? option.items[0] : option;
    return one instanceof TensorValue ? [one.dims] : [];
  });
}
