/** An evaluation in progress in the terminal: one line that says how far it is. */
import { Presets, SingleBar } from 'cli-progress';

/** Milliseconds after which it is worth telling how far an evaluation is. */
const patience = 500;

/** Shows progress on a terminal; on anything else it shows nothing. */
export class EvaluationBar {
  #bar: SingleBar | undefined;
  readonly #began = performance.now();

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Shows the share that is done. */
  show(share: number): void {
    if (!this.stream.isTTY || performance.now() - this.#began < patience) return;
    if (this.#bar === undefined) {
      const format = 'Evaluating  {bar}  {percentage} %';
      const settings = { format, stream: this.stream, barsize: 30, hideCursor: true, clearOnComplete: true };
      this.#bar = new SingleBar({ ...settings, gracefulExit: false }, Presets.shades_classic);
      this.#bar.start(100, Math.floor(100 * share));
    } else this.#bar.update(Math.floor(100 * share));
  }

  /** Removes the line. */
  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
