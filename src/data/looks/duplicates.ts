/** Samples of which every pixel is the same, within the parts of a data set and across them. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ImageSplit } from '../image-data';

/** A sample of a part. */
export interface Member {
  readonly part: string;
  readonly index: number;
  readonly label: number;
}

/** What was found. */
export interface Duplicates {
  /** Samples that are equal, two at least in each group, in the order of the parts. */
  readonly groups: readonly (readonly Member[])[];
  /** Samples that were compared. */
  readonly compared: number;
}

/** So many samples are looked at before others are heard. */
const AT_ONCE = 2000;

/**
 * Finds equal samples by a hash of their numbers.
 * @param parts by name, in their order
 * @param onProgress called with the share that is done
 */
export async function findDuplicates(
  parts: ReadonlyMap<string, ImageSplit>,
  onProgress: (share: number) => void = () => undefined,
): Promise<Duplicates> {
  const total = [...parts.values()].reduce((sum, { length }) => sum + length, 0);
  const seen = new Map<string, Member | Member[]>();
  let compared = 0;
  for (const [part, { images, labels, length }] of parts) {
    const each = images.length / Math.max(1, length);
    for (let index = 0; index < length; index++) {
      const sample = images.subarray(index * each, (index + 1) * each);
      const key = createHash('md5').update(sample).digest('base64');
      const member = { part, index, label: labels[index] ?? 0 };
      const known = seen.get(key);
      if (known === undefined) seen.set(key, member);
      else if (Array.isArray(known)) known.push(member);
      else seen.set(key, [known, member]);
      if (++compared % AT_ONCE !== 0) continue;
      onProgress(compared / Math.max(1, total));
      await setImmediate();
    }
  }
  const groups = [...seen.values()].filter(group => Array.isArray(group));
  return { groups, compared };
}

/** What duplicates come to in numbers. */
export interface DuplicateCounts {
  /** Samples outside of the training set that are in it, too, by part. */
  readonly leaked: ReadonlyMap<string, number>;
  /** Samples that could be left out of a part, since an equal one stays, by part. */
  readonly repeated: ReadonlyMap<string, number>;
  /** Groups whose samples have several labels. */
  readonly contradicting: number;
}

/** Whether equal samples have several labels. */
export const contradicts = (group: readonly Member[]): boolean =>
  group.some(({ label }) => label !== group[0]?.label);

/** Whether a group has samples in the training set and outside of it. */
export const leaks = (group: readonly Member[]): boolean =>
  group.some(({ part }) => part === 'train') && group.some(({ part }) => part !== 'train');

/** Counts duplicates. */
export function countDuplicates({ groups }: Duplicates): DuplicateCounts {
  const [leaked, repeated] = [new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, part: string, n: number) => {
    if (n > 0) counts.set(part, (counts.get(part) ?? 0) + n);
  };
  for (const group of groups) {
    for (const part of new Set(group.map(member => member.part))) {
      const n = group.filter(member => member.part === part).length;
      add(repeated, part, n - 1);
      if (part !== 'train' && leaks(group)) add(leaked, part, n);
    }
  }
  return { leaked, repeated, contradicting: groups.filter(contradicts).length };
}
