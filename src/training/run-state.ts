/**
 * A run as a checkpoint: the weights alone (`best.pt`, a plain `state_dict`), or everything that is needed
 * to go on exactly where it stopped (`last.pt`), under the names that PyTorch's tutorials use.
 */
import { readFile } from 'node:fs/promises';
import {
  CheckpointError,
  dict,
  dictAt,
  find,
  int,
  intAt,
  isTensor,
  readCheckpoint,
  type Stored,
  type StoredDict,
  type StoredTensor,
  stateDict,
  Tuple,
  tensorAt,
  writeCheckpoint,
  writeFileAtomic,
} from '../checkpoint';
import { compute, fromArray, type GeneratorState, type nn, type optim, type Tensor } from '../engine';
import type { OrderState } from './batch-order';
import { reason } from './file-errors';
import type { Learner } from './training-step';

/** Where a run stands. */
export interface Progress {
  /** Epochs that are complete. */
  readonly epoch: number;
  /** Steps over all epochs. */
  readonly step: number;
  /** The sums over the current epoch. */
  readonly sums: { readonly lossSum: number; readonly correct: number; readonly samples: number };
  readonly order: OrderState;
  readonly generator: GeneratorState;
  /** The best epoch so far (0: none) and its score. */
  readonly best: { readonly epoch: number; readonly score: number };
}

async function toStored(tensor: Tensor): Promise<StoredTensor> {
  return { dtype: tensor.dtype, shape: [...tensor.shape], data: await tensor.data() };
}

async function storeAll(tensors: ReadonlyMap<string, Tensor>): Promise<[string, Stored][]> {
  await compute(...tensors.values());
  return Promise.all(
    [...tensors].map(async ([name, tensor]): Promise<[string, Stored]> => [name, await toStored(tensor)]),
  );
}

function toTensor({ data, shape, dtype }: StoredTensor): Tensor {
  return fromArray(data, shape, { dtype });
}

/** Writes the weights as a `state_dict`. */
export async function saveWeights(file: string, network: nn.Module): Promise<void> {
  await writeFileAtomic(file, writeCheckpoint(stateDict(await storeAll(network.stateDict()))));
}

/**
 * A number as a tensor without dimensions: `torch.load(weights_only=True)` of PyTorch 1.13 knows no floats.
 * PyTorch's optimizers take their settings in this form, too.
 */
const float = (value: number): StoredTensor => ({
  dtype: 'float64',
  shape: [],
  data: Float64Array.of(value),
});

/** A number that {@link float} has stored. */
function floatAt(root: Stored, ...path: string[]): number {
  const { data } = tensorAt(root, ...path);
  if (data.length !== 1)
    throw new CheckpointError(`${path.join('/')}: expected one number, found ${data.length}`);
  return Number(data[0]);
}

/** The settings of a group under PyTorch's names, all of them, so that an optimizer of PyTorch takes them. */
function storeSettings(settings: optim.SGDSettings | optim.AdamSettings): [string, Stored][] {
  const { lr, weightDecay } = settings;
  const common: [string, Stored][] = [
    ['lr', float(lr)],
    ['weight_decay', float(weightDecay)],
    ['maximize', false],
    ['foreach', null],
    ['differentiable', false],
  ];
  if ('momentum' in settings) {
    const { momentum, dampening, nesterov } = settings;
    return [
      ...common,
      ['momentum', float(momentum)],
      ['dampening', float(dampening)],
      ['nesterov', nesterov],
    ];
  }
  const { betas, eps, amsgrad } = settings;
  return [
    ...common,
    ['betas', new Tuple(betas.map(float))],
    ['eps', float(eps)],
    ['amsgrad', amsgrad],
    ['capturable', false],
    ['fused', null],
  ];
}

/** Whether all weights are numbers: not infinite and not NaN. */
export async function allFinite(network: nn.Module): Promise<boolean> {
  const weights = [...network.stateDict().values()];
  await compute(...weights);
  for (const weight of weights) {
    const data = await weight.data();
    if (!(data instanceof BigInt64Array) && !data.every(value => Number.isFinite(value))) return false;
  }
  return true;
}

