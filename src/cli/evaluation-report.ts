/** An evaluation as a person reads it in a terminal. */
import { InvalidArgumentError } from 'commander';
import type { EvaluationReport } from '../protocol/evaluation';
import { samplesOfCell } from '../protocol/evaluation-cells';
import { TrainingError } from '../training';
import { grouped, lossText, percent } from './report';

/** A cell of the confusion matrix, by the names of its classes. */
export interface CellChoice {
  readonly actual: string;
  readonly predicted: string;
}

/** Reads `4:9`. */
export function parseCell(text: string): CellChoice {
  const [actual, predicted, ...more] = text.split(':');
  if (!actual || !predicted || more.length > 0) {
    throw new InvalidArgumentError('expected two classes with a colon between them, such as 4:9.');
  }
  return { actual, predicted };
}

/** The samples of a cell, the most confident first. */
export function cellOf(report: EvaluationReport, cell: CellChoice) {
  const { classes } = report.dataset;
  const [actual = -1, predicted = -1] = [cell.actual, cell.predicted].map(name => classes.indexOf(name));
  if (actual < 0 || predicted < 0) {
    const unknown = actual < 0 ? cell.actual : cell.predicted;
    throw new TrainingError(`--cell: there is no class “${unknown}”; the classes are ${classes.join(', ')}`);
  }
  return { ...cell, indices: samplesOfCell(report, actual, predicted).map(({ index }) => index) };
}

/** How sure a model is; what is not quite sure is not called so. */
const certainty = (share: number) => (share < 1 && share >= 0.99995 ? '> 99.99 %' : percent(share));

/** What a report is written to. */
interface Output {
  write(text: string): unknown;
  hasColors?(): boolean;
  readonly columns?: number;
}

const reset = '\x1b[0m';
const dim = (text: string, colours: boolean) => (colours ? `\x1b[2m${text}${reset}` : text);

/** Backgrounds of the 256-colour palette from little to much, and the letters on them. */
const ramps = {
  right: [
    [17, 255],
    [18, 255],
    [25, 255],
    [32, 16],
  ],
  wrong: [
    [52, 255],
    [88, 255],
    [124, 255],
    [160, 255],
  ],
} as const;

/** A cell on a background that says how much of its row it is; mistakes are seen from one in a hundred on. */
function shaded(text: string, share: number, right: boolean, colours: boolean): string {
  if (!colours || share === 0) return share === 0 ? dim(text, colours) : text;
  const step = right ? Math.floor(share * 3.99) : Math.floor(Math.min(0.999, share * 10) * 4);
  const [background, letters] = ramps[right ? 'right' : 'wrong'][Math.max(0, Math.min(3, step))] ?? [17, 255];
  return `\x1b[48;5;${background};38;5;${letters}m${text}${reset}`;
}

function confusionLines({ confusion, dataset }: EvaluationReport, colours: boolean): string[] {
  const { classes } = dataset;
  const label = Math.max(5, ...classes.map(name => name.length));
  const heads = classes.map((name, i) => (name.length <= 6 ? name : String(i)));
  const width = Math.max(
    ...confusion.flat().map(count => grouped(count).length),
    ...heads.map(head => head.length),
  );
  const head = heads.map(name => name.padStart(width + 2)).join('');
  const rows = confusion.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, j) =>
      shaded(` ${grouped(count).padStart(width)} `, total === 0 ? 0 : count / total, i === j, colours),
    );
    return `${(classes[i] ?? '').padEnd(label)}${cells.join('')}`;
  });
  return [`${'true'.padEnd(label)}${head}   predicted`, ...rows];
}

/** The reliability diagram as bars: how often right, beside how sure. */
function calibrationLines({ calibration, total }: EvaluationReport): string[] {
  const width = 20;
  return calibration.bins
    .filter(({ count }) => count > 0)
    .map(({ from, to, count, confidence, accuracy }) => {
      const range = `${(100 * from).toFixed(0).padStart(3)}–${(100 * to).toFixed(0).padStart(3)} %`;
      const bar = '█'.repeat(Math.round(width * (accuracy ?? 0))).padEnd(width, '·');
      const share = `${((100 * count) / total).toFixed(1).padStart(5)} % of all`;
      return `${range}  ${bar}  right ${percent(accuracy ?? 0).padStart(8)}, sure ${percent(confidence ?? 0).padStart(8)}  ${share}`;
    });
}

/** So many other ways to read a model are listed in the terminal. */
const fewAttempts = 4;

/** So many mistakes are listed in the terminal. */
const fewMistakes = 8;

/** Prints a report, and the samples of a cell where one is asked for. */
export function printReport(report: EvaluationReport, cell: CellChoice | undefined, output: Output): void {
  const colours = output.hasColors?.() ?? false;
  const write = (line = '') => output.write(`${line}\n`);
  const { dataset, accuracy, correct, total, loss, perClass, calibration, mistakes, tried } = report;
  write(`Data     ${dataset.name}, ${dataset.split} set`);
  write(
    `Accuracy ${percent(accuracy)} (${grouped(correct)} of ${grouped(total)}), loss ${lossText(loss ?? Number.NaN)}`,
  );
  write(`Model    ${report.model}`);
  if (report.notKept !== undefined) write(`Not kept ${report.notKept}`);
  if (report.assumptions.length > 0) {
    write('\nAssumed, since the file does not say it');
    for (const { text } of report.assumptions) write(`  ${text}`);
    const others = tried.attempts.filter(({ chosen }) => !chosen);
    if (others.length > 0)
      write(dim(`  Other ways to read it, on ${tried.samples} training images:`, colours));
    for (const other of others.slice(0, fewAttempts)) {
      const loss = `loss ${lossText(other.loss ?? Number.NaN)}`.padEnd(12);
      write(dim(`  ${percent(other.accuracy).padStart(8)}  ${loss}  ${other.text}`, colours));
    }
    const rest = others.length - fewAttempts;
    if (rest > 0) write(dim(`            and ${rest} that are no better`, colours));
  }
  const width = Math.max(5, ...perClass.map(({ label }) => label.length));
  write(`\n${'class'.padEnd(width)}  precision  recall      f1  samples`);
  for (const { label, precision, recall, f1, support } of perClass) {
    const figures = [
      precision.toFixed(4).padStart(9),
      recall.toFixed(4).padStart(6),
      f1.toFixed(4).padStart(6),
      grouped(support).padStart(7),
    ];
    write(`${label.padEnd(width)}  ${figures.join('  ')}`);
  }
  write('\nConfusion (row: true class, column: predicted)');
  for (const line of confusionLines(report, colours)) write(line);
  write(
    `\nCalibration: expected error ${percent(calibration.expectedError)}, largest ${percent(calibration.maximumError)}`,
  );
  for (const line of calibrationLines(report)) write(line);
  if (mistakes.length > 0) write('\nThe most confident mistakes');
  for (const { index, actual, predicted, confidence } of mistakes.slice(0, fewMistakes)) {
    const [is, taken] = [actual, predicted].map(i => dataset.classes[i] ?? String(i));
    write(
      `  sample ${String(index).padStart(5)}  is ${is}, taken for ${taken} with ${certainty(confidence)}`,
    );
  }
  if (cell === undefined) return;
  const { indices } = cellOf(report, cell);
  write(
    `\n${grouped(indices.length)} of class ${cell.actual} taken for ${cell.predicted}: ${indices.join(', ')}`,
  );
}
