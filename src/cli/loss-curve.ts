/**
 * The curve of the loss in the terminal, on a logarithmic axis: on a linear one the first few losses press
 * all the others against the bottom.
 */
import { plot } from 'asciichart';
import type { StepLoss } from '../training';

/** How a curve is drawn. */
export interface CurveOptions {
  /** Columns for all of it. */
  readonly columns: number;
  /** Where the marks of the epochs are. */
  readonly stepsPerEpoch: number;
}

const labelWidth = 8;
const mostRows = 12;
const leastRows = 4;
/** Rows for a factor of ten. */
const densities = [100, 50, 30, 20, 15, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];

/** The means of the losses in `count` equal stretches of steps. */
export function resample(losses: readonly StepLoss[], count: number): number[] {
  const first = losses[0]?.step ?? 0;
  const span = (losses.at(-1)?.step ?? 0) - first + 1;
  const sums = Array.from({ length: count }, () => ({ sum: 0, count: 0 }));
  for (const { step, loss } of losses) {
    const place = sums[Math.floor(((step - first) / span) * count)];
    if (place !== undefined) {
      place.sum += loss;
      place.count++;
    }
  }
  let before = losses[0]?.loss ?? 0;
  return sums.map(({ sum, count: n }) => {
    before = n === 0 ? before : sum / n;
    return before;
  });
}

/** The vertical axis, in rows: row n stands for a loss of 10^(n / density). */
interface Axis {
  readonly density: number;
  readonly lowest: number;
  readonly highest: number;
}

function axisFor(smallest: number, largest: number): Axis {
  const [low, high] = [Math.log10(smallest), Math.log10(largest)];
  const decades = high - low;
  const density = densities.find(rows => rows * decades <= mostRows) ?? mostRows / decades;
  const [lowest, highest] = [Math.floor(low * density), Math.ceil(high * density)];
  const missing = Math.max(0, leastRows - (highest - lowest));
  return {
    density,
    lowest: lowest - Math.floor(missing / 2),
    highest: highest + Math.ceil(missing / 2),
  };
}

/** Round numbers and their rows: 0.1, 0.2, 0.5, …; more of them where the axis spans little. */
function ticks({ density, lowest, highest }: Axis): Map<number, string> {
  const rows = new Map<number, string>();
  for (const digits of [
    [1, 2, 5],
    [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9],
  ]) {
    for (let power = Math.floor(lowest / density); power <= Math.ceil(highest / density); power++) {
      for (const digit of digits) {
        const row = Math.round((power + Math.log10(digit)) * density);
        const crowded = rows.has(row - 1) || rows.has(row) || rows.has(row + 1);
        if (row >= lowest && row <= highest && !crowded) rows.set(row, tickText(digit, power));
      }
    }
    if (rows.size >= 3) return rows;
  }
  for (const row of [lowest, highest]) rows.set(row, (10 ** (row / density)).toPrecision(3));
  return rows;
}

function tickText(digit: number, power: number): string {
  if (power < -4 || power > 5) return `${digit}e${power}`;
  const decimals = Math.max(0, -power) + (Number.isInteger(digit) || power > 0 ? 0 : 1);
  return (digit * 10 ** power).toFixed(decimals);
}

/** The horizontal axis: a mark at the end of each epoch, and numbers where there is room. */
function epochAxis(losses: readonly StepLoss[], stepsPerEpoch: number, width: number): string[] {
  const first = losses[0]?.step ?? 0;
  const last = losses.at(-1)?.step ?? 0;
  const epochs = Math.floor(last / stepsPerEpoch);
  const column = (epoch: number) =>
    Math.round(((epoch * stepsPerEpoch - first + 1) / (last - first + 1)) * width) - 1;
  const stride =
    [1, 2, 5, 10, 20, 50, 100, 200, 500].find(n => (n * width) / Math.max(epochs, 1) >= 4) ?? epochs;
  const line = new Array<string>(width).fill('─');
  const numbers = new Array<string>(width).fill(' ');
  for (let epoch = stride; epoch <= epochs; epoch += stride) {
    const at = column(epoch);
    if (at < 0) continue;
    line[at] = '┴';
    const text = String(epoch);
    const start = Math.max(0, at - text.length + 1);
    for (const [i, digit] of [...text].entries()) numbers[start + i] = digit;
  }
  return [
    `${' '.repeat(labelWidth + 1)}└${line.join('')}`,
    `${'epoch'.padStart(labelWidth)}  ${numbers.join('').trimEnd()}`,
  ];
}

/** Draws the curve; no lines where there is nothing to draw. */
export function lossCurve(losses: readonly StepLoss[], { columns, stepsPerEpoch }: CurveOptions): string[] {
  const width = Math.max(10, Math.min(columns - labelWidth - 3, 100));
  if (losses.length < 2) return [];
  const means = resample(losses, width);
  const positive = means.filter(mean => mean > 0 && Number.isFinite(mean));
  if (positive.length === 0) return [];
  const smallest = Math.min(...positive);
  const axis = axisFor(smallest, Math.max(...positive));
  const labels = ticks(axis);
  const { density, lowest, highest } = axis;
  const chart = plot(
    means.map(mean => Math.log10(mean > 0 ? mean : smallest)),
    {
      min: lowest / density,
      max: highest / density,
      height: highest - lowest,
      format: (_, index) => (labels.get(highest - (index ?? 0)) ?? '').padStart(labelWidth),
    },
  );
  const lines = chart.split('\n').map(line => {
    const label = line.slice(0, labelWidth);
    const mark = label.trim() === '' ? '│' : '┤';
    return `${label} ${mark}${line.slice(labelWidth + 2)}`.trimEnd();
  });
  return [...lines, ...epochAxis(losses, stepsPerEpoch, width)];
}
