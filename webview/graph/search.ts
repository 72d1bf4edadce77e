/** Finds items of a graph by what they are called. */
import type { Graph } from '../../src/protocol/graph';
import type { OutlineItem } from './scene';

/** An item that was found, and where it is. */
export interface Found {
  readonly item: OutlineItem;
  readonly title: string;
  readonly place: string;
}

/** More are not shown. */
const most = 100;

/** What an item can be found by, the most telling first. */
function namesOf({ value, path, title, about }: OutlineItem, graph: Graph): string[] {
  const node = value === null ? undefined : graph.nodes[value];
  const names = [node?.parameter ?? '', path ?? '', title, about, node?.name ?? ''];
  return names.filter(name => name !== '');
}

function placeOf({ value, kind }: OutlineItem, graph: Graph): string {
  const node = value === null ? undefined : graph.nodes[value];
  if (node === undefined) return kind === 'input' ? 'input' : '';
  const place = node.module === null ? '' : node.module || graph.model;
  return node.parameter === null ? place : node.name;
}

/** How well a text answers what was typed: the lower the better; undefined where it does not. */
function rankOf(text: string, typed: string): number | undefined {
  const at = text.toLowerCase().indexOf(typed);
  if (at < 0) return undefined;
  if (text.length === typed.length) return 0;
  return at === 0 || text[at - 1] === '.' ? 1 : 2;
}

/** The items whose names hold what was typed: those that are called just that, and those that begin so, first. */
export function search(items: readonly OutlineItem[], graph: Graph, typed: string): Found[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return [];
  const found: { found: Found; rank: number; order: number }[] = [];
  items.forEach((item, order) => {
    const names = namesOf(item, graph);
    const ranks = names.flatMap(name => rankOf(name, wanted) ?? []);
    if (ranks.length === 0) return;
    const [name = ''] = names;
    const title = item.about === '' || item.about === name ? name : `${name} ${item.about}`;
    found.push({ found: { item, title, place: placeOf(item, graph) }, rank: Math.min(...ranks), order });
  });
  found.sort((a, b) => a.rank - b.rank || a.order - b.order);
  return found.slice(0, most).map(each => each.found);
}
