/**
 * The slice of the samples that the unit tests hold, so that they need no Python: a few small ones of each entry, as
 * PyTorch wrote them, in a file for each entry (test/golden/operations and test/golden/modules).
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ModuleSample } from './module-sample';
import type { Sample } from './sample';

/** How many samples of one kind are kept of an entry, such as float32 in place. */
const limits: Readonly<Record<string, number>> = {
  ...{ float32: 3, 'float32 in place': 1, int64: 1, module: 4 },
  // Entries without the others.
  bool: 1,
};
/** The largest sample that is kept where there are smaller ones, in characters. */
const largest = 2500;

interface Offer {
  readonly kind: string;
  readonly text: string;
}

/** What a sample leads to: the node that PyTorch put on top, as `copysign` has two. */
const topOf = ({ text }: Offer) => /"chains":\["(\w+)/.exec(text)?.[1] ?? '';

/** {@link chosen} of each kind of node. */
function ofEachNode(all: readonly Offer[], limit: number): readonly Offer[] {
  const tops = new Set(all.map(topOf));
  return [...tops].flatMap(top =>
    chosen(
      all.filter(offer => topOf(offer) === top),
      limit,
    ),
  );
}

/** Small ones, or where there are none the smallest; spread over what there is: the first, the last, what lies between. */
function chosen(all: readonly Offer[], limit: number): readonly Offer[] {
  const small = all.filter(({ text }) => text.length <= largest);
  const smallest = [...all].sort((a, b) => a.text.length - b.text.length).slice(0, 1);
  const offers = small.length > 0 ? small : smallest;
  if (offers.length <= limit) return offers;
  const places = Array.from({ length: limit }, (_, i) =>
    Math.round((i * (offers.length - 1)) / (limit - 1 || 1)),
  );
  return [...new Set(places)].flatMap(place => offers[place] ?? []);
}

/** Collects samples that agree, and writes some of them. */
export class Slice {
  readonly #offers = { operations: new Map<string, Offer[]>(), modules: new Map<string, Offer[]>() };

  constructor(private readonly folder: string) {}

  offerOperation(sample: Sample, line: unknown): void {
    const kind = `${sample.dtype}${sample.inPlace ? ' in place' : ''}`;
    this.#offer('operations', sample.entry, kind, line);
  }

  offerModule(sample: ModuleSample, line: unknown): void {
    this.#offer('modules', sample.entry, 'module', line);
  }

  #offer(folder: 'operations' | 'modules', entry: string, kind: string, line: unknown): void {
    const text = JSON.stringify(line);
    if (limits[kind] === undefined) return;
    const offers = this.#offers[folder].get(entry) ?? [];
    this.#offers[folder].set(entry, offers);
    offers.push({ kind, text });
  }

  /** @param anew whether files of entries that nothing was offered of go */
  write(anew: boolean): void {
    for (const [folder, entries] of Object.entries(this.#offers)) {
      const target = path.join(this.folder, folder);
      if (anew) rmSync(target, { recursive: true, force: true });
      mkdirSync(target, { recursive: true });
      for (const [entry, offers] of entries) {
        const kept = Object.entries(limits).flatMap(([kind, limit]) =>
          ofEachNode(
            offers.filter(offer => offer.kind === kind),
            limit,
          ),
        );
        writeFileSync(
          path.join(target, `${entry}.json`),
          `[\n${kept.map(({ text }) => text).join(',\n')}\n]\n`,
        );
      }
    }
  }
}
