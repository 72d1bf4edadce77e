/** A scene, made ready for questions: what is where, and what is linked to what. */
import { overlap, type Rectangle } from './paint/camera';
import type { Point, Scene, SceneBox, SceneEdge } from './scene';

/** An edge with what it covers. */
export interface IndexedEdge extends SceneEdge {
  readonly bounds: Rectangle;
}

/** A scene to ask. */
export class SceneIndex {
  readonly boxes: readonly SceneBox[];
  readonly edges: readonly IndexedEdge[];
  readonly bounds: Rectangle;
  readonly #byId: ReadonlyMap<string, SceneBox>;
  readonly #leaving = new Map<string, IndexedEdge[]>();
  readonly #arriving = new Map<string, IndexedEdge[]>();

  constructor(scene: Scene) {
    this.boxes = scene.boxes;
    this.bounds = { x: 0, y: 0, width: scene.width, height: scene.height };
    this.#byId = new Map(scene.boxes.map(box => [box.id, box]));
    this.edges = scene.edges.map(edge => ({ ...edge, bounds: boundsOf(edge.points) }));
    for (const edge of this.edges) {
      put(this.#leaving, edge.from, edge);
      put(this.#arriving, edge.to, edge);
    }
  }

  box(id: string | null): SceneBox | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  /** The edges that leave a closed box. */
  leaving(id: string): readonly IndexedEdge[] {
    return this.#leaving.get(id) ?? [];
  }

  /** The edges that arrive at a closed box. */
  arriving(id: string): readonly IndexedEdge[] {
    return this.#arriving.get(id) ?? [];
  }

  /** The innermost box at a place. */
  at({ x, y }: Point): SceneBox | undefined {
    return this.boxes.findLast(box => overlap(box, { x, y, width: 0, height: 0 }));
  }

  /** The boxes directly in an open box; those at the top for null. */
  within(parent: string | null): SceneBox[] {
    return this.boxes.filter(box => box.parent === parent);
  }
}

function put(map: Map<string, IndexedEdge[]>, key: string, edge: IndexedEdge): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [edge]);
  else list.push(edge);
}

/** Edges end in arrows, and others may run beside them. */
const around = 12;

function boundsOf(points: readonly Point[]): Rectangle {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return {
    x: left - around,
    y: top - around,
    width: right - left + 2 * around,
    height: bottom - top + 2 * around,
  };
}
