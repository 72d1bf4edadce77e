/** The canvas on which a graph is drawn, and what a pointer does on it: drag to pan, wheel to pan and zoom, click. */
import { element } from '../shared/dom';
import type { Point } from './layout/types';
import { type Camera, pan, toPlane, type View, zoom } from './paint/camera';

/** What a pointer does. */
export interface SurfaceEvents {
  draw(context: CanvasRenderingContext2D): void;
  moved(camera: Camera): void;
  resized(view: View): void;
  /** The pointer is over a place of the plane; null where it has left. */
  over(place: Point | null): void;
  click(place: Point): void;
  doubleClick(place: Point): void;
}

/** A pointer that moves less clicks. */
const stillness = 4;
const lineHeight = 16;

/** The canvas. */
export class Surface {
  readonly element: HTMLElement;
  readonly #canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #frame: number | undefined;
  #pressed: { readonly from: Point; last: Point; dragged: boolean } | undefined;

  constructor(
    label: string,
    private readonly events: SurfaceEvents,
  ) {
    this.element = element('div', {
      class: 'graph-surface',
      attributes: {
        tabindex: '0',
        role: 'application',
        'aria-roledescription': 'graph',
        'aria-label': label,
      },
      children: [this.#canvas],
    });
    this.#listen();
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  get camera(): Camera {
    return this.#camera;
  }

  set camera(camera: Camera) {
    this.#camera = camera;
    this.draw();
  }

  /** The size of the canvas. */
  get view(): View {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** Draws with the next frame, however often it is asked for until then. */
  draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (context === null || this.#canvas.width === 0) return;
    const ratio = this.#canvas.width / Math.max(1, this.element.clientWidth);
    const { x, y, scale } = this.#camera;
    const all = ratio * scale;
    context.setTransform(all, 0, 0, all, -x * all, -y * all);
    this.events.draw(context);
  }

  #resize(): void {
    const { width, height } = this.view;
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.events.resized({ width, height });
    // An empty canvas is not to be seen, not even for a frame.
    this.#drawNow();
  }

  #place({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #move(camera: Camera): void {
    this.camera = camera;
    this.events.moved(camera);
  }

  #listen(): void {
    const { element: surface } = this;
    surface.addEventListener('pointerdown', event => {
      if (event.button > 1) return;
      const place = this.#place(event);
      this.#pressed = { from: place, last: place, dragged: false };
      surface.setPointerCapture(event.pointerId);
    });
    surface.addEventListener('pointermove', event => this.#pointerMoved(event));
    surface.addEventListener('pointerup', event => {
      const pressed = this.#pressed;
      this.#pressed = undefined;
      surface.classList.remove('dragging');
      if (pressed !== undefined && !pressed.dragged)
        this.events.click(toPlane(this.#camera, this.#place(event)));
    });
    surface.addEventListener('pointercancel', () => {
      this.#pressed = undefined;
    });
    surface.addEventListener('pointerleave', () => this.events.over(null));
    surface.addEventListener('dblclick', event => {
      this.events.doubleClick(toPlane(this.#camera, this.#place(event)));
    });
    surface.addEventListener('wheel', event => this.#wheel(event), { passive: false });
  }

  #pointerMoved(event: PointerEvent): void {
    const place = this.#place(event);
    const pressed = this.#pressed;
    if (pressed === undefined) {
      this.events.over(toPlane(this.#camera, place));
      return;
    }
    const far = Math.hypot(place.x - pressed.from.x, place.y - pressed.from.y) > stillness;
    pressed.dragged ||= far;
    if (!pressed.dragged) return;
    this.element.classList.add('dragging');
    this.#move(pan(this.#camera, place.x - pressed.last.x, place.y - pressed.last.y));
    pressed.last = place;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? lineHeight : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    // What two fingers do to zoom arrives as a wheel with Ctrl held.
    if (event.ctrlKey || event.metaKey)
      this.#move(zoom(this.#camera, Math.exp(-dy / 300), this.#place(event)));
    else if (event.shiftKey && dx === 0) this.#move(pan(this.#camera, -dy, 0));
    else this.#move(pan(this.#camera, -dx, -dy));
  }
}
