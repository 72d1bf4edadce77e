/** Everything that must be there before the first step: data, device, model, optimizer, the compiled step. */

import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { type ImageData, inputShape, type PendingRows } from '../data/image-data';
import { type Device, defaultGenerator, devices, manualSeed, runtimeOptions } from '../engine';
import type { PreparationStage } from '../protocol/trainer';
import { BatchOrder } from './batch-order';
import type { RunConfig } from './config';
import { checkDevice } from './device-check';
import { chooseDevice, type DeviceChoice } from './device-choice';
import { drawOrder } from './draw-order';
import { TrainingError, throwIfStopped } from './errors';
import { buildModel, checkModel, type Model, openData, unitDimOf } from './models';
import { buildOptimizer } from './optimizers';
import { Samples } from './samples';
import { Schedule } from './schedule';
import { type Selection, splitTraining } from './splits';
import { Stepper } from './stepper';
import { type Learner, TrainingStep } from './training-step';

/** What a run trains: with a schedule, if only one that changes nothing. */
export interface ScheduledLearner extends Learner {
  readonly schedule: Schedule;
}

/** What a run works with. */
export interface Preparation {
  readonly data: ImageData;
  readonly samples: Samples;
  /** The samples of the training set that are trained on. */
  readonly training: Int32Array;
  /** The samples that are kept for validation: by whoever made the data, or held out of the training set. */
  readonly validation: Selection;
  readonly choice: DeviceChoice;
  readonly model: Model;
  readonly learner: ScheduledLearner;
  /** The samples of each batch. */
  readonly order: BatchOrder;
  readonly stepper: Stepper;
}

/** How the caller follows and stops what comes before the first step. */
export interface PreparationObserver {
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: ((stage: PreparationStage) => void) | undefined;
}

/** Turns of the event loop in which a request to stop that has arrived is read, understood and heard. */
const turns = 4;

/**
 * Begins something that leaves no time for anything else: what was told before goes out, and who has asked to
 * stop meanwhile is heard.
 */
export async function enter(
  stage: PreparationStage,
  { signal, onStage }: PreparationObserver,
): Promise<void> {
  onStage?.(stage);
  for (let i = 0; i < turns; i++) await setImmediate();
  throwIfStopped(signal);
}

function buildLearner(
  config: RunConfig,
  data: ImageData,
  samples: number,
  device: Device,
): { model: Model; learner: ScheduledLearner } {
  const model = buildModel(config, inputShape(data), data.classes.length);
  model.network.to(device);
  const { network, task } = model;
  const optimizer = buildOptimizer(config, network.parameters());
  const schedule = new Schedule(config, optimizer, Math.ceil(samples / config.batchSize));
  const { l1, maxNorm, labelSmoothing } = config;
  const regularization = { l1, maxNorm, labelSmoothing, unitDim: unitDimOf(config) };
  return { model, learner: { network, optimizer, task, schedule, regularization } };
}

/** Seconds that a step of the run's model takes on a device, compiling not counted. */
async function probe(
  config: RunConfig,
  data: ImageData,
  training: Int32Array,
  device: Device,
): Promise<number> {
  manualSeed(config.seed);
  const { learner } = buildLearner(config, data, training.length, device);
  const order = new BatchOrder(training, defaultGenerator);
  order.startEpoch();
  const size = Math.min(config.batchSize, training.length);
  const setting = {
    learner,
    samples: new Samples(data.train, device, data.transforms),
    classes: data.classes.length,
    device,
  };
  const step = await TrainingStep.compile(setting, size, (target, start) => {
    if (order.left < size) order.startEpoch();
    return order.next(target, start, size);
  });
  await step.run(2);
  const steps = 5;
  const began = performance.now();
  await step.run(steps);
  const seconds = (performance.now() - began) / 1000 / steps;
  await step.release();
  return seconds;
}

/** Begins to look at the devices that the run may use; `signal` ends that. */
function checkDevices(
  asked: RunConfig['device'],
  signal: AbortSignal,
): (device: Device) => Promise<string | undefined> {
  const candidates = devices.filter(device => asked === 'auto' || asked === device);
  const answers = new Map(candidates.map(device => [device, checkDevice(device, signal)]));
  return device => answers.get(device) ?? checkDevice(device, signal);
}

/**
 * Reads the data, chooses the device and builds the model with the weights that the seed gives. The step is not
 * compiled yet.
 * @param before the device that a resumed run was on
 */
export async function prepare(
  config: RunConfig,
  observer: PreparationObserver = {},
  before?: Device,
): Promise<Preparation> {
  checkModel(config);
  // More threads than processors only wait for each other.
  runtimeOptions.threads = Math.min(config.threads, availableParallelism());
  const decided = new AbortController();
  let pending: PendingRows | undefined;
  const stop = AbortSignal.any([decided.signal, ...(observer.signal ? [observer.signal] : [])]);
  try {
    const check = checkDevices(config.device === 'auto' ? (before ?? 'auto') : config.device, stop);
    await enter('data', observer);
    const data = await openData(config, config.dataset ?? undefined, config.data);
    pending = data.train.pending;
    const split = splitData(data, config);
    if (split.train.length === 0) {
      throw new TrainingError(
        `${data.name}: of ${data.train.length} samples none is left to train on; lower --validation`,
      );
    }
    await enter('device', observer);
    const probeOn = async (device: Device) => {
      await enter('device', observer);
      return probe(config, data, split.train, device);
    };
    const choice = await chooseDevice(config.device, { check, probe: probeOn }, before);
    await enter('model', observer);
    return assemble(config, data, split, choice);
  } catch (error) {
    pending?.abandon();
    // What was interrupted fails in one way or another.
    throwIfStopped(observer.signal);
    throw error;
  } finally {
    decided.abort();
  }
}

/** Which samples are trained on, and which are kept for validation. */
function splitData(
  { train, validation }: ImageData,
  config: RunConfig,
): { readonly train: Int32Array; readonly validation: Selection } {
  if (validation !== undefined) {
    return {
      train: Int32Array.from({ length: train.length }, (_, i) => i),
      validation: { split: validation },
    };
  }
  const held = splitTraining(train.length, config.validation, config.seed);
  return { train: held.train, validation: { split: train, rows: held.validation } };
}

/** Puts together what was read and chosen. */
function assemble(
  config: RunConfig,
  data: ImageData,
  split: ReturnType<typeof splitData>,
  choice: DeviceChoice,
): Preparation {
  const { device } = choice;
  manualSeed(config.seed);
  const samples = new Samples(data.train, device, data.transforms);
  const { model, learner } = buildLearner(config, data, split.train.length, device);
  const draw = drawOrder(config.sampler, data.train.labels, split.train);
  const order = new BatchOrder(split.train, defaultGenerator, draw);
  const setting = { learner, samples, classes: data.classes.length, device };
  return {
    data,
    samples,
    training: split.train,
    validation: split.validation,
    choice,
    model,
    learner,
    order,
    stepper: new Stepper(setting, order, Math.min(config.batchSize, split.train.length)),
  };
}
