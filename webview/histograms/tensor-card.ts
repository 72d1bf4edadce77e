/** The histograms of one tensor: a picture, a cursor over it, and the numbers of the step under the cursor. */
import type { HistogramAnswer, TensorEntry } from '../../src/protocol/looks-page';
import { SharpCanvas } from '../shared/canvas';
import { element, setShown, setText } from '../shared/dom';
import { figures, shareText, wholeNumber } from '../shared/format';
import { bordersOf, indexAt, nearestIndex } from '../shared/step-axis';
import { drawHeatmap, drawHeatmapCursor } from './heatmap';
import { type Prepared, prepare } from './prepared';
import { Readout, spokenLook, tableOf } from './readout';
import { drawRidgeCursor, drawRidges, ridgeAt } from './ridges';
import { drawTip } from './tip';
import { binsFor, boxOf, markedShare, type View } from './view';

/** What a card tells the page. */
export interface CardEvents {
  /** The cursor is at a step; null when it has left. `spoken` when a key has moved it. */
  point(step: number | null, spoken: boolean): void;
  /** All values are to be shown, or the usual ones. */
  toggleRange(): void;
}

/** Where the pointer is on a card. */
interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** One card. */
export class TensorCard {
  readonly element: HTMLElement;
  readonly #base = new SharpCanvas();
  readonly #over = new SharpCanvas();
  readonly #surface: HTMLElement;
  readonly #readout = new Readout();
  readonly #trouble = element('span', { class: 'tensor-trouble' });
  readonly #range = element('button', { class: 'tool', attributes: { type: 'button' } });
  readonly #table = element('div');
  #prepared: Prepared | undefined;
  #view: View | undefined;
  /** The look under the cursor; undefined where there is none. */
  #look: number | undefined;
  #pointer: Pointer | undefined;
  #dirty = true;

