/**
 * What was changed, so that it can be taken back: a branch whose condition is unknown is tried, taken back, the other
 * one tried, and what both left behind is joined.
 */

import { join } from './join';
import {
  PyDict,
  type PyInstance,
  type PyIterator,
  PyList,
  PySet,
  type TensorValue,
  type Value,
} from './values';

/** Somewhere that a value is kept. */
interface Cell {
  readonly owner: object;
  readonly key: string;
  read(): unknown;
  write(value: unknown): void;
}

/** One change: what was there before. */
interface Change {
  readonly cell: Cell;
  readonly before: unknown;
}

/** The changes of a branch, taken back: what it left behind, by owner and key. */
export type Outcome = Map<
  object,
  Map<string, { readonly cell: Cell; readonly before: unknown; readonly after: unknown }>
>;

/** Marks what is not there. */
export const absent = Symbol('absent');

/** All changes that can still be taken back. */
export class Journal {
  #open: Change[][] = [];

  #change(cell: Cell, value: unknown): void {
    this.#open.at(-1)?.push({ cell, before: cell.read() });
    cell.write(value);
  }

  /** Sets an entry of a map; undefined takes it away. */
  set(map: Map<string, Value>, key: string, value: Value | undefined): void {
    if (this.#open.length === 0) {
      if (value === undefined) map.delete(key);
      else map.set(key, value);
      return;
    }
    this.#change(
      {
        owner: map,
        key,
        read: () => (map.has(key) ? map.get(key) : absent),
        write: next => {
          if (next === absent || next === undefined) map.delete(key);
          else map.set(key, next as Value);
        },
      },
      value === undefined ? absent : value,
    );
  }

  /** Sets the elements of a list. */
  setItems(list: PyList, items: readonly Value[], open = list.open): void {
    this.#change(
      {
        owner: list,
        key: 'items',
        read: () => new PyList(list.items, list.open),
        write: next => {
          if (next instanceof PyList) [list.items, list.open] = [next.items, next.open];
        },
      },
      new PyList(items, open),
    );
  }

  /** Sets the entries of a dictionary. */
  setEntries(dict: PyDict, entries: PyDict['entries'], open = dict.open): void {
    this.#change(
      {
        owner: dict,
        key: 'entries',
        read: () => new PyDict(dict.entries, dict.open),
        write: next => {
          if (next instanceof PyDict) [dict.entries, dict.open] = [next.entries, next.open];
        },
      },
      new PyDict(entries, open),
    );
  }

  /** Sets the elements of a set. */
  setMembers(set: PySet, entries: PySet['entries'], open = set.open): void {
    this.#change(
      {
        owner: set,
        key: 'members',
        read: () => new PySet(set.entries, set.open),
        write: next => {
          if (next instanceof PySet) [set.entries, set.open] = [next.entries, next.open];
        },
      },
      new PySet(entries, open),
    );
  }

  /** Sets a property of a tensor that can change. */
  setTensor<K extends 'dims' | 'dtype' | 'extra' | 'grad'>(
    tensor: TensorValue,
    key: K,
    value: TensorValue[K],
  ): void {
    this.#change(
      {
        owner: tensor,
        key,
        read: () => tensor[key],
        write: next => {
          tensor[key] = next as TensorValue[K];
        },
      },
      value,
    );
  }

  /** Moves an iterator on. */
  setPosition(iterator: PyIterator, position: number): void {
    this.#change(
      {
        owner: iterator,
        key: 'position',
        read: () => iterator.position,
        write: next => {
          if (typeof next === 'number') iterator.position = next;
        },
      },
      position,
    );
  }

  /** Says that something unknown may have changed an object. */
  setOpen(instance: PyInstance): void {
    instance.open = true;
  }

  /** Runs a branch, takes back what it changed, and says what that was. */
  attempt<T>(branch: () => T): { readonly result: T; readonly outcome: Outcome } {
    const changes: Change[] = [];
    this.#open.push(changes);
    let result: T;
    try {
      result = branch();
    } finally {
      this.#open.pop();
    }
    const outcome: Outcome = new Map();
    for (const { cell, before } of changes) {
      const keys = outcome.get(cell.owner) ?? new Map();
      outcome.set(cell.owner, keys);
      if (!keys.has(cell.key)) keys.set(cell.key, { cell, before, after: cell.read() });
    }
    for (const { cell, before } of changes.toReversed()) cell.write(before);
    return { result, outcome };
  }

  /** Makes the changes of one branch. */
  apply(outcome: Outcome): void {
    for (const keys of outcome.values())
      for (const { cell, after } of keys.values()) this.#change(cell, after);
  }

  /**
   * Makes the changes of the way that goes on. Of what the other one left behind in objects it is not known whether it
   * is there; the variables of the scope are those of the way that goes on.
   */
  applyOnto(goes: Outcome, leaves: Outcome, variables: object): void {
    const own = goes.get(variables);
    const heap = (outcome: Outcome) => new Map([...outcome].filter(([owner]) => owner !== variables));
    this.applyJoined(heap(goes), heap(leaves));
    if (own !== undefined) this.apply(new Map([[variables, own]]));
  }

  /** Replaces what stands in each place that a way changed. */
  revise(
    outcome: Outcome,
    revised: (now: unknown, change: { readonly before: unknown; readonly after: unknown }) => unknown,
  ): void {
    for (const keys of outcome.values())
      for (const change of keys.values()) this.#change(change.cell, revised(change.cell.read(), change));
  }

  /** Joins what is there with what a way that ended earlier left behind. */
  applyEarlier(outcome: Outcome): void {
    this.applyJoined(outcome, new Map());
  }

  /** Makes the joined changes of two branches. */
  applyJoined(first: Outcome, second: Outcome): void {
    for (const owner of new Set([...first.keys(), ...second.keys()])) {
      const a = first.get(owner);
      const b = second.get(owner);
      for (const key of new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])) {
        const [one, two] = [a?.get(key), b?.get(key)];
        const cell = (one ?? two)?.cell;
        if (cell === undefined) continue;
        const before = cell.read();
        this.#change(
          cell,
          joinCell(one === undefined ? before : one.after, two === undefined ? before : two.after),
        );
      }
    }
  }
}

/** What a place holds where two branches met. */
function joinCell(a: unknown, b: unknown): unknown {
  if (a === absent) return b;
  if (b === absent) return a;
  if (a === b) return a;
  if (typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
  if (a instanceof PyList && b instanceof PyList) return joinLists(a, b);
  if (a instanceof PyDict && b instanceof PyDict) return joinDicts(a, b);
  if (a instanceof PySet && b instanceof PySet) return new PySet(new Map([...a.entries, ...b.entries]), true);
  if (Array.isArray(a) || Array.isArray(b)) return undefined;
  return join(a as Value, b as Value);
}

function joinLists(a: PyList, b: PyList): PyList {
  if (a.items.length === b.items.length)
    return new PyList(
      a.items.map((item, i) => (item === b.items[i] ? item : join(item, b.items[i] ?? item))),
      a.open || b.open,
    );
  const longer = a.items.length > b.items.length ? a : b;
  return new PyList(longer.items, true);
}

function joinDicts(a: PyDict, b: PyDict): PyDict {
  const entries = new Map(a.entries);
  let same = a.entries.size === b.entries.size;
  for (const [key, [name, value]] of b.entries) {
    const other = entries.get(key);
    if (other === undefined) same = false;
    entries.set(key, [name, other === undefined ? value : join(other[1], value)]);
  }
  return new PyDict(entries, a.open || b.open || !same);
}
