/** The layered layout, for any graph without circles: nothing overlaps, and every edge leads downwards. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCrossings, reduceCrossings } from '../../../webview/graph/layout/crossings';
import { layered } from '../../../webview/graph/layout/layered';
import { ranksOf } from '../../../webview/graph/layout/ranks';
import { withoutIdle } from '../../../webview/graph/layout/routes';
import { cutIntoRows } from '../../../webview/graph/layout/rows';
import type { Layered, LayeredEdge, LayeredNode } from '../../../webview/graph/layout/types';

const node = fc.record({
  left: fc.integer({ min: 1, max: 90 }),
  right: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 120 }),
});

/** A graph whose edges lead from lower numbers to higher ones. */
const graphs = fc.array(node, { minLength: 1, maxLength: 24 }).chain(nodes =>
  fc.record({
    nodes: fc.constant<LayeredNode[]>(nodes),
    edges: fc
      .array(fc.tuple(fc.nat(nodes.length - 1), fc.nat(nodes.length - 1), fc.nat(1), fc.boolean()), {
        maxLength: 60,
      })
      .map(pairs =>
        pairs
          .filter(([a, b]) => a !== b)
          .map(
            ([a, b, wire, main]): LayeredEdge => ({ from: Math.min(a, b), to: Math.max(a, b), wire, main }),
          ),
      ),
  }),
);

interface Case {
  readonly nodes: readonly LayeredNode[];
  readonly edges: readonly LayeredEdge[];
}

function boxes({ nodes }: Case, laid: Layered) {
  return nodes.map(({ left, right, height }, i) => {
    const { x, y } = laid.nodes[i] ?? { x: Number.NaN, y: Number.NaN };
    return { left: x - left, right: x + right, top: y, bottom: y + height };
  });
}

/** What does not hold of a layout. */
function problems(graph: Case, laid: Layered): string[] {
  const found: string[] = [];
  const placed = boxes(graph, laid);
  placed.forEach((a, i) => {
    if (!(a.left > -0.01 && a.top > -0.01 && a.right < laid.width + 0.01 && a.bottom < laid.height + 0.01))
      found.push(`${i} is outside`);
    placed.slice(i + 1).forEach((b, j) => {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      if (!apart) found.push(`${i} is over ${i + 1 + j}`);
    });
  });
  graph.edges.forEach(({ from, to }, e) => {
    const route = laid.routes[e] ?? [];
    const [start, end] = [route[0], route.at(-1)];
    const [a, b] = [placed[from], placed[to]];
    if (start === undefined || end === undefined || a === undefined || b === undefined)
      found.push(`edge ${e} has no way`);
    else {
      if (Math.abs(start.y - a.bottom) > 0.01 || Math.abs(end.y - b.top) > 0.01)
        found.push(`edge ${e} is not tied`);
      if (start.x < a.left - 0.01 || start.x > a.right + 0.01) found.push(`edge ${e} begins beside its node`);
      if (route.some((point, i) => point.y < (route[i - 1]?.y ?? 0) - 0.01))
        found.push(`edge ${e} leads upwards`);
    }
  });
  return found;
}

