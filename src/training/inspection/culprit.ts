/** Where in a step numbers went wrong: the first place in the order in which they are computed. */
import { AccumulateGrad, compute, type GradNode, type Tensor } from '../../engine';
import type { NextStep } from './next-step';

/** A place where something is not finite, or too far from zero. */
export interface Culprit {
  /** The number of the node in the graph. */
  readonly node: number;
  /** What of it: what its forward operation gives, the gradient that arrives at it, or the parameter after the step. */
  readonly of: 'value' | 'gradient' | 'update';
  /** Such as `AddmmBackward0 of fc1`, `fc1.weight` or, between modules, `AddBackward0 after blocks.3`. */
  readonly name: string;
}

/** The nodes in the order of the forward pass, each parameter before the first operation that uses it. */
function inForwardOrder(nodes: readonly GradNode[]): GradNode[] {
  const order = new Set<GradNode>();
  const operations = nodes.filter(node => !(node instanceof AccumulateGrad));
  for (const node of operations.toSorted((a, b) => a.sequence - b.sequence)) {
    for (const edge of node.nextFunctions) if (edge?.node instanceof AccumulateGrad) order.add(edge.node);
    order.add(node);
  }
  return [...order];
}

/** Whether all numbers are within `limit` of zero; NaN is not. */
async function isWithin(tensor: Tensor, limit: number): Promise<boolean> {
  const data = await tensor.data();
  if (data instanceof BigInt64Array) return true;
  for (let i = 0; i < data.length; i++) if (!(Math.abs(data[i] ?? 0) <= limit)) return false;
  return true;
}

function nameOf(step: NextStep, node: GradNode): string {
  if (node instanceof AccumulateGrad) {
    const parameter = step.network.namedParameters().find(([, value]) => value === node.variable);
    return parameter?.[0] ?? node.name;
  }
  const paths = new Map<unknown, string>(step.network.namedModules().map(([path, module]) => [module, path]));
  const module = paths.get(node.scope);
  if (module) return `${node.name} of ${module}`;
  if (step.nodes.filter(({ name }) => name === node.name).length === 1) return node.name;
  // Of several, the module before it says which.
  const order = inForwardOrder(step.nodes);
  const before = order.slice(0, order.indexOf(node)).findLast(({ scope }) => paths.get(scope));
  const last = paths.get(before?.scope);
  return last === undefined ? node.name : `${node.name} after ${last}`;
}

/** The first of the tensors that goes beyond `limit`. */
async function firstBeyond(
  limit: number,
  places: readonly { readonly node: GradNode; readonly tensor: Tensor | undefined }[],
): Promise<GradNode | undefined> {
  await compute(...places.flatMap(({ tensor }) => tensor ?? []));
  for (const { node, tensor } of places) {
    if (tensor !== undefined && !(await isWithin(tensor, limit))) return node;
  }
  return undefined;
}

/**
 * The first place in the forward or backward pass of a step; undefined if there is none.
 * @param limit how far from zero values of the forward pass may be
 */
export async function findCulprit(step: NextStep, limit = Number.MAX_VALUE): Promise<Culprit | undefined> {
  const forward = inForwardOrder(step.nodes);
  const value = await firstBeyond(
    limit,
    forward.map(node => ({ node, tensor: node.value })),
  );
  const backward = () =>
    firstBeyond(
      Number.MAX_VALUE,
      forward.toReversed().map(node => ({ node, tensor: step.gradients.get(node) })),
    );
  const node = value ?? (await backward());
  if (node === undefined) return undefined;
  const of = value === undefined ? 'gradient' : 'value';
  return { node: step.nodes.indexOf(node), of, name: nameOf(step, node) };
}

/** The first parameter that is not finite any more now that the step was taken; undefined if all are. */
export async function findBadUpdate(step: NextStep): Promise<Culprit | undefined> {
  const leaves = inForwardOrder(step.nodes).filter(node => node instanceof AccumulateGrad);
  const node = await firstBeyond(
    Number.MAX_VALUE,
    leaves.map(leaf => ({ node: leaf, tensor: leaf.variable.detach() })),
  );
  return node && { node: step.nodes.indexOf(node), of: 'update', name: nameOf(step, node) };
}
