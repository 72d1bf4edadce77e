/** A download in the terminal: one line that says how far it is, how fast, and how long it will take. */
import { Presets, SingleBar } from 'cli-progress';
import { duration, megabytes } from './report';

/** Seconds before a speed says anything. */
const settled = 0.5;

/** Shows progress on a terminal; on anything else it shows nothing. */
export class DownloadBar {
  #bar: SingleBar | undefined;
  readonly #began = performance.now();

  constructor(
    private readonly title: string,
    private readonly stream: NodeJS.WriteStream,
  ) {}

  /** Shows how many bytes are there. */
  show(received: number, total: number): void {
    if (!this.stream.isTTY) return;
    const payload = {
      done: megabytes(received).padStart(megabytes(total).length),
      size: megabytes(total),
      speed: this.#speed(received, total),
    };
    if (this.#bar === undefined) {
      this.#bar = new SingleBar(
        {
          format: `${this.title}  {bar}  {done} of {size} MB{speed}`,
          stream: this.stream,
          barsize: 30,
          hideCursor: true,
          clearOnComplete: true,
          gracefulExit: false,
        },
        Presets.shades_classic,
      );
      this.#bar.start(total, received, payload);
    } else this.#bar.update(received, payload);
  }

  /** Removes the line. */
  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #speed(received: number, total: number): string {
    const seconds = (performance.now() - this.#began) / 1000;
    if (seconds < settled || received === 0) return '';
    const speed = received / seconds;
    return `, ${megabytes(speed)} MB/s, ${duration((total - received) / speed)} left`;
  }
}
