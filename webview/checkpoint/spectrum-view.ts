/**
 * What a matrix does to space: its singular values as a curve, its rank, condition and null space, and the eigenvalues of
 * a square one in the complex plane. Small matrices are computed at once, large ones when somebody asks.
 */

import { type MatrixSpectrum, spectrumShape } from '../../src/protocol/checkpoint-page';
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { measure, wholeNumber } from '../shared/format';
import { currentTheme } from '../shared/theme';

/** Where its numbers come from. */
export interface SpectrumSource {
  ask(): Promise<MatrixSpectrum>;
  cancel(): void;
}

/** About how many multiplications a second is enough for. */
const perSecond = 150e6;
/** Seconds that are spent without asking. */
const unasked = 1.5;
/** Nobody waits so long. */
const mostSeconds = 1800;
const height = 120;

/** About how long a matrix takes: eigenvalues of a square one take several times as long as its singular values. */
function secondsFor(rows: number, columns: number): number {
  const work = rows * columns * Math.min(rows, columns);
  return (work / perSecond) * (rows === columns ? 6 : 1);
}

/** The view. */
export class SpectrumView {
  readonly element: HTMLElement;
  readonly #title = element('h2', { text: 'Singular values' });
  readonly #note = element('span', { class: 'note' });
  readonly #facts = element('dl', { class: 'statistics' });
  readonly #chart = element('canvas', { attributes: { role: 'img' } });
  readonly #plane = element('canvas', { class: 'plane', attributes: { role: 'img' } });
  readonly #message = element('p', { class: 'note', attributes: { role: 'status' } });
  readonly #button = button('Compute', () => this.#press());
  readonly #drawing: HTMLElement;
  #source: SpectrumSource | undefined;
  #size = { rows: 0, columns: 0 };
  #found: MatrixSpectrum | undefined;
  #busy = false;

