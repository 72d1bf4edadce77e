/** `events.out.tfevents.*` in the run's folder: the run's curves and histograms, for TensorBoard to open. */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Look } from '../../protocol/looks';
import type { EpochEvent } from '../../protocol/training-events';
import { attempt } from '../file-errors';
import type { StepsLine } from '../run-observer';
import { type Event, encodeRecord, type SummaryValue, toHistogramProto } from './event';

/** Milliseconds between two times that something is written: a file is not worth a wait. */
const interval = 1000;

/** Adds to a file of its own, which is begun with the first event. */
export class EventFile {
  #file: { readonly descriptor: number; readonly path: string } | undefined;
  #waiting: Event[] = [];
  #written = Number.NEGATIVE_INFINITY;

  constructor(private readonly folder: string) {}

  /** The run goes on after `step`: what files before this one say of later steps is not so any more. */
  resume(step: number): void {
    this.#write([{ ...moment(step + 1), sessionLog: { status: 1 } }]);
  }

  /** The last loss of some steps, and the highest, so that no spike is missing. */
  steps({ step, losses, learningRate, gradientNorms = [] }: StepsLine): void {
    const highest = losses.indexOf(Math.max(...losses));
    const first = step - losses.length + 1;
    const norm = gradientNorms.at(-1);
    this.#write([
      ...(highest >= 0 && highest < losses.length - 1
        ? [{ ...moment(first + highest), summary: numbers({ 'loss/train': losses[highest] }) }]
        : []),
      {
        ...moment(step),
        summary: numbers({ 'loss/train': losses.at(-1), learning_rate: learningRate, gradient_norm: norm }),
      },
    ]);
  }

  /** The measurements of an epoch. */
  epoch(step: number, event: EpochEvent): void {
    const { trainAccuracy, validationLoss, validationAccuracy, samplesPerSecond } = event;
    const summary = numbers({
      'loss/validation': validationLoss,
      'accuracy/train': trainAccuracy,
      'accuracy/validation': validationAccuracy,
      samples_per_second: samplesPerSecond,
    });
    this.#write([{ ...moment(step), summary }]);
  }

  /** Histograms of parameters, gradients and activations. */
  look({ step, parameters, activations }: Look): void {
    const value: SummaryValue[] = [];
    for (const { name, value: numbersOf, gradient } of parameters) {
      value.push({ tag: `parameters/${name}`, histo: toHistogramProto(numbersOf) });
      if (gradient !== null) value.push({ tag: `gradients/${name}`, histo: toHistogramProto(gradient) });
    }
    for (const { name, node, module, value: numbersOf } of activations) {
      const tag = `activations/${module || name}_${node}`;
      value.push({ tag, histo: toHistogramProto(numbersOf) });
    }
    this.#write([{ ...moment(step), summary: { value } }]);
  }

  /** Closes the file. */
  close(): void {
    if (this.#waiting.length > 0) this.#flush();
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #write(events: readonly Event[]): void {
    this.#waiting.push(...events);
    if (performance.now() - this.#written >= interval) this.#flush();
  }

  #flush(): void {
    const events = this.#waiting.splice(0);
    this.#written = performance.now();
    this.#file ??= this.#open();
    const { descriptor, path: file } = this.#file;
    attempt('cannot be written', file, () => writeSync(descriptor, Buffer.concat(events.map(encodeRecord))));
  }

  #open(): { readonly descriptor: number; readonly path: string } {
    const file = path.join(this.folder, `events.out.tfevents.${Date.now()}.descent`);
    return attempt('cannot be written', file, () => {
      const descriptor = openSync(file, 'a');
      writeSync(descriptor, encodeRecord({ wallTime: Date.now() / 1000, fileVersion: 'brain.Event:2' }));
      return { descriptor, path: file };
    });
  }
}

const moment = (step: number) => ({ wallTime: Date.now() / 1000, step });

/** Those of the numbers that there are. */
function numbers(values: Readonly<Record<string, number | null | undefined>>): { value: SummaryValue[] } {
  return {
    value: Object.entries(values).flatMap(([tag, simpleValue]) =>
      simpleValue === null || simpleValue === undefined ? [] : { tag, simpleValue },
    ),
  };
}
