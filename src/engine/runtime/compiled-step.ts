/**
 * A training step compiled once and run many times. The body is ordinary code on lazy tensors; it runs once
 * on placeholders, and what it left in the state tensors becomes their value after the step.
 */
import type { Device } from '../device';
import { allocate, type TypedArray } from '../dtype';
import { type Buffer, Expr } from '../expr';
import { numel } from '../shape';
import { type Tensor, withdrawPending, withPendingOf } from '../tensor';
import { collect } from './graph';
import { realizeAll } from './numbers';
import { type Observe, resultsOf, type StepProgram, type StepRunner } from './step-program';
import { createStepRunner } from './step-runner';
import { type HostInput, type StepAction, trace } from './trace';

/** What a step gives, and what is looked at on the side. */
export interface ObservedResult {
  readonly outputs: readonly Tensor[];
  readonly observed: readonly Tensor[];
}

/** A step that reads and changes `state` and returns numbers. */
export class CompiledStep {
  readonly #state: readonly Tensor[];
  readonly #actions: readonly StepAction[];
  readonly #inputs: readonly HostInput[];
  readonly #program: StepProgram;
  readonly #runner: StepRunner;

  private constructor(
    state: readonly Tensor[],
    actions: readonly StepAction[],
    program: StepProgram,
    runner: StepRunner,
  ) {
    this.#state = state;
    this.#actions = actions;
    this.#inputs = actions.filter(action => typeof action !== 'function');
    this.#program = program;
    this.#runner = runner;
  }

  /**
   * Traces and compiles `body`. Tensors that it uses and that are not in `state` are constants: later
   * changes of them are not seen.
   * @param state tensors that the body may change in place: parameters, buffers, state of the optimizer
   * @param body one step; returns the tensors whose numbers are wanted after every step, or these and what is to
   *   be observed: the state after a step is the same to the last bit whatever is observed
   * @param observe which steps of a call are observed
   */
  static async compile(
    device: Device,
    state: readonly Tensor[],
    body: () => Tensor[] | ObservedResult,
    observe: Observe = 'every',
  ): Promise<CompiledStep> {
    await realizeAll(state.map(tensor => tensor.expr));
    const before = state.map(tensor => tensor.storage.expr);
    const placeholders = before.map(expr => Expr.placeholder(expr, device));
    const grads = state.map(tensor => tensor.grad);
    for (const [i, tensor] of state.entries()) tensor.replaceStorage(placeholders[i] ?? tensor.expr);
    try {
      const own = new Set(state.map(tensor => tensor.storage));
      const { result, actions } = withPendingOf(own, () => trace(body));
      const { outputs, observed } = Array.isArray(result) ? { outputs: result, observed: [] } : result;
      const inputs = actions.filter(action => typeof action !== 'function').map(input => input.expr);
      const program: StepProgram = {
        device,
        state: placeholders,
        newState: state.map(tensor => tensor.storage.expr),
        inputs,
        outputs: outputs.map(tensor => tensor.expr),
        observed: observed.map(tensor => tensor.expr),
        observe: observed.length > 0 ? observe : 'every',
      };
      checkConstants(program);
      return new CompiledStep(state, actions, program, await createStepRunner(program));
    } finally {
      for (const [i, tensor] of state.entries()) {
        tensor.replaceStorage(before[i] ?? tensor.expr);
        tensor.grad = grads[i];
      }
      withdrawPending(state.map(tensor => tensor.storage));
    }
  }

  /**
   * Runs the step `count` times.
   * @returns for each output of the body, and then for each tensor observed, its numbers, one step after the other, of
   *   all steps or of the last one
   */
  async run(count: number): Promise<TypedArray[]> {
    await realizeAll(this.#state.map(tensor => tensor.storage.expr));
    const feeds = this.#inputs.map(({ expr }) => allocate(expr.dtype, count * numel(expr.shape)));
    for (let step = 0; step < count; step++) this.#prepare(feeds, step);
    const { state, outputs } = await this.#runner.run(count, this.#state.map(stateBuffer), feeds);
    this.#state.forEach((tensor, i) => {
      const expr = Expr.placeholder(tensor.storage.expr, this.#program.device);
      expr.buffer = state[i];
      tensor.replaceStorage(expr);
    });
    withdrawPending(this.#state.map(tensor => tensor.storage));
    return outputs;
  }

  /** Frees the compiled model. */
  async release(): Promise<void> {
    await this.#runner.release();
  }

  #prepare(feeds: readonly TypedArray[], step: number): void {
    let input = 0;
    for (const action of this.#actions) {
      if (typeof action === 'function') action();
      else {
        const feed = feeds[input++];
        if (feed !== undefined) action.fill(feed, step * numel(action.expr.shape));
      }
    }
  }
}

function stateBuffer(tensor: Tensor): Buffer {
  const { buffer } = tensor.storage.expr;
  if (buffer === undefined) throw new Error('the state of a compiled step was changed and not computed');
  return buffer;
}

/** What the step uses beside its state and its inputs must be known when it is compiled. */
function checkConstants(program: StepProgram): void {
  const given = new Set([...program.state, ...program.inputs]);
  const { inputs } = collect(resultsOf(program), given);
  if (inputs.some(input => !given.has(input) && input.buffer === undefined)) {
    throw new Error('a compiled step uses a placeholder of another step');
  }
}
