/** Recurrent networks over whole sequences: `RNN`, `LSTM` and `GRU`, in layers and in both directions. */
import { EngineError } from '../../errors';
import { zeros } from '../../ops/creation/creation';
import { dropout } from '../../ops/layers/dropout';
import { cat, stack } from '../../ops/shapes/join';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { linear } from '../layers/linear';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { pythonNumber } from '../module/python-text';
import { uniform } from '../uniform';
import { checkNonlinearity, gruStep, lstmStep, type Nonlinearity, rnnStep } from './recurrent-cells';

/** Settings of recurrent networks. */
export interface RecurrentOptions {
  readonly numLayers?: number;
  readonly bias?: boolean;
  /** Input and output are [N, L, …] instead of [L, N, …]. */
  readonly batchFirst?: boolean;
  /** The share of outputs that is dropped between layers while training. */
  readonly dropout?: number;
  readonly bidirectional?: boolean;
}

/** Settings of {@link LSTM}. */
export interface LstmOptions extends RecurrentOptions {
  /** The size of the hidden state, where it is not that of the cell: a product with learned weights makes it smaller. */
  readonly projSize?: number;
}

/** The parameters of one layer in one direction. */
interface Direction {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | undefined;
  readonly biasHh: Parameter | undefined;
  /** [projected, H] */
  readonly weightHr: Parameter | undefined;
}

/**
 * What a recurrent network carries from step to step: its hidden state, with an LSTM also its cell; each [N, H], a
 * projected hidden state [N, projected].
 */
type Carried = readonly Tensor[];

/** What all recurrent networks share. `State` is what callers give and get as the state. */
abstract class Recurrent<State> extends Module<[input: Tensor, state?: State], readonly [Tensor, State]> {
  readonly #directions: readonly (readonly Direction[])[];
  readonly #options: Required<LstmOptions>;

  protected constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    gates: number,
    {
      numLayers = 1,
      bias = true,
      batchFirst = false,
      dropout: p = 0,
      bidirectional = false,
      projSize = 0,
    }: LstmOptions,
  ) {
    super();
    if (projSize < 0 || projSize >= hiddenSize)
      throw new EngineError(
        `proj_size has to be smaller than hidden_size, and not negative; got ${projSize}`,
      );
    this.#options = { numLayers, bias, batchFirst, dropout: p, bidirectional, projSize };
    const bound = 1 / Math.sqrt(hiddenSize);
    const parameter = (name: string, ...shape: number[]) => {
      const value = new Parameter(uniform(shape, bound));
      Object.defineProperty(this, name, { value, enumerable: true });
      return value;
    };
    this.#directions = Array.from({ length: numLayers }, (_layer, layer) =>
      (bidirectional ? ['', '_reverse'] : ['']).map(suffix => {
        const inputs = layer === 0 ? inputSize : this.#stateSize * (bidirectional ? 2 : 1);
        const rows = gates * hiddenSize;
        const name = `l${layer}${suffix}`;
        return {
          weightIh: parameter(`weight_ih_${name}`, rows, inputs),
          weightHh: parameter(`weight_hh_${name}`, rows, this.#stateSize),
          biasIh: bias ? parameter(`bias_ih_${name}`, rows) : undefined,
          biasHh: bias ? parameter(`bias_hh_${name}`, rows) : undefined,
          weightHr: projSize > 0 ? parameter(`weight_hr_${name}`, projSize, hiddenSize) : undefined,
        };
      }),
    );
  }

  /** The size of the hidden state. */
  get #stateSize(): number {
    return this.#options.projSize || this.hiddenSize;
  }

  override describe(): string {
    const { numLayers, bias, batchFirst, dropout: p, bidirectional, projSize } = this.#options;
    return [
      `${this.inputSize}, ${this.hiddenSize}`,
      ...(projSize === 0 ? [] : [`proj_size=${projSize}`]),
      ...(numLayers === 1 ? [] : [`num_layers=${numLayers}`]),
      ...(bias ? [] : ['bias=False']),
      ...(batchFirst ? ['batch_first=True'] : []),
      ...(p === 0 ? [] : [`dropout=${pythonNumber(p)}`]),
      ...(bidirectional ? ['bidirectional=True'] : []),
    ].join(', ');
  }

  /** How many tensors are carried. */
  protected abstract readonly carries: number;
  /** One step, from the products with input and state to what is carried on, the hidden state first. */
  protected abstract step(input: Tensor, state: Tensor, carried: Carried): Carried;
  protected abstract unpack(state: State): Carried;
  protected abstract pack(carried: Carried): State;

  /**
   * @param input [L, N, in], or [N, L, in] with `batchFirst`, or [L, in] without a batch
   * @param state [layers · directions, N, H]; zeros by default
   * @returns the hidden states of the last layer [L, N, directions · H], and the state after the last step
   */
  override forward(input: Tensor, state?: State): readonly [Tensor, State] {
    if (input.ndim !== 2 && input.ndim !== 3) {
      throw new EngineError(`${this.kind}: Expected input to be 2D or 3D, got ${input.ndim}D instead`);
    }
    if (input.size(-1) !== this.inputSize) {
      throw new EngineError(
        `input.size(-1) must be equal to input_size. Expected ${this.inputSize}, got ${input.size(-1)}`,
      );
    }
    const batched = input.ndim === 3;
    const turned = batched && this.#options.batchFirst;
    const sequence = batched ? (turned ? input.transpose(0, 1) : input) : input.unsqueeze(1);
    const given = state === undefined ? undefined : this.unpack(state);
    this.#checkState(sequence.size(1), batched, given);
    const begin = batched ? given : given?.map(part => part.unsqueeze(1));
    const { output, carried } = this.#layers(sequence, begin ?? this.#zeros(sequence));
    const last = this.pack(batched ? carried : carried.map(part => part.squeeze(1)));
    if (!batched) return [output.squeeze(1), last];
    return [turned ? output.transpose(0, 1) : output, last];
  }

  /** The shape of a tensor that is carried: the hidden state is the first. */
  #stateShape(batch: number, i: number): number[] {
    return [this.#directions.flat().length, batch, i === 0 ? this.#stateSize : this.hiddenSize];
  }

  #checkState(batch: number, batched: boolean, given: Carried = []): void {
    const rank = batched ? 3 : 2;
    for (const [i, { ndim, shape }] of given.entries()) {
      if (ndim !== rank) {
        const input = batched ? 'batched 3-D' : 'unbatched 2-D';
        throw new EngineError(`For ${input} input, hx should also be ${rank}-D but got ${ndim}-D tensor`);
      }
      const [layers = 0, , size = 0] = this.#stateShape(batch, i);
      const expected = batched ? [layers, batch, size] : [layers, size];
      if (sameShape(shape, expected)) continue;
      throw new EngineError(`Expected hidden size ${formatShape(expected)}, got ${formatShape(shape)}`);
    }
  }

  #zeros(sequence: Tensor): Carried {
    const { dtype, device } = sequence;
    return Array.from({ length: this.carries }, (_, i) =>
      zeros(this.#stateShape(sequence.size(1), i), { dtype, device }),
    );
  }

  #layers(sequence: Tensor, begin: Carried): { readonly output: Tensor; readonly carried: Carried } {
    const ends: Carried[] = [];
    let output = sequence;
    for (const [layer, directions] of this.#directions.entries()) {
      if (layer > 0) output = dropout(output, this.#options.dropout, this.training);
      const outputs = directions.map((direction, i) => {
        const from = begin.map(part => part.select(0, ends.length + i));
        return this.#run(output, direction, from, i === 1);
      });
      for (const { end } of outputs) ends.push(end);
      const parts = outputs.map(({ states }) => states);
      output = parts.length === 1 && parts[0] !== undefined ? parts[0] : cat(parts, -1);
    }
    const carried = begin.map((_, i) =>
      stack(
        ends.flatMap(end => end[i] ?? []),
        0,
      ),
    );
    return { output, carried };
  }

  /** One layer in one direction. The products with the input are one product for all steps. */
  #run(
    sequence: Tensor,
    { weightIh, weightHh, biasIh, biasHh, weightHr }: Direction,
    begin: Carried,
    reverse: boolean,
  ) {
    const inputs = linear(sequence, weightIh, biasIh).unbind(0);
    let end = begin;
    const states: Tensor[] = [];
    for (const input of reverse ? inputs.toReversed() : inputs) {
      const [hidden] = end;
      if (hidden === undefined) throw new Error('there is no state');
      const [next = hidden, ...others] = this.step(input, linear(hidden, weightHh, biasHh), end);
      end = [weightHr === undefined ? next : linear(next, weightHr), ...others];
      states.push(end[0] ?? next);
    }
    return { states: stack(reverse ? states.toReversed() : states, 0), end };
  }
}

