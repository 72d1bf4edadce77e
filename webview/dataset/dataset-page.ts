/** The page of a dataset: what it holds in figures, and samples of each class. */
import {
  type DatasetRequests,
  type DatasetSummary,
  datasetHostSide,
  datasetPageSide,
  type SplitSummary,
} from '../../src/protocol/dataset';
import { button } from '../shared/controls';
import { element, setShown } from '../shared/dom';
import { Notice } from '../shared/notice';
import { ReaderConnection } from '../shared/reader-connection';
import { onThemeChange } from '../shared/theme';
import { ClassTable } from './class-table';
import { Facts } from './facts';
import { Lens } from './lens';
import { type PageState, readState } from './page-state';
import { SplitPicker } from './split-picker';

/** Any seed will do, as long as it can be kept. */
function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

const noticeWords = {
  reading: 'Reading the dataset',
  promise: 'Its samples appear here in a moment.',
  failure: 'The dataset cannot be shown',
};

/** The page. */
export class DatasetPage {
  readonly #connection: ReaderConnection<DatasetRequests>;
  readonly #facts = new Facts();
  readonly #splits = new SplitPicker(split => this.#change({ split, lines: {} }));
  readonly #inOrder = button('File Order', () => this.#change({ seed: null }), {
    title: 'Show the samples in the order in which they are stored',
  });
  readonly #lens = new Lens(open => this.#page.classList.toggle('choosing', open));
  readonly #notice = new Notice(noticeWords, () => this.#connection.begin());
  readonly #place = element('div');
  readonly #page: HTMLElement;
  #state: PageState;
  #summary: DatasetSummary | undefined;
  #table: ClassTable | undefined;
  /** The reading in progress; what another one brings is passed over. */
  #reading = 0;

  constructor(root: HTMLElement) {
    const shuffle = button('Shuffle', () => this.#change({ seed: newSeed() }), {
      title: 'Show other samples, chosen at random',
    });
    const tools = element('div', {
      class: 'tools',
      children: [this.#splits.element, shuffle.element, this.#inOrder.element],
    });
    this.#page = element('main', { class: 'page', children: [this.#facts.element, tools, this.#place] });
    setShown(this.#page, false);
    root.append(this.#notice.element, this.#page, this.#lens.element);
    this.#connection = new ReaderConnection<DatasetRequests>(datasetPageSide, datasetHostSide, {
      onOpen: () => void this.#read(),
      onLost: reason => this.#fail(reason),
    });
    this.#state = readState(this.#connection.wire.load());
    // In a browser the page itself follows the system's colour scheme; its colours are all in the styles.
    onThemeChange(() => undefined);
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#lens.close();
    });
  }

  async #read(): Promise<void> {
    const reading = ++this.#reading;
    this.#lens.close();
    setShown(this.#page, false);
    this.#notice.showReading();
    try {
      const summary = await this.#connection.request('open', {});
      if (reading === this.#reading) this.#show(summary);
    } catch (error) {
      if (reading === this.#reading) this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(reason: string): void {
    this.#reading++;
    setShown(this.#page, false);
    this.#notice.showFailure(reason);
  }

  #show(summary: DatasetSummary): void {
    this.#summary = summary;
    this.#notice.hide();
    this.#table = new ClassTable(summary, {
      ask: request => this.#connection.request('samples', request),
      onLines: (label, lines) => this.#keep({ lines: { ...this.#state.lines, [String(label)]: lines } }),
      onSample: (sample, chosen) => {
        if (chosen || this.#lens.open) this.#lens.show(sample, summary);
      },
    });
    this.#place.replaceChildren(this.#table.element);
    setShown(this.#page, true);
    this.#change({ folder: summary.folder });
  }

  #keep(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }

  /** Shows what the state says now. */
  #change(change: Partial<PageState>): void {
    this.#keep(change);
    const split = this.#shownSplit();
    if (this.#summary === undefined || split === undefined) return;
    this.#lens.close();
    this.#facts.show(this.#summary, split);
    this.#splits.show(this.#summary.splits, split.name);
    setShown(this.#inOrder.element, this.#state.seed !== null);
    this.#table?.show(split, this.#state);
  }

  /** The part that was chosen; the first where the dataset has no such part. */
  #shownSplit(): SplitSummary | undefined {
    const { splits = [] } = this.#summary ?? {};
    return splits.find(({ name }) => name === this.#state.split) ?? splits[0];
  }
}
