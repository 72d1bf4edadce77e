/** How the samples of PyTorch's tests came out, entry by entry, and what may differ. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { here } from './lines';

/** How the samples of an entry came out. */
export interface Row {
  readonly entry: string;
  agree: number;
  differ: number;
  leftOut: number;
  /** The engine has no such function or module. */
  missing: boolean;
  /** It has the function, and not the form that changes its first tensor. */
  noInPlace: boolean;
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

/** What may differ, and why. */
export const leftOut = leftOutSchema.parse(
  JSON.parse(readFileSync(path.join(here, 'left-out.json'), 'utf8')),
);

/** What tells a sample from others of its entry. */
export interface Identity {
  readonly entry: string;
  readonly sample: number;
  readonly dtype?: string;
  readonly inPlace?: boolean;
}

/** Why a sample may differ; undefined where it must agree. */
function reasonFor({ entry, sample, dtype, inPlace }: Identity): string | undefined {
  return leftOut.find(
    one =>
      one.entry === entry &&
      (one.dtype ?? dtype) === dtype &&
      (one.samples?.includes(sample) ?? true) &&
      (one.inPlace ?? inPlace) === inPlace,
  )?.reason;
}

/** A sample by what tells it from others, such as `add float32 3 in place`. */
export function nameOf({ entry, dtype, sample, inPlace }: Identity): string {
  return [entry, dtype, sample, inPlace ? 'in place' : undefined]
    .filter(part => part !== undefined)
    .join(' ');
}

/** Keeps count. */
export class Score {
  readonly rows = new Map<string, Row>();
  readonly failures: string[] = [];
  readonly needless: string[] = [];
  /** What PyTorch itself could not be asked. */
  readonly #skipped: { readonly identity: Identity; readonly reason: string }[] = [];

  #row(entry: string): Row {
    const row = this.rows.get(entry) ?? {
      ...{ entry, agree: 0, differ: 0, leftOut: 0 },
      ...{ missing: false, noInPlace: false },
    };
    this.rows.set(entry, row);
    return row;
  }

  skip(identity: Identity, reason: string): void {
    this.#skipped.push({ identity, reason });
  }

  missing({ entry, inPlace }: Identity): void {
    const row = this.#row(entry);
    // Where only the form that changes its tensor is missing, the entry is there.
    if (inPlace) {
      row.leftOut++;
      row.noInPlace = true;
    } else row.missing = true;
  }

  /** @param found how a sample differs; undefined where it agrees */
  note(identity: Identity, found: string | undefined): void {
    const row = this.#row(identity.entry);
    const reason = reasonFor(identity);
    if (found === undefined) {
      row.agree++;
      if (reason !== undefined) this.needless.push(nameOf(identity));
    } else if (reason !== undefined) row.leftOut++;
    else {
      row.differ++;
      this.failures.push(`${nameOf(identity)}: ${found.slice(0, 400)}`);
    }
  }

  /** Counts what was skipped of the entries that are there, and says how it came out. */
  conclude(kind: string, entries: number): string {
    for (const { identity, reason } of this.#skipped) {
      const row = this.rows.get(identity.entry);
      if (row === undefined || row.missing) continue;
      row.leftOut++;
      if (reasonFor(identity) === undefined) this.failures.push(`${nameOf(identity)}: ${reason}`);
    }
    const rows = [...this.rows.values()];
    const sum = (key: 'agree' | 'differ' | 'leftOut') => rows.reduce((total, row) => total + row[key], 0);
    return (
      `${kind}: ${sum('agree')} samples agree, ${sum('differ')} differ, ${sum('leftOut')} are left out; ` +
      `${rows.filter(row => !row.missing).length} of ${entries} entries are there`
    );
  }
}
