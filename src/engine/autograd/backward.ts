/** The backward pass: walks the graph from its roots, each node once, latest first. */
import { EngineError } from '../errors';
import { full } from '../ops/creation/creation';
import { defineMethods } from '../ops/methods';
import { formatShape, sameShape } from '../shape';
import type { Tensor } from '../tensor';
import { enableGrad, noGrad } from './grad-mode';
import { keepRetained, throughHooks } from './hooks';
import { AccumulateGrad, type Edge, type GradNode } from './node';

type Gradients = readonly (Tensor | undefined)[];

/** Is shown a node with the gradients that arrived for its outputs. */
export type Visit = (node: GradNode, gradients: Gradients) => void;

/** What a walk does with the gradients that arrive at a node: gives those that the node turns over. */
type Arrival = (node: GradNode, gradients: Gradients) => Gradients;

/** Options of the backward pass. */
export interface BackwardOptions {
  /** Keep what the forward pass saved, so that the graph can be walked again. */
  readonly retainGraph?: boolean;
  /** Record the gradients themselves, so that they can be differentiated. */
  readonly createGraph?: boolean;
  /** Is shown each node with the gradients that arrived for its outputs. */
  readonly onGradients?: Visit;
}

/** Gradients that have arrived at a node so far, one entry per output of its forward operation. */
type Arrived = Map<GradNode, (Tensor | undefined)[]>;

/** Nodes that can be reached from `roots` and how many links lead to each of them. */
function countDependencies(roots: readonly GradNode[]): Map<GradNode, number> {
  const counts = new Map<GradNode, number>(roots.map(root => [root, 0]));
  const stack = [...counts.keys()];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const edge of node.nextFunctions) {
      if (edge === undefined) continue;
      const known = counts.get(edge.node);
      if (known === undefined) stack.push(edge.node);
      counts.set(edge.node, (known ?? 0) + 1);
    }
  }
  return counts;
}

function addTo(arrived: Arrived, { node, output }: Edge, gradient: Tensor): void {
  let slots = arrived.get(node);
  if (slots === undefined) {
    slots = new Array<Tensor | undefined>(node.outputs.length).fill(undefined);
    arrived.set(node, slots);
  }
  const before = slots[output];
  slots[output] = before === undefined ? gradient : before.add(gradient);
}

/** Takes the ready node that was made last. */
function takeLatest(ready: GradNode[]): GradNode | undefined {
  let latest = 0;
  for (let i = 1; i < ready.length; i++) {
    if ((ready[i]?.sequence ?? -1) > (ready[latest]?.sequence ?? -1)) latest = i;
  }
  return ready.splice(latest, 1)[0];
}

function walk(arrived: Arrived, retainGraph: boolean, arrive: Arrival, accumulate: boolean): void {
  const waiting = countDependencies([...arrived.keys()]);
  const ready = [...waiting].filter(([, count]) => count === 0).map(([node]) => node);
  for (let node = takeLatest(ready); node !== undefined; node = takeLatest(ready)) {
    const gradients = arrive(node, arrived.get(node) ?? []);
    arrived.delete(node);
    const leaf = node instanceof AccumulateGrad;
    const some = gradients.some(gradient => gradient !== undefined);
    const results = some && (!leaf || accumulate) ? node.apply(gradients) : [];
    if (some && !retainGraph) node.release();
    node.nextFunctions.forEach((edge, i) => {
      if (edge === undefined) return;
      const result = results[i];
      if (result !== undefined) addTo(arrived, edge, result);
      const left = (waiting.get(edge.node) ?? 0) - 1;
      waiting.set(edge.node, left);
      if (left === 0) ready.push(edge.node);
    });
  }
}

function seed(roots: readonly Tensor[], gradients: readonly (Tensor | undefined)[]): Arrived {
  const arrived: Arrived = new Map();
  roots.forEach((root, i) => {
    const edge = root.inputEdge;
    if (edge === undefined) {
      throw new EngineError(`element ${i} of tensors does not require grad and does not have a grad_fn`);
    }
    const given = gradients[i];
    if (given === undefined && root.numel() !== 1) {
      throw new EngineError(
        `grad can be implicitly created only for scalar outputs (this one has shape ${formatShape(root.shape)})`,
      );
    }
    if (given !== undefined && !sameShape(given.shape, root.shape)) {
      throw new EngineError(
        `Mismatch in shape: grad_output[${i}] has a shape of ${formatShape(given.shape)} and output[${i}] ` +
          `has a shape of ${formatShape(root.shape)}.`,
      );
    }
    const { dtype, device, shape } = root;
    addTo(arrived, edge, given ?? full(shape, 1, { dtype, device }));
  });
  return arrived;
}

/** The passes that build a graph of their own run with recording on, the others without. */
function record<T>(createGraph: boolean, body: () => T): T {
  return createGraph ? enableGrad(body) : noGrad(body);
}

/** Adds the gradients of the roots to the `grad` of every leaf below them (`torch.autograd.backward`). */
export function backward(
  roots: readonly Tensor[],
  gradients: readonly (Tensor | undefined)[],
  { createGraph = false, retainGraph = createGraph, onGradients }: BackwardOptions,
): void {
  const arrive: Arrival = (node, arrived) => {
    const gradients = throughHooks(node, arrived);
    keepRetained(node, gradients);
    onGradients?.(node, gradients);
    return gradients;
  };
  record(createGraph, () => walk(seed(roots, gradients), retainGraph, arrive, true));
}

/**
 * The gradients of the roots with respect to `inputs`, without touching any `grad`
 * (`torch.autograd.grad`); undefined for an input that the roots do not depend on.
 */
export function grad(
  roots: readonly Tensor[],
  inputs: readonly Tensor[],
  options: BackwardOptions & { readonly gradOutputs?: readonly (Tensor | undefined)[] } = {},
): (Tensor | undefined)[] {
  const { createGraph = false, retainGraph = createGraph, gradOutputs = [] } = options;
  const found = new Array<Tensor | undefined>(inputs.length).fill(undefined);
  const edges = inputs.map(input => input.inputEdge);
  const arrive: Arrival = (node, gradients) => {
    edges.forEach((edge, i) => {
      if (edge?.node === node) found[i] = gradients[edge.output];
    });
    // The hooks of a leaf belong to its `grad`, which is not touched.
    return node instanceof AccumulateGrad ? gradients : throughHooks(node, gradients);
  };
  record(createGraph, () => walk(seed(roots, gradOutputs), retainGraph, arrive, false));
  return found;
}

defineMethods({
  backward: (self: Tensor, gradient?: Tensor, options: BackwardOptions = {}) =>
    backward([self], [gradient], options),
});

declare module '../tensor' {
  interface Tensor {
    /**
     * Computes the gradients of this tensor with respect to the leaves of its graph and adds them to their
     * `grad`. Without `gradient` the tensor must have one element.
     */
    backward(gradient?: Tensor, options?: BackwardOptions): void;
  }
}
