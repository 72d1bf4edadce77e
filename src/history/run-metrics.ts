/** What a run has measured, built up line by line: its series, its epochs, and the scales of its axes. */
import type { AxisName, Mark, SeriesName } from '../protocol/dashboard';
import { seriesNames } from '../protocol/dashboard';
import type { EpochLine, MetricsLine, StepsLine, StoredInfo } from './lines';
import { bestEpoch, overfittingBegins } from './marks';
import type { AxisScale } from './query';
import { StepScale } from './scale';
import { Series } from './series';

const identity: AxisScale = { value: step => step, step: value => value };

/** Seconds over which throughput is measured: of a few steps it would be noise. */
const throughputSpan = 0.1;

const orNaN = (value: number | null | undefined) => value ?? Number.NaN;

/** What a run has measured so far. */
export class RunMetrics {
  readonly #series = new Map<SeriesName, Series>();
  readonly #epochScale: StepScale;
  readonly #timeScale = new StepScale(1);
  readonly #epochs: EpochLine[] = [];
  #step = 0;
  #seconds = 0;
  /** Whether lines of steps say when they were taken; else only epochs do. */
  #stepsSayWhen = false;
  /** Up to where the throughput is told. */
  #clocked = { step: 0, seconds: 0 };
  #ended: { readonly bestEpoch: number; readonly early: boolean } | undefined;

  constructor(private readonly info: StoredInfo) {
    this.#epochScale = new StepScale(1 / this.stepsPerEpoch);
  }

  /** The steps of an epoch. */
  get stepsPerEpoch(): number {
    const [first] = this.#epochs;
    if (first?.epoch === 1 && first.step > 0) return first.step;
    return Math.max(1, Math.ceil(this.info.dataset.train / this.info.config.batchSize));
  }

  /** The last step that was told of. */
  get step(): number {
    return this.#step;
  }

  /** The epochs that are complete. */
  get epochs(): readonly EpochLine[] {
    return this.#epochs;
  }

  /** Seconds of training, as far as the run says. */
  get seconds(): number {
    return this.#seconds;
  }

  /** The series that there are, in their usual order. */
  get names(): SeriesName[] {
    return seriesNames.filter(name => (this.#series.get(name)?.length ?? 0) > 0);
  }

  /** A series, if there is anything in it. */
  series(name: SeriesName): Series | undefined {
    return this.#series.get(name);
  }

  /** The scale of an axis. */
  scale(axis: AxisName): AxisScale {
    if (axis === 'step') return identity;
    return axis === 'epoch' ? this.#epochScale : this.#timeScale;
  }

  /** Says how many seconds a step takes, for as long as the run itself has not said it. */
  guessSecondsPerStep(seconds: number): void {
    this.#timeScale.guess(seconds);
  }

  /** The epoch whose weights are the best. */
  get best(): Mark | null {
    return this.#mark(bestEpoch(this.#epochs, this.#ended?.bestEpoch));
  }

  /** Where overfitting begins. */
  get overfitting(): Mark | null {
    return this.#mark(overfittingBegins(this.#epochs));
  }

  #mark(line: EpochLine | undefined): Mark | null {
    if (line === undefined) return null;
    return { epoch: line.epoch, step: line.step, time: this.#timeScale.value(line.step) };
  }

  /** Whether the run ended since it had not become better for some time. */
  get stoppedEarly(): boolean {
    return this.#ended?.early ?? false;
  }

  /** Takes in a line. */
  add(line: MetricsLine): void {
    if (line.event === 'steps') this.#addSteps(line);
    else if (line.event === 'epoch') this.#addEpoch(line);
    else if (line.event === 'end') {
      this.#ended = { bestEpoch: line.bestEpoch, early: line.stoppedEarly ?? false };
    }
  }

  #addSteps(line: StepsLine): void {
    const first = line.step - line.losses.length + 1;
    // A run that was resumed from a checkpoint goes through some of its steps once more: what it says last counts.
    if (first <= this.#step) this.#truncateAfter(first - 1);
    const losses = this.#of('train/loss');
    line.losses.forEach((loss, i) => {
      losses.push(first + i, orNaN(loss));
    });
    if (line.gradientNorms !== undefined) this.#addNorms(line.step, line.gradientNorms);
    const rate = line.learningRate ?? this.info.config.lr;
    if (rate !== undefined) this.#addRate(first, line.step, rate);
    if (line.seconds !== undefined) this.#addMoment(line.step, line.seconds);
    this.#step = line.step;
  }

  /** Norms of the last steps of a line, of as many as there are. */
  #addNorms(last: number, norms: readonly (number | null)[]): void {
    const series = this.#of('gradient-norm');
    norms.forEach((norm, i) => {
      series.push(last - norms.length + 1 + i, orNaN(norm));
    });
  }

  #addRate(first: number, last: number, rate: number): void {
    const rates = this.#of('learning-rate');
    if (rates.value(rates.length - 1) !== rate) rates.push(first, rate);
    rates.hold(last);
  }

  #addMoment(step: number, seconds: number): void {
    this.#stepsSayWhen = true;
    this.#timeScale.add(step, seconds);
    this.#seconds = Math.max(this.#seconds, seconds);
    const { step: since, seconds: before } = this.#clocked;
    if (seconds - before < throughputSpan) return;
    this.#of('throughput').push(step, ((step - since) * this.info.config.batchSize) / (seconds - before));
    this.#clocked = { step, seconds };
  }

  #addEpoch(line: EpochLine): void {
    if (line.epoch <= (this.#epochs.at(-1)?.epoch ?? 0)) this.#truncateAfter(line.step);
    while ((this.#epochs.at(-1)?.epoch ?? 0) >= line.epoch) this.#epochs.pop();
    this.#epochs.push(line);
    this.#push('train/accuracy', line.step, orNaN(line.trainAccuracy));
    if (line.validationLoss !== null) this.#push('validation/loss', line.step, line.validationLoss);
    if (line.validationAccuracy !== null) {
      this.#push('validation/accuracy', line.step, line.validationAccuracy);
    }
    this.#epochScale.add(line.step, line.epoch);
    if (!this.#stepsSayWhen) {
      this.#seconds = this.#timeScale.last.value + line.seconds;
      this.#timeScale.add(line.step, this.#seconds);
      this.#push('throughput', line.step, line.samplesPerSecond);
    }
    this.#step = Math.max(this.#step, line.step);
  }

  /** The series of this name; a new one where there was none. */
  #of(name: SeriesName): Series {
    let series = this.#series.get(name);
    if (series === undefined) {
      series = new Series();
      this.#series.set(name, series);
    }
    return series;
  }

  #push(name: SeriesName, step: number, value: number): void {
    const series = this.#of(name);
    series.truncateAfter(step - 1);
    series.push(step, value);
  }

  #truncateAfter(step: number): void {
    for (const series of this.#series.values()) series.truncateAfter(step);
    while ((this.#epochs.at(-1)?.step ?? 0) > step) this.#epochs.pop();
    this.#epochScale.truncateAfter(step);
    this.#timeScale.truncateAfter(step);
    this.#seconds = this.#timeScale.last.value;
    const clocked = this.#series.get('throughput')?.lastStep;
    this.#clocked = clocked
      ? { step: clocked, seconds: this.#timeScale.value(clocked) }
      : { step: 0, seconds: 0 };
    this.#step = step;
    this.#ended = undefined;
  }
}