describe('a layered layout', () => {
  it('overlaps nothing and leads every edge downwards from border to border', () => {
    fc.assert(
      fc.property(graphs, graph => {
        expect(problems(graph, layered(graph.nodes, graph.edges))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('leads no edge through a node', () => {
    fc.assert(
      fc.property(graphs, graph => {
        const laid = layered(graph.nodes, graph.edges);
        const placed = boxes(graph, laid);
        graph.edges.forEach(({ from, to }, e) => {
          const route = laid.routes[e] ?? [];
          // Within rows edges are upright: there they could touch what stands beside.
          route.slice(1).forEach((point, i) => {
            const before = route[i] ?? point;
            if (Math.abs(before.x - point.x) > 0.5) return;
            placed.forEach((box, v) => {
              if (v === from || v === to) return;
              const beside = point.x <= box.left + 0.01 || point.x >= box.right - 0.01;
              expect(
                beside || point.y <= box.top + 0.01 || before.y >= box.bottom - 0.01,
                `edge ${e} and node ${v}`,
              ).toBe(true);
            });
          });
        });
      }),
      { numRuns: 200 },
    );
  });

  it('puts every node below what leads to it', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const ranks = ranksOf(nodes, edges);
        for (const { from, to } of edges) expect(ranks[to]).toBeGreaterThan(ranks[from] ?? 0);
      }),
    );
  });

  it('has inlets above everything and outlets below', () => {
    const ends: LayeredNode[] = [
      { left: 0, right: 0, height: 0, end: 'bottom' },
      { left: 20, right: 20, height: 20 },
      { left: 20, right: 20, height: 20 },
      { left: 0, right: 0, height: 0, end: 'top' },
    ];
    const edge = (from: number, to: number) => ({ from, to, wire: 0, main: true });
    const laid = layered(ends, [edge(1, 2), edge(3, 2), edge(2, 0)]);
    const rows = laid.nodes.map(({ y }) => y);
    expect(Math.min(...rows)).toBe(rows[3]);
    expect(Math.max(...rows)).toBe(rows[0]);
    expect(rows[1]).toBeGreaterThan(rows[3] ?? 0);
  });

  it('draws a chain with weights beside it straight, and what goes around it beside', () => {
    const box = { left: 50, right: 50, height: 40 };
    const edges: LayeredEdge[] = [];
    const add = (from: number, to: number, main = true) => edges.push({ from, to, wire: 0, main });
    // 0 → 1 → 2 → 3 → 4, a connection from 0 to 4, and two weights for each of 1 and 3.
    for (let i = 0; i < 4; i++) add(i, i + 1);
    add(0, 4);
    for (const [weight, to] of [
      [5, 1],
      [6, 1],
      [7, 3],
      [8, 3],
    ] as const)
      add(weight, to, false);
    const laid = layered(
      Array.from({ length: 9 }, () => box),
      edges,
    );
    const line = laid.nodes.slice(0, 5).map(({ x }) => x);
    expect(new Set(line.map(Math.round)).size).toBe(1);
    expect(laid.routes.slice(0, 4).every(route => route.length === 2)).toBe(true);
    expect(laid.routes[4]?.some(({ x }) => Math.abs(x - (line[0] ?? 0)) > 50)).toBe(true);
  });

  it('refuses what goes in a circle', () => {
    const box = { left: 1, right: 1, height: 1 };
    const edge = (from: number, to: number) => ({ from, to, wire: 0, main: true });
    expect(() => layered([box, box], [edge(0, 1), edge(1, 0)])).toThrow('circle');
  });

  it('has nothing to do for nothing', () => {
    expect(layered([], [])).toEqual({ nodes: [], routes: [], width: 0, height: 0 });
  });
});

describe('the order in rows', () => {
  it('crosses nothing in a tree, whatever the order of its nodes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), parents => {
        const nodes = Array.from({ length: parents.length + 1 }, () => ({ left: 5, right: 5, height: 5 }));
        const edges = parents.map((parent, i) => ({
          from: parent % (i + 1),
          to: i + 1,
          wire: 0,
          main: true,
        }));
        const rows = cutIntoRows(nodes.length, edges, ranksOf(nodes, edges));
        reduceCrossings(rows);
        expect(countCrossings(rows)).toBe(0);
      }),
    );
  });

  it('counts crossings as one counts them by hand', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 20 }), pairs => {
        const edges = pairs.map(([a, b], i) => ({ from: a, to: 6 + b, wire: i, main: true }));
        const rows = cutIntoRows(12, edges, Int32Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]));
        let expected = 0;
        for (const [i, [a, b]] of pairs.entries()) {
          for (const [c, d] of pairs.slice(i + 1)) if ((a - c) * (b - d) < 0) expected++;
        }
        expect(countCrossings(rows)).toBe(expected);
      }),
    );
  });
});

describe('a way', () => {
  it('keeps its ends and its turns, and nothing else', () => {
    const points = [
      [0, 0],
      [0, 0],
      [0, 5],
      [0, 9],
      [3, 12],
      [3, 20],
      [3, 20],
    ].map(([x = 0, y = 0]) => ({ x, y }));
    expect(withoutIdle(points)).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 9 },
      { x: 3, y: 12 },
      { x: 3, y: 20 },
    ]);
  });
});
