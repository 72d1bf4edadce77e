/** A small training, for tests that compare ways to run it. */
import {
  CompiledStep,
  compute,
  crossEntropy,
  type Device,
  defaultGenerator,
  Generator,
  hostInput,
  manualSeed,
  nn,
  optim,
  type Tensor,
} from '../../src/engine';

/** What is trained and how. */
export interface Recipe {
  readonly device: Device;
  readonly layers: () => nn.Module[];
  readonly optimizer: (parameters: nn.Parameter[]) => optim.Optimizer;
}

const batch = 8;
const features = 6;
const classes = 3;

/** A network without anything random. */
export const plainLayers = (): nn.Module[] => [
  new nn.Linear(features, 10),
  new nn.ReLU(),
  new nn.Linear(10, classes),
];

/**
 * A network that also draws random numbers and keeps statistics. No bias before the BatchNorm: its gradient
 * is zero but for rounding, which Adam would blow up to full steps.
 */
export const fullLayers = (): nn.Module[] => [
  new nn.Linear(features, 10, { bias: false }),
  new nn.BatchNorm1d(10),
  new nn.ReLU(),
  new nn.Dropout(0.25),
  new nn.Linear(10, classes),
];

/** A training that stands before its first step. */
export class Training {
  readonly network: nn.Sequential;
  readonly optimizer: optim.Optimizer;
  readonly #device: Device;
  readonly #data = new Generator(99);

  constructor({ device, layers, optimizer }: Recipe) {
    manualSeed(5);
    this.#device = device;
    this.network = new nn.Sequential(...layers()).to(device);
    this.optimizer = optimizer(this.network.parameters());
  }

  /** All that a step changes. */
  get state(): Tensor[] {
    return [...this.optimizer.stateTensors(), ...this.network.namedBuffers().map(([, buffer]) => buffer)];
  }

  /** One step: samples around a point for each class, forward, backward, update. */
  step(): Tensor {
    const drawn: number[] = [];
    const x = hostInput({ shape: [batch, features], dtype: 'float32' }, this.#device, (target, start) => {
      drawn.length = 0;
      for (let i = 0; i < batch; i++) {
        const label = this.#data.integer(0, classes);
        drawn.push(label);
        for (let j = 0; j < features; j++) {
          const number = this.#data.normalPair()[0] + (j % classes === label ? 1 : 0);
          if (!(target instanceof BigInt64Array)) target[start + i * features + j] = number;
        }
      }
    });
    const y = hostInput({ shape: [batch], dtype: 'int64' }, this.#device, (target, start) => {
      if (!(target instanceof BigInt64Array)) return;
      for (const [i, label] of drawn.entries()) target[start + i] = BigInt(label);
    });
    const loss = crossEntropy(this.network.forward(x), y, { ignoreIndex: null });
    this.optimizer.zeroGrad();
    loss.backward();
    this.optimizer.step();
    return loss;
  }
}

/** What a training has come to. */
export interface Outcome {
  readonly losses: number[];
  readonly state: number[][];
  readonly steps: (number | undefined)[];
  readonly generator: number;
}

async function outcome(training: Training, losses: number[]): Promise<Outcome> {
  const { state } = training.optimizer.stateDict();
  await compute(...training.state);
  return {
    losses,
    state: await Promise.all(training.state.map(async tensor => Array.from(await tensor.data(), Number))),
    steps: [...state.values()].map(({ step }) => step),
    generator: defaultGenerator.getState().offset,
  };
}

/** Steps written down and computed one by one. */
export async function trainEagerly(recipe: Recipe, steps: number): Promise<Outcome> {
  const training = new Training(recipe);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push(await training.step().item());
  return outcome(training, losses);
}

/** Steps compiled once and run in chunks of the given sizes. */
export async function trainCompiled(recipe: Recipe, chunks: readonly number[]): Promise<Outcome> {
  const training = new Training(recipe);
  const compiled = await CompiledStep.compile(recipe.device, training.state, () => [training.step()]);
  const losses: number[] = [];
  for (const count of chunks) {
    const [found] = await compiled.run(count);
    losses.push(...Array.from(found ?? [], Number));
  }
  const result = await outcome(training, losses);
  await compiled.release();
  return result;
}

