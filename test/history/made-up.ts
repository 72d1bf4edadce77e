/** Folders of runs as the trainer writes them, made up. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What `run.json` of a made-up run says beside the usual. */
export interface InfoChanges {
  readonly status?: string;
  readonly created?: string;
  readonly epochs?: number;
  readonly testAccuracy?: number | null;
  readonly error?: string | null;
  readonly model?: string;
  readonly lr?: number;
  readonly scheduler?: string;
}

/** The text of a `run.json`. */
export function infoText(changes: InfoChanges = {}): string {
  const { epochs = 5, lr = 0.1, scheduler = 'none', ...others } = changes;
  return JSON.stringify({
    format: 1,
    config: { dataset: null, model: 'mnist-mlp', epochs, batchSize: 10, lr, scheduler, optimizer: 'sgd' },
    created: '2026-11-22T06:00:00.000Z',
    status: 'finished',
    model: 'mnist-mlp 784-256-10',
    parameters: 203530,
    device: 'cpu',
    deviceReason: 'as asked',
    dataset: { name: 'mnist', train: 1000, validation: 100, test: 100, shape: [28, 28], classes: ['0', '1'] },
    versions: {},
    testLoss: null,
    testAccuracy: null,
    error: null,
    ...others,
  });
}

/** A line with the losses of the steps up to `step`. */
export function stepsLine(
  step: number,
  epoch: number,
  losses: readonly (number | null)[],
  more: object = {},
) {
  return JSON.stringify({ event: 'steps', step, epoch, losses, ...more });
}

/** A line of an epoch. */
export function epochLine(epoch: number, step: number, more: object = {}): string {
  return JSON.stringify({
    event: 'epoch',
    step,
    epoch,
    trainLoss: 1 / epoch,
    trainAccuracy: 1 - 1 / (epoch + 1),
    validationLoss: 1.1 / epoch,
    validationAccuracy: 1 - 1.1 / (epoch + 1),
    seconds: 2,
    samplesPerSecond: 500,
    ...more,
  });
}

/** Makes the folder of a run in `runs` and gives its path. */
export function makeRun(
  runs: string,
  id: string,
  lines: readonly string[] = [],
  changes: InfoChanges = {},
): string {
  const folder = path.join(runs, id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), infoText(changes));
  writeFileSync(path.join(folder, 'metrics.jsonl'), lines.map(line => `${line}\n`).join(''));
  return folder;
}

/** A loss that falls and wavers, the same each time. */
function lossAt(step: number): number {
  return 2 / (1 + step / 40) + 0.1 * Math.abs(Math.sin(step * 12.9898));
}

/** A run of 100 steps an epoch that the test writes on. */
export class GrowingRun {
  readonly folder: string;
  #step = 0;

  constructor(
    readonly runs: string,
    readonly id: string,
    changes: Parameters<typeof makeRun>[3] = {},
  ) {
    this.folder = makeRun(runs, id, [], { epochs: 20, ...changes });
  }

  /** Adds steps, with an epoch's line after each hundred; `spike` is the step with a loss of 50. */
  grow(steps: number, spike = 0): void {
    const file = path.join(this.folder, 'metrics.jsonl');
    let text = '';
    for (let done = 0; done < steps; done += 10) {
      const losses = Array.from({ length: 10 }, (_, i) => {
        const step = this.#step + i + 1;
        return step === spike ? 50 : lossAt(step);
      });
      this.#step += 10;
      const epoch = Math.ceil(this.#step / 100);
      text += `${stepsLine(this.#step, epoch, losses)}\n`;
      if (this.#step % 100 === 0) {
        const more = {
          trainLoss: 1 / (epoch + 1),
          validationLoss: epoch < 6 ? 1 / (epoch + 0.5) : 0.15 + epoch / 60,
          trainAccuracy: 1 - 0.5 / epoch,
          validationAccuracy: 1 - 0.55 / Math.min(epoch, 9),
        };
        text += `${epochLine(epoch, this.#step, more)}\n`;
      }
    }
    appendFileSync(file, text);
  }
}
