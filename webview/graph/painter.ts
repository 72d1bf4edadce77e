/** Draws a scene with what is known and chosen just now: on the screen, or into a file. */

import { type Camera, seenPart, type View } from './paint/camera';
import { CanvasPen } from './paint/canvas-pen';
import type { Heat, Manner } from './paint/manner';
import { paintScene } from './paint/paint-scene';
import { currentPalette, type Palette } from './paint/palette';
import { SvgPen } from './paint/svg-pen';
import type { SceneBox, SceneEdge } from './scene';
import type { SceneIndex } from './scene-index';

/** What is pointed out in a drawing. */
export interface Emphasis {
  readonly backward: boolean;
  readonly selected: string | null;
  readonly hovered: string | null;
  readonly found: ReadonlySet<string>;
  readonly heat: ((box: SceneBox) => Heat) | undefined;
  readonly gradientText: (edge: SceneEdge) => string;
}

/** Below this scale curves cannot be told from lines. */
const coarse = 0.3;
/** Around the drawing in a file. */
const margin = 24;
/** No side of a picture has more pixels: larger canvases stay empty. */
const largestSide = 8192;

/** Draws scenes. */
export class Painter {
  #palette = currentPalette();
  readonly #context = document.createElement('canvas').getContext('2d');
  readonly #widths = new Map<string, number>();
  readonly #short = new Map<string, string>();

  get palette(): Palette {
    return this.#palette;
  }

  /** The theme is another one. */
  refresh(): void {
    this.#palette = currentPalette();
    this.#widths.clear();
    this.#short.clear();
  }

  /** Draws what is seen. */
  draw(
    context: CanvasRenderingContext2D,
    index: SceneIndex | undefined,
    camera: Camera,
    view: View,
    emphasis: Emphasis,
  ): void {
    const part = seenPart(camera, view);
    context.fillStyle = this.#palette.background;
    context.fillRect(part.x, part.y, part.width, part.height);
    if (index === undefined) return;
    const pen = new CanvasPen(context, camera.scale < coarse);
    paintScene(pen, index, this.#manner(part, camera.scale, emphasis));
  }

  /** The whole as SVG. */
  svg(index: SceneIndex, title: string, emphasis: Emphasis): string {
    const part = withMargin(index.bounds);
    const pen = new SvgPen();
    paintScene(pen, index, this.#manner(part, 1, emphasis));
    return pen.finish(title, part, this.#palette.background);
  }

  /** The whole as PNG, twice as fine as the screen as long as that is not too large. */
  async png(index: SceneIndex, emphasis: Emphasis): Promise<Blob> {
    const part = withMargin(index.bounds);
    const scale = Math.min(2, largestSide / part.width, largestSide / part.height);
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(part.width * scale);
    canvas.height = Math.ceil(part.height * scale);
    const context = canvas.getContext('2d', { alpha: false });
    context?.setTransform(scale, 0, 0, scale, -part.x * scale, -part.y * scale);
    if (context !== null) this.draw(context, index, { ...part, scale }, canvas, emphasis);
    return new Promise((resolve, reject) => {
      const failed = () => reject(new Error('the picture cannot be made; save it as SVG'));
      canvas.toBlob(blob => (blob === null ? failed() : resolve(blob)), 'image/png');
    });
  }

  #manner(part: Manner['part'], scale: number, emphasis: Emphasis): Manner {
    return {
      ...emphasis,
      palette: this.#palette,
      part,
      scale,
      widthOf: (text, font) => this.#widthOf(text, font),
      shorten: (text, width, font) => this.#shorten(text, width, font),
    };
  }

  #widthOf(text: string, font: string): number {
    const key = `${font}|${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      if (this.#context !== null) this.#context.font = font;
      width = this.#context?.measureText(text).width ?? 0;
      this.#widths.set(key, width);
    }
    return width;
  }

  #shorten(text: string, width: number, font: string): string {
    if (this.#widthOf(text, font) <= width + 0.5) return text;
    const key = `${font}|${Math.round(width)}|${text}`;
    let short = this.#short.get(key);
    if (short === undefined) {
      let [fits, fails] = [0, text.length];
      while (fails - fits > 1) {
        const middle = (fits + fails) >> 1;
        if (this.#widthOf(`${text.slice(0, middle)}…`, font) <= width) fits = middle;
        else fails = middle;
      }
      short = fits === 0 ? '' : `${text.slice(0, fits).trimEnd()}…`;
      this.#short.set(key, short);
    }
    return short;
  }
}

function withMargin({ x, y, width, height }: Manner['part']): Manner['part'] {
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
}
