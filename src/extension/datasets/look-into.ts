/** What a dataset holds: numbers of samples, their shape, and how they are spread over the classes. */
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { knownClasses } from '../../data/class-names';
import { parseIdxHeader } from '../../data/idx';
import { readIdx } from '../../data/idx-file';
import { findIdx } from '../../data/idx-folder';

/** A line of the view. */
export interface DatasetPart {
  readonly label: string;
  readonly description: string;
  readonly tooltip?: string;
  readonly parts?: readonly DatasetPart[];
}

/** Enough of a file for its header, compressed or not. */
const enough = 1024;

function headerShape(file: string): readonly number[] {
  const bytes = Buffer.alloc(enough);
  const descriptor = openSync(file, 'r');
  try {
    const read = bytes.subarray(0, readSync(descriptor, bytes));
    const compressed = read[0] === 0x1f && read[1] === 0x8b;
    const head = compressed ? gunzipSync(read, { finishFlush: constants.Z_SYNC_FLUSH }) : read;
    return parseIdxHeader(head, file).shape;
  } finally {
    closeSync(descriptor);
  }
}

/** A number with thousands apart: `60,000`. */
function grouped(n: number): string {
  return n.toLocaleString('en');
}

/** How long a bar is drawn beside the largest class. */
const barLength = 12;

function classParts(labelsFile: string, names: readonly string[] | undefined): DatasetPart[] {
  const { data } = readIdx(labelsFile);
  const counts = new Map<number, number>();
  for (const label of data) counts.set(label, (counts.get(label) ?? 0) + 1);
  const largest = Math.max(1, ...counts.values());
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, count]) => {
      const bar = '▮'.repeat(Math.max(1, Math.round((count / largest) * barLength)));
      const share = ((count / data.length) * 100).toFixed(1);
      return {
        label: names?.[label] ?? String(label),
        description: `${bar} ${grouped(count)}`,
        tooltip: `${grouped(count)} of ${grouped(data.length)} training samples, ${share} %`,
      };
    });
}

function look(folder: string, what: string): DatasetPart[] {
  const files = findIdx(folder);
  if (files === undefined) return [{ label: 'Holds', description: what }];
  const [train = 0, ...shape] = headerShape(files.train.images);
  const test = files.test === undefined ? 0 : (headerShape(files.test.images)[0] ?? 0);
  const names = knownClasses(files.name, files.prefix);
  const classes = classParts(files.train.labels, names);
  return [
    { label: 'Samples', description: `${grouped(train)} training, ${grouped(test)} test` },
    { label: 'Shape', description: `${shape.join(' × ')}, 8-bit grey` },
    { label: 'Classes', description: String(classes.length), parts: classes },
  ];
}

/**
 * What the dataset in a folder holds; one line that says what is wrong where it cannot be read.
 * @param what was recognised when it was found
 */
export function lookInto(folder: string, what: string): DatasetPart[] {
  try {
    return look(folder, what);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The folder is named above already; there is little room here.
    const description = message.startsWith(`${folder}: `) ? message.slice(folder.length + 2) : message;
    return [{ label: 'Cannot be read', description, tooltip: message }];
  }
}
