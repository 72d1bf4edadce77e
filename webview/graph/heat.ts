/** How large the gradients of a graph were when they were last seen. */
import type { Graph } from '../../src/protocol/graph';
import type { GraphLook } from '../../src/protocol/graph-page';
import type { Statistics } from '../../src/protocol/tensors';
import { measure } from '../shared/format';
import type { Value } from './model/flow';

/** The gradients of several tensors, taken together. */
export interface Magnitude {
  /** The root of the mean of their squares; null where no value is finite. */
  readonly rms: number | null;
  /** Whether there is a NaN or an infinity among them. */
  readonly broken: boolean;
}

function together(statistics: readonly Statistics[]): Magnitude | undefined {
  if (statistics.length === 0) return undefined;
  let [squares, count] = [0, 0];
  for (const { norm, count: all, nan, infinite } of statistics) {
    squares += (norm ?? 0) ** 2;
    count += all - nan - infinite;
  }
  const broken = statistics.some(({ nan, infinite }) => nan + infinite > 0);
  return { rms: count === 0 ? null : Math.sqrt(squares / count), broken };
}

/** The statistics of one look, by node. */
export class Seen {
  readonly #nodes: ReadonlyMap<number, GraphLook['nodes'][number]>;
  readonly #parameters: ReadonlyMap<string, GraphLook['parameters'][number]>;

  constructor(
    private readonly graph: Graph,
    readonly look: GraphLook,
  ) {
    this.#nodes = new Map(look.nodes.map(each => [each.node, each]));
    this.#parameters = new Map(look.parameters.map(each => [each.name, each]));
  }

  /** What was seen of a node; undefined where it was not looked at. */
  of(value: Value) {
    const parameter = this.graph.nodes[value]?.parameter;
    if (parameter != null) return { dead: null, updateRatio: null, ...this.#parameters.get(parameter) };
    const node = this.#nodes.get(value);
    return node && { updateRatio: null, ...node };
  }

  /**
   * How large the gradients of several nodes are: those of their parameters or, where there are none, that of what
   * they give in the end.
   */
  gradientOf(values: readonly Value[]): Magnitude | undefined {
    const gradients = (some: readonly Value[]) => some.flatMap(value => this.of(value)?.gradient ?? []);
    const parameters = gradients(values.filter(value => this.graph.nodes[value]?.parameter != null));
    if (parameters.length > 0) return together(parameters);
    // Nodes are numbered from the loss.
    const last = [...values].sort((a, b) => a - b).find(value => this.of(value)?.gradient != null);
    return last === undefined ? undefined : together(gradients([last]));
  }
}

/** From the smallest to the largest of some sizes, each of which can be a thousand times another. */
export class HeatScale {
  readonly #from: number;
  readonly #to: number;

  constructor(sizes: readonly number[]) {
    const logs = sizes.filter(size => size > 0).map(Math.log10);
    this.#from = Math.min(...logs);
    this.#to = Math.max(...logs);
  }

  /** The least and the largest; undefined where there are none. */
  get ends(): readonly [number, number] | undefined {
    return Number.isFinite(this.#from) ? [10 ** this.#from, 10 ** this.#to] : undefined;
  }

  /** Where a size is between the ends, from 0 to 1. */
  share(size: number): number {
    if (!(size > 0)) return 0;
    if (this.#to === this.#from) return 1;
    return (Math.log10(size) - this.#from) / (this.#to - this.#from);
  }
}

/** `∇ 0.00123`: a gradient in a word. */
export function gradientText(magnitude: Magnitude | undefined): string {
  if (magnitude === undefined) return '';
  if (magnitude.broken) return '∇ not finite';
  return magnitude.rms === null ? '' : `∇ ${measure(magnitude.rms)}`;
}
