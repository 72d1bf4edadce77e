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

/** Draws the picture; gives it as PNG in base 64. */
export function drawPicture(chart: HTMLCanvasElement, parts: PictureParts): string {
  const { title, subtitle, entries, theme } = parts;
  const ratio = chart.width / chart.clientWidth;
  const width = chart.clientWidth + 2 * margin;
  const picture = document.createElement('canvas');
  const head = margin + 2 * lineHeight;
  picture.width = width * ratio;
  picture.height = (head + chart.clientHeight + margin) * ratio;
  const context = picture.getContext('2d');
  if (context === null) return '';
  context.scale(ratio, ratio);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, picture.height);
  context.textBaseline = 'middle';
  const write = (text: string, x: number, line: number, colour: string, bold = false) => {
    context.font = `${bold ? '600 ' : ''}${theme.fontSize}px ${theme.font}`;
    context.fillStyle = colour;
    context.fillText(text, x, margin + (line + 0.5) * lineHeight);
    return x + context.measureText(text).width;
  };
  const after = write(title, margin, 0, theme.foreground, true);
  write(subtitle, after + margin, 0, theme.faint);
  let x = margin;
  for (const { text, colour, dashed } of entries) {
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dashed ? [5, 3] : []);
    context.beginPath();
    context.moveTo(x, margin + 1.5 * lineHeight);
    context.lineTo(x + swatchWidth, margin + 1.5 * lineHeight);
    context.stroke();
    x = write(text, x + swatchWidth + 8, 1, theme.foreground) + margin;
  }
  context.drawImage(chart, margin, head, chart.clientWidth, chart.clientHeight);
  return picture.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
