/**
 * A table whose rows form a tree, as ARIA's treegrid describes it: arrow keys move and open, Enter chooses, headings sort.
 * Only the rows that can be seen are there, so that thousands scroll as ten do.
 */
import { element, setShown } from '../shared/dom';
import type { Named, Row } from './name-tree';

/** A column. */
export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** What the title stands for, where it is short. */
  readonly hint?: string;
  /** In pixels; the first column takes what is left, and needs at least as much as this. */
  readonly width: number;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
  /** Of two columns for which there is no room, the one with the larger number goes first. */
  readonly rank: number;
  /** What stands in a cell; undefined for nothing. */
  cell(row: Row<T>): Node | string | undefined;
  /** The order of a list that is sorted by the column, from the one to be seen first; undefined for no sorting. */
  readonly order?: (a: T, b: T) => number;
}

/** How a list is sorted. */
export interface Sorting {
  readonly column: string;
  /** The other way round. */
  readonly reversed: boolean;
}

/** What a grid tells. */
export interface TreeGridEvents<T> {
  /** A row was chosen. */
  choose(item: T): void;
  /** A group is to be opened or closed. */
  toggle(key: string, open: boolean): void;
  sort(sorting: Sorting | undefined): void;
}

const rowHeight = 24;
/** Rows that are kept beyond those in sight. */
const margin = 8;
const indent = 16;
const leastName = 152;
/** What is left free at both sides. */
const sides = 32;
let grids = 0;

/** The grid. */
export class TreeGrid<T extends Named> {
  readonly element: HTMLElement;
  readonly #id = `grid-${grids++}`;
  readonly #head = element('div', { class: 'grid-head', attributes: { role: 'row' } });
  readonly #body = element('div', { class: 'grid-body', attributes: { role: 'rowgroup' } });
  readonly #grid: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #drawn = new Map<number, HTMLElement>();
  #columns: readonly Column<T>[];
  #rows: readonly Row<T>[] = [];
  #sorting: Sorting | undefined;
  /** The row under the cursor, by its key. */
  #cursor: string | undefined;
  /** The row that is shown elsewhere on the page. */
  #chosen: string | undefined;
  #frame: number | undefined;

