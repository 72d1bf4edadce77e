/** What is drawn over the lines of a chart: marked moments, the cursor, and the range that is being dragged. */
import type { Plugin } from 'chart.js';

/** A marked moment. */
export interface PlacedMark {
  readonly x: number;
  readonly text: string;
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
      let taken = Number.NEGATIVE_INFINITY;
      for (const mark of [...marks].sort((a, b) => a.x - b.x)) {
        const pixel = x.getPixelForValue(mark.x);
        if (!inside(pixel)) continue;
        vertical(pixel, mark.colour, [2, 3]);
        const width = ctx.measureText(mark.text).width;
        const left = Math.max(
          taken + 8,
          Math.min(pixel - width / 2, chartArea.right - width),
          chartArea.left,
        );
        ctx.fillStyle = mark.colour;
        ctx.textAlign = 'left';
        ctx.fillText(mark.text, left, chartArea.top - 2);
        taken = left + width;
      }
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
