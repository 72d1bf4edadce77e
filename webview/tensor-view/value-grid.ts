/**
 * The values of a tensor in a grid that scrolls over millions of entries: there are only as many cells as can be seen,
 * and only their values are asked for.
 */
import type { TensorValue, TensorValues } from '../../src/protocol/tensors';
import { element, setText } from '../shared/dom';
import { measure, wholeNumber } from '../shared/format';
import { currentTheme } from '../shared/theme';
import { ColourScale, toRgb } from './colour-scale';
import type { Part } from './subject';

const cellWidth = 84;
const cellHeight = 22;
const headWidth = 72;
/** Browsers cannot make anything higher than some 30 million pixels. */
const highest = 8_000_000;

/** Asks for values. */
export type AskValues = (part: Part) => Promise<TensorValues>;

/** The grid. */
export class ValueGrid {
  readonly element: HTMLElement;
  readonly #cells = element('div', { class: 'cells' });
  readonly #space = element('div', { class: 'space' });
  readonly #where = element('span', { class: 'note', attributes: { 'aria-live': 'polite' } });
  readonly #scroller: HTMLElement;
  #size = { rows: 0, columns: 0 };
  #limit = 0;
  #ask: AskValues | undefined;
  #asked = '';
  #busy = false;
  /** What is in view. */
  #drawn: TensorValues | undefined;

  constructor() {
    this.#scroller = element('div', {
      class: 'scroller',
      attributes: { tabindex: '0', role: 'group', 'aria-label': 'Values; scroll with the arrow keys' },
      children: [this.#space, this.#cells],
    });
    this.element = element('section', {
      class: 'values',
      children: [
        element('header', { children: [element('h2', { text: 'Values' }), this.#where] }),
        this.#scroller,
      ],
    });
    this.#scroller.addEventListener('scroll', () => this.#follow());
    new ResizeObserver(() => this.#follow()).observe(this.#scroller);
  }

  /** Shows another tensor, taken as a matrix. `limit` is how far from zero colours go. */
  show(rows: number, columns: number, limit: number, ask: AskValues): void {
    this.#size = { rows, columns };
    this.#limit = limit;
    this.#ask = ask;
    this.#asked = '';
    this.#space.style.width = `${headWidth + columns * cellWidth}px`;
    this.#space.style.height = `${Math.min(highest, (rows + 1) * cellHeight)}px`;
    this.#scroller.scrollTo(0, 0);
    this.#follow();
  }

  /** Draws again, in the colours of another theme. */
  draw(): void {
    if (this.#drawn !== undefined) this.#draw(this.#drawn);
  }

  /** The part that can be seen; where all rows are higher than a browser can scroll, a pixel stands for several. */
  get #visible(): Part {
    const { scrollTop, scrollLeft, clientHeight, clientWidth, scrollHeight } = this.#scroller;
    const { rows, columns } = this.#size;
    const fit = Math.max(1, Math.floor(clientHeight / cellHeight) - 1);
    const most = Math.max(0, rows - fit);
    const share = scrollHeight > clientHeight ? scrollTop / (scrollHeight - clientHeight) : 0;
    const row = Math.min(most, Math.round(share * most));
    const column = Math.min(Math.max(0, columns - 1), Math.floor(scrollLeft / cellWidth));
    const wide = Math.ceil((clientWidth - headWidth) / cellWidth) + 1;
    return { row, rows: Math.max(1, fit), column, columns: Math.max(1, wide) };
  }

  /** Asks for what can be seen, one question at a time. */
  #follow(): void {
    if (this.#busy || this.#ask === undefined || this.#size.rows === 0) return;
    const part = this.#visible;
    const key = JSON.stringify(part);
    if (key === this.#asked) return;
    this.#asked = key;
    this.#busy = true;
    const ask = this.#ask;
    void ask(part)
      .then(values => {
        if (this.#ask === ask) this.#draw(values);
      })
      .catch(() => undefined)
      .finally(() => {
        this.#busy = false;
        this.#follow();
      });
  }

  #draw(drawn: TensorValues): void {
    this.#drawn = drawn;
    const { row, rows, column, columns, values } = drawn;
    const scale = new ColourScale(this.#limit, toRgb(currentTheme().background));
    const head = element('div', { class: 'row head', children: [element('span', { class: 'corner' })] });
    for (let x = 0; x < columns; x++) head.append(element('span', { text: String(column + x) }));
    const body = Array.from({ length: rows }, (_, y) => {
      const line = element('div', {
        class: 'row',
        children: [element('span', { class: 'index', text: String(row + y) })],
      });
      for (const value of values.slice(y * columns, (y + 1) * columns)) line.append(cell(value, scale));
      return line;
    });
    this.#cells.replaceChildren(head, ...body);
    const { rows: allRows, columns: allColumns } = this.#size;
    setText(
      this.#where,
      `rows ${wholeNumber(row)}–${wholeNumber(row + rows - 1)} of ${wholeNumber(allRows)}, ` +
        `columns ${wholeNumber(column)}–${wholeNumber(column + columns - 1)} of ${wholeNumber(allColumns)}`,
    );
  }
}

function cell(value: TensorValue, scale: ColourScale): HTMLElement {
  const text = typeof value === 'number' ? measure(value) : value.replace('Infinity', '∞');
  const made = element('span', { text, class: typeof value === 'number' ? '' : 'bad' });
  const [red, green, blue] = scale.of(value);
  made.style.borderBottomColor = `rgb(${red} ${green} ${blue})`;
  made.title = String(value);
  return made;
}
