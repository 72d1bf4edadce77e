/**
 * Asks the engine what PyTorch's own operator tests ask: every sample of every entry of `op_db` that the engine has,
 * with its value, type, shape, gradient and chain of nodes. `npm run accept:torch [ENTRY ...]`; `--write` renews the
 * table (operations.md). Ends with an error where a sample differs that left-out.json does not name, and where that
 * names one that agrees.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  attempt,
  computeAll,
  disagreement,
  headerSchema,
  type Line,
  nameOf,
  type Sample,
  sampleSchema,
} from './sample';
import { type Row, table } from './table';

const here = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../test/accept');
const { values, names } = argumentsOf(process.argv.slice(2));

function argumentsOf(given: readonly string[]) {
  return {
    values: { write: given.includes('--write') },
    names: given.filter(name => !name.startsWith('--')),
  };
}

const leftOutSchema = z.array(
  z.object({
    entry: z.string(),
    /** Only samples of this type, and of these numbers; all where it is left open. */
    dtype: z.string().optional(),
    samples: z.array(z.number()).optional(),
    inPlace: z.boolean().optional(),
    reason: z.string(),
  }),
);

const leftOut = leftOutSchema.parse(JSON.parse(readFileSync(path.join(here, 'left-out.json'), 'utf8')));

/** Why a sample may differ; undefined where it must agree. */
function reasonFor({ entry, dtype, sample, inPlace }: Line): string | undefined {
  return leftOut.find(
    one =>
      one.entry === entry &&
      (one.dtype ?? dtype) === dtype &&
      (one.samples?.includes(sample) ?? true) &&
      (one.inPlace ?? inPlace) === inPlace,
  )?.reason;
}

/** How many samples are computed in one run. */
const together = 100;

const rows = new Map<string, Row>();
const failures: string[] = [];
const needless: string[] = [];
/** What PyTorch itself could not be asked. */
const skipped: Extract<Line, { skipped: string }>[] = [];

function rowOf(entry: string): Row {
  const row = rows.get(entry) ?? { entry, agree: 0, differ: 0, leftOut: 0, missing: false, noInPlace: false };
  rows.set(entry, row);
  return row;
}

async function judge(samples: readonly Sample[]): Promise<void> {
  const attempts = samples.map(attempt);
  await computeAll(attempts);
  for (const one of attempts) {
    const found = await disagreement(one).catch((error: unknown) => String(error));
    const row = rowOf(one.sample.entry);
    const reason = reasonFor(one.sample);
    if (found === undefined) {
      row.agree++;
      if (reason !== undefined) needless.push(nameOf(one.sample));
    } else if (/^not an EngineError: the engine has no /.test(found)) {
      // Where only the form that changes its tensor is missing, the entry is there.
      if (one.sample.inPlace) {
        row.leftOut++;
        row.noInPlace = true;
      } else row.missing = true;
    } else if (reason !== undefined) row.leftOut++;
    else {
      row.differ++;
      failures.push(`${nameOf(one.sample)}: ${found.slice(0, 400)}`);
    }
  }
}

const python = spawn('/usr/bin/python3', [path.join(here, 'samples.py'), ...names], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, OMP_NUM_THREADS: '1' },
});
const ended = new Promise<number | null>(resolve => python.once('close', resolve));
let entries: readonly string[] | undefined;
let version = '';
let waiting: Sample[] = [];
for await (const text of createInterface({ input: python.stdout })) {
  const json: unknown = JSON.parse(text);
  if (entries === undefined) {
    ({ entries, version } = headerSchema.parse(json));
    continue;
  }
  const line = sampleSchema.parse(json);
  if ('skipped' in line) {
    skipped.push(line);
    continue;
  }
  waiting.push(line);
  if (waiting.length < together) continue;
  await judge(waiting);
  waiting = [];
}
await judge(waiting);
if ((await ended) !== 0 || entries === undefined) throw new Error('samples.py failed');

for (const line of skipped) {
  const row = rows.get(line.entry);
  if (row === undefined || row.missing) continue;
  row.leftOut++;
  if (reasonFor(line) === undefined) failures.push(`${nameOf(line)}: ${line.skipped}`);
}
const found = [...rows.values()];
const sum = (key: 'agree' | 'differ' | 'leftOut') => found.reduce((total, row) => total + row[key], 0);
for (const failure of failures) console.log(failure);
for (const name of needless) console.log(`${name}: agrees, though left-out.json names it`);
if (values.write) writeFileSync(path.join(here, 'operations.md'), table(entries, rows, version, leftOut));
console.log(
  `${sum('agree')} samples agree with PyTorch ${version}, ${sum('differ')} differ, ${sum('leftOut')} are left out; ` +
    `${found.filter(row => !row.missing).length} of ${entries.length} entries are there`,
);
process.exit(failures.length + needless.length > 0 ? 1 : 0);
