/** Learning rates, L1, max-norm, label smoothing and early stopping in whole runs, and that all of it is resumed. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compute, manualSeed, nn, optim, randn, zeros } from '../../src/engine';
import { schedulerNames } from '../../src/protocol/choices';
import { completeConfig, type RunConfig, RunControl, runConfigSchema, train } from '../../src/training';
import { EarlyStopping } from '../../src/training/early-stopping';
import { objective, project } from '../../src/training/regularization';
import { readWeights } from '../../src/training/run-state';
import { Schedule } from '../../src/training/schedule';
import {
  afterEpoch,
  checkpointOf,
  digitsFolder,
  failureOf,
  lossesOf,
  metricsOf,
  resumeRun,
  smallConfig,
  temporaryFolder,
  trainRun,
} from './support';

const stepsLine = z.object({ event: z.literal('steps'), step: z.number(), learningRate: z.number() });

/** The learning rate of the last step of each line. */
const ratesOf = (run: string) =>
  new Map(
    metricsOf(run).flatMap(line => {
      const { success, data } = stepsLine.safeParse(line);
      return success ? [[data.step, data.learningRate] as const] : [];
    }),
  );

const optimizerOf = (lr = 0.1) => new optim.SGD([zeros([1], { requiresGrad: true })], { lr, momentum: 0.9 });
const settings = { lr: 0.1, epochs: 6, gamma: 0.5, stepSize: 2, schedulerPatience: 1 };
const turnsOf = (schedule: Schedule) => (schedule.everyStep ? 12 : 6);
const losses = [3, 2, 2.1, 2.2, 1.9, 1.95];

function turn(schedule: Schedule, i: number): void {
  if (schedule.everyStep) schedule.afterStep();
  else schedule.afterEpoch(losses[i] ?? 0);
}

