/** A run in the terminal: a progress bar for each epoch, and the curve of the loss at the end. */
import { plot } from 'asciichart';
import { type Options, Presets, SingleBar } from 'cli-progress';
import type { EndEvent, EpochEvent, StartEvent, StepEvent, TrainingEvent } from '../protocol/training-events';
import { duration, grouped, percent } from './report';

const curveWidth = 64;
const curveHeight = 12;

/** Shows the events of a run as they come. */
export class TrainingDisplay {
  #bar: SingleBar | undefined;
  #start: StartEvent | undefined;
  readonly #losses: { step: number; loss: number }[] = [];

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Shows one event. */
  show(event: TrainingEvent): void {
    if (event.event === 'start') this.#showStart(event);
    else if (event.event === 'step') this.#showStep(event);
    else if (event.event === 'epoch') this.#showEpoch(event);
    else if (event.event === 'end') this.#showEnd(event);
    else if (event.event === 'stopped') {
      this.close();
      this.#print(`\nStopped after ${grouped(event.step)} steps; everything is saved. To go on:`);
      this.#print(`  descent train --resume ${quoted(event.run)}`);
    }
  }

  /** Removes an unfinished progress bar. */
  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #print(line: string): void {
    this.stream.write(`${line}\n`);
  }

  #showStart(start: StartEvent): void {
    this.#start = start;
    const { name, train, validation, test, shape, classes } = start.dataset;
    const counts = [
      `${grouped(train)} training`,
      `${grouped(validation)} validation`,
      `${grouped(test)} test`,
    ];
    this.#print(`Data    ${name}: ${counts.join(', ')}; ${shape.join('×')}, ${classes.length} classes`);
    this.#print(`Model   ${start.model}, ${grouped(start.parameters)} parameters`);
    this.#print(`Device  ${start.device} (${start.deviceReason})`);
    this.#print(`Run     ${start.run}\n`);
  }

  #showStep({ step, epoch, loss }: StepEvent): void {
    this.#losses.push({ step, loss });
    const total = this.#start?.stepsPerEpoch ?? 1;
    const done = step - (epoch - 1) * total;
    const payload = { epoch, epochs: this.#start?.epochs ?? epoch, loss: loss.toFixed(4) };
    if (this.#bar === undefined) {
      this.#bar = new SingleBar(this.#barOptions(), Presets.shades_classic);
      this.#bar.start(total, done, payload);
    } else this.#bar.update(done, payload);
  }

  #barOptions(): Options {
    return {
      format: 'Epoch {epoch}/{epochs} {bar} {value}/{total} steps, loss {loss}, {eta} s left',
      stream: this.stream,
      barsize: 28,
      hideCursor: true,
      clearOnComplete: true,
      forceRedraw: true,
    };
  }

  #showEpoch(epoch: EpochEvent): void {
    this.#bar?.stop();
    this.#bar = undefined;
    const parts = [`loss ${epoch.trainLoss.toFixed(4)}, accuracy ${percent(epoch.trainAccuracy)}`];
    if (epoch.validationLoss !== null && epoch.validationAccuracy !== null) {
      parts.push(`validation ${epoch.validationLoss.toFixed(4)}, ${percent(epoch.validationAccuracy)}`);
    }
    parts.push(`${epoch.seconds.toFixed(2)} s, ${grouped(Math.round(epoch.samplesPerSecond))} samples/s`);
    this.#print(`Epoch ${epoch.epoch}/${this.#start?.epochs ?? epoch.epoch}  ${parts.join('  |  ')}`);
  }

  #showEnd(end: EndEvent): void {
    this.#showCurve();
    if (end.testAccuracy !== null && end.testLoss !== null) {
      this.#print(`\nTest accuracy ${percent(end.testAccuracy)}, loss ${end.testLoss.toFixed(4)}`);
    }
    this.#print(`Checkpoint ${end.checkpoint}`);
    this.#print(`Run        ${end.run} (${duration(end.seconds)})`);
  }

  #showCurve(): void {
    if (this.#losses.length < 2) return;
    const series = resample(this.#losses, curveWidth);
    const first = this.#losses[0]?.step ?? 0;
    const last = this.#losses.at(-1)?.step ?? 0;
    const axis = `step ${grouped(first)}`;
    this.#print('\nTraining loss');
    this.#print(plot(series, { height: curveHeight, format: value => value.toFixed(3).padStart(8) }));
    this.#print(`${' '.repeat(9)}${axis}${`step ${grouped(last)}`.padStart(curveWidth - axis.length)}`);
  }
}

/** The means of the losses in `count` equal stretches of steps. */
function resample(points: readonly { step: number; loss: number }[], count: number): number[] {
  const first = points[0]?.step ?? 0;
  const span = (points.at(-1)?.step ?? 0) - first + 1;
  const sums = Array.from({ length: count }, () => ({ sum: 0, count: 0 }));
  for (const { step, loss } of points) {
    const place = sums[Math.floor(((step - first) / span) * count)];
    if (place !== undefined) {
      place.sum += loss;
      place.count++;
    }
  }
  let before = points[0]?.loss ?? 0;
  return sums.map(({ sum, count: n }) => {
    before = n === 0 ? before : sum / n;
    return before;
  });
}

/** A path as it can be pasted into a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
