/** What stands on the boxes of a graph. */
import type { Graph, GraphModule } from '../../../src/protocol/graph';
import { type GraphKind, kindOfModule, kindOfNode, metaText } from '../../../src/protocol/graph-kinds';
import { wholeNumber } from '../../shared/format';
import type { BoxKind } from '../scene';
import { type Container, type Item, isContainer, leavesOf } from './items';
import { moduleWords } from './module-words';

/** What stands on a box, and how it looks. */
export interface Words {
  readonly kind: BoxKind;
  readonly tone: GraphKind;
  readonly title: string;
  readonly about: string;
  readonly detail: string;
  /** How often a pattern is repeated; nothing elsewhere. */
  readonly badge: string;
}

/** The last part of a path: `weight` of `classifier.0.weight`. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** What a module is called within another: `layers.0` in the network that has a list `layers`. */
function nameWithin(path: string, parent: Container | null): string {
  const prefix = parent === null || parent.path === '' ? '' : `${parent.path}.`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : lastName(path);
}

/** `0 … 5`, `fc2 … relu4`; of a list its name once: `layers.0 … 5`. */
function rangeText([first = '', last = '']: readonly string[]): string {
  const list = first.slice(0, first.lastIndexOf('.') + 1);
  return `${first} … ${list !== '' && last.startsWith(list) ? last.slice(list.length) : last}`;
}

/** Finds the words for items of one graph. */
export class Wording {
  readonly #modules: ReadonlyMap<string, GraphModule>;

  constructor(private readonly graph: Graph) {
    this.#modules = new Map(graph.modules.map(module => [module.path, module]));
  }

  /** The words for an item. */
  of(item: Item): Words {
    if (isContainer(item)) return item.kind === 'repeat' ? this.#repeat(item) : this.#module(item);
    return item.kind === 'node' ? this.#node(item.value, item.parent) : this.#input(-1 - item.value);
  }

  #node(number: number, parent: Container | null): Words {
    const node = this.graph.nodes[number];
    if (node === undefined)
      return { kind: 'node', tone: 'other', title: '', about: '', detail: '', badge: '' };
    const tone = kindOfNode(node);
    if (node.parameter === null) {
      const leaf = node.next.length === 0;
      const detail = leaf ? metaText(node.output) : (node.formula ?? '');
      return { kind: leaf ? 'parameter' : 'node', tone, title: node.name, about: '', detail, badge: '' };
    }
    // Within its module the name of the module says nothing new.
    const own = parent?.path === node.module && node.module !== null;
    const title = own ? lastName(node.parameter) : node.parameter;
    return {
      kind: 'parameter',
      tone: 'parameter',
      title,
      about: '',
      detail: metaText(node.output),
      badge: '',
    };
  }

  #input(number: number): Words {
    const { name = '', meta } = this.graph.inputs?.[number] ?? {};
    return {
      kind: 'input',
      tone: 'other',
      title: name,
      about: '',
      detail: meta === undefined ? '' : metaText(meta),
      badge: '',
    };
  }

  #module(item: Container): Words {
    const { path } = item;
    const module = this.#modules.get(path);
    return {
      kind: 'module',
      tone: module === undefined ? 'other' : kindOfModule(module),
      title: nameWithin(path, item.parent),
      about: module?.kind ?? '',
      detail: (module === undefined ? '' : moduleDetail(module)) || this.#operationsIn(item),
      badge: '',
    };
  }

  /** What the only operation of a module computes, or how many there are. */
  #operationsIn(item: Container): string {
    const operations = leavesOf(item).flatMap(({ value }) => this.graph.nodes[value] ?? []);
    const [only] = operations;
    if (operations.length !== 1) return `${operations.length} operations`;
    return only?.formula ?? only?.name ?? '';
  }

  #repeat(item: Container): Words {
    const pattern = item.children.slice(0, item.pattern).map(child => this.of(child));
    const modules = item.children.filter(isContainer);
    const range = [modules[0], modules.at(-1)].flatMap(child =>
      child === undefined ? [] : nameWithin(child.path, item),
    );
    const tones = new Set(pattern.map(({ tone }) => tone));
    const tone = pattern.find(each => each.tone === 'layer')?.tone ?? [...tones][0] ?? 'other';
    const about = pattern.map(each => each.about || each.title.replace(/Backward\d+$/, '')).join(' → ');
    return {
      kind: 'repeat',
      tone,
      title: rangeText(range),
      about,
      detail: countText(this.#parametersIn(item)),
      badge: `×${item.times}`,
    };
  }

  #parametersIn(item: Container): number {
    let count = 0;
    for (const { value } of leavesOf(item)) {
      const node = this.graph.nodes[value];
      if (node?.parameter != null) count += node.output.shape.reduce((product, size) => product * size, 1);
    }
    return count;
  }
}

/** `1 parameter`, `200,960 parameters`; nothing where there are none. */
export function countText(parameters: number): string {
  if (parameters === 0) return '';
  return parameters === 1 ? '1 parameter' : `${wholeNumber(parameters)} parameters`;
}

/** A module in few words, and how much it learns: `784 → 256 · 200,960 parameters`. */
function moduleDetail(module: GraphModule): string {
  return [moduleWords(module), countText(module.parameters)].filter(text => text !== '').join(' · ');
}
