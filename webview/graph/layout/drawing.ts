/** One graph, read once, and drawn with whatever is open. */
import type { Graph } from '../../../src/protocol/graph';
import { type Flow, readFlow } from '../model/flow';
import { type Container, type Item, isContainer } from '../model/items';
import { makeTree, type Tree } from '../model/tree';
import { type Wires, wiresOf } from '../model/wires';
import { Wording, type Words } from '../model/words';
import type { OutlineItem, Scene } from '../scene';
import { arrange } from './arrange';
import type { Measure } from './cards';
import { stage } from './stage';

/** One graph. */
export class Drawing {
  readonly #tree: Tree;
  readonly #flow: Flow;
  readonly #wires: Wires;
  readonly #words = new Map<Item, Words>();
  readonly #wording: Wording;

  /** Throws where the graph is none. */
  constructor(
    graph: Graph,
    private readonly measure: Measure,
  ) {
    this.#flow = readFlow(graph);
    this.#tree = makeTree(graph, this.#flow);
    this.#wires = wiresOf(this.#tree, this.#flow);
    this.#wording = new Wording(graph);
  }

  /** Everything that can be drawn; what holds others before these. */
  outline(): OutlineItem[] {
    const items: OutlineItem[] = [];
    const stack: Item[] = this.#tree.root.children.toReversed();
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      const { kind, title, about } = this.#wordsOf(item);
      const parent = item.parent === this.#tree.root ? null : (item.parent?.id ?? null);
      const value = isContainer(item) ? null : item.value;
      const path = item.kind === 'module' ? item.path : null;
      items.push({ id: item.id, parent, kind, value, path, title, about });
      if (isContainer(item)) stack.push(...item.children.toReversed());
    }
    return items;
  }

  /** Draws the graph with these containers open, as far as they can be seen. */
  scene(open: ReadonlySet<string>): Scene {
    const isOpen = (container: Container) => container.kind === 'root' || open.has(container.id);
    const wordsOf = (item: Item) => this.#wordsOf(item);
    const root = arrange(this.#tree.root, { wires: this.#wires, isOpen, wordsOf, measure: this.measure });
    return stage(root, this.#tree, this.#flow, wordsOf);
  }

  #wordsOf(item: Item): Words {
    const known = this.#words.get(item) ?? this.#wording.of(item);
    this.#words.set(item, known);
    return known;
  }
}
