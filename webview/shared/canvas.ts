/** A canvas that is as sharp as the screen: it is drawn on in the page's pixels, whatever the screen's are. */
import { element } from './dom';

/** A canvas and what it is drawn on with. */
export class SharpCanvas {
  readonly element = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  readonly context: CanvasRenderingContext2D;
  #width = 0;
  #height = 0;
  #scale = 1;

  constructor() {
    const context = this.element.getContext('2d');
    if (context === null) throw new Error('there is no canvas to draw on');
    this.context = context;
  }

  /** In the page's pixels. */
  get width(): number {
    return this.#width;
  }

  /** In the page's pixels. */
  get height(): number {
    return this.#height;
  }

  /** Pixels of the screen in one of the page's. */
  get scale(): number {
    return this.#scale;
  }

  /** Makes it fit; tells whether anything has changed, which empties it. */
  resize(width: number, height: number): boolean {
    const scale = window.devicePixelRatio;
    if (width === this.#width && height === this.#height && scale === this.#scale) return false;
    [this.#width, this.#height, this.#scale] = [width, height, scale];
    this.element.width = Math.round(width * scale);
    this.element.height = Math.round(height * scale);
    return true;
  }

  /** Empties it, ready to be drawn on. */
  clear(): CanvasRenderingContext2D {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.element.width, this.element.height);
    context.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    return context;
  }
}
