/** Looks at all samples of a dataset once, in the background: duplicates, and how large the images in files are. */
import path from 'node:path';
import {
  contradicts,
  countDuplicates,
  findDuplicates,
  leaks,
  type Member,
} from '../../../data/looks/duplicates';
import { imageSizes } from '../../../data/looks/image-sizes';
import type { CheckAnswer, DatasetFindings, DuplicateGroup, PartName } from '../../../protocol/dataset-check';
import { fileOf, type OpenDataset, pixelsOf } from './open-dataset';

/** Groups that are shown, and samples of each. */
const mostGroups = 60;
const mostMembers = 6;
const mostFiles = 500;
const mostSizes = 20;
/** Milliseconds after which a question is answered with how far it is. */
const patience = 250;

const isPart = (part: string): part is PartName =>
  part === 'train' || part === 'validation' || part === 'test';

function shownGroup(open: OpenDataset, group: readonly Member[]): DuplicateGroup {
  // One of each part and label at least, as far as there is room.
  const sorted = [...group].sort((a, b) => Number(leadsOthers(group, b)) - Number(leadsOthers(group, a)));
  const members = sorted.slice(0, mostMembers).flatMap(({ part, index, label }) => {
    const found = isPart(part) ? open.splits.get(part) : undefined;
    if (found === undefined || !isPart(part)) return [];
    return [{ part, index, label, file: fileOf(open, found.split, index) }];
  });
  const [first] = members;
  const split = first && open.splits.get(first.part)?.split;
  const pixels = first === undefined || split === undefined ? '' : pixelsOf(split, [first.index]);
  return { size: group.length, members, pixels };
}

/** Whether a sample is the first of its part and label in its group. */
function leadsOthers(group: readonly Member[], member: Member): boolean {
  return group.find(({ part, label }) => part === member.part && label === member.label) === member;
}

async function look(
  open: OpenDataset,
  tell: (share: number, what: string) => void,
): Promise<DatasetFindings> {
  const parts = new Map([...open.splits].map(([part, { split }]) => [part as string, split]));
  const duplicates = await findDuplicates(parts, share => tell(share, 'Comparing samples'));
  const counts = countDuplicates(duplicates);
  const weight = (group: readonly Member[]) => 2 * Number(contradicts(group)) + Number(leaks(group));
  const groups = [...duplicates.groups].sort((a, b) => weight(b) - weight(a));
  const files = [...open.splits.values()].flatMap(({ split }) => split.files ?? []);
  const sizes = await imageSizes(files, share => tell(share, 'Measuring images'));
  const base = path.resolve(open.folder ?? '.');
  const relative = (file: string) => path.relative(base, path.resolve(file));
  const inParts = (found: ReadonlyMap<string, number>) =>
    [...found].flatMap(([part, count]) => (isPart(part) ? [{ part, count }] : []));
  return {
    compared: duplicates.compared,
    leaked: inParts(counts.leaked),
    repeated: inParts(counts.repeated),
    contradicting: counts.contradicting,
    groups: groups.length,
    shown: groups.slice(0, mostGroups).map(group => shownGroup(open, group)),
    unreadable: (open.data.skipped ?? []).slice(0, mostFiles).map(({ file, reason }) => ({
      file: relative(file),
      reason,
    })),
    unreadableCount: open.data.skipped?.length ?? 0,
    sizes: sizes.slice(0, mostSizes).map(size => ({ ...size, example: relative(size.example) })),
    sizeCount: sizes.length,
  };
}

/** The search of one dataset, which is begun when it is first asked about. */
export class Check {
  #found: Promise<DatasetFindings> | undefined;
  #share = 0;
  #what = '';

  constructor(private readonly open: OpenDataset) {}

  /** What was found, or after a moment how far the search is. */
  async answer(): Promise<CheckAnswer> {
    this.#found ??= look(this.open, (share, what) => {
      this.#share = share;
      this.#what = what;
    });
    const found = this.#found.then((findings): CheckAnswer => ({ state: 'done', findings }));
    const waiting = new Promise<CheckAnswer>(resolve => {
      setTimeout(() => resolve({ state: 'working', share: this.#share, what: this.#what }), patience);
    });
    return Promise.race([found, waiting]);
  }
}
