/** What runs and their states are called; runs beside each other by what tells them apart, not by what they share. */
import type { RunState, RunSummary } from '../../src/protocol/dashboard';
import { moment, setting } from '../shared/format';

/** How a state is called. */
export const stateNames: Readonly<Record<RunState, string>> = {
  running: 'Training',
  paused: 'Paused',
  stopped: 'Stopped',
  finished: 'Finished',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

type Aspect = (run: RunSummary) => string | undefined;

const numbered =
  (name: string, value: (run: RunSummary) => number | undefined): Aspect =>
  run => {
    const found = value(run);
    return found === undefined ? undefined : `${name} ${setting(found)}`;
  };

const model: Aspect = run => run.model;
const dataset: Aspect = run => run.dataset;

const settings: readonly Aspect[] = [
  run => run.settings.optimizer,
  numbered('lr', run => run.settings.lr),
  // Only these have a momentum to choose.
  numbered('momentum', run =>
    ['sgd', 'rmsprop'].includes(run.settings.optimizer ?? '') ? run.settings.momentum : undefined,
  ),
  run => run.settings.scheduler && `${run.settings.scheduler} schedule`,
  numbered('batch', run => run.settings.batchSize),
  numbered('weight decay', run => run.settings.weightDecay),
  numbered('L1', run => run.settings.l1),
  numbered('max-norm', run => run.settings.maxNorm ?? undefined),
  numbered('dropout', run => run.settings.dropout),
  numbered('label smoothing', run => run.settings.labelSmoothing),
  numbered('patience', run => run.settings.patience ?? undefined),
  numbered('validation', run => run.settings.validation),
  run => `${run.epochs} epochs`,
  run => run.device,
  numbered('seed', run => run.settings.seed),
];

function differing(runs: readonly RunSummary[], aspects: readonly Aspect[]): Map<string, string> {
  const values = (aspect: Aspect) => new Set(runs.map(aspect).filter(text => text !== undefined));
  const telling = aspects.filter(aspect => values(aspect).size > 1);
  return new Map(
    runs.map(run => [
      run.id,
      telling
        .map(aspect => aspect(run))
        .filter(text => text !== undefined)
        .join(', '),
    ]),
  );
}

/** In what runs differ beside their models, by their identifiers; nothing where they do not. */
export function differences(runs: readonly RunSummary[]): Map<string, string> {
  return differing(runs, [...settings, dataset]);
}

/** A name for each of some runs, by their identifiers: what a person has called it, else what tells it apart. */
export function runNames(runs: readonly RunSummary[]): Map<string, string> {
  const names = differing(runs, [dataset, model, ...settings]);
  for (const { id, name } of runs) if (name !== null) names.set(id, name);
  for (const further of [(run: RunSummary) => moment(run.created), (run: RunSummary) => run.id]) {
    const counts = new Map<string, number>();
    for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const run of runs) {
      const name = names.get(run.id) ?? '';
      if (name !== '' && counts.get(name) === 1) continue;
      names.set(run.id, [name, further(run)].filter(text => text !== '').join(', '));
    }
  }
  return names;
}

/** Whether a run is what somebody looks for: every word stands somewhere in what is known of it. */
export function matches(run: RunSummary, apart: string, words: string): boolean {
  const { id, name, model, dataset, device, state } = run;
  const known = [id, name ?? '', model, dataset, device, stateNames[state], apart].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every(word => known.includes(word));
}