  constructor(
    label: string,
    private readonly columns: readonly Column<T>[],
    private readonly events: TreeGridEvents<T>,
  ) {
    this.#columns = columns;
    this.#grid = element('div', {
      class: 'grid',
      attributes: { role: 'treegrid', tabindex: '0', 'aria-label': label, 'aria-readonly': 'true' },
      children: [
        element('div', { class: 'grid-top', attributes: { role: 'rowgroup' }, children: [this.#head] }),
        this.#body,
      ],
    });
    this.#scroller = element('div', { class: 'grid-scroller', children: [this.#grid] });
    this.element = this.#scroller;
    this.#scroller.addEventListener('scroll', () => this.#later());
    this.#grid.addEventListener('keydown', event => this.#onKey(event));
    this.#body.addEventListener('click', event => this.#onClick(event));
    new ResizeObserver(() => this.#resize()).observe(this.#scroller);
    this.#drawHead();
  }

  /** Shows other rows; what is under the cursor stays there if it is among them. */
  show(rows: readonly Row<T>[], sorting: Sorting | undefined): void {
    this.#rows = rows;
    this.#grid.classList.toggle('flat', !rows.some(({ kind }) => kind === 'group'));
    this.#sorting = sorting;
    this.#grid.setAttribute('aria-rowcount', String(rows.length + 1));
    this.#body.style.height = `${rows.length * rowHeight}px`;
    this.#drawHead();
    this.refresh();
  }

  /** Draws what is in sight again: something is known now that was not. */
  refresh(): void {
    for (const drawn of this.#drawn.values()) drawn.remove();
    this.#drawn.clear();
    this.#later();
  }

  /** Marks a row as the one that is shown elsewhere, and has it seen; undefined for none. */
  mark(key: string | undefined): void {
    this.#chosen = key;
    if (key !== undefined) this.#moveTo(key);
    this.refresh();
  }

  /** The rows that can be seen, from the top. */
  get visible(): readonly Row<T>[] {
    const [from, to] = this.#range;
    return this.#rows.slice(from, to);
  }

  focus(): void {
    this.#grid.focus();
  }

  get #range(): readonly [from: number, to: number] {
    const { scrollTop, clientHeight } = this.#scroller;
    const from = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
    return [from, Math.min(this.#rows.length, from + Math.ceil(clientHeight / rowHeight) + 2 * margin)];
  }

  #later(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  /** Leaves out columns for which there is no room. */
  #resize(): void {
    const room = this.#scroller.clientWidth - sides;
    const kept = [...this.columns];
    const needed = () => kept.reduce((sum, { width }, i) => sum + (i === 0 ? leastName : width), 0);
    while (kept.length > 1 && needed() > room) {
      const last = kept.slice(1).reduce((a, b) => (b.rank > a.rank ? b : a));
      kept.splice(kept.indexOf(last), 1);
    }
    if (kept.length !== this.#columns.length) {
      this.#columns = kept;
      this.#drawHead();
      this.refresh();
    }
    this.#later();
  }

  #drawHead(): void {
    const widths = this.#columns.map(({ width }, i) => (i === 0 ? 'minmax(0, 1fr)' : `${width}px`));
    this.#grid.style.setProperty('--grid-columns', widths.join(' '));
    this.#head.setAttribute('aria-rowindex', '1');
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['column'] : '';
    this.#head.replaceChildren(...this.#columns.map(column => this.#heading(column)));
    if (focused) this.#head.querySelector<HTMLElement>(`[data-column="${focused}"]`)?.focus();
  }

  #heading(column: Column<T>): HTMLElement {
    const { id, title, hint, numeric = false } = column;
    const sorted = this.#sorting?.column === id ? this.#sorting : undefined;
    const heading = element('span', {
      class: numeric ? 'numeric' : '',
      attributes: { role: 'columnheader' },
    });
    if (hint !== undefined) heading.title = hint;
    if (column.order === undefined) {
      heading.textContent = title;
      return heading;
    }
    const down = sorted !== undefined && !sorted.reversed;
    if (sorted !== undefined) heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const arrow = sorted === undefined ? '' : down ? ' ↓' : ' ↑';
    const made = element('button', {
      class: 'heading',
      text: `${title}${arrow}`,
      attributes: { type: 'button', 'data-column': id },
    });
    made.addEventListener('click', () => this.events.sort(nextSorting(id, this.#sorting)));
    heading.append(made);
    return heading;
  }

  #draw(): void {
    const [from, to] = this.#range;
    for (const [at, drawn] of this.#drawn) {
      if (at >= from && at < to) continue;
      drawn.remove();
      this.#drawn.delete(at);
    }
    // From the end, so that each has its place before the one below it: screen readers read what is there in order.
    let below: HTMLElement | null = null;
    for (let at = to - 1; at >= from; at--) {
      const row = this.#rows[at];
      if (row === undefined) continue;
      const made = this.#drawn.get(at) ?? this.#row(row, at);
      if (!this.#drawn.has(at)) this.#body.insertBefore(made, below);
      this.#drawn.set(at, made);
      below = made;
    }
    this.#point();
  }

  #row(row: Row<T>, at: number): HTMLElement {
    const made = element('div', {
      class: `grid-row ${row.kind}`,
      attributes: {
        role: 'row',
        id: `${this.#id}-${at}`,
        'aria-level': String(row.depth + 1),
        'aria-rowindex': String(at + 2),
        'data-at': String(at),
      },
      children: this.#columns.map((column, i) => this.#cell(column, row, i === 0)),
    });
    made.style.transform = `translateY(${at * rowHeight}px)`;
    if (row.kind === 'group') made.setAttribute('aria-expanded', String(row.open));
    made.setAttribute('aria-selected', String(row.key === this.#chosen));
    return made;
  }

  #cell(column: Column<T>, row: Row<T>, first: boolean): HTMLElement {
    const content = column.cell(row) ?? '';
    const made = element('span', {
      class: column.numeric === true ? 'numeric' : '',
      attributes: { role: 'gridcell' },
    });
    if (first) {
      made.className = 'grid-name';
      made.style.paddingLeft = `${row.depth * indent}px`;
      const sign = row.kind === 'group' ? (row.open ? 'open' : 'closed') : 'none';
      made.append(element('span', { class: `twist ${sign}`, attributes: { 'aria-hidden': 'true' } }));
      made.append(element('span', { class: 'grid-label', children: [content] }));
      if (typeof content === 'string') made.title = content;
    } else made.append(content);
    return made;
  }

  /** Has the cursor seen, for the eye and for a screen reader. */
  #point(): void {
    const at = this.#rows.findIndex(({ key }) => key === this.#cursor);
    for (const [place, drawn] of this.#drawn) drawn.classList.toggle('cursor', place === at);
    if (this.#drawn.has(at)) this.#grid.setAttribute('aria-activedescendant', `${this.#id}-${at}`);
    else this.#grid.removeAttribute('aria-activedescendant');
  }

  #moveTo(key: string): void {
    this.#cursor = key;
    const at = this.#rows.findIndex(row => row.key === key);
    if (at < 0) return;
    const { scrollTop, clientHeight } = this.#scroller;
    const top = at * rowHeight;
    const room = clientHeight - this.#head.offsetHeight - rowHeight;
    if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top > scrollTop + room) this.#scroller.scrollTop = top - room;
    this.#draw();
  }

  #onClick(event: MouseEvent): void {
    const { target } = event;
    const drawn = target instanceof Element ? target.closest<HTMLElement>('.grid-row') : null;
    const row = this.#rows[Number(drawn?.dataset['at'])];
    if (row === undefined) return;
    this.#moveTo(row.key);
    this.#act(row);
  }

  /** What a click or Enter does. */
  #act(row: Row<T>): void {
    if (row.kind === 'group') this.events.toggle(row.key, !row.open);
    else this.events.choose(row.item);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.#grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#rows.findIndex(({ key }) => key === this.#cursor);
    const row = this.#rows[at];
    if (event.key === 'Enter' || event.key === ' ') {
      if (row !== undefined) this.#act(row);
    } else if (!this.#open(event.key, row) && !this.#step(event.key, at, row)) return;
    event.preventDefault();
  }

  /** Opens and closes groups. */
  #open(key: string, row: Row<T> | undefined): boolean {
    if (row?.kind !== 'group') return false;
    if ((key === 'ArrowRight' && row.open) || (key === 'ArrowLeft' && !row.open)) return false;
    if (key !== 'ArrowRight' && key !== 'ArrowLeft') return false;
    this.events.toggle(row.key, !row.open);
    return true;
  }

  /** Moves the cursor; from a closed group or a thing, ArrowLeft leads to what it is in. */
  #step(key: string, at: number, row: Row<T> | undefined): boolean {
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / rowHeight) - 2);
    const last = this.#rows.length - 1;
    const above = () => this.#rows.slice(0, at).findLastIndex(({ depth }) => depth < (row?.depth ?? 0));
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: row === undefined ? 0 : above(),
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    const place = Object.hasOwn(places, key) ? places[key] : undefined;
    if (place === undefined) return false;
    const next = this.#rows[Math.max(0, Math.min(last, place))];
    if (next === undefined) return true;
    this.#moveTo(next.key);
    // Where a thing is shown beside the list, the cursor leads there.
    if (this.#chosen !== undefined && next.kind === 'item') this.events.choose(next.item);
    return true;
  }
}

/** A heading sorts, then the other way round, then not at all. */
function nextSorting(column: string, now: Sorting | undefined): Sorting | undefined {
  if (now?.column !== column) return { column, reversed: false };
  return now.reversed ? undefined : { column, reversed: true };
}

/** Shows a text in the place of an empty grid. */
export function emptyGrid(): { readonly element: HTMLElement; show(text: string | undefined): void } {
  const made = element('p', { class: 'empty-panel' });
  setShown(made, false);
  return {
    element: made,
    show: text => {
      made.textContent = text ?? '';
      setShown(made, text !== undefined);
    },
  };
}
