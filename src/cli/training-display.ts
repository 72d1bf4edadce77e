/**
 * A run in the terminal: what is trained, a table with a row for each epoch and a progress bar for the one
 * in progress, and at the end the curve of the loss. Progress goes to one stream, the result to another.
 */
import path from 'node:path';
import { type Options, Presets, SingleBar } from 'cli-progress';
import type {
  EndEvent,
  EpochEvent,
  StartEvent,
  StepEvent,
  StoppedEvent,
  TrainingEvent,
} from '../protocol/training-events';
import { oneLine, readLosses } from '../training';
import { lossCurve } from './loss-curve';
import { duration, grouped, lossText, percent } from './report';

/** Where a display writes. */
export interface DisplayStreams {
  /** What is of interest while the run goes on. */
  readonly progress: NodeJS.WriteStream;
  /** What came out. */
  readonly result: NodeJS.WriteStream;
}

/** How the person has begun the run, and can begin another one. */
const command = process.env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'descent train';

/** Columns of a stream that does not say how many it has. */
const usualColumns = 80;

/** Files that are named one by one; the others are counted. */
const mostNamed = 10;

/** How the data was read, and what a person should know of that. */
function readingLines({ reading, notes = [], skipped = [] }: StartEvent['dataset']): string[] {
  const named = skipped.slice(0, mostNamed).map(({ file, reason }) => `  ${file}: ${reason}`);
  const rest = skipped.length - named.length;
  return [
    ...(reading === undefined ? [] : [reading]),
    ...notes,
    ...(skipped.length === 0 ? [] : [`left out, since unreadable: ${grouped(skipped.length)}`]),
    ...named,
    ...(rest > 0 ? [`  and ${grouped(rest)} more, listed in run.json`] : []),
  ].map(oneLine);
}

/** Shows the events of a run as they come. */
export class TrainingDisplay {
  #bar: SingleBar | undefined;
  #start: StartEvent | undefined;
  #first: { readonly step: number; readonly time: number } | undefined;

  constructor(private readonly streams: DisplayStreams) {}

  /** Shows one event. `address` is where the run can be watched in a browser. */
  show(event: TrainingEvent, address?: string): void {
    if (event.event === 'start') this.#showStart(event, address);
    else if (event.event === 'step') this.#showStep(event);
    else if (event.event === 'epoch') this.#showEpoch(event);
    else if (event.event === 'end') this.#showEnd(event);
    else if (event.event === 'stopped') this.#showStopped(event);
  }

  /** The run has come to rest, or goes on. */
  pause(paused: boolean): void {
    // What is left cannot be told from a time in which nothing was done.
    this.#first = undefined;
    if (paused) this.#bar?.update({ left: 'paused' });
  }

