/** The dashboard of a run that is trained in this process: it shows the run and takes orders for it. */
import type { Dashboard } from '../dashboard-server';
import { startDashboardThread } from '../dashboard-server/thread';
import type { ControlMessage } from '../protocol/dashboard';
import type { TrainingEvent } from '../protocol/training-events';
import { RunControl } from '../training';
import { stopSignal } from './guards';

/** Shows a run in a browser, and steers it as the page asks. */
export class LiveDashboard {
  readonly #stop = new AbortController();
  readonly #control: RunControl;
  #dashboard: Dashboard | undefined;
  #began = false;

  private constructor(onPause: (paused: boolean) => void) {
    this.#control = new RunControl(() => {
      const { paused } = this.#control;
      this.#dashboard?.publish({ event: 'change', paused });
      onPause(paused);
    });
  }

  /**
   * Begins to serve the dashboard of a folder of runs.
   * @param onPause is called when the run has come to rest, and when it goes on
   */
  static async open(runs: string, onPause: (paused: boolean) => void): Promise<LiveDashboard> {
    const live = new LiveDashboard(onPause);
    live.#dashboard = await startDashboardThread({
      runs,
      onControl: order => live.#obey(order),
      onFailure: ({ message }) =>
        process.stderr.write(`descent: the dashboard has ended (${message}); training goes on\n`),
    });
    return live;
  }

  /** The address to open. */
  get url(): string {
    return this.#dashboard?.url ?? '';
  }

  /** Stops the run: at an interrupt, or when the page asks for it. */
  get signal(): AbortSignal {
    return AbortSignal.any([stopSignal, this.#stop.signal]);
  }

  /** Steers the run. */
  get control(): RunControl {
    return this.#control;
  }

  /** Takes in what the run tells. */
  publish(event: TrainingEvent): void {
    // Pages read the numbers themselves from the run's folder.
    if (event.event === 'step' || event.event === 'epoch') return;
    this.#began ||= event.event === 'start';
    this.#dashboard?.publish(event);
  }

  /** Waits until the person has seen enough of a run that is over, which they say by an interrupt. */
  async stay(): Promise<void> {
    const interactive = process.stdin.isTTY && process.stderr.isTTY;
    if (!interactive || !this.#began || stopSignal.aborted) return;
    process.stderr.write('\nThe dashboard is served until you press Ctrl-C.\n');
    await new Promise<void>(resolve => {
      stopSignal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Stops serving. */
  async close(): Promise<void> {
    await this.#dashboard?.close();
  }

  #obey(order: ControlMessage): void {
    if (order.action === 'learning-rate') {
      this.#control.learningRate = order.value;
      this.#dashboard?.publish({ event: 'change', learningRate: order.value });
    } else if (order.action === 'pause') this.#control.pause();
    else if (order.action === 'resume') this.#control.continue();
    else if (order.action === 'step') this.#control.step(1);
    else this.#stop.abort();
  }
}
