/** A real Chromium for the tests of pages, and runs that grow while they are looked at. */
import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { epochLine, makeRun, stepsLine } from '../history/support';

const executable = process.env['DESCENT_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a Chromium. On a machine of its own these tests must not be passed over. */
export const hasBrowser = existsSync(executable) || process.env['CI'] === 'true';
if (!hasBrowser)
  console.warn(`The tests of pages are skipped: there is no ${executable} (set DESCENT_CHROMIUM).`);

/** Starts Chromium. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What went wrong in a page: errors, and violations of its policy. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  return errors;
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
