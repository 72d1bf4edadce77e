/** One cycle over a whole training: up to a high learning rate, and down to almost none (Smith and Topin, 2019). */
import { EngineError } from '../../errors';
import type { Optimizer, ParamGroup } from '../optimizer';
import { LRScheduler } from './scheduler';

/** Settings of optimizers whose momentum can be cycled. */
export type CycledSettings = { lr: number; momentum?: number; betas?: readonly [number, number] };

/** Settings of {@link OneCycleLR}; either `totalSteps`, or `epochs` and `stepsPerEpoch`. */
export interface OneCycleOptions {
  readonly totalSteps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  /** The share of the steps in which the learning rate goes up. */
  readonly pctStart?: number;
  readonly annealStrategy?: 'cos' | 'linear';
  /** Whether the momentum (or β₁) goes down while the learning rate goes up, and up again. */
  readonly cycleMomentum?: boolean;
  readonly baseMomentum?: number | readonly number[];
  readonly maxMomentum?: number | readonly number[];
  /** The learning rate begins at `maxLr / divFactor`, … */
  readonly divFactor?: number;
  /** … and ends at that divided by this. */
  readonly finalDivFactor?: number;
  /** Whether it goes down as it went up before the rest of the way. */
  readonly threePhase?: boolean;
}

type Phase = {
  end_step: number;
  start_lr: string;
  end_lr: string;
  start_momentum: string;
  end_momentum: string;
};

type Own = {
  total_steps: number;
  _schedule_phases: Phase[];
  anneal_strategy: 'cos' | 'linear';
  cycle_momentum: boolean;
  /** Whether it is β₁ that is cycled; only where something is. */
  use_beta1?: boolean;
};

function totalStepsOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleOptions): number {
  const check = (name: string, value: number | undefined) => {
    if (value !== undefined && value > 0 && Number.isInteger(value)) return value;
    throw new EngineError(`Expected positive integer ${name}, but got ${value ?? 'None'}`);
  };
  if (totalSteps !== undefined) return check('total_steps', totalSteps);
  if (epochs === undefined && stepsPerEpoch === undefined) {
    throw new EngineError('You must define either total_steps OR (epochs AND steps_per_epoch)');
  }
  return check('epochs', epochs) * check('steps_per_epoch', stepsPerEpoch);
}

function phasesOf(total: number, rise: number, three: boolean): Phase[] {
  const down = { start_momentum: 'max_momentum', end_momentum: 'base_momentum' };
  const up = { start_momentum: 'base_momentum', end_momentum: 'max_momentum' };
  const first = { end_step: rise * total - 1, start_lr: 'initial_lr', end_lr: 'max_lr', ...down };
  if (!three) return [first, { end_step: total - 1, start_lr: 'max_lr', end_lr: 'min_lr', ...up }];
  const rest = { start_momentum: 'max_momentum', end_momentum: 'max_momentum' };
  return [
    first,
    { end_step: 2 * rise * total - 2, start_lr: 'max_lr', end_lr: 'initial_lr', ...up },
    { end_step: total - 1, start_lr: 'initial_lr', end_lr: 'min_lr', ...rest },
  ];
}

/** One value for each group: the same for all, or as given. */
function forGroups(name: string, value: number | readonly number[], groups: readonly unknown[]): number[] {
  if (typeof value === 'number') return groups.map(() => value);
  if (value.length === groups.length) return [...value];
  throw new EngineError(`expected ${groups.length} values for ${name}, got ${value.length}`);
}

function setMomentum({ settings }: ParamGroup<CycledSettings>, momentum: number): void {
  if (settings.betas !== undefined) settings.betas = [momentum, settings.betas[1]];
  else settings.momentum = momentum;
}

/**
 * The learning rate from `maxLr / divFactor` up to `maxLr` and down again, and the momentum the other way round. To be
 * stepped after every step of the optimizer, `totalSteps` times at most.
 */