describe('the schedule', () => {
  test.each([
    ['none', [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]],
    ['step', [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]],
    ['exponential', [0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125]],
    ['cosine', [0, 1, 2, 3, 4, 5].map(i => 0.05 * (1 + Math.cos((Math.PI * i) / 6)))],
    ['multistep', [0.1, 0.1, 0.1, 0.05, 0.05, 0.025]],
    ['restarts', [0.1, 0.05, 0.1, 0.05, 0.1, 0.05]],
    ['linear', [0, 1, 2, 3, 4, 5].map(i => 0.1 * (1 / 3 + (2 / 3) * (i / 5)))],
    ['plateau', [0.1, 0.1, 0.1, 0.1, 0.05, 0.05]],
  ] as const)('%s', (scheduler, expected) => {
    const optimizer = optimizerOf();
    const schedule = new Schedule({ ...settings, scheduler }, optimizer, 2);
    for (const [i, want] of expected.entries()) {
      expect(optimizer.lr).toBeCloseTo(want, 12);
      turn(schedule, i);
    }
  });

  test('onecycle goes up to the learning rate and down to almost none, the momentum the other way', () => {
    const optimizer = optimizerOf();
    const schedule = new Schedule({ ...settings, scheduler: 'onecycle' }, optimizer, 5);
    const seen = Array.from({ length: 30 }, () => {
      const found = { lr: optimizer.lr, momentum: optimizer.paramGroups[0]?.settings.momentum ?? 0 };
      schedule.afterStep();
      return found;
    });
    expect(Math.max(...seen.map(({ lr }) => lr))).toBeCloseTo(0.1, 12);
    expect(seen[0]?.lr).toBeCloseTo(0.1 / 25, 12);
    expect(seen[0]?.momentum).toBeCloseTo(0.95, 12);
    expect(seen[8]?.momentum).toBeCloseTo(0.85, 12);
    expect(seen[29]?.lr).toBeCloseTo(0.1 / 25 / 1e4, 12);
    // Beyond its end nothing changes.
    schedule.afterStep();
    expect(optimizer.lr).toBe(seen[29]?.lr);
  });

  describe.each(schedulerNames)('%s', scheduler => {
    const make = (changes: Partial<typeof settings> = {}) => {
      const all = { ...settings, ...changes, scheduler };
      const optimizer = optimizerOf(all.lr);
      return { optimizer, schedule: new Schedule(all, optimizer, 2) };
    };
    const now = ({ paramGroups }: optim.SGD) => paramGroups.map(group => ({ ...group.settings }));

    test('goes on from any place exactly as it would have', () => {
      for (let place = 0; place < turnsOf(make().schedule); place++) {
        const [whole, first, second] = [make(), make(), make()];
        for (let i = 0; i < turnsOf(whole.schedule); i++) {
          turn(whole.schedule, i);
          if (i < place) turn(first.schedule, i);
          if (i === place) second.schedule.restore(first.schedule.state);
          if (i >= place) turn(second.schedule, i);
        }
        expect(now(second.optimizer)).toEqual(now(whole.optimizer));
      }
    });

    test('goes back to a place that was marked', () => {
      const { optimizer, schedule } = make();
      turn(schedule, 0);
      const before = now(optimizer);
      const back = schedule.mark();
      turn(schedule, 1);
      turn(schedule, 2);
      back();
      expect(now(optimizer)).toEqual(before);
    });

    test('is drawn up for another learning rate when one is set, and is resumed with that', () => {
      const { optimizer, schedule } = make();
      turn(schedule, 0);
      turn(schedule, 1);
      const rate = optimizer.lr / 4;
      schedule.setRate(rate);
      expect(optimizer.lr).toBeCloseTo(rate, 12);
      expect(schedule.base).toBeCloseTo(0.025, 12);
      const resumed = make({ lr: schedule.base });
      resumed.schedule.restore(schedule.state);
      turn(schedule, 2);
      turn(resumed.schedule, 2);
      expect(now(resumed.optimizer)).toEqual(now(optimizer));
    });
  });

  test('of a cosine is stretched when a run is to have more epochs', () => {
    const optimizer = optimizerOf();
    const short = new Schedule({ ...settings, scheduler: 'cosine' }, optimizerOf(), 2);
    for (let i = 0; i < 6; i++) turn(short, i);
    const long = new Schedule({ ...settings, epochs: 12, scheduler: 'cosine' }, optimizer, 2);
    long.restore(short.state);
    expect(optimizer.lr).toBeCloseTo(0.05, 12);
  });
});

