/**
 * The values of a tensor in a grid that scrolls over millions of entries: there are only as many cells as can be seen,
 * and only their values are asked for.
 */
import type { TensorValue, TensorValues } from '../../src/protocol/tensors';
import { element, setText } from '../shared/dom';
import { measure, wholeNumber } from '../shared/format';
import { currentTheme } from '../shared/theme';
import { ColourScale, toRgb } from './colour-scale';
import { type GridPlace, GridScroller } from './grid-scroller';
import type { Part } from './subject';

const cellWidth = 84;
const cellHeight = 22;
const headWidth = 72;

/** Asks for values. */
export type AskValues = (part: Part) => Promise<TensorValues>;

/** The grid. */
export class ValueGrid {
  readonly element: HTMLElement;
  readonly #cells = element('div', { class: 'cells' });
  readonly #where = element('span', { class: 'note', attributes: { 'aria-live': 'polite' } });
  readonly #scroller = new GridScroller({
    cell: { width: cellWidth, height: cellHeight },
    head: { width: headWidth, height: cellHeight },
    label: 'Values; scroll with the arrow keys',
    content: this.#cells,
    moved: () => this.#follow(),
  });
  #limit = 0;
  #ask: AskValues | undefined;
  #asked = '';
  #busy = false;
  /** What is in view. */
  #drawn: TensorValues | undefined;

  constructor() {
    this.element = element('section', {
      class: 'values',
      children: [
        element('header', { children: [element('h2', { text: 'Values' }), this.#where] }),
        this.#scroller.element,
      ],
    });
  }

  /** Shows another tensor, taken as a matrix. `limit` is how far from zero colours go. */
  show(rows: number, columns: number, limit: number, ask: AskValues): void {
    this.#limit = limit;
    this.#asked = '';
    this.#ask = ask;
    if (rows * columns === 0) {
      this.#ask = undefined;
      this.#drawn = undefined;
      this.#cells.replaceChildren();
      setText(this.#where, `none: ${wholeNumber(rows)} rows, ${wholeNumber(columns)} columns`);
    }
    this.#scroller.show({ rows, columns });
  }

  /** Draws again, in the colours of another theme. */
  draw(): void {
    if (this.#drawn !== undefined) this.#draw(this.#drawn);
  }

  /** Asks for what can be seen, one question at a time. */
  #follow(): void {
    if (this.#busy || this.#ask === undefined) return;
    const part: GridPlace & Part = this.#scroller.visible;
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
    const { rows: allRows, columns: allColumns } = this.#scroller.size;
    setText(
      this.#where,
      `${part('row', row, rows, allRows)}, ${part('column', column, columns, allColumns)}`,
    );
  }
}

/** `rows 0–13 of 4,000`; `1 row` where that is all. */
function part(name: string, first: number, count: number, all: number): string {
  if (all === 1) return `1 ${name}`;
  const seen = count === 1 ? wholeNumber(first) : `${wholeNumber(first)}–${wholeNumber(first + count - 1)}`;
  return `${name}s ${seen} of ${wholeNumber(all)}`;
}

function cell(value: TensorValue, scale: ColourScale): HTMLElement {
  const text = typeof value === 'number' ? measure(value) : value.replace('Infinity', '∞');
  const made = element('span', { text, class: typeof value === 'number' ? '' : 'bad' });
  const [red, green, blue] = scale.of(value);
  made.style.borderBottomColor = `rgb(${red} ${green} ${blue})`;
  made.title = String(value);
  return made;
}
