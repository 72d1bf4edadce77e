/** From the schedule of the learning rate in a Python file to the one of a run. What a run has not is refused, with its line. */
import type { SchedulerName } from '../../../protocol/choices';
import type { Schedule, Setting } from '../../../python';
import type { PresetDefaults } from '../preset';
import { failure } from './failure';

type Settings = Readonly<Record<string, Setting>>;

/** How a schedule of PyTorch's becomes one of a run. */
interface Form {
  readonly scheduler: SchedulerName;
  /** Settings that a run has under a name of its own. */
  readonly own?: (settings: Settings) => PresetDefaults;
  /** Settings that are handed on as they are. */
  readonly options?: readonly string[];
  /** Settings that may be given, as long as they have these values. */
  readonly fixed?: Settings;
  /** What must be given. */
  readonly needs?: readonly string[];
}

const numberOr = (value: Setting | undefined, usual: number) => (typeof value === 'number' ? value : usual);

const withGamma = (settings: Settings): PresetDefaults => ({ gamma: numberOr(settings['gamma'], 0.1) });

const forms: Readonly<Record<string, Form>> = {
  StepLR: {
    scheduler: 'step',
    own: settings => ({ ...withGamma(settings), stepSize: numberOr(settings['step_size'], 1) }),
    needs: ['step_size'],
  },
  MultiStepLR: { scheduler: 'multistep', own: withGamma, options: ['milestones'], needs: ['milestones'] },
  ExponentialLR: { scheduler: 'exponential', own: withGamma, needs: ['gamma'] },
  CosineAnnealingLR: { scheduler: 'cosine', options: ['T_max', 'eta_min'], needs: ['T_max'] },
  CosineAnnealingWarmRestarts: {
    scheduler: 'restarts',
    options: ['T_0', 'T_mult', 'eta_min'],
    needs: ['T_0'],
  },
  LinearLR: { scheduler: 'linear', options: ['start_factor', 'end_factor', 'total_iters'] },
  OneCycleLR: {
    scheduler: 'onecycle',
    own: ({ max_lr: lr }) => (typeof lr === 'number' ? { lr } : {}),
    options: ['pct_start', 'div_factor', 'final_div_factor'],
    fixed: {
      anneal_strategy: 'cos',
      cycle_momentum: true,
      base_momentum: 0.85,
      max_momentum: 0.95,
      three_phase: false,
    },
    needs: ['max_lr'],
  },
  ReduceLROnPlateau: {
    scheduler: 'plateau',
    own: ({ factor, patience }) => ({
      gamma: numberOr(factor, 0.1),
      schedulerPatience: numberOr(patience, 10),
    }),
    fixed: { mode: 'min', threshold: 1e-4, threshold_mode: 'rel', cooldown: 0, min_lr: 0, eps: 1e-8 },
  },
};

/** Settings that say how long a cycle is: a run knows how many steps it has. */
const lengths = new Set(['total_steps', 'epochs', 'steps_per_epoch']);

/** Settings that a run has under a name of its own. */
const renamed = new Set(['gamma', 'step_size', 'max_lr', 'factor', 'patience']);

/** What a run calls a schedule of PyTorch's; undefined where it has none like it. */
export function nameOfSchedule(name: string | undefined): SchedulerName | undefined {
  return name === undefined ? undefined : forms[name]?.scheduler;
}

const instead = ': choose with --scheduler, or none';

/**
 * The schedule of a run.
 * @throws TrainingError for what a run does not have
 */
export function scheduleOf(schedule: Schedule, epochs: number | undefined): PresetDefaults {
  const { name, settings, notKnown, everyBatch } = schedule;
  const form = forms[name];
  if (form === undefined)
    throw failure(schedule, `the schedule % is not one of those that train here${instead}`);
  const { scheduler, own, options = [], fixed = {}, needs = [] } = form;
  const lost = notKnown.find(key => !lengths.has(key));
  if (lost !== undefined)
    throw failure(schedule, `\`${lost}\` of % is only known while the file runs${instead}`);
  const missing = needs.find(key => settings[key] === undefined);
  if (missing !== undefined) throw failure(schedule, `% needs \`${missing}\`${instead}`);
  if (everyBatch !== undefined && everyBatch !== (scheduler === 'onecycle'))
    throw failure(
      schedule,
      `% is stepped after every ${everyBatch ? 'batch' : 'epoch'}, and here it is after every ${everyBatch ? 'epoch' : 'batch'}${instead}`,
    );
  const taken: Record<string, number | number[]> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (lengths.has(key) || (renamed.has(key) && typeof value === 'number') || value === fixed[key]) continue;
    if (!options.includes(key) || typeof value === 'boolean' || typeof value === 'string')
      throw failure(schedule, `\`${key}\` of % is not taken into account${instead}`);
    taken[key] = typeof value === 'number' ? value : [...value];
  }
  if (scheduler === 'cosine' && taken['T_max'] === epochs) delete taken['T_max'];
  return { scheduler, ...own?.(settings), schedulerOptions: taken };
}
