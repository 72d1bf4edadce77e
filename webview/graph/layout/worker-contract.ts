/** What the page and the worker that lays graphs out say to each other. Both are parts of one program. */
import type { Graph } from '../../../src/protocol/graph';
import type { OutlineItem, Scene } from '../scene';

/** The fonts of what stands on boxes, as a canvas takes them. */
export interface Fonts {
  readonly title: string;
  readonly about: string;
  readonly detail: string;
}

/** Takes a graph in, or draws the one that was taken in. */
export type Task =
  | { readonly kind: 'read'; readonly graph: Graph; readonly fonts: Fonts }
  | { readonly kind: 'draw'; readonly open: readonly string[] };

/** A task with a number, by which its answer is told. */
export interface Request {
  readonly id: number;
  readonly task: Task;
}

/** The answer to a task. */
export type Reply =
  | { readonly id: number; readonly kind: 'outline'; readonly outline: readonly OutlineItem[] }
  | { readonly id: number; readonly kind: 'scene'; readonly scene: Scene }
  | { readonly id: number; readonly kind: 'error'; readonly message: string };
