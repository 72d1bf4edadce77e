/** A chart as a picture that can stand alone: with its title, what it is of, and its legend. */
import type { Theme } from '../shared/theme';

/** What stands above the chart. */
export interface PictureParts {
  readonly title: string;
  readonly subtitle: string;
  readonly entries: readonly { readonly text: string; readonly colour: string; readonly dashed: boolean }[];
  readonly theme: Theme;
}

const margin = 16;
const lineHeight = 24;
const swatchWidth = 16;

interface Placed {
  readonly x: number;
  readonly line: number;
}

/** Where entries of these widths begin, one after the other, in as many lines as they need. */
function inLines(widths: readonly number[], room: number): Placed[] {
  let [x, line] = [0, 0];
  return widths.map(width => {
    if (x > 0 && x + width > room) [x, line] = [0, line + 1];
    const placed = { x, line };
    x += width + margin;
    return placed;
  });
}

/** Draws the picture; gives it as PNG in base 64. */
export function drawPicture(chart: HTMLCanvasElement, parts: PictureParts): string {
  const { title, subtitle, entries, theme } = parts;
  const ratio = chart.width / chart.clientWidth;
  const width = chart.clientWidth + 2 * margin;
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  if (context === null) return '';
  const font = `${theme.fontSize}px ${theme.font}`;
  context.font = font;
  const widths = entries.map(({ text }) => swatchWidth + 8 + context.measureText(text).width);
  const places = inLines(widths, chart.clientWidth);
  const head = margin + (2 + (places.at(-1)?.line ?? 0)) * lineHeight;
  picture.width = width * ratio;
  picture.height = (head + chart.clientHeight + margin) * ratio;
  context.scale(ratio, ratio);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, picture.height);
  context.textBaseline = 'middle';
  const middle = (line: number) => margin + (line + 0.5) * lineHeight;
  const write = (text: string, x: number, line: number, colour: string, bold = false) => {
    context.font = bold ? `600 ${font}` : font;
    context.fillStyle = colour;
    context.fillText(text, x, middle(line));
    return x + context.measureText(text).width;
  };
  write(subtitle, write(title, margin, 0, theme.foreground, true) + margin, 0, theme.faint);
  entries.forEach(({ text, colour, dashed }, i) => {
    const { x, line } = places[i] ?? { x: 0, line: 0 };
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dashed ? [5, 3] : []);
    context.beginPath();
    context.moveTo(margin + x, middle(line + 1));
    context.lineTo(margin + x + swatchWidth, middle(line + 1));
    context.stroke();
    write(text, margin + x + swatchWidth + 8, line + 1, theme.foreground);
  });
  context.drawImage(chart, margin, head, chart.clientWidth, chart.clientHeight);
  return picture.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