async function storeOptimizer({ optimizer }: Learner): Promise<Stored> {
  const { state, paramGroups } = optimizer.stateDict();
  const stored: StoredDict = new Map();
  for (const [number, { step, tensors }] of state) {
    stored.set(int(number), dict({ step: int(step), ...Object.fromEntries(await storeAll(tensors)) }));
  }
  const groups = paramGroups.map(({ settings, params }) =>
    dict({ ...Object.fromEntries(storeSettings(settings)), params: params.map(int) }),
  );
  return dict({ state: stored, param_groups: groups });
}

const storeGenerator = ({ seed, offset }: GeneratorState) => dict({ seed: int(seed), offset: int(offset) });

/** Writes everything that is needed to go on. */
export async function saveProgress(file: string, learner: Learner, progress: Progress): Promise<void> {
  const { epoch, step, sums, order, generator, best } = progress;
  const value = dict({
    epoch: int(epoch),
    step: int(step),
    model_state_dict: stateDict(await storeAll(learner.network.stateDict())),
    optimizer_state_dict: await storeOptimizer(learner),
    generator: storeGenerator(generator),
    order: dict({ position: int(order.position), generator: storeGenerator(order.generator) }),
    epoch_sums: dict({ loss: float(sums.lossSum), correct: int(sums.correct), samples: int(sums.samples) }),
    best: dict({ epoch: int(best.epoch), score: float(best.score) }),
  });
  await writeFileAtomic(file, writeCheckpoint(value));
}

async function read(file: string): Promise<Stored> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new CheckpointError(`expected a checkpoint: ${reason(error)}`, file, { cause: error });
  }
  return readCheckpoint(bytes, file).value;
}

function generatorAt(value: Stored, ...path: string[]): GeneratorState {
  return { seed: intAt(value, ...path, 'seed'), offset: intAt(value, ...path, 'offset') };
}

/** Where checkpoints of whole runs keep the weights. */
const weightNames = ['model_state_dict', 'state_dict'];

/** The tensors of a `state_dict`, which may lie inside of a checkpoint of a run. */
function weightsIn(value: Stored): Map<string, Tensor> {
  const place = weightNames.filter(name => find(value, name) !== undefined).slice(0, 1);
  const weights = new Map<string, Tensor>();
  for (const [name, entry] of dictAt(value, ...place)) {
    if (typeof name === 'string' && isTensor(entry)) weights.set(name, toTensor(entry));
  }
  return weights;
}

/** Errors that come from the content of a file name the file. */
async function inFile<T>(file: string, body: () => Promise<T> | T): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof CheckpointError) throw error.inFile(file);
    throw new CheckpointError(error instanceof Error ? error.message : String(error), file, { cause: error });
  }
}

/** Reads the weights of a checkpoint by name. */
export async function readWeights(file: string): Promise<Map<string, Tensor>> {
  const value = await read(file);
  return inFile(file, () => weightsIn(value));
}

/** Puts the weights of a checkpoint into a network; nothing is changed if they do not fit. */
export async function loadWeights(file: string, network: nn.Module): Promise<void> {
  const weights = await readWeights(file);
  await inFile(file, () => network.loadStateDict(weights));
}

/** Puts everything back as it was when the checkpoint was written. */
export async function loadProgress(file: string, { network, optimizer }: Learner): Promise<Progress> {
  const value = await read(file);
  return inFile(file, () => {
    network.loadStateDict(weightsIn(value));
    const state = new Map<number, { step: number; tensors: Map<string, Tensor> }>();
    for (const number of dictAt(value, 'optimizer_state_dict', 'state').keys()) {
      const entry = dictAt(value, 'optimizer_state_dict', 'state', Number(number));
      const tensors = new Map<string, Tensor>();
      for (const [name, kept] of entry) {
        if (typeof name === 'string' && isTensor(kept)) tensors.set(name, toTensor(kept));
      }
      state.set(Number(number), { step: intAt(entry, 'step'), tensors });
    }
    optimizer.loadState(state);
    return {
      epoch: intAt(value, 'epoch'),
      step: intAt(value, 'step'),
      sums: {
        lossSum: floatAt(value, 'epoch_sums', 'loss'),
        correct: intAt(value, 'epoch_sums', 'correct'),
        samples: intAt(value, 'epoch_sums', 'samples'),
      },
      order: {
        position: intAt(value, 'order', 'position'),
        generator: generatorAt(value, 'order', 'generator'),
      },
      generator: generatorAt(value, 'generator'),
      best: { epoch: intAt(value, 'best', 'epoch'), score: floatAt(value, 'best', 'score') },
    };
  });
}
