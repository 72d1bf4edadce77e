/**
 * Asks the engine what PyTorch's own tests ask: every sample of every entry of `op_db` that the engine has, with its value,
 * type, shape, gradient and chain of nodes, and every sample of `module_db`, with its outputs, gradients and state.
 * `npm run accept:torch [ENTRY ...]`; `--write` renews the table (operations.md, from all entries), `--golden` the slice of
 * the samples that the unit tests hold. Ends with an error where a sample differs that left-out.json does not name, and where that names one
 * that agrees.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { here, readSamples } from './lines';
import { moduleDisagreement, moduleSampleSchema } from './module-sample';
import { attempt, computeAll, disagreement, isMissing, type Sample, sampleSchema } from './sample';
import { Score } from './score';
import { Slice } from './slice';
import { moduleTable, operationTable } from './table';

const given = process.argv.slice(2);
const names = given.filter(name => !name.startsWith('--'));
const isModule = (name: string) => /^(ao\.)?nn\.(quantized\.)?[A-Z]/.test(name);

const operations = new Score();
const modules = new Score();
const slice = new Slice(path.join(here, '../golden'));

async function judgeOperations(lines: readonly unknown[]): Promise<void> {
  const asked: { readonly sample: Sample; readonly line: unknown }[] = [];
  for (const line of lines) {
    const sample = sampleSchema.parse(line);
    if ('skipped' in sample) operations.skip(sample, sample.skipped);
    else asked.push({ sample, line });
  }
  const attempts = asked.map(({ sample }) => attempt(sample));
  await computeAll(attempts);
  for (const [i, one] of attempts.entries()) {
    if (isMissing(one)) {
      operations.missing(one.sample);
      continue;
    }
    const found = await disagreement(one).catch((error: unknown) => String(error));
    operations.note(one.sample, found);
    if (found === undefined) slice.offerOperation(one.sample, asked[i]?.line);
  }
}

async function judgeModules(lines: readonly unknown[]): Promise<void> {
  for (const line of lines) {
    const sample = moduleSampleSchema.parse(line);
    if ('skipped' in sample) {
      modules.skip(sample, sample.skipped);
      continue;
    }
    const found = await moduleDisagreement(sample);
    if (found === null) modules.missing(sample);
    else modules.note(sample, found);
    if (found === undefined) slice.offerModule(sample, line);
  }
}

interface Questions {
  readonly script: string;
  readonly wanted: readonly string[];
  readonly judge: (lines: readonly unknown[]) => Promise<void>;
  readonly score: Score;
  readonly table: typeof operationTable;
}

const tables: string[] = [];

/** Asks a script for the samples of these entries, of all where none is named, and says how they came out. */
async function ask(kind: string, { script, wanted, judge, score, table }: Questions): Promise<void> {
  if (names.length > 0 && wanted.length === 0) return;
  const { entries, version } = await readSamples(script, wanted, judge);
  const summary = score.conclude(kind, entries.length);
  tables.push(table(entries, score.rows, version));
  for (const failure of score.failures) console.log(failure);
  for (const name of score.needless) console.log(`${name}: agrees, though left-out.json names it`);
  console.log(summary);
}

await ask('operations', {
  ...{ script: 'samples.py', wanted: names.filter(name => !isModule(name)) },
  ...{ judge: judgeOperations, score: operations, table: operationTable },
});
await ask('modules', {
  ...{ script: 'module_samples.py', wanted: names.filter(isModule) },
  ...{ judge: judgeModules, score: modules, table: moduleTable },
});
if (given.includes('--write') && names.length === 0)
  writeFileSync(path.join(here, 'operations.md'), tables.join('\n'));
if (given.includes('--golden')) slice.write(names.length === 0);
process.exit(
  [operations, modules].some(({ failures, needless }) => failures.length + needless.length > 0) ? 1 : 0,
);
