/** All items of a graph, seen or not: where each is in the tree. */
import type { Value } from './model/flow';
import type { OutlineItem } from './scene';

/** The items of one graph. */
export class Outline {
  readonly #byId: ReadonlyMap<string, OutlineItem>;
  readonly #byValue = new Map<Value, OutlineItem>();
  readonly #children = new Map<string | null, OutlineItem[]>();

  constructor(readonly items: readonly OutlineItem[]) {
    this.#byId = new Map(items.map(item => [item.id, item]));
    for (const item of items) {
      if (item.value !== null) this.#byValue.set(item.value, item);
      const list = this.#children.get(item.parent);
      if (list === undefined) this.#children.set(item.parent, [item]);
      else list.push(item);
    }
  }

  item(id: string | null): OutlineItem | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  /** The item of a node or an input. */
  ofValue(value: Value): OutlineItem | undefined {
    return this.#byValue.get(value);
  }

  /** What is directly in an item; what is at the top for null. */
  children(id: string | null): readonly OutlineItem[] {
    return this.#children.get(id) ?? [];
  }

  /** What an item is in, from the inside. */
  ancestors(id: string): string[] {
    const found: string[] = [];
    let parent = this.#byId.get(id)?.parent ?? null;
    while (parent !== null) {
      found.push(parent);
      parent = this.#byId.get(parent)?.parent ?? null;
    }
    return found;
  }

  /** The nodes and inputs in an item, or itself. */
  values(id: string): Value[] {
    const found: Value[] = [];
    const stack = [this.#byId.get(id)];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      if (item.value !== null) found.push(item.value);
      stack.push(...this.children(item.id).toReversed());
    }
    return found;
  }

  /** Everything that can be opened. */
  containers(): string[] {
    return this.items.filter(({ value }) => value === null).map(({ id }) => id);
  }

  /** What is open at first: nothing but what would be alone. */
  openAtFirst(): string[] {
    const open: string[] = [];
    let level = this.children(null).filter(({ kind }) => kind !== 'input');
    while (level.length === 1 && level[0]?.value === null) {
      open.push(level[0].id);
      level = [...this.children(level[0].id)];
    }
    return open;
  }
}
