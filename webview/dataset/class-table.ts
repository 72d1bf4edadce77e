/**
 * The classes of a part of a dataset, one below the other, each with samples. The samples are one stop of the Tab key;
 * within them the arrow keys lead on.
 */
import type { DatasetSummary, SamplesAnswer, SamplesRequest, SplitSummary } from '../../src/protocol/dataset';
import type { PartName } from '../../src/protocol/dataset-check';
import { element, setShown } from '../shared/dom';
import { ClassRow } from './class-row';
import { type Sample, scaleFor } from './sample';

/** About how long an image is in a table, and the space between two, in screen pixels. */
const tileLength = 56;
const gap = 4;
/** More samples than these in a line say nothing more. */
const mostColumns = 32;

/** What the table tells. */
export interface ClassTableEvents {
  readonly ask: (request: SamplesRequest) => Promise<SamplesAnswer>;
  /** What the images of each class of a part are on average, one after the other. */
  readonly means: (split: PartName) => Promise<Uint8Array>;
  readonly onLines: (label: number, lines: number) => void;
  /** A sample was chosen, or only reached. */
  readonly onSample: (sample: Sample, chosen: boolean) => void;
}

/** What of a dataset a table shows. */
export interface TableContent {
  readonly split: PartName;
  readonly seed: number | null;
  readonly lines: Readonly<Record<string, number>>;
  /** What the names of the classes that are shown have in them. */
  readonly filter: string;
}

/** The table. */
export class ClassTable {
  readonly element = element('table', { class: 'classes' });
  readonly #rows: readonly ClassRow[];
  readonly #tileWidth: number;
  #columns = 12;
  /** The tile that the Tab key leads to. */
  #current: HTMLButtonElement | undefined;
  /** The part whose means are shown. */
  #means: PartName | undefined;

  constructor(
    private readonly summary: DatasetSummary,
    private readonly events: ClassTableEvents,
  ) {
    const { height, width } = summary;
    const scale = scaleFor(summary, tileLength);
    this.#tileWidth = Math.max(width * scale, tileLength);
    this.element.style.setProperty('--image-width', `${width * scale}px`);
    this.element.style.setProperty('--image-height', `${height * scale}px`);
    this.element.style.setProperty('--tile-width', `${this.#tileWidth}px`);
    const context = {
      size: summary,
      ask: events.ask,
      onLines: events.onLines,
      columns: () => this.#columns,
      onTile: (tile: HTMLButtonElement, sample: Sample) => this.#addTile(tile, sample),
    };
    this.#rows = summary.classes.map(() => new ClassRow(context));
    const head = ['Class', 'Samples'].map(text => element('th', { text, attributes: { scope: 'col' } }));
    this.element.append(
      element('thead', { class: 'for-screen-readers', children: [element('tr', { children: head })] }),
      element('tbody', { children: this.#rows.map(row => row.element) }),
    );
    this.element.addEventListener('keydown', event => this.#onKey(event));
    this.#watch();
  }

  /** Shows a part of the dataset. */
  show(split: SplitSummary, { seed, lines, filter }: TableContent): void {
    const largest = Math.max(...split.perClass);
    const total = split.samples;
    this.#current = undefined;
    this.#rows.forEach((row, label) => {
      const count = split.perClass[label] ?? 0;
      const className = this.summary.classes[label] ?? String(label);
      const request = { split: split.name, label, seed };
      row.show({ request, className, count, largest, total }, lines[String(label)] ?? 1);
    });
    this.filter(filter);
    void this.#showMeans(split.name);
  }

  /** Shows the classes that have this in their names; gives how many these are. */
  filter(text: string): number {
    const wanted = text.toLowerCase();
    let shown = 0;
    this.#rows.forEach((row, label) => {
      const fits = (this.summary.classes[label] ?? '').toLowerCase().includes(wanted);
      setShown(row.element, fits);
      if (fits) shown++;
    });
    return shown;
  }

  async #showMeans(split: PartName): Promise<void> {
    if (this.#means === split) return;
    this.#means = split;
    const { height, width, channels } = this.summary;
    const size = height * width * channels;
    // The samples say more: without means the page is what it was.
    const pixels = await this.events.means(split).catch(() => undefined);
    if (this.#means !== split) return;
    this.#rows.forEach((row, label) => {
      row.showMean(pixels?.subarray(label * size, (label + 1) * size));
    });
  }

  /** Rows ask for their samples when they come into sight, and fill the width that there is. */
  #watch(): void {
    const rowOf = new Map<Element, ClassRow>(this.#rows.map(row => [row.element, row]));
    const sight = new IntersectionObserver(
      entries => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) rowOf.get(target)?.want();
      },
      { rootMargin: '200px' },
    );
    for (const row of this.#rows) sight.observe(row.element);
    new ResizeObserver(() => {
      // Rows that the filter hides have no width.
      const cell = [...this.element.querySelectorAll('td')].find(({ clientWidth }) => clientWidth > 0);
      if (cell === undefined) return;
      const fitting = Math.floor((cell.clientWidth + gap) / (this.#tileWidth + gap));
      const columns = Math.max(1, Math.min(mostColumns, fitting));
      if (columns === this.#columns) return;
      this.#columns = columns;
      for (const row of this.#rows) row.fit();
    }).observe(this.element);
  }

  #addTile(tile: HTMLButtonElement, sample: Sample): void {
    if (this.#current === undefined) this.#moveTo(tile);
    tile.addEventListener('click', () => this.events.onSample(sample, true));
    tile.addEventListener('focus', () => {
      this.#moveTo(tile);
      this.events.onSample(sample, false);
    });
  }

  #moveTo(tile: HTMLButtonElement): void {
    if (this.#current !== undefined) this.#current.tabIndex = -1;
    this.#current = tile;
    tile.tabIndex = 0;
  }

  #onKey(event: KeyboardEvent): void {
    const { target } = event;
    if (!(target instanceof HTMLButtonElement) || !target.classList.contains('tile')) return;
    const next = this.#neighbour(target, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  /** Where a key leads to from a tile. */
  #neighbour(tile: HTMLButtonElement, key: string): HTMLButtonElement | undefined {
    // What is above and below is told by lines, of which a class may have several.
    const lines = this.#rows.flatMap(({ tiles }) =>
      Array.from({ length: Math.ceil(tiles.length / this.#columns) }, (_, line) =>
        tiles.slice(line * this.#columns, (line + 1) * this.#columns),
      ),
    );
    const y = lines.findIndex(line => line.includes(tile));
    const line = lines[y] ?? [];
    const x = line.indexOf(tile);
    const below = (step: number) => lines[y + step]?.[Math.min(x, (lines[y + step]?.length ?? 1) - 1)];
    switch (key) {
      case 'ArrowRight':
        return line[x + 1];
      case 'ArrowLeft':
        return line[x - 1];
      case 'ArrowDown':
        return below(1);
      case 'ArrowUp':
        return below(-1);
      case 'Home':
        return line[0];
      case 'End':
        return line.at(-1);
      default:
        return undefined;
    }
  }
}
