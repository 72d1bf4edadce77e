/**
 * Things with a path of names as the rows of a tree: `['layer1', '0', 'weight']` lies in `layer1.0`. What is searched for
 * leaves only what matches, and what is sorted is one flat list with full names. Knows nothing of the page.
 */

/** A thing in the tree. */
export interface Named {
  /** Its place: the groups that it is in, and its own name. */
  readonly path: readonly string[];
}

/** A group in view. */
export interface GroupRow<T> {
  readonly kind: 'group';
  readonly key: string;
  /** Its own name; with that of the group it is in, where that holds nothing else. */
  readonly label: string;
  readonly path: readonly string[];
  readonly depth: number;
  readonly open: boolean;
  /** Everything in it, at any depth, that is to be seen. */
  readonly items: readonly T[];
}

/** A thing in view. */
export interface ItemRow<T> {
  readonly kind: 'item';
  readonly key: string;
  readonly label: string;
  readonly depth: number;
  readonly item: T;
}

/** A row of the tree. */
export type Row<T> = GroupRow<T> | ItemRow<T>;

/** What of a tree is in view. */
export interface View<T> {
  /** Words that each have to be in the text of a thing; none for everything. */
  readonly words: readonly string[];
  /** What words are looked for in; small letters. */
  textOf(item: T): string;
  /** Whether the group of this key is open. */
  isOpen(key: string): boolean;
  /** The order of a flat list; undefined for the tree in the order of the file. */
  readonly order: ((a: T, b: T) => number) | undefined;
}

/** What separates names in a key and in a full name. */
const separator = '.';

/** The full name. */
export function fullName({ path }: Named): string {
  return path.join(separator);
}

/** Tells rows apart; a name may contain what separates names. */
export function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

class Group<T extends Named> {
  readonly children = new Map<string, Group<T>>();
  /** Its own things and its groups, in the order in which they first appear. */
  readonly entries: (Group<T> | T)[] = [];
  readonly all: T[] = [];

  constructor(readonly path: readonly string[]) {}

  child(name: string): Group<T> {
    const known = this.children.get(name);
    if (known !== undefined) return known;
    const made = new Group<T>([...this.path, name]);
    this.children.set(name, made);
    this.entries.push(made);
    return made;
  }
}

function grow<T extends Named>(items: readonly T[]): Group<T> {
  const root = new Group<T>([]);
  for (const item of items) {
    let group = root;
    group.all.push(item);
    for (const name of item.path.slice(0, -1)) {
      group = group.child(name);
      group.all.push(item);
    }
    group.entries.push(item);
  }
  return root;
}

function* walk<T extends Named>(group: Group<T>, depth: number, view: View<T>): Generator<Row<T>> {
  for (const entry of group.entries) {
    if (!(entry instanceof Group)) {
      yield {
        kind: 'item',
        key: keyOf(entry.path),
        label: entry.path.at(-1) ?? '',
        depth,
        item: entry,
      };
      continue;
    }
    // A group that holds nothing but another group is one row with it.
    let inner = entry;
    for (
      let [only] = inner.entries;
      inner.entries.length === 1 && only instanceof Group;
      [only] = only.entries
    )
      inner = only;
    const key = keyOf(inner.path);
    const open = view.words.length > 0 || view.isOpen(key);
    const label = inner.path.slice(group.path.length).join(separator);
    yield { kind: 'group', key, label, path: inner.path, depth, open, items: inner.all };
    if (open) yield* walk(inner, depth + 1, view);
  }
}

/** The rows in view. */
export function rowsOf<T extends Named>(items: readonly T[], view: View<T>): Row<T>[] {
  const { words, order } = view;
  const found =
    words.length === 0 ? items : items.filter(item => words.every(word => view.textOf(item).includes(word)));
  if (order === undefined) return [...walk(grow(found), 0, view)];
  return found
    .toSorted(order)
    .map(item => ({ kind: 'item', key: keyOf(item.path), label: fullName(item), depth: 0, item }));
}

/** The words of what was typed. */
export function wordsOf(typed: string): string[] {
  return typed.toLowerCase().split(/\s+/).filter(Boolean);
}

/** The keys of all groups that are to be opened for a thing to be in view. */
export function groupsAbove({ path }: Named): string[] {
  return path.slice(0, -1).map((_, i) => keyOf(path.slice(0, i + 1)));
}
