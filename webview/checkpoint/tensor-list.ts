/** The tensors of a file as a table: searched, sorted, opened and closed, and filled with figures as these come. */
import type { CheckpointContent, CheckpointModule } from '../../src/protocol/checkpoint';
import type { LookedAt } from '../../src/protocol/checkpoint-page';
import { element, setShown } from '../shared/dom';
import { SearchField } from '../shared/search-field';
import { FiguresFeed } from '../tensor-table/figures-feed';
import { FiguresStatus } from '../tensor-table/figures-status';
import { groupsAbove, keyOf, rowsOf, wordsOf } from '../tensor-table/name-tree';
import { emptyGrid, type Sorting, TreeGrid } from '../tensor-table/tree-grid';
import { type ListedTensor, shapeText, tensorColumns } from './tensor-columns';

/** Where a tree has more rows than this, only what is outermost is open at first. */
const mostOpen = 300;
/** Milliseconds between two sortings by figures that are still coming. */
const sortingRest = 500;

/** What the list works with. */
export interface TensorListEvents {
  examine(numbers: number[]): Promise<readonly LookedAt[]>;
  choose(item: ListedTensor): void;
  /** What a person has set, to be kept. */
  keep(state: ListState): void;
}

/** What a person has set. */
export interface ListState {
  readonly query: string;
  readonly sorting: Sorting | undefined;
}

/** The list. */
export class TensorList {
  readonly element: HTMLElement;
  readonly tools: HTMLElement;
  readonly feed: FiguresFeed<LookedAt>;
  readonly #grid: TreeGrid<ListedTensor>;
  readonly #search: SearchField;
  readonly #status = new FiguresStatus('Reading statistics', () => this.feed);
  readonly #empty = emptyGrid();
  #items: readonly ListedTensor[] = [];
  #modules = new Map<string, CheckpointModule>();
  #toggled = new Set<string>();
  #openAtFirst = true;
  #sorted = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly events: TensorListEvents,
    private state: ListState,
  ) {
    const known = {
      of: (number: number) => this.feed.get(number),
      module: (key: string) => this.#modules.get(key),
    };
    this.#grid = new TreeGrid('Tensors', tensorColumns(known), {
      choose: item => events.choose(item),
      toggle: (key, open) => this.#toggle(key, open),
      sort: sorting => this.#set({ sorting }),
    });
    this.feed = new FiguresFeed<LookedAt>({
      ask: numbers => events.examine(numbers),
      visible: () => this.#grid.visible.flatMap(row => (row.kind === 'item' ? row.item.number : [])),
      numberOf: ({ tensor }) => tensor,
      changed: () => this.#learned(),
    });
    this.#search = new SearchField('Search tensors', query => this.#set({ query }));
    this.#search.element.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') this.#grid.focus();
    });
    this.#search.show(state.query);
    this.tools = element('div', {
      class: 'toolbar list-tools',
      children: [this.#search.element, ...this.#status.elements],
    });
    this.element = element('div', { class: 'list', children: [this.#grid.element, this.#empty.element] });
  }

  /** Shows the tensors of a file. */
  show({ tensors, modules = [] }: CheckpointContent): void {
    this.#items = tensors.map((tensor, number) => ({ number, path: tensor.path, tensor }));
    this.#modules = new Map(modules.map(module => [keyOf(module.path), module]));
    this.#toggled.clear();
    this.#openAtFirst = true;
    this.#openAtFirst = this.#rows().length <= mostOpen;
    this.#empty.show(tensors.length === 0 ? 'There is no tensor in this file.' : undefined);
    this.feed.begin(tensors.length);
    this.#draw();
  }

  /** The tensor of this name. */
  find(name: string): ListedTensor | undefined {
    return this.#items.find(({ tensor }) => tensor.name === name);
  }

  /** Marks the tensor that is shown beside the list; undefined for none. */
  mark(item: ListedTensor | undefined): void {
    if (item !== undefined) {
      const closed = groupsAbove(item).filter(key => !this.#isOpen(key));
      for (const key of closed) this.#flip(key);
      if (closed.length > 0) this.#draw();
    }
    this.#grid.mark(item && keyOf(item.path));
  }

  /** Draws again, in the colours of another theme. */
  redraw(): void {
    this.#grid.refresh();
  }

  focus(): void {
    this.#grid.focus();
  }

  focusSearch(): void {
    this.#search.element.focus();
  }

  #set(change: Partial<ListState>): void {
    this.state = { ...this.state, ...change };
    this.events.keep(this.state);
    this.#draw();
  }

  #isOpen(key: string): boolean {
    return this.#openAtFirst !== this.#toggled.has(key);
  }

  #flip(key: string): void {
    if (!this.#toggled.delete(key)) this.#toggled.add(key);
  }

  #toggle(key: string, open: boolean): void {
    if (this.#isOpen(key) !== open) this.#flip(key);
    this.#draw();
  }

  #rows() {
    const { query, sorting } = this.state;
    const column = tensorColumns({ of: number => this.feed.get(number), module: () => undefined }).find(
      ({ id }) => id === sorting?.column,
    );
    const order = column?.order;
    return rowsOf(this.#items, {
      words: wordsOf(query),
      textOf: ({ tensor, path }) =>
        `${tensor.name} ${path.join('.')} ${shapeText(tensor.shape)} ${tensor.dtype}`.toLowerCase(),
      isOpen: key => this.#isOpen(key),
      order: order && sorting?.reversed ? (a, b) => order(b, a) : order,
    });
  }

  #draw(): void {
    this.#sorted = performance.now();
    const rows = this.#rows();
    this.#grid.show(rows, this.state.sorting);
    if (this.#items.length > 0)
      this.#empty.show(rows.length === 0 ? 'No tensor has these words in its name.' : undefined);
    setShown(this.#grid.element, rows.length > 0);
    this.#status.show();
  }

  /** Figures have come: they are drawn at once, but what is sorted by them moves only now and then. */
  #learned(): void {
    this.#status.show();
    if (this.state.sorting === undefined) {
      this.#grid.refresh();
      return;
    }
    clearTimeout(this.#again);
    const rest = this.#sorted + sortingRest - performance.now();
    if (rest <= 0 || this.feed.known === this.feed.total) this.#draw();
    else {
      this.#grid.refresh();
      this.#again = setTimeout(() => this.#draw(), rest);
    }
  }
}
