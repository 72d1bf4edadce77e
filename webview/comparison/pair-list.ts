/** The pairs of two files as a table: what has changed most stands on top, and what is the same can be left out. */
import type { Comparison, FoundDifference, TensorPair } from '../../src/protocol/comparison-page';
import { Choice } from '../shared/choice';
import { element, setShown } from '../shared/dom';
import { SearchField } from '../shared/search-field';
import { FiguresFeed } from '../tensor-table/figures-feed';
import { FiguresStatus } from '../tensor-table/figures-status';
import { groupsAbove, keyOf, rowsOf, wordsOf } from '../tensor-table/name-tree';
import { emptyGrid, type Sorting, TreeGrid } from '../tensor-table/tree-grid';
import { kindWords, type ListedPair, pairColumns, shapesText } from './pair-columns';

/** What a person may want to see. */
export const shown = { all: 'All', changed: 'Changed', architecture: 'Other shape' } as const;

/** What a person may want to see. */
export type Shown = keyof typeof shown;

/** What a person has set. */
export interface PairListState {
  readonly query: string;
  readonly sorting: Sorting | null;
  readonly shown: Shown;
}

/** What the list works with. */
export interface PairListEvents {
  compare(numbers: number[]): Promise<readonly FoundDifference[]>;
  choose(item: ListedPair): void;
  keep(state: PairListState): void;
  /** Something has become known. */
  learned(): void;
}

/** Milliseconds between two sortings by what is still coming. */
const sortingRest = 400;

/** The list. */
export class PairList {
  readonly element: HTMLElement;
  readonly tools: HTMLElement;
  readonly feed: FiguresFeed<FoundDifference>;
  readonly #grid: TreeGrid<ListedPair>;
  readonly #search: SearchField;
  readonly #choice: Choice<Shown>;
  readonly #status = new FiguresStatus('Comparing', () => this.feed);
  readonly #empty = emptyGrid();
  readonly #columns = pairColumns({
    of: number => this.feed.get(number),
    largest: () => this.#largest,
  });
  readonly #closed = new Set<string>();
  #items: readonly ListedPair[] = [];
  #largest = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #sorted = 0;

  constructor(
    private readonly events: PairListEvents,
    private state: PairListState,
  ) {
    this.#grid = new TreeGrid('Tensors of both files', this.#columns, {
      choose: item => events.choose(item),
      toggle: (key, open) => {
        if (open) this.#closed.delete(key);
        else this.#closed.add(key);
        this.#draw();
      },
      sort: sorting => this.#set({ sorting: sorting ?? null }),
    });
    this.feed = new FiguresFeed<FoundDifference>({
      ask: numbers => events.compare(numbers),
      visible: () => this.#grid.visible.flatMap(row => (row.kind === 'item' ? row.item.number : [])),
      numberOf: ({ pair }) => pair,
      changed: () => this.#learned(),
    });
    this.#search = new SearchField('Search tensors', query => this.#set({ query }));
    this.#search.element.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') this.#grid.focus();
    });
    this.#search.show(state.query);
    this.#choice = new Choice('Show', 'shown', shown, choice => this.#set({ shown: choice }));
    this.#choice.show(state.shown);
    this.tools = element('div', {
      class: 'toolbar list-tools',
      children: [...this.#status.elements, this.#choice.element, this.#search.element],
    });
    this.element = element('div', { class: 'list', children: [this.#grid.element, this.#empty.element] });
  }

  /** Shows the pairs of two files. */
  show({ pairs }: Comparison): void {
    this.#items = pairs.map((pair, number) => ({ number, path: pair.path, pair }));
    this.#largest = 0;
    this.#closed.clear();
    this.feed.begin(pairs.length);
    this.#draw();
  }

  /** The pair at this place of the tree. */
  find(path: readonly string[] | null): ListedPair | undefined {
    return path === null ? undefined : this.#items.find(item => keyOf(item.path) === keyOf(path));
  }

  /** Marks the pair that is shown beside the list; undefined for none. */
  mark(item: ListedPair | undefined): void {
    if (item !== undefined) {
      for (const key of groupsAbove(item)) this.#closed.delete(key);
    }
    this.#grid.mark(item && keyOf(item.path));
  }

  focus(): void {
    this.#grid.focus();
  }

  focusSearch(): void {
    this.#search.element.focus();
  }

  /** Draws again, in the colours of another theme. */
  redraw(): void {
    this.#grid.refresh();
  }

  #set(change: Partial<PairListState>): void {
    this.state = { ...this.state, ...change };
    this.events.keep(this.state);
    this.#draw();
  }

  #wanted({ number, pair }: ListedPair): boolean {
    const { shown: wanted } = this.state;
    if (wanted === 'all') return true;
    if (pair.kind !== 'both') return true;
    return wanted === 'changed' && (this.feed.get(number)?.changed ?? 0) > 0;
  }

  #draw(): void {
    this.#sorted = performance.now();
    const { query, sorting } = this.state;
    const order = this.#columns.find(({ id }) => id === sorting?.column)?.order;
    const rows = rowsOf(
      this.#items.filter(item => this.#wanted(item)),
      {
        words: wordsOf(query),
        textOf: ({ path, pair }) =>
          `${path.join('.')} ${wordOf(pair, this.feed)} ${shapesText(pair)}`.toLowerCase(),
        isOpen: key => !this.#closed.has(key),
        order: order && sorting?.reversed ? (a, b) => order(b, a) : order,
      },
    );
    this.#grid.show(rows, sorting ?? undefined);
    setShown(this.#grid.element, rows.length > 0);
    this.#empty.show(rows.length > 0 ? undefined : this.#emptyText());
    this.#status.show();
  }

  #emptyText(): string {
    if (this.#items.length === 0) return 'There is no tensor in either file.';
    if (this.state.query !== '') return 'No tensor has these words in its name.';
    return this.feed.known < this.feed.total ? 'Comparing …' : 'Every tensor is the same in both files.';
  }

  #learned(): void {
    for (const { number } of this.#items)
      this.#largest = Math.max(this.#largest, Math.min(1e3, this.feed.get(number)?.relative ?? 0));
    this.#status.show();
    this.events.learned();
    clearTimeout(this.#again);
    const rest = this.#sorted + sortingRest - performance.now();
    if (rest <= 0 || this.feed.known === this.feed.total) this.#draw();
    else {
      this.#grid.refresh();
      this.#again = setTimeout(() => this.#draw(), rest);
    }
  }
}

/** What has become of a pair, in the word that can be searched for. */
function wordOf(pair: TensorPair, feed: FiguresFeed<FoundDifference>): string {
  return pair.kind === 'both' && feed.known === feed.total ? '' : kindWords[pair.kind];
}
