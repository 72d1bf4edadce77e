/** What is folded, and what of it is drawn: plain examples, and what holds for any graph. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../src/protocol/graph';
import { Drawing } from '../../../webview/graph/layout/drawing';
import type { Scene, SceneBox } from '../../../webview/graph/scene';
import { GraphMaker, perceptron, type Result, transformer } from './made-up';

const measure = (text: string) => 7 * text.length;

function draw(graph: Graph, ...open: string[]): Scene {
  return new Drawing(graph, measure).scene(new Set(open));
}

function all(graph: Graph): Scene {
  const drawing = new Drawing(graph, measure);
  return drawing.scene(new Set(drawing.outline().map(({ id }) => id)));
}

/** Boxes by what stands on them, each in the one that it is in. */
function names({ boxes }: Scene): string[] {
  return boxes.map(
    ({ depth, title, about, badge }) => `${'  '.repeat(depth)}${[title, about, badge].join(' ').trim()}`,
  );
}

function links({ boxes, edges }: Scene): string[] {
  const title = new Map(boxes.map(box => [box.id, box.title]));
  return edges.map(({ from, to, shape }) => `${title.get(from)} ${shape} ${title.get(to)}`).sort();
}

describe('a perceptron', () => {
  const graph = perceptron(784, 256, 10);

  it('is drawn module by module at first, from the images to the loss', () => {
    const scene = draw(graph);
    expect(names(scene).sort()).toEqual(
      ['fc1 Linear', 'relu1 ReLU', 'fc2 Linear', 'LogSoftmaxBackward0', 'NllLossBackward0', 'images'].sort(),
    );
    expect(links(scene)).toEqual([
      'LogSoftmaxBackward0 4×10 NllLossBackward0',
      'fc1 4×256 relu1',
      'fc2 4×10 LogSoftmaxBackward0',
      'images 4×8 fc1',
      'relu1 4×256 fc2',
    ]);
    const [fc1] = scene.boxes.filter(({ title }) => title === 'fc1');
    expect(fc1).toMatchObject({
      kind: 'module',
      tone: 'layer',
      detail: '784 → 256 · 200,960 parameters',
      open: false,
    });
  });

  it('shows what is in a module where it is opened, and the rest as before', () => {
    const scene = draw(graph, 'm:fc1');
    expect(
      names(scene)
        .filter(name => name.startsWith('  '))
        .sort(),
    ).toEqual(['  AddmmBackward0', '  TBackward0', '  bias', '  weight'].sort());
    expect(links(scene)).toContain('images 4×8 AddmmBackward0');
    expect(links(scene)).toContain('weight 256×784 TBackward0');
    expect(links(scene)).toContain('AddmmBackward0 4×256 relu1');
    expect(scene.edges.find(({ value }) => value < 0)).toMatchObject({ gradient: false, main: true });
  });
});

describe('repeats', () => {
  it('are folded where equal modules follow each other, with those between them', () => {
    const scene = draw(perceptron(784, 64, 64, 64, 64, 10));
    expect(names(scene)).toContain('fc2 … relu4 Linear → ReLU ×3');
    expect(links(scene)).toContain('relu1 4×64 fc2 … relu4');
    const opened = draw(perceptron(784, 64, 64, 64, 64, 10), 'r:m:fc2');
    expect(names(opened).filter(name => name.startsWith('  '))).toEqual(
      ['fc2 Linear', 'relu2 ReLU', 'fc3 Linear', 'relu3 ReLU', 'fc4 Linear', 'relu4 ReLU'].map(
        name => `  ${name}`,
      ),
    );
  });

  it('are not folded where they are few, or differ', () => {
    expect(names(draw(perceptron(784, 64, 64, 10))).join()).not.toContain('×');
    expect(names(draw(perceptron(784, 64, 32, 16, 8, 10))).join()).not.toContain('×');
  });

  it('are whole blocks in a transformer', () => {
    const scene = draw(transformer(12), 'm:encoder');
    expect(names(scene)).toContain('  0 … 11 EncoderLayer ×12');
    expect(all(transformer(2)).boxes.filter(({ kind }) => kind === 'repeat')).toEqual([]);
  });
});

/** A list of equal layers that `forward` calls one by one, each gone around: `x = x + relu(layers[i](x))`. */
function residual(
  layers: number,
  end = (x: Result, _all: readonly Result[], _maker: GraphMaker) => x,
): Graph {
  const maker = new GraphMaker();
  maker.module('layers', 'ModuleList', '', 72 * layers);
  const relu = (x: Result) => maker.operation('Relu', '', [x], ...x.shape);
  const all = [relu(maker.linear('first', null, 6, 8))];
  for (let i = 0; i < layers; i++) {
    const x = all[i] ?? relu(maker.linear('first', null, 6, 8));
    const scale = maker.operation('Exp', '', [maker.parameter(`scale${i}`, 8)], 8);
    const scaled = maker.operation('Mul', '', [relu(maker.linear(`layers.${i}`, x, 8, 8)), scale], 4, 8);
    all.push(maker.operation('Add', '', [x, scaled], 4, 8));
  }
  const [x = relu(maker.linear('first', null, 6, 8))] = all.slice(-1);
  return maker.graph(maker.loss(maker.linear('last', end(x, all, maker), 8, 3)));
}