  constructor(
    private entry: TensorEntry,
    private readonly events: CardEvents,
  ) {
    this.#surface = element('div', {
      class: 'tensor-surface',
      attributes: {
        tabindex: '0',
        role: 'group',
        'aria-label': `${entry.name}: histograms over steps. Left and right arrow keys go from look to look.`,
      },
      children: [this.#base.element, this.#over.element],
    });
    this.#range.addEventListener('click', events.toggleRange);
    const header = element('header', {
      children: [
        element('h3', { text: entry.name, attributes: { title: `${wholeNumber(entry.count)} values` } }),
        this.#trouble,
        this.#range,
      ],
    });
    this.element = element('article', {
      class: 'tensor-card',
      attributes: { 'data-tensor': entry.name, 'aria-label': entry.name },
      children: [header, this.#surface, this.#readout.element, this.#table],
    });
    setShown(this.#range, false);
    this.update(entry);
    this.#listen();
  }

  /** What is observed to find out whether the card is visible, and how large. */
  get surface(): HTMLElement {
    return this.#surface;
  }

  /** Into how many bins values are to be counted, as the card is now. */
  bins(view: View['name']): number {
    return binsFor(view, boxOf(view, this.#base.width, this.#base.height), this.entry.count);
  }

  /** Takes in what is known of the tensor. */
  update(entry: TensorEntry): void {
    this.entry = entry;
    const { notFinite } = entry;
    const text = notFinite === null ? '' : `NaN or infinite since step ${wholeNumber(notFinite.step)}`;
    setText(this.#trouble, text);
    this.#trouble.title = text;
    setShown(this.#trouble, notFinite !== null);
  }

  /** Takes in histograms. */
  take(answer: HistogramAnswer, full: boolean): void {
    this.#prepared = answer.steps.length === 0 ? undefined : prepare(answer);
    this.#dirty = true;
    this.#table.replaceChildren(tableOf(answer, this.entry));
    const { low, high } = answer.full;
    const out = answer.outside > 0;
    setShown(this.#range, full || out);
    this.#range.classList.toggle('quiet', !full && answer.outside < 2 * markedShare);
    setText(this.#range, full ? 'Usual range' : `${shareText(answer.outside)} outside`);
    this.#range.title = full
      ? 'Show the range in which nearly all values are'
      : `Show all values, from ${figures(low)} to ${figures(high)}`;
    const label = `${this.#range.textContent} of ${this.entry.name}. ${this.#range.title}`;
    this.#range.setAttribute('aria-label', label);
  }

  /** Fits the canvases; tells whether anything has changed. */
  resize(width: number, height: number): boolean {
    const changed = this.#base.resize(width, height);
    this.#over.resize(width, height);
    this.#dirty ||= changed;
    return changed;
  }

  /** Draws histograms, if anything has changed. */
  draw(view: View): void {
    if (view !== this.#view) this.#dirty = true;
    this.#view = view;
    if (!this.#dirty || this.#base.width === 0) return;
    this.#dirty = false;
    const context = this.#base.clear();
    const box = boxOf(view.name, this.#base.width, this.#base.height);
    if (this.#prepared !== undefined) {
      if (view.name === 'ridges') drawRidges(context, this.#prepared, view, box);
      else drawHeatmap(context, this.#prepared, view, box);
    }
    this.#drawCursor();
    this.#showNumbers();
  }

  /** Shows the look nearest to a step; the last one, and no cursor, where there is none. */
  setCursor(step: number | null): void {
    const steps = this.#prepared?.answer.steps ?? [];
    const look = step === null ? undefined : nearestIndex(steps, step);
    if (look === this.#look && this.#pointer === undefined) return;
    this.#look = look;
    if (step === null) this.#pointer = undefined;
    this.#drawCursor();
    this.#showNumbers();
  }

  /** The look under the cursor in words. */
  get spoken(): string {
    const { answer } = this.#prepared ?? {};
    if (answer === undefined || this.#look === undefined) return '';
    return `${this.entry.name}, ${spokenLook(answer, this.#look)}`;
  }

  #showNumbers(): void {
    const answer = this.#prepared?.answer;
    this.#readout.show(answer, this.#look ?? (answer?.steps.length ?? 0) - 1, this.entry);
  }

  #drawCursor(): void {
    const context = this.#over.clear();
    const [prepared, view, look] = [this.#prepared, this.#view, this.#look];
    if (prepared === undefined || view === undefined || look === undefined || look < 0) return;
    const box = boxOf(view.name, this.#over.width, this.#over.height);
    if (view.name === 'ridges') drawRidgeCursor(context, prepared, view, box, look);
    else drawHeatmapCursor(context, prepared, view, box, look);
    if (this.#pointer !== undefined) {
      const { x, y } = this.#pointer;
      const value = view.name === 'ridges' ? (x - box.left) / box.width : 1 - (y - box.top) / box.height;
      drawTip(context, prepared, view, { ...this.#pointer, look, value }, this.#over.width);
    }
  }

  #listen(): void {
    const surface = this.#surface;
    surface.addEventListener('pointermove', event => {
      const [prepared, view] = [this.#prepared, this.#view];
      if (prepared === undefined || view === undefined) return;
      const { offsetX: x, offsetY: y } = event;
      const { steps } = prepared.answer;
      const box = boxOf(view.name, this.#over.width, this.#over.height);
      this.#pointer = { x, y };
      const look =
        view.name === 'ridges'
          ? ridgeAt(view.axis, steps, box, y)
          : indexAt(bordersOf(view.axis, steps), (x - box.left) / box.width);
      this.events.point(steps[look] ?? null, false);
    });
    surface.addEventListener('pointerleave', () => this.#leave());
    surface.addEventListener('blur', () => this.#leave());
    surface.addEventListener('keydown', event => this.#key(event));
  }

  #leave(): void {
    this.#pointer = undefined;
    this.events.point(null, false);
  }

  #key(event: KeyboardEvent): void {
    const steps = this.#prepared?.answer.steps ?? [];
    const last = steps.length - 1;
    const at = this.#look ?? last + 1;
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: last,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') this.#leave();
    const place = Object.hasOwn(places, event.key) ? places[event.key] : undefined;
    if (place === undefined) return;
    event.preventDefault();
    this.#pointer = undefined;
    this.events.point(steps[Math.min(last, Math.max(0, place))] ?? null, true);
  }
}