/** The only tensor that is carried. */
function single(carried: Carried): Tensor {
  const [hidden] = carried;
  if (hidden === undefined) throw new Error('there is no state');
  return hidden;
}

/** A simple recurrent network. */
export class RNN extends Recurrent<Tensor> {
  protected override readonly carries = 1;
  readonly #nonlinearity: Nonlinearity;

  constructor(
    inputSize: number,
    hiddenSize: number,
    { nonlinearity = 'tanh', ...options }: RecurrentOptions & { readonly nonlinearity?: Nonlinearity } = {},
  ) {
    super(inputSize, hiddenSize, 1, options);
    checkNonlinearity(nonlinearity);
    this.#nonlinearity = nonlinearity;
  }

  protected override step(input: Tensor, state: Tensor): Carried {
    return [rnnStep(input, state, this.#nonlinearity)];
  }

  protected override unpack(state: Tensor): Carried {
    return [state];
  }

  protected override pack(carried: Carried): Tensor {
    return single(carried);
  }
}

/** A network of gated recurrent units. */
export class GRU extends Recurrent<Tensor> {
  protected override readonly carries = 1;

  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(inputSize, hiddenSize, 3, options);
  }

  protected override step(input: Tensor, state: Tensor, carried: Carried): Carried {
    return [gruStep(input, state, single(carried))];
  }

  protected override unpack(state: Tensor): Carried {
    return [state];
  }

  protected override pack(carried: Carried): Tensor {
    return single(carried);
  }
}

/** A network with long short-term memory: its state is hidden state and cell. */
export class LSTM extends Recurrent<readonly [Tensor, Tensor]> {
  protected override readonly carries = 2;

  constructor(inputSize: number, hiddenSize: number, options: LstmOptions = {}) {
    super(inputSize, hiddenSize, 4, options);
  }

  protected override step(input: Tensor, state: Tensor, [, cell]: Carried): Carried {
    if (cell === undefined) throw new Error('there is no cell');
    return lstmStep(input, state, cell);
  }

  protected override unpack(state: readonly [Tensor, Tensor]): Carried {
    return state;
  }

  protected override pack([hidden, cell]: Carried): readonly [Tensor, Tensor] {
    if (hidden === undefined || cell === undefined) throw new Error('there is no state');
    return [hidden, cell];
  }
}
