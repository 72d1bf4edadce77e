/**
 * How data flows through a graph: from the inputs and the parameters down to the loss. It is what `grad_fn` links say,
 * read against their direction.
 */
import type { Graph, TensorMeta } from '../../../src/protocol/graph';

/**
 * What flows: the output of a node, by the node's number, or an input of the model: −1 for the first, −2 for the
 * second, and so on.
 */
export type Value = number;

/** A value that flows into a node. */
export interface Link {
  readonly from: Value;
  readonly to: number;
  /** As it arrives. */
  readonly meta: TensorMeta | null;
  /** Whether it is data on its way, and not a parameter or what is made of parameters alone. */
  readonly main: boolean;
}

/** How data flows through a graph. */
export interface Flow {
  readonly links: readonly Link[];
  /** Which links lead into a node. */
  readonly into: readonly (readonly Link[])[];
  /** Which links lead out of a node. */
  readonly outOf: readonly (readonly Link[])[];
  /** The nodes, each after those that lead to it. */
  readonly order: readonly number[];
  /** Whether a node is a parameter, or made of parameters alone. */
  readonly fixed: readonly boolean[];
}

/** The number of an input as a {@link Value}. */
export function inputValue(input: number): Value {
  return -1 - input;
}

/** The inputs of the model that go into a node, by which of its inputs they are. */
function given({
  inputs = [],
  nodes,
}: Graph): Map<number, { input: number | null; from: Value; meta: TensorMeta }[]> {
  const found = new Map<number, { input: number | null; from: Value; meta: TensorMeta }[]>();
  inputs.forEach(({ into, meta }, i) => {
    for (const { node, input } of into) {
      const list = found.get(node) ?? [];
      const seen = input === null ? null : nodes[node]?.inputs[input];
      list.push({ input, from: inputValue(i), meta: seen ?? meta });
      found.set(node, list);
    }
  });
  return found;
}

function readLinks(graph: Graph): Omit<Link, 'main'>[] {
  const inputs = given(graph);
  return graph.nodes.flatMap((node, to) => {
    const others = inputs.get(to) ?? [];
    const links = node.next.map((from, k) => {
      if (from === null) return others.find(({ input }) => input === k);
      if (graph.nodes[from] === undefined)
        throw new Error(`node ${to} is linked to a node ${from} that is not there`);
      return { from, meta: node.inputs[k] ?? null };
    });
    const beside = others.filter(({ input }) => input === null);
    return [...links, ...beside].flatMap(link =>
      link === undefined ? [] : { from: link.from, to, meta: link.meta },
    );
  });
}

/** The nodes, each right after what leads to it. Throws where links go in a circle. */
function orderOf(count: number, arriving: readonly (readonly Value[])[]): number[] {
  const order: number[] = [];
  /** 1 where what leads to a node is being visited, 2 where that is done. */
  const state = new Uint8Array(count);
  for (let start = 0; start < count; start++) {
    const stack = [start];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (state[node] === 2) continue;
      const open = (arriving[node] ?? []).filter(from => from >= 0 && state[from] !== 2);
      if (open.length === 0) {
        state[node] = 2;
        order.push(node);
        continue;
      }
      if (state[node] === 1) throw new Error('the links of its nodes go in a circle');
      state[node] = 1;
      stack.push(node, ...open.reverse());
    }
  }
  return order;
}

/** Reads the flow of a graph. Throws where the graph is none. */
export function readFlow(graph: Graph): Flow {
  const plain = readLinks(graph);
  const count = graph.nodes.length;
  const arriving: Value[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of plain) arriving[to]?.push(from);
  const order = orderOf(count, arriving);
  const fixed = new Array<boolean>(count).fill(false);
  for (const node of order) {
    const from = arriving[node] ?? [];
    const open = graph.nodes[node]?.next.some(other => other === null) ?? false;
    const isLeaf = graph.nodes[node]?.next.length === 0;
    fixed[node] = isLeaf || (!open && from.every(value => value >= 0 && fixed[value] === true));
  }
  const links = plain.map(link => ({ ...link, main: link.from < 0 || fixed[link.from] !== true }));
  const into: Link[][] = graph.nodes.map(() => []);
  const outOf: Link[][] = graph.nodes.map(() => []);
  for (const link of links) {
    into[link.to]?.push(link);
    if (link.from >= 0) outOf[link.from]?.push(link);
  }
  return { links, into, outOf, order, fixed };
}