describe('a run', () => {
  const all: Partial<RunConfig> = {
    l1: 1e-4,
    weightDecay: 1e-3,
    maxNorm: 0.6,
    dropout: 0.2,
    labelSmoothing: 0.1,
    patience: 10,
  };

  test.each([
    ['sgd', 'onecycle'],
    ['adam', 'onecycle'],
    ['adamax', 'cosine'],
    ['nadam', 'step'],
    ['radam', 'exponential'],
    ['rmsprop', 'plateau'],
    ['adagrad', 'none'],
    ['adadelta', 'none'],
  ] as const)(
    'with %s and the schedule %s, with everything, is resumed bit for bit',
    async (optimizer, scheduler) => {
      const choices = {
        ...all,
        dataset: digitsFolder(),
        hidden: [16],
        epochs: 3,
        batchSize: 10,
        device: 'cpu' as const,
      };
      const config = completeConfig({ ...choices, optimizer, scheduler });
      const runs = temporaryFolder();
      const whole = await trainRun(runs, config);
      expect(whole.events.at(-1)).toMatchObject({ event: 'end', stoppedEarly: false });
      // In the middle of an epoch, and after one.
      const stopped = await trainRun(runs, config, event => event.event === 'step' && event.step > 3);
      await resumeRun(stopped.run, {}, afterEpoch(2));
      await resumeRun(stopped.run);
      expect(lossesOf(stopped.run)).toEqual(lossesOf(whole.run));
      expect(checkpointOf(stopped.run, 'last')).toEqual(checkpointOf(whole.run, 'last'));
      const found = lossesOf(whole.run).map(({ loss }) => loss);
      expect(Math.min(...found.slice(-20))).toBeLessThan(found[0] ?? 0);
    },
  );

  test('onecycle in a run gives each step its rate', async () => {
    const config = smallConfig({ dataset: digitsFolder(), scheduler: 'onecycle', lr: 0.1, momentum: 0.9 });
    const { run } = await trainRun(temporaryFolder(), config);
    const optimizer = optimizerOf();
    const schedule = new optim.lrScheduler.OneCycleLR(optimizer, 0.1, { totalSteps: 81 });
    const expected = Array.from({ length: 81 }, () => {
      const { lr } = optimizer;
      schedule.step();
      return lr;
    });
    const rates = ratesOf(run);
    expect(rates.size).toBeGreaterThan(0);
    for (const [step, rate] of rates) expect(rate).toBe(expected[step - 1]);
  });

  test('a learning rate that is set while it goes on scales the rest of its schedule', async () => {
    const config = smallConfig({
      dataset: digitsFolder(),
      scheduler: 'exponential',
      gamma: 0.5,
      lr: 0.08,
      epochs: 4,
    });
    const control = new RunControl();
    let run = '';
    await train(config, {
      runs: temporaryFolder(),
      control,
      onEvent: event => {
        if (event.event === 'start') run = event.run;
        if (event.event === 'epoch' && event.epoch === 2) control.learningRate = 0.002;
      },
    });
    const rates = ratesOf(run);
    expect([27, 54, 81, 108].map(step => rates.get(step))).toEqual([0.08, 0.04, 0.002, 0.001]);
  });

  test('ends early, with the best weights, and goes on when it is resumed', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 40, patience: 2, minDelta: 0.3, lr: 0.2 });
    const { run, events } = await trainRun(temporaryFolder(), config);
    const epochs = events.filter(({ event }) => event === 'epoch').length;
    const end = events.at(-1);
    expect(end).toMatchObject({ event: 'end', stoppedEarly: true });
    expect(epochs).toBeLessThan(40);
    const scores = events.flatMap(event => (event.event === 'epoch' ? (event.validationAccuracy ?? 0) : []));
    const best = scores.indexOf(Math.max(...scores)) + 1;
    expect(end).toMatchObject({ bestEpoch: best });
    const resumed = await resumeRun(run);
    expect(resumed.events.filter(({ event }) => event === 'epoch').length).toBeGreaterThanOrEqual(2);
  });

  test('max-norm holds after every step', async () => {
    const config = smallConfig({ dataset: digitsFolder(), maxNorm: 0.5, lr: 0.5 });
    const { run } = await trainRun(temporaryFolder(), config);
    const weights = await readWeights(`${run}/checkpoints/last.pt`);
    for (const name of ['fc1.weight', 'fc2.weight']) {
      const weight = weights.get(name);
      const norms = weight?.mul(weight).sum(1).sqrt();
      const list = Array.from((await norms?.data()) ?? [], Number);
      expect(Math.max(...list)).toBeLessThanOrEqual(0.5 + 1e-6);
      expect(Math.max(...list)).toBeGreaterThan(0.49);
    }
  });

  test('a run of an older version, which knew none of this, did without', () => {
    const config = smallConfig();
    const later = ['scheduler', 'gamma', 'stepSize', 'schedulerPatience', 'l1', 'maxNorm', 'dropout'];
    later.push('labelSmoothing', 'patience', 'minDelta');
    const old = Object.fromEntries(Object.entries(config).filter(([name]) => !later.includes(name)));
    expect(runConfigSchema.parse(old)).toEqual(config);
  });
});

