/** A graph as it is drawn: boxes and edges with their places in the plane. It crosses from the worker to the page. */
import type { GraphKind } from '../../src/protocol/graph-kinds';
import type { Point } from './layout/types';
import type { Value } from './model/flow';

export type { Point };

/** What a box stands for. */
export type BoxKind = 'node' | 'parameter' | 'input' | 'module' | 'repeat';

/** A box. */
export interface SceneBox {
  readonly id: string;
  readonly kind: BoxKind;
  /** What it is for; for its colour. */
  readonly tone: GraphKind;
  /** Of a node or an input. */
  readonly value: Value | null;
  /** Of a module. */
  readonly path: string | null;
  /** What it is in; null at the top. */
  readonly parent: string | null;
  /** How many boxes it is in. */
  readonly depth: number;
  /** Whether it is open and shows what is in it; null where there is nothing in it. */
  readonly open: boolean | null;
  /** How often a pattern is repeated in it, such as `×12`; else nothing. */
  readonly badge: string;
  /** What stands on it: a name, what it is, and a line below. */
  readonly title: string;
  readonly about: string;
  readonly detail: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A value on its way from one closed box to another. */
export interface SceneEdge {
  readonly from: string;
  readonly to: string;
  readonly value: Value;
  readonly points: readonly Point[];
  /** The value's shape as it arrives. */
  readonly shape: string;
  /** Where the shape is written; null where it stands at another edge of the same value. */
  readonly label: Point | null;
  /** Whether it carries data, and not a parameter. */
  readonly main: boolean;
  /** Whether a gradient comes back. */
  readonly gradient: boolean;
}

/** A graph as it is drawn. */
export interface Scene {
  /** What holds others comes before these. */
  readonly boxes: readonly SceneBox[];
  readonly edges: readonly SceneEdge[];
  readonly width: number;
  readonly height: number;
}

/** An item of the tree, whether it is seen or not. */
export interface OutlineItem {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: BoxKind;
  readonly value: Value | null;
  readonly path: string | null;
  readonly title: string;
  readonly about: string;
}

/** How tall the title bar of an open box is. */
export const titleHeight = 28;
