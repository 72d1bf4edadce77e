/**
 * Scrolls over a grid of any number of rows and columns. A browser scrolls over some 30 million pixels at most: where the
 * grid is larger, a pixel of the scroll bar stands for several cells, and keys and the wheel still reach every one.
 */
import { element } from '../shared/dom';

/** A grid's size. */
export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

/** The cells that are seen. */
export interface GridPlace extends GridSize {
  readonly row: number;
  readonly column: number;
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** What a grid is made of. */
export interface GridParts {
  /** The size of a cell, and of the heads of rows and columns. */
  readonly cell: Extent;
  readonly head: Extent;
  readonly label: string;
  /** What stays in view; whoever fills it draws the cells that are seen. */
  readonly content: HTMLElement;
  /** Other cells are seen. */
  moved(): void;
}

const longest = 8_000_000;

/** The scroller. */
export class GridScroller {
  readonly element: HTMLElement;
  readonly #space = element('div', { class: 'space' });
  #size: GridSize = { rows: 0, columns: 0 };
  /** The first cell that is seen. */
  #first = { row: 0, column: 0 };
  /** Where the scroll bars were put for it: what they say of themselves then is no news. */
  #put = { top: 0, left: 0 };
  /** What is left of a turn of the wheel that was less than a cell. */
  #turned = { x: 0, y: 0 };

  constructor(private readonly parts: GridParts) {
    this.element = element('div', {
      class: 'scroller',
      attributes: { tabindex: '0', role: 'group', 'aria-label': parts.label },
      children: [this.#space, parts.content],
    });
    this.element.addEventListener('scroll', () => this.#onScroll());
    this.element.addEventListener('keydown', event => this.#onKey(event));
    this.element.addEventListener('wheel', event => this.#onWheel(event), { passive: false });
    new ResizeObserver(() => this.#moveTo(this.#first)).observe(this.element);
  }

  /** The size of the grid. */
  get size(): GridSize {
    return this.#size;
  }

  /** Shows the beginning of a grid. */
  show(size: GridSize): void {
    this.#size = size;
    const { cell, head } = this.parts;
    this.#space.style.width = `${Math.min(longest, head.width + size.columns * cell.width)}px`;
    this.#space.style.height = `${Math.min(longest, head.height + size.rows * cell.height)}px`;
    this.#moveTo({ row: 0, column: 0 });
  }

  /** The cells that are seen; the last row and column may be seen in part. */
  get visible(): GridPlace {
    const { row, column } = this.#first;
    const { rows, columns } = this.#fit;
    return {
      row,
      column,
      rows: Math.max(1, Math.min(rows, this.#size.rows - row)),
      columns: Math.max(1, Math.min(columns + 1, this.#size.columns - column)),
    };
  }

  /** How many whole cells there is room for. */
  get #fit(): GridSize {
    const { clientWidth, clientHeight } = this.element;
    const { cell, head } = this.parts;
    return {
      rows: Math.max(1, Math.floor((clientHeight - head.height) / cell.height)),
      columns: Math.max(1, Math.floor((clientWidth - head.width) / cell.width)),
    };
  }

  /** The first cell when the last one is seen. */
  get #last() {
    const { rows, columns } = this.#fit;
    return {
      row: Math.max(0, this.#size.rows - rows),
      column: Math.max(0, this.#size.columns - columns),
    };
  }

  /** How far the bars can be moved. */
  get #way() {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = this.element;
    return { top: Math.max(0, scrollHeight - clientHeight), left: Math.max(0, scrollWidth - clientWidth) };
  }

  #moveTo(wanted: { readonly row: number; readonly column: number }): void {
    const last = this.#last;
    const row = Math.min(last.row, Math.max(0, wanted.row));
    const column = Math.min(last.column, Math.max(0, wanted.column));
    this.#first = { row, column };
    const way = this.#way;
    const share = (at: number, most: number) => (most === 0 ? 0 : at / most);
    this.element.scrollTo(way.left * share(column, last.column), way.top * share(row, last.row));
    this.#put = { top: this.element.scrollTop, left: this.element.scrollLeft };
    this.parts.moved();
  }

  #onScroll(): void {
    const { scrollTop, scrollLeft } = this.element;
    const [last, way] = [this.#last, this.#way];
    const at = (place: number, length: number, most: number) =>
      length === 0 ? 0 : Math.round((place / length) * most);
    this.#first = {
      row: scrollTop === this.#put.top ? this.#first.row : at(scrollTop, way.top, last.row),
      column: scrollLeft === this.#put.left ? this.#first.column : at(scrollLeft, way.left, last.column),
    };
    this.#put = { top: scrollTop, left: scrollLeft };
    this.parts.moved();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.shiftKey) return;
    const { row, column } = this.#first;
    const [last, fit] = [this.#last, this.#fit];
    const all = event.ctrlKey || event.metaKey;
    const to = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowRight: { row, column: column + 1 },
      ArrowLeft: { row, column: column - 1 },
      PageDown: { row: row + fit.rows, column },
      PageUp: { row: row - fit.rows, column },
      Home: all ? { row: 0, column: 0 } : { row, column: 0 },
      End: all ? last : { row, column: last.column },
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#moveTo(to);
  }

  /** Where a pixel of the bar stands for several cells, the wheel moves by cells; elsewhere the browser does it best. */
  #onWheel(event: WheelEvent): void {
    const { cell } = this.parts;
    const tall = this.#size.rows * cell.height > longest;
    const wide = this.#size.columns * cell.width > longest;
    const { shiftKey, ctrlKey } = event;
    if (ctrlKey || !(tall || wide)) return;
    const [x, y] = shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : cell.height;
    this.#turned = {
      x: this.#turned.x + (x * unit) / cell.width,
      y: this.#turned.y + (y * unit) / cell.height,
    };
    const [right, down] = [Math.trunc(this.#turned.x), Math.trunc(this.#turned.y)];
    this.#turned = { x: this.#turned.x - right, y: this.#turned.y - down };
    const [{ row, column }, last] = [this.#first, this.#last];
    const ended = (turn: number, at: number, most: number) =>
      turn === 0 || (turn < 0 ? at === 0 : at === most);
    // At its ends the page around it scrolls on.
    if (ended(y, row, last.row) && ended(x, column, last.column)) return;
    event.preventDefault();
    this.#moveTo({ row: row + down, column: column + right });
  }
}
