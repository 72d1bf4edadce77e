/** Graphs for tests, made as a network makes them: operations on what is there, then everything below the loss. */
import type { Graph, GraphModule, GraphNode } from '../../../src/protocol/graph';

interface Made {
  readonly name: string;
  readonly module: string | null;
  readonly shape: readonly number[];
  readonly inputs: readonly (Made | { readonly constant: readonly number[] })[];
  readonly parameter: string | null;
}

/** Something that was computed. */
export type Result = Made;

const float = (shape: readonly number[]) => ({ shape: [...shape], dtype: 'float32' });

/** Makes a graph. */
export class GraphMaker {
  readonly #modules: GraphModule[] = [];
  readonly #parameters = new Map<string, Made>();

  /** Says that there is a module. */
  module(path: string, kind: string, description = '', parameters = 0): this {
    this.#modules.push({ path, kind, description, parameters });
    return this;
  }

  /** A parameter; the same each time. */
  parameter(name: string, ...shape: number[]): Made {
    const module = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
    const made = this.#parameters.get(name) ?? {
      name: 'AccumulateGrad',
      module,
      shape,
      inputs: [],
      parameter: name,
    };
    this.#parameters.set(name, made);
    return made;
  }

  /** An operation; `null` is an input that needs no gradient. */
  operation(name: string, module: string | null, inputs: readonly (Made | null)[], ...shape: number[]): Made {
    const given = inputs.map(input => input ?? { constant: [4, 8] });
    return { name: `${name}Backward0`, module, shape, inputs: given, parameter: null };
  }

  /** `nn.Linear`. */
  linear(path: string, x: Made | null, inputs: number, outputs: number): Made {
    if (!this.#modules.some(module => module.path === path)) {
      const description = `in_features=${inputs}, out_features=${outputs}, bias=True`;
      this.module(path, 'Linear', description, inputs * outputs + outputs);
    }
    const weight = this.operation(
      'T',
      path,
      [this.parameter(`${path}.weight`, outputs, inputs)],
      inputs,
      outputs,
    );
    return this.operation('Addmm', path, [this.parameter(`${path}.bias`, outputs), x, weight], 4, outputs);
  }

  /** A module that does one thing. */
  simple(path: string, kind: string, name: string, x: Made): Made {
    this.module(path, kind);
    return this.operation(name, path, [x], ...x.shape);
  }

  /** Everything below `loss`, depth first. */
  graph(loss: Made, model = 'made up'): Graph {
    const numbers = new Map<Made, number>();
    const stack = [loss];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (numbers.has(next)) continue;
      numbers.set(next, numbers.size);
      for (const input of next.inputs.toReversed()) if (!('constant' in input)) stack.push(input);
    }
    const nodes = [...numbers.keys()].map(
      (made): GraphNode => ({
        name: made.name,
        output: float(made.shape),
        module: made.module,
        next: made.inputs.map(input => ('constant' in input ? null : (numbers.get(input) ?? null))),
        inputs: made.inputs.map(input => float('constant' in input ? input.constant : input.shape)),
        saved: [],
        parameter: made.parameter,
        formula: made.parameter === null ? `${made.name.replace('Backward0', '').toLowerCase()}(x)` : null,
      }),
    );
    const first = nodes.findIndex(({ next }) => next.includes(null));
    const into = first < 0 ? [] : [{ node: first, input: nodes[first]?.next.indexOf(null) ?? null }];
    const inputs = [{ name: 'images', meta: float([4, 1, 8, 8]), into }];
    return {
      format: 1,
      model,
      device: 'cpu',
      nodes,
      modules: [{ path: '', kind: 'Net', description: '', parameters: 0 }, ...this.#modules],
      inputs,
    };
  }

  /** The usual end: log-softmax and the negative log-likelihood. */
  loss(x: Made): Made {
    return this.operation('NllLoss', null, [this.operation('LogSoftmax', null, [x], ...x.shape)]);
  }
}

/** A perceptron with hidden layers of these sizes, as one flat sequence. */
export function perceptron(...sizes: number[]): Graph {
  const maker = new GraphMaker();
  let x: Made | null = null;
  sizes.slice(1).forEach((size, i) => {
    x = maker.linear(`fc${i + 1}`, x, sizes[i] ?? 0, size);
    if (i + 2 < sizes.length) x = maker.simple(`relu${i + 1}`, 'ReLU', 'Relu', x);
  });
  if (x === null) throw new Error('a perceptron has layers');
  return maker.graph(maker.loss(x), `mlp ${sizes.join('-')}`);
}

/** A transformer: equal encoder layers, each with attention, a feed-forward part and two connections around them. */
export function transformer(layers: number, size = 64): Graph {
  const maker = new GraphMaker();
  maker.module('encoder', 'Encoder');
  const norm = (path: string, x: Made) => {
    maker.module(path, 'LayerNorm', `(${size},)`, 2 * size);
    const learned = [maker.parameter(`${path}.weight`, size), maker.parameter(`${path}.bias`, size)];
    return maker.operation('NativeLayerNorm', path, [x, ...learned], ...x.shape);
  };
  let x = maker.linear('embed', null, 32, size);
  for (let i = 0; i < layers; i++) {
    const path = `encoder.${i}`;
    maker.module(path, 'EncoderLayer').module(`${path}.attention`, 'Attention');
    const [query, key, value] = ['q', 'k', 'v'].map(name =>
      maker.linear(`${path}.attention.${name}`, x, size, size),
    );
    const at = `${path}.attention`;
    const scores = maker.operation(
      'Mul',
      at,
      [maker.operation('Mm', at, [query ?? x, maker.operation('T', at, [key ?? x], size, 4)], 4, 4), null],
      4,
      4,
    );
    const mixed = maker.operation(
      'Mm',
      at,
      [maker.operation('Softmax', at, [scores], 4, 4), value ?? x],
      4,
      size,
    );
    const out = maker.linear(`${path}.attention.out`, mixed, size, size);
    x = norm(`${path}.norm1`, maker.operation('Add', path, [x, out], 4, size));
    const hidden = maker.simple(
      `${path}.relu`,
      'ReLU',
      'Relu',
      maker.linear(`${path}.fc1`, x, size, 4 * size),
    );
    const fed = maker.linear(`${path}.fc2`, hidden, 4 * size, size);
    x = norm(`${path}.norm2`, maker.operation('Add', path, [x, fed], 4, size));
  }
  return maker.graph(maker.loss(maker.linear('head', x, size, 10)), `transformer ×${layers}`);
}

/** A deep network without modules: a chain of so many nodes with weights beside it and connections over some of it. */
export function deepNetwork(nodes: number): Graph {
  const maker = new GraphMaker();
  const chain: Made[] = [maker.operation('Relu', null, [null], 4, 8)];
  for (let made = 4; made < nodes; ) {
    const x = chain.at(-1) ?? maker.operation('Relu', null, [null], 4, 8);
    const [weight, bias] = [maker.parameter(`w${made}`, 8, 8), maker.parameter(`b${made}`, 8)];
    const product = maker.operation(
      'Addmm',
      null,
      [bias, x, maker.operation('T', null, [weight], 8, 8)],
      4,
      8,
    );
    const next = maker.operation('Relu', null, [product], 4, 8);
    const over = chain.at(-4);
    made += 5;
    if (over !== undefined && chain.length % 2 === 0) {
      chain.push(maker.operation('Add', null, [next, over], 4, 8));
      made++;
    } else chain.push(next);
  }
  return maker.graph(maker.loss(chain.at(-1) ?? maker.parameter('nothing', 1)), `deep ${nodes}`);
}
