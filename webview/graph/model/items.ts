/**
 * What is drawn, as a tree: nodes and inputs are its leaves; modules, and sequences of equal modules, hold others. A
 * module whose work comes in several places (its weights are shared) has an item for each of them.
 */
import type { Value } from './flow';

/** A node of the graph, or an input of the model. */
export interface Leaf {
  readonly kind: 'node' | 'input';
  readonly id: string;
  parent: Container | null;
  readonly value: Value;
}

/** Something that holds others and can be shown closed or open. */
export interface Container {
  readonly kind: 'root' | 'module' | 'repeat';
  readonly id: string;
  parent: Container | null;
  children: Item[];
  /** The path of the module; of a sequence, that of the module that holds it. */
  readonly path: string;
  /** Of a sequence: how often its pattern is repeated. */
  readonly times: number;
  /** Of a sequence: how many of its children make the pattern. Parameters that belong to no module come after all. */
  readonly pattern: number;
}

/** Anything that is drawn. */
export type Item = Leaf | Container;

/** Whether an item holds others. */
export function isContainer(item: Item): item is Container {
  return item.kind !== 'node' && item.kind !== 'input';
}

/** The item of a node, by its number. */
export function nodeId(node: number): string {
  return `n:${node}`;
}

/** A container and what it is in, from the outside: the root first. */
export function pathTo(container: Container | null): Container[] {
  const found: Container[] = [];
  for (let next = container; next !== null; next = next.parent) found.push(next);
  return found.reverse();
}

/** The innermost container that both are in, or are. */
export function commonContainer(a: Container, b: Container): Container | undefined {
  const [toA, toB] = [pathTo(a), pathTo(b)];
  let common: Container | undefined;
  for (let i = 0; i < toA.length && toA[i] === toB[i]; i++) common = toA[i];
  return common;
}

/** The leaves in an item, in their order. */
export function leavesOf(item: Item): Leaf[] {
  const found: Leaf[] = [];
  const stack: Item[] = [item];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (isContainer(next)) stack.push(...next.children.toReversed());
    else found.push(next);
  }
  return found;
}