describe('a list of modules', () => {
  it('is not drawn itself, since it does nothing, and its modules say what list they are of', () => {
    expect(names(draw(residual(2)))).toEqual(expect.arrayContaining(['layers.0 Linear', 'layers.1 Linear']));
    expect(names(draw(residual(2))).join()).not.toContain('ModuleList');
  });

  it('is folded with the operations between its modules, the ways around them, and their parameters', () => {
    const scene = draw(residual(40));
    const folded = 'layers.0 … 39 Linear → Relu → Mul → Add ×40';
    expect(names(scene).sort()).toEqual(
      [folded, 'ReluBackward0', 'first Linear', 'last Linear', 'LogSoftmaxBackward0', 'NllLossBackward0']
        .concat('images')
        .sort(),
    );
    expect(links(scene)).toContain('ReluBackward0 4×8 layers.0 … 39');
    expect(links(scene)).toContain('layers.0 … 39 4×8 last');
    const opened = names(draw(residual(40), 'r:m:layers.0'));
    expect(opened.filter(name => name.includes('scale'))).toHaveLength(40);
    expect(opened.every(name => name.startsWith('  ') || !name.includes('scale'))).toBe(true);
  });

  it('is folded in two where something else needs what comes out of its middle', () => {
    const graph = residual(6, (x, all, maker) => maker.operation('Add', '', [x, all[3] ?? x], 4, 8));
    const folded = names(draw(graph)).filter(name => name.includes('×'));
    expect(folded).toEqual([
      'layers.0 … 2 Linear → Relu → Mul → Add ×3',
      'layers.3 … 5 Linear → Relu → Mul → Add ×3',
    ]);
  });
});

/** The skipping network of PyTorch's golden graphs: one layer used twice, and a connection around. */
function skipping(): Graph {
  const maker = new GraphMaker();
  const relu = (x: ReturnType<typeof maker.linear>) => maker.operation('Relu', '', [x], ...x.shape);
  const first = relu(maker.linear('fc1', null, 6, 8));
  const second = relu(maker.linear('shared', first, 8, 8));
  const third = relu(maker.linear('shared', second, 8, 8));
  const sum = maker.operation('Add', '', [third, first], 4, 8);
  return maker.graph(maker.loss(maker.linear('out', sum, 8, 3)));
}

describe('shared weights', () => {
  it('stand beside the two places of their module, which are drawn apart', () => {
    const scene = draw(skipping());
    const shared = scene.boxes.filter(({ path }) => path === 'shared');
    expect(shared.map(({ id }) => id).sort()).toEqual(['m:shared', 'm:shared#2']);
    expect(names(scene)).toContain('shared.weight');
    const users = scene.edges.filter(
      ({ from }) => scene.boxes.find(({ id }) => id === from)?.title === 'shared.weight',
    );
    expect(users.map(({ to }) => to).sort()).toEqual(['m:shared', 'm:shared#2']);
  });
});

describe('a graph that is none', () => {
  const broken = (next: (number | null)[][]): Graph => ({
    ...perceptron(2, 1),
    nodes: next.map(links => ({
      name: 'X',
      output: { shape: [], dtype: 'float32' },
      module: null,
      next: links,
      inputs: [],
      saved: [],
      parameter: null,
      formula: null,
    })),
    inputs: [],
  });

  it('is refused', () => {
    expect(() => draw(broken([[1], [2], [1]]))).toThrow('circle');
    expect(() => draw(broken([[0]]))).toThrow('circle');
    expect(() => draw(broken([[7]]))).toThrow('node 7 that is not there');
  });
});

const modules = [null, '', 'a', 'a.0', 'a.0.x', 'a.1', 'b', 'b.0', 'c'] as const;

/** Any graph without circles, whose nodes belong to any modules. */
const graphs = fc
  .array(
    fc.record({
      next: fc.array(fc.option(fc.nat(8), { freq: 8 }), { maxLength: 3 }),
      module: fc.constantFrom(...modules),
    }),
    { minLength: 1, maxLength: 26 },
  )
  .map((drawn): Graph => {
    const nodes = drawn.map(({ next, module }, i) => {
      const links = next.map(step => (step === null || i + 1 + step >= drawn.length ? null : i + 1 + step));
      const leaf = links.every(link => link === null) && i % 2 === 0;
      return {
        name: leaf ? 'AccumulateGrad' : 'AddBackward0',
        output: { shape: [2], dtype: 'float32' },
        module,
        next: leaf ? [] : links,
        inputs: [],
        saved: [],
        parameter: leaf ? `p${i}` : null,
        formula: null,
      };
    });
    const paths = modules.filter(path => path !== null);
    return {
      format: 1,
      model: 'any',
      device: 'cpu',
      nodes,
      modules: paths.map(path => ({ path, kind: 'Block', description: '', parameters: 0 })),
    };
  });

