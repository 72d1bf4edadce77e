/** Everything that must be there before the first step: data, device, model, optimizer. */

import { availableParallelism } from 'node:os';
import { openDataset } from '../data/find';
import type { ImageData, ImageSplit } from '../data/image-data';
import { type Device, defaultGenerator, devices, manualSeed, runtimeOptions } from '../engine';
import { BatchOrder } from './batch-order';
import type { RunConfig } from './config';
import { checkDevice } from './device-check';
import { chooseDevice, type DeviceChoice } from './device-choice';
import { TrainingError } from './errors';
import { buildModel, type Model } from './models';
import { buildOptimizer } from './optimizers';
import { Samples } from './samples';
import { pick, splitTraining } from './splits';
import { type Learner, TrainingStep } from './training-step';

/** What a run works with. */
export interface Preparation {
  readonly data: ImageData;
  readonly samples: Samples;
  /** The samples of the training set that are trained on. */
  readonly training: Int32Array;
  /** The samples that were held out of it. */
  readonly validation: ImageSplit;
  readonly choice: DeviceChoice;
  readonly model: Model;
  readonly learner: Learner;
}

function buildLearner(
  config: RunConfig,
  data: ImageData,
  device: Device,
): { model: Model; learner: Learner } {
  const model = buildModel(config, data.train.shape, data.classes.length);
  model.network.to(device);
  const optimizer = buildOptimizer(config, model.network.parameters());
  return { model, learner: { network: model.network, optimizer } };
}

/** Seconds that a step of the run's model takes on a device, compiling not counted. */
async function probe(
  config: RunConfig,
  data: ImageData,
  training: Int32Array,
  device: Device,
): Promise<number> {
  manualSeed(config.seed);
  const { learner } = buildLearner(config, data, device);
  const order = new BatchOrder(training, defaultGenerator);
  order.startEpoch();
  const size = Math.min(config.batchSize, training.length);
  const setting = {
    learner,
    samples: new Samples(data.train, device),
    classes: data.classes.length,
    device,
  };
  const step = await TrainingStep.compile(setting, size, (target, start) => {
    if (order.left < size) order.startEpoch();
    order.next(target, start, size);
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
 * Reads the data, chooses the device and builds the model with the weights that the seed gives.
 * @param before the device that a resumed run was on
 */
export async function prepare(config: RunConfig, before?: Device): Promise<Preparation> {
  // More threads than processors only wait for each other.
  runtimeOptions.threads = Math.min(config.threads, availableParallelism());
  const decided = new AbortController();
  try {
    const check = checkDevices(config.device === 'auto' ? (before ?? 'auto') : config.device, decided.signal);
    const data = await openDataset(config.dataset ?? undefined);
    const split = splitTraining(data.train.length, config.validation, config.seed);
    if (split.train.length === 0) {
      throw new TrainingError(
        `${data.name}: of ${data.train.length} samples none is left to train on; lower --validation`,
      );
    }
    const probeOn = (device: Device) => probe(config, data, split.train, device);
    const choice = await chooseDevice(config.device, { check, probe: probeOn }, before);
    manualSeed(config.seed);
    return {
      data,
      samples: new Samples(data.train, choice.device),
      training: split.train,
      validation: pick(data.train, split.validation),
      choice,
      ...buildLearner(config, data, choice.device),
    };
  } finally {
    decided.abort();
  }
}