export class OneCycleLR extends LRScheduler<Own> {
  constructor(
    optimizer: Optimizer<CycledSettings>,
    maxLr: number | readonly number[],
    options: OneCycleOptions = {},
  ) {
    const { pctStart = 0.3, annealStrategy = 'cos', threePhase = false, cycleMomentum = true } = options;
    const total = totalStepsOf(options);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new EngineError(`Expected float between 0 and 1 pct_start, but got ${pctStart}`);
    }
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear') {
      throw new EngineError(
        `anneal_strategy must be one of 'cos' or 'linear', instead got ${String(annealStrategy)}`,
      );
    }
    const groups = optimizer.paramGroups;
    const useBeta1 = groups.every(({ settings }) => settings.betas !== undefined);
    prepareRates(groups, maxLr, options);
    if (cycleMomentum) prepareMomentum(optimizer, useBeta1, options);
    super(optimizer, {
      total_steps: total,
      _schedule_phases: phasesOf(total, pctStart, threePhase),
      anneal_strategy: annealStrategy,
      cycle_momentum: cycleMomentum,
      ...(cycleMomentum && { use_beta1: useBeta1 }),
    });
    this.start();
  }

  protected override getLr(): number[] {
    const { last_epoch, total_steps, cycle_momentum } = this.state;
    if (last_epoch > total_steps) {
      throw new EngineError(
        `Tried to step ${last_epoch + 1} times. The specified number of total steps is ${total_steps}`,
      );
    }
    const { phase, start } = this.#phase();
    const way = (last_epoch - start) / (phase.end_step - start);
    return this.optimizer.paramGroups.map(group => {
      if (cycle_momentum) {
        setMomentum(group, this.#between(group, phase.start_momentum, phase.end_momentum, way));
      }
      return this.#between(group, phase.start_lr, phase.end_lr, way);
    });
  }

  /** The phase of this step, and the step at which it starts. */
  #phase(): { readonly phase: Phase; readonly start: number } {
    const { last_epoch, _schedule_phases: phases } = this.state;
    const found = phases.findIndex(({ end_step }) => last_epoch <= end_step);
    const number = found === -1 ? phases.length - 1 : found;
    const phase = phases[number];
    if (phase === undefined) throw new Error('a cycle has phases');
    return { phase, start: phases[number - 1]?.end_step ?? 0 };
  }

  /** A share of the way from one of the group's numbers to another one. */
  #between(
    { schedule }: { readonly schedule: ReadonlyMap<string, number> },
    from: string,
    to: string,
    way: number,
  ): number {
    const [start, end] = [schedule.get(from) ?? 0, schedule.get(to) ?? 0];
    if (this.state.anneal_strategy === 'linear') return (end - start) * way + start;
    return end + ((start - end) / 2) * (Math.cos(Math.PI * way) + 1);
  }
}

function prepareRates(
  groups: readonly ParamGroup<CycledSettings>[],
  maxLr: number | readonly number[],
  { divFactor = 25, finalDivFactor = 1e4 }: OneCycleOptions,
): void {
  const highest = forGroups('max_lr', maxLr, groups);
  groups.forEach(({ schedule }, i) => {
    const lr = highest[i] ?? 0;
    schedule.set('initial_lr', lr / divFactor);
    schedule.set('max_lr', lr);
    schedule.set('min_lr', lr / divFactor / finalDivFactor);
  });
}

function prepareMomentum(
  optimizer: Optimizer<CycledSettings>,
  useBeta1: boolean,
  { baseMomentum = 0.85, maxMomentum = 0.95 }: OneCycleOptions,
): void {
  const groups = optimizer.paramGroups;
  if (!useBeta1 && !groups.every(({ settings }) => settings.momentum !== undefined)) {
    throw new EngineError('optimizer must support momentum with `cycle_momentum` option enabled');
  }
  optimizer.vary(useBeta1 ? 'betas' : 'momentum');
  const highest = forGroups('max_momentum', maxMomentum, groups);
  const lowest = forGroups('base_momentum', baseMomentum, groups);
  groups.forEach((group, i) => {
    const momentum = highest[i] ?? 0;
    setMomentum(group, momentum);
    group.schedule.set('max_momentum', momentum);
    group.schedule.set('base_momentum', lowest[i] ?? 0);
  });
}