  constructor() {
    this.#drawing = element('div', { class: 'drawing', children: [this.#chart, this.#plane] });
    this.element = element('section', {
      class: 'spectrum',
      children: [
        element('header', { children: [this.#title, this.#note] }),
        this.#facts,
        this.#drawing,
        element('div', { class: 'asking', children: [this.#message, this.#button.element] }),
      ],
    });
    new ResizeObserver(() => this.draw()).observe(this.#drawing);
    setShown(this.element, false);
  }

  /** Shows the spectrum of another tensor; hidden where it makes no matrix. */
  show(shape: readonly number[], source: SpectrumSource): void {
    if (this.#busy) this.#source?.cancel();
    this.#busy = false;
    this.#found = undefined;
    this.#source = source;
    const size = spectrumShape(shape);
    setShown(this.element, size !== undefined);
    if (size === undefined) return;
    this.#size = size;
    const { rows, columns } = size;
    const flat = shape.length > 2 ? ', all but the first dimension as its columns' : '';
    setText(this.#note, `of the ${wholeNumber(rows)} × ${wholeNumber(columns)} matrix${flat}`);
    const seconds = secondsFor(rows, columns);
    this.#tell();
    if (seconds <= unasked) void this.#ask(source);
  }

  #tell(problem = ''): void {
    const seconds = secondsFor(this.#size.rows, this.#size.columns);
    const possible = seconds <= mostSeconds;
    setShown(this.#facts, this.#found !== undefined);
    setShown(this.#drawing, this.#found !== undefined);
    setShown(this.#button.element, this.#found === undefined && possible && problem === '');
    this.#button.setLabel(this.#busy ? 'Cancel' : 'Compute');
    const about = seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
    const waiting = possible
      ? `This takes about ${about}.`
      : 'The matrix is too large to be decomposed in a reasonable time.';
    setText(this.#message, problem || (this.#found ? '' : this.#busy ? 'Computing …' : waiting));
    setShown(this.#message, this.#message.textContent !== '');
  }

  #press(): void {
    const source = this.#source;
    if (source === undefined) return;
    if (this.#busy) source.cancel();
    else void this.#ask(source);
  }

  async #ask(source: SpectrumSource): Promise<void> {
    this.#busy = true;
    this.#tell();
    let problem = '';
    try {
      const found = await source.ask();
      if (source !== this.#source) return;
      this.#found = found;
    } catch (error) {
      if (source !== this.#source) return;
      const message = messageOf(error);
      problem = message.includes('cancelled') ? '' : `Cannot be computed: ${message}.`;
    }
    this.#busy = false;
    this.#tell(problem);
    if (this.#found !== undefined) this.#showFacts(this.#found);
    this.draw();
  }

  #showFacts({ rank, nullity, condition, tolerance, rows, columns, singularValues }: MatrixSpectrum): void {
    const full = Math.min(rows, columns);
    const facts: [name: string, value: string, hint: string][] = [
      ['rank', `${wholeNumber(rank)} of ${wholeNumber(full)}`, `Singular values above ${measure(tolerance)}`],
      ['null space', `${wholeNumber(nullity)} dim.`, 'Directions of the input that make no difference'],
      [
        'condition',
        condition === null ? '∞' : measure(condition),
        'The largest singular value over the smallest',
      ],
      ['largest', measure(singularValues[0] ?? 0), 'The largest singular value: the spectral norm'],
      ['smallest', measure(singularValues.at(-1) ?? 0), 'The smallest singular value'],
    ];
    this.#facts.replaceChildren(
      ...facts.map(([name, value, title]) => {
        const made = element('div', {
          children: [element('dt', { text: name }), element('dd', { text: value })],
        });
        made.title = title;
        return made;
      }),
    );
  }

  /** Draws again, for another size or theme. */
  draw(): void {
    if (this.#found === undefined) return;
    this.#drawValues(this.#found);
    const { eigenvalues } = this.#found;
    setShown(this.#plane, eigenvalues !== null);
    if (eigenvalues !== null) this.#drawPlane(eigenvalues);
  }

  /** Singular values from the largest, over their place, on a scale that begins at 0. */
  #drawValues({ singularValues, rank }: MatrixSpectrum): void {
    const drawn = prepare(this.#chart);
    const [largest = 0] = singularValues;
    if (drawn === undefined) return;
    const { context, width } = drawn;
    const theme = currentTheme();
    const step = width / singularValues.length;
    singularValues.forEach((value, i) => {
      const size = Math.max(1, largest === 0 ? 0 : (value / largest) * (height - 20));
      context.fillStyle = i < rank ? (theme.series[0] ?? theme.foreground) : theme.warning;
      context.fillRect(i * step, height - 16 - size, Math.max(1, step - (step > 4 ? 1 : 0)), size);
    });
    label(context, theme.faint, theme.font);
    context.fillText('1', 0, height - 2);
    context.textAlign = 'right';
    context.fillText(wholeNumber(singularValues.length), width, height - 2);
    const words = `Singular values from ${measure(largest)} to ${measure(singularValues.at(-1) ?? 0)}`;
    this.#chart.setAttribute('aria-label', words);
    this.#chart.title = words;
  }

  #drawPlane(eigenvalues: readonly { readonly real: number; readonly imaginary: number }[]): void {
    const drawn = prepare(this.#plane);
    if (drawn === undefined) return;
    const { context, width } = drawn;
    const theme = currentTheme();
    const most = Math.max(...eigenvalues.map(({ real, imaginary }) => Math.hypot(real, imaginary)), 1e-30);
    const scale = (Math.min(width, height) / 2 - 6) / most;
    const [x, y] = [width / 2, height / 2];
    context.strokeStyle = theme.grid;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.moveTo(x, 0);
    context.lineTo(x, height);
    // The unit circle: what is inside of it shrinks when it is applied again and again.
    context.moveTo(x + scale, y);
    if (scale < 4 * width) context.arc(x, y, scale, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = theme.series[1] ?? theme.foreground;
    for (const { real, imaginary } of eigenvalues)
      context.fillRect(x + real * scale - 1.5, y - imaginary * scale - 1.5, 3, 3);
    label(context, theme.faint, theme.font);
    context.fillText('eigenvalues', 0, 10);
    context.textAlign = 'right';
    context.fillText(`|λ| ≤ ${measure(most)}`, width, 10);
    const words = `${wholeNumber(eigenvalues.length)} eigenvalues in the complex plane, the largest of size ${measure(most)}`;
    this.#plane.setAttribute('aria-label', words);
    this.#plane.title = words;
  }
}

function label(context: CanvasRenderingContext2D, colour: string, font: string): void {
  context.fillStyle = colour;
  context.font = `11px ${font}`;
  context.textAlign = 'left';
}

function prepare(
  canvas: HTMLCanvasElement,
): { readonly context: CanvasRenderingContext2D; readonly width: number } | undefined {
  const context = canvas.getContext('2d');
  const width = canvas.clientWidth;
  if (context === null || width === 0) return undefined;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  context.scale(devicePixelRatio, devicePixelRatio);
  return { context, width };
}