/** A training whose steps are observed: the gradients of each parameter. */
export class ObservedTraining {
  private constructor(
    readonly training: Training,
    private readonly plain: CompiledStep,
    private readonly looking: CompiledStep,
    readonly losses: number[] = [],
    readonly gradients: number[][][] = [],
  ) {}

  static async create(recipe: Recipe, observe: 'every' | 'last'): Promise<ObservedTraining> {
    const training = new Training(recipe);
    const plain = await CompiledStep.compile(recipe.device, training.state, () => [training.step()]);
    const body = () => {
      const outputs = [training.step()];
      return { outputs, observed: training.network.parameters().flatMap(({ grad }) => grad ?? []) };
    };
    const looking = await CompiledStep.compile(recipe.device, training.state, body, observe);
    return new ObservedTraining(training, plain, looking);
  }

  /** Takes steps in one call, of which what is to be observed is, or nothing. */
  async take(count: number, observed: boolean): Promise<void> {
    const [loss, ...gradients] = await (observed ? this.looking : this.plain).run(count);
    this.losses.push(...Array.from(loss ?? [], Number));
    if (observed) this.gradients.push(gradients.map(gradient => Array.from(gradient, Number)));
  }

  /** The outcome; frees the compiled steps. */
  async end(): Promise<Outcome> {
    const result = await outcome(this.training, this.losses);
    await Promise.all([this.plain.release(), this.looking.release()]);
    return result;
  }
}

/**
 * Steps of which every third is one that is looked at: its gradients are observed.
 * @returns the outcome, and for each step that was observed its gradients, a parameter each
 */
export async function trainObserved(
  recipe: Recipe,
  steps: number,
): Promise<{ outcome: Outcome; gradients: number[][][] }> {
  const observed = await ObservedTraining.create(recipe, 'every');
  for (let step = 0; step < steps; step++) await observed.take(1, step % 3 === 2);
  return { outcome: await observed.end(), gradients: observed.gradients };
}

/** Calls of steps, of each of which the last step is observed. */
export async function trainObservingLast(
  recipe: Recipe,
  chunks: readonly number[],
): Promise<{ outcome: Outcome; gradients: number[][][] }> {
  const observed = await ObservedTraining.create(recipe, 'last');
  for (const count of chunks) await observed.take(count, true);
  return { outcome: await observed.end(), gradients: observed.gradients };
}

/** The gradients of the given steps, computed one by one. */
export async function eagerGradients(recipe: Recipe, steps: readonly number[]): Promise<number[][][]> {
  const training = new Training(recipe);
  const gradients: number[][][] = [];
  for (let step = 0; step <= Math.max(...steps); step++) {
    await compute(training.step());
    if (!steps.includes(step)) continue;
    const found = training.network
      .parameters()
      .map(async ({ grad }) => Array.from((await grad?.data()) ?? [], Number));
    gradients.push(await Promise.all(found));
  }
  return gradients;
}

const lr = 0.1;

/** Optimizers that between them use all that a step may use. */
export const optimizers: Record<string, Recipe['optimizer']> = {
  SGD: parameters => new optim.SGD(parameters, { lr }),
  'SGD with momentum and decay': parameters =>
    new optim.SGD(parameters, { lr, momentum: 0.9, dampening: 0.1, weightDecay: 0.01 }),
  'SGD with Nesterov momentum': parameters =>
    new optim.SGD(parameters, { lr, momentum: 0.5, nesterov: true }),
  Adam: parameters => new optim.Adam(parameters, { lr: 0.01 }),
  'AMSGrad with decay': parameters =>
    new optim.Adam(parameters, { lr: 0.01, amsgrad: true, weightDecay: 0.1 }),
  AdamW: parameters => new optim.AdamW(parameters, { lr: 0.01 }),
  Adamax: parameters => new optim.Adamax(parameters, { lr: 0.01, weightDecay: 0.1 }),
  NAdam: parameters => new optim.NAdam(parameters, { lr: 0.01 }),
  RAdam: parameters => new optim.RAdam(parameters, { lr: 0.01, betas: [0.8, 0.8] }),
  'centered RMSprop with momentum': parameters =>
    new optim.RMSprop(parameters, { lr: 0.003, eps: 1e-3, momentum: 0.5, centered: true }),
  Adagrad: parameters => new optim.Adagrad(parameters, { lr: 0.03, lrDecay: 0.1 }),
  Adadelta: parameters => new optim.Adadelta(parameters, { eps: 1e-4 }),
};