describe('L1 and max-norm', () => {
  test('L1 adds the distances of the weights from zero, and its gradient is their sign', async () => {
    manualSeed(1);
    const network = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2));
    const [layer] = network.namedChildren().map(([, module]) => module);
    if (!(layer instanceof nn.Linear)) throw new Error('a linear layer');
    const goal = objective(network, zeros([]), 0.25);
    goal.backward();
    const weights = Array.from(await layer.weight.detach().data(), Number);
    expect(await goal.item()).toBeCloseTo(0.25 * weights.reduce((sum, w) => sum + Math.abs(w), 0), 6);
    expect(Array.from((await layer.weight.grad?.data()) ?? [], Number)).toEqual(
      weights.map(w => 0.25 * Math.sign(w)),
    );
    expect(layer.bias?.grad).toBeUndefined();
  });

  test.each([0, 1])(
    'max-norm shrinks what is too long along dimension %d, and nothing else',
    async unitDim => {
      manualSeed(2);
      const layer = new nn.Linear(4, 3);
      layer.weight.detach().copy_(randn([3, 4]));
      const before = z.array(z.array(z.number())).parse(await layer.weight.detach().tolist());
      project(layer, 1.5, unitDim);
      await compute(layer.weight);
      const after = z.array(z.array(z.number())).parse(await layer.weight.detach().tolist());
      const unitsOf = (rows: number[][]) =>
        unitDim === 0 ? rows : (rows[0] ?? []).map((_, i) => rows.map(row => row[i] ?? 0));
      const [old, new_] = [unitsOf(before), unitsOf(after)];
      let shrunk = 0;
      for (const [i, unit] of old.entries()) {
        const norm = Math.hypot(...unit);
        if (norm > 1.5) shrunk++;
        const factor = Math.min(1, 1.5 / norm);
        unit.forEach((weight, j) => {
          expect(new_[i]?.[j]).toBeCloseTo(weight * factor, 5);
        });
      }
      expect(shrunk).toBeGreaterThan(0);
    },
  );
});

describe('early stopping', () => {
  const over = (patience: number | null, minDelta: number, scores: number[]) => {
    const stopping = new EarlyStopping(patience, minDelta);
    return scores.findIndex(score => {
      stopping.see(score);
      return stopping.over;
    });
  };
  test.each<[string, number | null, number, number[], number]>([
    ['after so many epochs that are no better', 2, 0, [0.5, 0.6, 0.6, 0.55], 3],
    ['any improvement begins the count anew', 2, 0, [0.5, 0.4, 0.6, 0.5, 0.61, 0.3, 0.2], 6],
    ['an improvement that is too small does not', 2, 0.05, [0.5, 0.52, 0.54], 2],
    ['small improvements add up', 2, 0.05, [0.5, 0.53, 0.56, 0.56, 0.57], 4],
    ['never', null, 0, [0.5, 0.4, 0.3, 0.2], -1],
  ])('%s', (_, patience, minDelta, scores, expected) => {
    expect(over(patience, minDelta, scores)).toBe(expected);
  });
});

describe('choices that do not go together', () => {
  test.each<[Parameters<typeof completeConfig>[0], RegExp]>([
    [{ optimizer: 'adam', momentum: 0.5 }, /a momentum is for sgd and rmsprop, found one for adam/],
    [{ stepSize: 3 }, /a step size is for the schedule step, found no schedule/],
    [
      { scheduler: 'cosine', gamma: 0.5 },
      /a factor of the learning rate is for the schedule step, multistep, exponential, plateau, found the schedule cosine/,
    ],
    [
      { scheduler: 'step', schedulerPatience: 3 },
      /a patience of the schedule is for the schedule plateau, found the schedule step/,
    ],
    [
      { scheduler: 'plateau', gamma: 1.5 },
      /on a plateau the learning rate is multiplied by less than 1, found 1.5/,
    ],
    [{ minDelta: 0.1 }, /a smallest improvement is for early stopping; give a patience too/],
    [
      { model: 'three-seven', labelSmoothing: 0.1 },
      /the loss of the model three-seven knows no label smoothing/,
    ],
  ])('%j', async (choices, expected) => {
    expect(await failureOf(Promise.resolve().then(() => completeConfig(choices)))).toMatch(expected);
  });
});
