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
  run => (run.epochs === 1 ? '1 epoch' : `${run.epochs} epochs`),
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

/** What is longer finds no room beside the values of a line. */
const longest = 28;

/** The aspects that are needed to tell runs apart: each time the one that tells most. */
function needed(runs: readonly RunSummary[], aspects: readonly Aspect[]): Aspect[] {
  const chosen: Aspect[] = [];
  const told = (more: readonly Aspect[]) =>
    new Set(runs.map(run => more.map(aspect => aspect(run)).join('\n'))).size;
  for (let count = told(chosen); count < runs.length; count = told(chosen)) {
    const tells = aspects.map(aspect => told([...chosen, aspect]));
    const most = Math.max(...tells);
    const best = aspects[tells.indexOf(most)];
    if (best === undefined || most === count) break;
    chosen.push(best);
  }
  return aspects.filter(aspect => chosen.includes(aspect));
}

/** The model without the words that all models begin with: `784-256-10` beside `784-30-10`. */
function modelApart(runs: readonly RunSummary[]): Aspect {
  const words = runs.map(run => run.model.split(' '));
  let same = 0;
  while (words.every(list => list.length > same + 1 && list[same] === words[0]?.[same])) same++;
  return run => run.model.split(' ').slice(same).join(' ');
}

/**
 * A name for each of some runs, by their identifiers: what a person has called it, else what tells it apart. Where all
 * that does makes long names, only what is needed for it.
 */
export function runNames(runs: readonly RunSummary[]): Map<string, string> {
  const full = differing(runs, [dataset, model, ...settings]);
  const isLong = [...full.values()].some(name => name.length > longest);
  const names = isLong ? differing(runs, needed(runs, [dataset, modelApart(runs), ...settings])) : full;
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
