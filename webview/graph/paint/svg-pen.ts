/** Draws into a text: SVG, which any program can show at any size. */
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

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as it stands in SVG. */
export function escapeXml(text: string): string {
  // Control characters are not allowed at all.
  return text.replace(/[\p{Cc}]/gu, ' ').replace(/[&<>"]/g, c => escapes[c] ?? c);
}

/** Two decimals are finer than anything that can be seen. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => ` ${name}="${typeof value === 'number' ? number(value) : escapeXml(value ?? '')}"`,
    )
    .join('');
}

/** `600 13px "Segoe UI"` in its parts. */
function fontParts(font: string): { weight: string | undefined; size: string; family: string } {
  const [, weight, size = '13px', family = 'sans-serif'] = /^(?:(\w+) )?([\d.]+px) (.*)$/.exec(font) ?? [];
  return { weight, size, family };
}

const anchors = { left: 'start', center: 'middle', right: 'end' } as const;

/** Draws into a text. */
export class SvgPen implements Pen {
  readonly #parts: string[] = [];

  box(x: number, y: number, width: number, height: number, corners: Corners, style: ShapeStyle): void {
    const [a, b, c, d] = cornersOf(corners);
    const [right, bottom] = [x + width, y + height];
    const arc = (r: number, toX: number, toY: number) =>
      r === 0 ? '' : `A${number(r)} ${number(r)} 0 0 1 ${number(toX)} ${number(toY)}`;
    const outlined = [
      `M${number(x + a)} ${number(y)}H${number(right - b)}${arc(b, right, y + b)}`,
      `V${number(bottom - c)}${arc(c, right - c, bottom)}`,
      `H${number(x + d)}${arc(d, x, bottom - d)}`,
      `V${number(y + a)}${arc(a, x + a, y)}Z`,
    ].join('');
    const { fill = 'none', stroke, width: line, dash } = style;
    const outline =
      stroke === undefined ? {} : { stroke, 'stroke-width': line ?? 1, 'stroke-dasharray': dash?.join(' ') };
    this.#parts.push(`<path${attributes({ d: outlined, fill, ...outline })}/>`);
  }

  lines(lines: readonly (readonly Point[])[], { stroke, width, dash }: LineStyle): void {
    const style = { fill: 'none', stroke, 'stroke-width': width, 'stroke-dasharray': dash?.join(' ') };
    for (const points of lines) this.#parts.push(`<path${attributes({ d: pathOf(points), ...style })}/>`);
  }

  polyline(points: readonly Point[], { stroke, width }: LineStyle): void {
    const ends = points.map(({ x, y }) => `${number(x)},${number(y)}`).join(' ');
    this.#parts.push(
      `<polyline${attributes({ points: ends, fill: 'none', stroke, 'stroke-width': width })}/>`,
    );
  }

  triangles(triangles: readonly (readonly [Point, Point, Point])[], fill: string): void {
    for (const points of triangles) {
      const d = points.map(({ x, y }) => `${number(x)},${number(y)}`).join(' ');
      this.#parts.push(`<polygon${attributes({ points: d, fill })}/>`);
    }
  }

  text(text: string, x: number, y: number, { font, fill, align = 'left' }: TextStyle): void {
    const { weight, size, family } = fontParts(font);
    const style = {
      x,
      y,
      fill,
      'font-family': family,
      'font-size': size,
      'font-weight': weight,
      'text-anchor': anchors[align],
      'dominant-baseline': 'central',
    };
    this.#parts.push(`<text${attributes(style)}>${escapeXml(text)}</text>`);
  }

  /** The whole picture, with a title for those who do not see it. */
  finish(
    title: string,
    view: { x: number; y: number; width: number; height: number },
    background: string,
  ): string {
    const { x, y, width, height } = view;
    const box = [x, y, width, height].map(number).join(' ');
    const size = attributes({ width, height, viewBox: box });
    return [
      `<svg xmlns="http://www.w3.org/2000/svg"${size} role="img">`,
      `<title>${escapeXml(title)}</title>`,
      `<rect${attributes({ x, y, width, height, fill: background })}/>`,
      ...this.#parts,
      '</svg>',
      '',
    ].join('\n');
  }
}

function pathOf(points: readonly Point[]): string {
  let before: Point | undefined;
  let d = '';
  for (const point of points) {
    const end = `${number(point.x)} ${number(point.y)}`;
    if (before === undefined) d += `M${end}`;
    else if (isUpright(before, point)) d += `L${end}`;
    else {
      const y = number((before.y + point.y) / 2);
      d += `C${number(before.x)} ${y} ${number(point.x)} ${y} ${end}`;
    }
    before = point;
  }
  return d;
}
