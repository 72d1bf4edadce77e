/**
 * A run as a checkpoint: the weights alone (`best.pt`, a plain `state_dict`), or everything that is needed
 * to go on exactly where it stopped (`last.pt`), under the names that PyTorch's tutorials use.
 */
import { readFile } from 'node:fs/promises';
import {
  CheckpointError,
  dict,
  find,
  int,
  intAt,
  readCheckpoint,
  type Stored,
  stateDict,
  writeCheckpoint,
  writeFileAtomic,
} from '../checkpoint';
import { compute, type GeneratorState, type nn, type Tensor } from '../engine';
import type { OrderState } from './batch-order';
import type { StoppingState } from './early-stopping';
import { reason } from './file-errors';
import type { ScheduleState } from './schedule';
import {
  float,
  floatAt,
  generatorAt,
  optimizerStateAt,
  scheduleAt,
  stoppingAt,
  storeAll,
  storeGenerator,
  storeOptimizer,
  storeSchedule,
  storeStopping,
  tensorsAt,
} from './stored-state';
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
  /** Both are not in checkpoints of older versions. */
  readonly schedule?: ScheduleState | undefined;
  readonly stopping?: StoppingState | undefined;
}

/** Writes the weights as a `state_dict`. */
export async function saveWeights(file: string, network: nn.Module): Promise<void> {
  await writeFileAtomic(file, writeCheckpoint(stateDict(await storeAll(network.stateDict()))));
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

/** Writes everything that is needed to go on. */
export async function saveProgress(file: string, learner: Learner, progress: Progress): Promise<void> {
  const { epoch, step, sums, order, generator, best, schedule, stopping } = progress;
  const value = dict({
    epoch: int(epoch),
    step: int(step),
    model_state_dict: stateDict(await storeAll(learner.network.stateDict())),
    optimizer_state_dict: await storeOptimizer(learner.optimizer),
    generator: storeGenerator(generator),
    order: dict({ position: int(order.position), generator: storeGenerator(order.generator) }),
    epoch_sums: dict({ loss: float(sums.lossSum), correct: int(sums.correct), samples: int(sums.samples) }),
    best: dict({ epoch: int(best.epoch), score: float(best.score) }),
    ...(schedule && { schedule: storeSchedule(schedule) }),
    ...(stopping && { stopping: storeStopping(stopping) }),
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

/** Where checkpoints of whole runs keep the weights. */
const weightNames = ['model_state_dict', 'state_dict'];

/** The tensors of a `state_dict`, which may lie inside of a checkpoint of a run. */
function weightsIn(value: Stored): Map<string, Tensor> {
  return tensorsAt(value, ...weightNames.filter(name => find(value, name) !== undefined).slice(0, 1));
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
    optimizer.loadState(optimizerStateAt(value, 'optimizer_state_dict'));
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
      schedule: scheduleAt(value, 'schedule'),
      stopping: stoppingAt(value, 'stopping'),
    };
  });
}