/** A graph, and some of its containers. */
const drawings = graphs.chain(graph => {
  const drawing = new Drawing(graph, measure);
  const outline = drawing.outline();
  const containers = outline.filter(({ value }) => value === null).map(({ id }) => id);
  return fc.record({
    graph: fc.constant(graph),
    outline: fc.constant(outline),
    scene: fc.subarray(containers).map(open => drawing.scene(new Set(open))),
  });
});

function reachable(from: string, edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const stack = [from];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    for (const to of edges.get(next) ?? []) {
      if (!found.has(to)) stack.push(to);
      found.add(to);
    }
  }
  return found;
}

function neighbours(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const [from, to] of pairs) map.set(from, [...(map.get(from) ?? []), to]);
  return map;
}

describe('any graph with any modules open', () => {
  it('shows every node once: itself, or the closed box that it is in', () => {
    fc.assert(
      fc.property(drawings, ({ graph, outline, scene }) => {
        expect(
          outline
            .filter(({ value }) => value !== null)
            .map(({ value }) => value)
            .sort(),
        ).toEqual(graph.nodes.map((_, i) => i).sort());
        const parents = new Map(outline.map(({ id, parent }) => [id, parent]));
        const shown = new Map(scene.boxes.map(box => [box.id, box]));
        for (const { id, value } of outline) {
          if (value === null) continue;
          const chain: string[] = [];
          for (let at: string | null = id; at !== null; at = parents.get(at) ?? null) chain.push(at);
          const closed = chain.filter(each => shown.has(each) && shown.get(each)?.open !== true);
          expect(closed).toHaveLength(1);
        }
      }),
    );
  });

  it('leads all edges downwards, boxes beside each other, and what is in a box within it', () => {
    fc.assert(
      fc.property(drawings, ({ scene }) => {
        const boxes = new Map(scene.boxes.map(box => [box.id, box]));
        for (const { from, to, points } of scene.edges) {
          const [a, b] = [boxes.get(from), boxes.get(to)];
          expect((a?.y ?? 0) + (a?.height ?? 0)).toBeLessThan(b?.y ?? 0);
          expect(points.every(({ y }, i) => i === 0 || y >= (points[i - 1]?.y ?? 0) - 0.01)).toBe(true);
          expect(points[0]?.y).toBeCloseTo((a?.y ?? 0) + (a?.height ?? 0));
          expect(points.at(-1)?.y).toBeCloseTo(b?.y ?? 0);
        }
        const inside = (a: SceneBox, b: SceneBox) =>
          a.x >= b.x - 0.01 &&
          a.y >= b.y - 0.01 &&
          a.x + a.width <= b.x + b.width + 0.01 &&
          a.y + a.height <= b.y + b.height + 0.01;
        for (const [i, a] of scene.boxes.entries()) {
          const parent = boxes.get(a.parent ?? '');
          if (parent !== undefined) expect(inside(a, parent)).toBe(true);
          for (const b of scene.boxes.slice(i + 1)) {
            if (b.parent !== a.parent) continue;
            const apart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
            expect(apart, `${a.id} and ${b.id}`).toBe(true);
          }
        }
      }),
    );
  });

  it('keeps what can be reached from what', () => {
    fc.assert(
      fc.property(drawings, ({ graph, outline, scene }) => {
        const parents = new Map(outline.map(({ id, parent }) => [id, parent]));
        const closed = new Set(scene.boxes.filter(({ open }) => open !== true).map(({ id }) => id));
        const shownFor = (node: number) => {
          let at = outline.find(({ value }) => value === node)?.id ?? '';
          while (!closed.has(at)) at = parents.get(at) ?? 'nothing';
          return at;
        };
        const drawn = neighbours(scene.edges.map(({ from, to }) => [from, to] as const));
        const real = graph.nodes.flatMap(({ next }, to) =>
          next.flatMap(from => (from === null ? [] : [[`${from}`, `${to}`] as const])),
        );
        // Nothing is drawn that is not there, and nothing is left out: for single links, and so for ways of them.
        const expected = real
          .map(([from, to]) => [shownFor(Number(from)), shownFor(Number(to))] as const)
          .filter(([a, b]) => a !== b);
        const pairs = (list: readonly (readonly [string, string])[]) =>
          [...new Set(list.map(pair => pair.join(' → ')))].sort();
        expect(pairs(scene.edges.map(({ from, to }) => [from, to] as const))).toEqual(pairs(expected));
        const links = neighbours(real);
        for (let node = 0; node < graph.nodes.length; node++) {
          const ends = reachable(shownFor(node), drawn);
          for (const other of reachable(`${node}`, links)) {
            const end = shownFor(Number(other));
            expect(end === shownFor(node) || ends.has(end)).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
