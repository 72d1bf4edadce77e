/** Draws on a canvas. */
import type { Point } from '../layout/types';
import {
  type Corners,
  cornersOf,
  isUpright,
  type LineStyle,
  type Pen,
  type ShapeStyle,
  type TextStyle,
} from './pen';

/** Draws on a canvas, whose transformation is that of the plane. */
export class CanvasPen implements Pen {
  /** @param coarse whether curves are too small to be told from lines */
  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly coarse = false,
  ) {}

  box(x: number, y: number, width: number, height: number, corners: Corners, style: ShapeStyle): void {
    const { context } = this;
    context.beginPath();
    if (this.coarse) context.rect(x, y, width, height);
    else context.roundRect(x, y, width, height, [...cornersOf(corners)]);
    if (style.fill !== undefined) {
      context.fillStyle = style.fill;
      context.fill();
    }
    if (style.stroke === undefined) return;
    this.#stroke({ stroke: style.stroke, width: style.width ?? 1, dash: style.dash ?? [] });
  }

  lines(lines: readonly (readonly Point[])[], style: LineStyle): void {
    const { context } = this;
    context.beginPath();
    for (const points of lines) this.#trace(points);
    this.#stroke(style);
  }

  polyline(points: readonly Point[], style: LineStyle): void {
    const { context } = this;
    context.beginPath();
    for (const { x, y } of points) context.lineTo(x, y);
    this.#stroke(style);
  }

  triangles(triangles: readonly (readonly [Point, Point, Point])[], fill: string): void {
    const { context } = this;
    context.beginPath();
    for (const [a, b, c] of triangles) {
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
      context.lineTo(c.x, c.y);
      context.closePath();
    }
    context.fillStyle = fill;
    context.fill();
  }

  text(text: string, x: number, y: number, { font, fill, align = 'left' }: TextStyle): void {
    const { context } = this;
    context.font = font;
    context.fillStyle = fill;
    context.textAlign = align;
    context.textBaseline = 'middle';
    context.fillText(text, x, y);
  }

  #stroke({ stroke, width, dash = [] }: LineStyle): void {
    const { context } = this;
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.setLineDash([...dash]);
    context.stroke();
  }

  #trace(points: readonly Point[]): void {
    const { context, coarse } = this;
    let before: Point | undefined;
    for (const point of points) {
      if (before === undefined) context.moveTo(point.x, point.y);
      else if (coarse || isUpright(before, point)) context.lineTo(point.x, point.y);
      else {
        const y = (before.y + point.y) / 2;
        context.bezierCurveTo(before.x, y, point.x, y, point.x, point.y);
      }
      before = point;
    }
  }
}
