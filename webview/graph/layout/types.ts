/**
 * What is laid out, and what comes of it: a directed graph without circles in rows, each edge leading downwards. Nodes
 * have sizes and nothing else; what they mean is known elsewhere.
 */

/** A node's extent. Straight lines of edges go through its anchor, which need not be in its middle. */
export interface LayeredNode {
  /** From the anchor to the left border, and to the right one. */
  readonly left: number;
  readonly right: number;
  readonly height: number;
  /** Whether it must stand above all others, or below. */
  readonly end?: 'top' | 'bottom';
}

/** An edge from a node to one below it. */
export interface LayeredEdge {
  readonly from: number;
  readonly to: number;
  /** Edges of one node with the same wire go the same way as far as they can. */
  readonly wire: number;
  /** Whether it is drawn as straight as possible, before others are. */
  readonly main: boolean;
  /** Where it leaves and arrives, seen from the anchor; anywhere on the border where nothing is said. */
  readonly fromX?: number;
  readonly toX?: number;
}

/** A place in the plane; y grows downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything is. The upper left corner of all nodes is at 0, 0. */
export interface Layered {
  /** The anchor and the upper border of each node. */
  readonly nodes: readonly Point[];
  /** The way of each edge, from border to border. Between two points it is a line, or a curve with upright ends. */
  readonly routes: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

/** Reads a list that is known to be long enough. */
export function at(list: ArrayLike<number>, index: number): number {
  return list[index] ?? 0;
}
