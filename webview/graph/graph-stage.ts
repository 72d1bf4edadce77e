/** The canvas with a scene on it: where one looks, and what is pointed out. */
import { type Direction, endOfFlow } from './navigate';
import { firstLook, fitIn, pan, reveal, zoom } from './paint/camera';
import { type Emphasis, Painter } from './painter';
import type { Point, SceneBox } from './scene';
import type { SceneIndex } from './scene-index';
import { Surface } from './surface';

/** What happens on the stage. */
export interface StageEvents {
  hover(box: SceneBox | undefined): void;
  /** `onSign` says whether the click was on the sign that opens and closes. */
  click(box: SceneBox | undefined, onSign: boolean): void;
  doubleClick(box: SceneBox): void;
  emphasis(): Emphasis;
}

/** How wide the place of the sign is at the right end of a title. */
const signWidth = 28;
const titleArea = 30;
/** Pixels that a key pans. */
const panStep = 80;

/** The canvas. */
export class GraphStage {
  readonly surface: Surface;
  readonly painter = new Painter();
  #index: SceneIndex | undefined;
  /** What is fitted to the size of the page until the person moves what is seen: the beginning, or everything. */
  #fitted: 'first' | 'all' | null = 'first';

  constructor(label: string, events: StageEvents) {
    this.surface = new Surface(label, {
      draw: context =>
        this.painter.draw(context, this.#index, this.surface.camera, this.surface.view, events.emphasis()),
      moved: () => {
        this.#fitted = null;
      },
      resized: () => {
        if (this.#fitted !== null) this.#look(this.#fitted);
      },
      over: place => events.hover(place === null ? undefined : this.#index?.at(place)),
      click: place => {
        const box = this.#index?.at(place);
        events.click(box, box !== undefined && onSign(box, place));
      },
      doubleClick: place => {
        const box = this.#index?.at(place);
        if (box !== undefined && !onSign(box, place)) events.doubleClick(box);
      },
    });
  }

  get index(): SceneIndex | undefined {
    return this.#index;
  }

  /** Shows a scene; the box `fixed` stays where it was on the screen. Without one it is looked at anew. */
  show(index: SceneIndex | undefined, fixed?: string): void {
    const [before, after] = [this.#index?.box(fixed ?? null), index?.box(fixed ?? null)];
    this.#index = index;
    if (before !== undefined && after !== undefined) {
      const { x, y, scale } = this.surface.camera;
      this.surface.camera = { x: x + after.x - before.x, y: y + after.y - before.y, scale };
      this.#fitted = null;
    } else if (fixed === undefined) this.#look('first');
    this.surface.draw();
  }

  /** Has a box seen. */
  reveal(box: SceneBox): void {
    this.#fitted = null;
    this.surface.camera = reveal(this.surface.camera, box, this.surface.view);
  }

  /** Shows everything where it can be made out, else the beginning. */
  start(): void {
    this.#look('first');
  }

  /** Shows everything. */
  fit(): void {
    this.#look('all');
  }

  zoom(factor: number): void {
    const { width, height } = this.surface.view;
    this.#fitted = null;
    this.surface.camera = zoom(this.surface.camera, factor, { x: width / 2, y: height / 2 });
  }

  pan(direction: Direction): void {
    const [dx, dy] = { up: [0, panStep], down: [0, -panStep], left: [panStep, 0], right: [-panStep, 0] }[
      direction
    ] as [number, number];
    this.#fitted = null;
    this.surface.camera = pan(this.surface.camera, dx, dy);
  }

  #look(at: 'first' | 'all'): void {
    this.#fitted = at;
    const first = this.#index && endOfFlow(this.#index, 'first');
    if (this.#index === undefined || first === undefined) return;
    const { bounds } = this.#index;
    const start = { x: first.x + first.width / 2, y: first.y };
    const { view } = this.surface;
    this.surface.camera = at === 'all' ? fitIn(bounds, view) : firstLook(bounds, start, view);
  }
}

function onSign(box: SceneBox, { x, y }: Point): boolean {
  return (
    box.open !== null && x > box.x + box.width - signWidth && y < box.y + (box.open ? titleArea : box.height)
  );
}
