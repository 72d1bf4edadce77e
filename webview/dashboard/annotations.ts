/** What is drawn over the lines of a chart: marked moments, the cursor, and the range that is being dragged. */
import type { Plugin } from 'chart.js';

/** A marked moment. */
export interface PlacedMark {
  readonly x: number;
  readonly text: string;
  /** What that means, in a sentence. */
  readonly explanation: string;
  readonly colour: string;
}

/** What is drawn over the lines. */
export interface Annotations {
  readonly marks: readonly PlacedMark[];
  /** The cursor's place, the colour of its line, and dots on the lines. */
  readonly cursor?: {
    readonly x: number;
    readonly colour: string;
    readonly dots: readonly { readonly x: number; readonly y: number; readonly colour: string }[];
  };
  /** The dragged range. */
  readonly selection?: { readonly from: number; readonly to: number; readonly colour: string };
  readonly font?: string;
}

/** Pixels between two labels. */
const labelGap = 8;

/** Where labels begin so that each is as near over its place as the others and the borders allow. */
function sideBySide(
  labels: readonly { readonly pixel: number; readonly width: number }[],
  from: number,
  to: number,
): number[] {
  let free = from;
  const lefts = labels.map(({ pixel, width }) => {
    const left = Math.max(free, pixel - width / 2);
    free = left + width + labelGap;
    return left;
  });
  let end = to;
  for (let i = labels.length - 1; i >= 0; i--) {
    const left = Math.min(lefts[i] ?? 0, end - (labels[i]?.width ?? 0));
    lefts[i] = left;
    end = left - labelGap;
  }
  return lefts;
}

/** Makes the plugin of one chart; it asks for what to draw each time. */
export function annotationPlugin(current: () => Annotations): Plugin<'line'> {
  return {
    id: 'annotations',
    afterDatasetsDraw: chart => {
      const { x, y } = chart.scales;
      if (x === undefined || y === undefined) return;
      const { ctx, chartArea } = chart;
      const { marks, cursor, selection, font } = current();
      const inside = (pixel: number) => pixel >= chartArea.left - 1 && pixel <= chartArea.right + 1;
      const vertical = (pixel: number, colour: string, dash: number[]) => {
        ctx.strokeStyle = colour;
        ctx.lineWidth = 1;
        ctx.setLineDash(dash);
        ctx.beginPath();
        ctx.moveTo(Math.round(pixel) + 0.5, chartArea.top);
        ctx.lineTo(Math.round(pixel) + 0.5, chartArea.bottom);
        ctx.stroke();
        ctx.setLineDash([]);
      };
      ctx.save();
      if (selection !== undefined) {
        const [from, to] = [x.getPixelForValue(selection.from), x.getPixelForValue(selection.to)];
        ctx.globalAlpha = 0.2;
        ctx.fillStyle = selection.colour;
        ctx.fillRect(Math.min(from, to), chartArea.top, Math.abs(to - from), chartArea.height);
        ctx.globalAlpha = 1;
      }
      if (font !== undefined) ctx.font = font;
      ctx.textBaseline = 'bottom';
      const placed = marks
        .map(mark => ({
          ...mark,
          pixel: x.getPixelForValue(mark.x),
          width: ctx.measureText(mark.text).width,
        }))
        .filter(({ pixel }) => inside(pixel))
        .sort((a, b) => a.pixel - b.pixel);
      const lefts = sideBySide(placed, chartArea.left, chartArea.right);
      placed.forEach(({ pixel, text, colour }, i) => {
        vertical(pixel, colour, [2, 3]);
        ctx.fillStyle = colour;
        ctx.textAlign = 'left';
        ctx.fillText(text, lefts[i] ?? pixel, chartArea.top - 2);
      });
      if (cursor !== undefined) {
        const pixel = x.getPixelForValue(cursor.x);
        if (inside(pixel)) vertical(pixel, cursor.colour, []);
        for (const dot of cursor.dots) {
          const at = x.getPixelForValue(dot.x);
          if (!inside(at)) continue;
          ctx.fillStyle = dot.colour;
          ctx.beginPath();
          ctx.arc(at, y.getPixelForValue(dot.y), 3.5, 0, 2 * Math.PI);
          ctx.fill();
        }
      }
      ctx.restore();
    },
  };
}