  /** Removes an unfinished progress bar. */
  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #print(line: string): void {
    this.streams.progress.write(`${line}\n`);
  }

  #printResult(line: string): void {
    this.streams.result.write(`${line}\n`);
  }

  #showStart(start: StartEvent, address: string | undefined): void {
    this.#start = start;
    const { name, train, validation, test, shape, classes } = start.dataset;
    const counts = [`${grouped(train)} training`, `${grouped(validation)} validation`];
    const tested =
      test > 0
        ? `, ${grouped(test)} test samples`
        : ' samples; the folder has no test set to measure the result on';
    this.#print(`Data    ${name}, ${shape.join('×')}, ${classes.length} classes`);
    this.#print(`        ${counts.join(', ')}${tested}`);
    for (const line of readingLines(start.dataset)) this.#print(`        ${line}`);
    this.#print(`Model   ${start.model}, ${grouped(start.parameters)} parameters`);
    this.#print(`Learns  ${start.learning.join(', ')}`);
    this.#print(`Device  ${start.device} (${start.deviceReason})`);
    this.#print(`Run     ${start.run}`);
    if (start.step > 0) this.#print(`        goes on after step ${grouped(start.step)}`);
    if (address !== undefined) this.#print(`Watch   ${address}`);
    else if (this.streams.progress.isTTY) this.#print(`Watch   in a browser: ${command} --dashboard`);
    const measured = ['loss'.padStart(9), 'accuracy'.padStart(10)].join('');
    const validated = validation > 0 ? [`  ${'validation'.padEnd(19)}`, `  ${measured}`] : ['', ''];
    this.#print(`\n${' '.repeat(8)}  ${'training'.padEnd(19)}${validated[0]}`.trimEnd());
    this.#print(
      `${'epoch'.padStart(8)}  ${measured}${validated[1]}${'time'.padStart(10)}${'samples/s'.padStart(12)}`,
    );
  }

  /** `2/5`, in the width of the column. */
  #epochText(epoch: number): string {
    return `${epoch}/${this.#start?.epochs ?? epoch}`.padStart(8);
  }

  #showStep({ step, epoch, loss }: StepEvent): void {
    if (!this.streams.progress.isTTY) return;
    const total = this.#start?.stepsPerEpoch ?? 1;
    const done = step - (epoch - 1) * total;
    const payload = {
      epoch: this.#epochText(epoch),
      done: grouped(done).padStart(grouped(total).length),
      steps: grouped(total),
      loss: lossText(loss),
      left: this.#timeLeft(step),
    };
    if (this.#bar === undefined) {
      this.#bar = new SingleBar(this.#barOptions(), Presets.shades_classic);
      this.#bar.start(total, done, payload);
    } else this.#bar.update(done, payload);
  }

  /** How long the steps of all epochs will take, once there is something to tell it from. */
  #timeLeft(step: number): string {
    const now = performance.now();
    this.#first ??= { step, time: now };
    const all = (this.#start?.epochs ?? 1) * (this.#start?.stepsPerEpoch ?? 1);
    const taken = step - this.#first.step;
    if (taken <= 0) return '';
    return `${duration(((now - this.#first.time) / 1000 / taken) * (all - step))} left`;
  }

  #barOptions(): Options {
    const columns = this.streams.progress.columns ?? usualColumns;
    return {
      format: '{epoch}  {bar}  {done} of {steps} steps, loss {loss}  {left}',
      stream: this.streams.progress,
      barsize: Math.max(8, Math.min(columns - 60, 30)),
      hideCursor: true,
      clearOnComplete: true,
      forceRedraw: true,
      gracefulExit: false,
    };
  }

  #showEpoch(epoch: EpochEvent): void {
    this.close();
    const measured = (loss: number, accuracy: number) =>
      `${lossText(loss).padStart(9)}${percent(accuracy).padStart(10)}`;
    const { validationLoss, validationAccuracy } = epoch;
    const validated =
      validationLoss === null || validationAccuracy === null
        ? ''
        : `  ${measured(validationLoss, validationAccuracy)}`;
    const time = `${epoch.seconds.toFixed(2)} s`.padStart(10);
    const speed = grouped(Math.round(epoch.samplesPerSecond)).padStart(12);
    this.#print(
      `${this.#epochText(epoch.epoch)}  ${measured(epoch.trainLoss, epoch.trainAccuracy)}${validated}${time}${speed}`,
    );
  }

  #showEnd(end: EndEvent): void {
    this.#print('');
    const curve = lossCurve(readLosses(path.join(end.run, 'metrics.jsonl')), {
      columns: this.streams.result.columns ?? usualColumns,
      stepsPerEpoch: this.#start?.stepsPerEpoch ?? 1,
    });
    if (curve.length > 0) {
      this.#printResult(['Training loss, logarithmic', ...curve, ''].join('\n'));
    }
    if (end.stoppedEarly)
      this.#printResult(`Stopped early  it had not become better than in epoch ${end.bestEpoch}`);
    if (end.testAccuracy !== null && end.testLoss !== null) {
      const weights = `with the weights of epoch ${end.bestEpoch}`;
      this.#printResult(
        `Test accuracy  ${percent(end.testAccuracy)}, loss ${lossText(end.testLoss)}, ${weights}`,
      );
    }
    this.#printResult(`Checkpoint     ${end.checkpoint}`);
    this.#printResult(`Run            ${end.run}`);
    this.#printResult(`Time           ${duration(end.seconds)}`);
  }

  #showStopped({ step, run }: StoppedEvent): void {
    this.close();
    this.#print(`\nStopped after ${grouped(step)} steps; everything is saved. To go on:`);
    this.#print(`  ${command} --resume ${quoted(run)}`);
  }
}

/** A path as it can be pasted into a shell. */
export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
