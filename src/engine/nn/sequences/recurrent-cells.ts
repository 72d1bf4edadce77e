/** One step of a recurrent network: `RNNCell`, `LSTMCell` and `GRUCell`, and the formulas that the layers share. */
import { EngineError } from '../../errors';
import { zeros } from '../../ops/creation/creation';
import type { Tensor } from '../../tensor';
import { linear } from '../layers/linear';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { uniform } from '../uniform';

/** What a simple recurrent unit is squashed with. */
export type Nonlinearity = 'tanh' | 'relu';

/** Complains about a squashing function that there is not. */
export function checkNonlinearity(nonlinearity: string): void {
  if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
    throw new EngineError(`Unknown nonlinearity '${nonlinearity}'`);
  }
}

/** `tanh(…)`, or `relu(…)`, of what input and state add up to. */
export function rnnStep(input: Tensor, state: Tensor, nonlinearity: Nonlinearity): Tensor {
  const sum = input.add(state);
  return nonlinearity === 'tanh' ? sum.tanh() : sum.relu();
}

/**
 * The formula of an LSTM: from the products with input and state [N, 4H] and the cell [N, H] to hidden state and cell.
 * The gates stand in PyTorch's order: input, forget, cell, output.
 */
export function lstmStep(input: Tensor, state: Tensor, cell: Tensor): readonly [Tensor, Tensor] {
  const [i, f, g, o] = input.add(state).chunk(4, -1);
  if (i === undefined || f === undefined || g === undefined || o === undefined) {
    throw new Error('an LSTM has four gates');
  }
  const next = f.sigmoid().mul(cell).add(i.sigmoid().mul(g.tanh()));
  return [o.sigmoid().mul(next.tanh()), next];
}

/** The formula of a GRU: from the products with input and state [N, 3H] and the state [N, H] to the next state. */
export function gruStep(input: Tensor, state: Tensor, hidden: Tensor): Tensor {
  const [ir, iz, inew] = input.chunk(3, -1);
  const [hr, hz, hnew] = state.chunk(3, -1);
  if (!ir || !iz || !inew || !hr || !hz || !hnew) throw new Error('a GRU has three gates');
  const reset = ir.add(hr).sigmoid();
  const update = iz.add(hz).sigmoid();
  const candidate = inew.add(reset.mul(hnew)).tanh();
  return candidate.add(update.mul(hidden.sub(candidate)));
}

/** Settings of the cells. */
export interface CellOptions {
  readonly bias?: boolean;
}

/** What all cells have: weights [gates · H, in] and [gates · H, H], and biases. */
abstract class Cell<State, Output> extends Module<[input: Tensor, state?: State], Output> {
  readonly weight_ih: Parameter;
  readonly weight_hh: Parameter;
  readonly bias_ih: Parameter | undefined;
  readonly bias_hh: Parameter | undefined;

  protected constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    gates: number,
    { bias = true }: CellOptions,
  ) {
    super();
    const bound = 1 / Math.sqrt(hiddenSize);
    this.weight_ih = new Parameter(uniform([gates * hiddenSize, inputSize], bound));
    this.weight_hh = new Parameter(uniform([gates * hiddenSize, hiddenSize], bound));
    this.bias_ih = bias ? new Parameter(uniform([gates * hiddenSize], bound)) : undefined;
    this.bias_hh = bias ? new Parameter(uniform([gates * hiddenSize], bound)) : undefined;
  }

  override describe(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias_ih === undefined ? ', bias=False' : ''}`;
  }

  /** Zeros in the place of a state that was not given. */
  protected zeroState(input: Tensor): Tensor {
    const { dtype, device } = input;
    return zeros([...input.shape.slice(0, -1), this.hiddenSize], { dtype, device });
  }

  protected ofInput(input: Tensor): Tensor {
    if (input.ndim !== 1 && input.ndim !== 2) {
      throw new EngineError(`${this.kind}: Expected input to be 1D or 2D, got ${input.ndim}D instead`);
    }
    if (input.size(-1) !== this.inputSize) {
      throw new EngineError(
        `input has inconsistent input_size: got ${input.size(-1)} expected ${this.inputSize}`,
      );
    }
    return linear(input, this.weight_ih, this.bias_ih);
  }

  protected ofState(state: Tensor): Tensor {
    return linear(state, this.weight_hh, this.bias_hh);
  }
}

/** One step of a simple recurrent network: [N, in] and the hidden state [N, H] give the next one. */
export class RNNCell extends Cell<Tensor, Tensor> {
  readonly #nonlinearity: Nonlinearity;

  constructor(
    inputSize: number,
    hiddenSize: number,
    { nonlinearity = 'tanh', ...options }: CellOptions & { readonly nonlinearity?: Nonlinearity } = {},
  ) {
    super(inputSize, hiddenSize, 1, options);
    checkNonlinearity(nonlinearity);
    this.#nonlinearity = nonlinearity;
  }

  override describe(): string {
    return super.describe() + (this.#nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.#nonlinearity}`);
  }

  override forward(input: Tensor, state = this.zeroState(input)): Tensor {
    return rnnStep(this.ofInput(input), this.ofState(state), this.#nonlinearity);
  }
}

/** One step of an LSTM: [N, in] and (hidden state, cell), each [N, H], give the next two. */
export class LSTMCell extends Cell<readonly [Tensor, Tensor], readonly [Tensor, Tensor]> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize, 4, options);
  }

  override forward(input: Tensor, state?: readonly [Tensor, Tensor]): readonly [Tensor, Tensor] {
    const [hidden, cell] = state ?? [this.zeroState(input), this.zeroState(input)];
    return lstmStep(this.ofInput(input), this.ofState(hidden), cell);
  }
}

/** One step of a GRU: [N, in] and the hidden state [N, H] give the next one. */
export class GRUCell extends Cell<Tensor, Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize, 3, options);
  }

  override forward(input: Tensor, state = this.zeroState(input)): Tensor {
    return gruStep(this.ofInput(input), this.ofState(state), state);
  }
}
