/** The page of a dataset: what it holds in figures, samples of each class, what is wrong with it, and transforms. */

import {
  type DatasetRequests,
  type DatasetSummary,
  datasetHostSide,
  datasetPageSide,
  type SplitSummary,
} from '../../src/protocol/dataset';
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { wholeNumber } from '../shared/format';
import { Notice } from '../shared/notice';
import { ReaderConnection } from '../shared/reader-connection';
import { SearchField } from '../shared/search-field';
import { Tabs } from '../shared/tabs';
import { onThemeChange } from '../shared/theme';
import { CheckView } from './check-view';
import { ClassTable } from './class-table';
import { Facts } from './facts';
import { Lens } from './lens';
import { type PageState, readState, type TabName } from './page-state';
import { bytesOf } from './sample';
import { type Ask, SampleTensor } from './sample-tensor';
import { SplitPicker } from './split-picker';
import { TransformsView } from './transforms-view';

/** Any seed will do, as long as it can be kept. */
function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

const noticeWords = {
  reading: 'Reading the dataset',
  promise: 'Its samples appear here in a moment.',
  failure: 'The dataset cannot be shown',
};

/** Milliseconds between two questions for how much was read. */
const interval = 300;

/** The page. */
export class DatasetPage {
  readonly #connection: ReaderConnection<DatasetRequests>;
  readonly #ask: Ask = (name, params) => this.#connection.request(name, params);
  readonly #facts = new Facts();
  readonly #splits = new SplitPicker(split => this.#change({ split, lines: {} }));
  readonly #inOrder = button('File Order', () => this.#change({ seed: null }), {
    title: 'Show the samples in the order in which they are stored',
  });
  readonly #search = new SearchField('Filter classes', filter => this.#filter(filter));
  readonly #nothing = element('p', { class: 'faint', text: 'No class has this in its name.' });
  readonly #lens = new Lens(
    open => this.#page.classList.toggle('choosing', open),
    sample => {
      this.#lens.close();
      setShown(this.#content, false);
      void this.#tensor.show(sample);
    },
  );
  readonly #tensor = new SampleTensor(this.#ask, () => setShown(this.#content, true));
  readonly #check = new CheckView(this.#ask, warnings => this.#warn(warnings));
  readonly #transforms = new TransformsView(this.#ask, transforms => this.#keep({ transforms }));
  readonly #notice = new Notice(noticeWords, () => this.#connection.begin());
  readonly #warning = element('button', { class: 'link warning', attributes: { type: 'button' } });
  readonly #place = element('div');
  readonly #tabs: Tabs<TabName>;
  readonly #content: HTMLElement;
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
      children: [this.#splits.element, shuffle.element, this.#inOrder.element, this.#search.element],
    });
    setShown(this.#nothing, false);
    setShown(this.#warning, false);
    const samples = element('div', { children: [tools, this.#nothing, this.#place] });
    this.#tabs = new Tabs<TabName>(
      'Pages of the dataset',
      [
        { id: 'samples', label: 'Samples', content: samples },
        { id: 'check', label: 'Check', content: this.#check.element },
        { id: 'transforms', label: 'Transforms', content: this.#transforms.element },
      ],
      tab => this.#select(tab),
    );
    this.#warning.addEventListener('click', () => this.#tabs.select('check'));
    this.#content = element('div', { children: [this.#tabs.element, ...this.#tabs.panels] });
    this.#page = element('main', {
      class: 'page',
      children: [this.#facts.element, this.#warning, this.#content, this.#tensor.element],
    });
    setShown(this.#page, false);
    root.append(this.#notice.element, this.#page, this.#lens.element);
    this.#connection = new ReaderConnection<DatasetRequests>(datasetPageSide, datasetHostSide, {
      onOpen: () => void this.#read(),
      onLost: reason => this.#fail(reason),
    });
    this.#state = readState(this.#connection.wire.load());
    // In a browser the page itself follows the system's colour scheme; its colours are all in the styles.
    onThemeChange(() => this.#tensor.redraw());
    document.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      if (this.#lens.open) this.#lens.close();
      else this.#tensor.close();
    });
  }

  async #read(): Promise<void> {
    const reading = ++this.#reading;
    this.#lens.close();
    this.#tensor.close();
    this.#check.end();
    setShown(this.#page, false);
    this.#notice.showReading();
    void this.#follow(reading);
    try {
      const summary = await this.#connection.request('open', {});
      if (reading === this.#reading) this.#show(summary);
    } catch (error) {
      if (reading === this.#reading) this.#fail(messageOf(error));
    }
  }

  /** Says how much was read, as long as that goes on. */
  async #follow(reading: number): Promise<void> {
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, interval));
      if (reading !== this.#reading || !this.#page.hidden) return;
      const progress = await this.#connection.request('progress', {}).catch(() => undefined);
      if (reading !== this.#reading || !this.#page.hidden || progress === undefined) return;
      const { done, total } = progress;
      if (done === null || total === 0) continue;
      const text = `${wholeNumber(done)} of ${wholeNumber(total)} images are decoded.`;
      this.#notice.showProgress(text, done / total);
    }
  }

  #fail(reason: string): void {
    this.#reading++;
    this.#check.end();
    setShown(this.#page, false);
    this.#notice.showFailure(reason);
    void this.#offer(this.#reading);
  }

  /** Where it is the person who knows how the data is to be read, they can say it at once. */
  async #offer(reading: number): Promise<void> {
    const asked = await this.#connection.request('question', {}).catch(() => undefined);
    if (asked === undefined || reading !== this.#reading || !this.#page.hidden) return;
    this.#notice.offer(asked.choices, choice => {
      this.#connection.request('answer', { choice }).then(
        () => this.#connection.begin(),
        (error: unknown) => this.#notice.showFailure(String(error)),
      );
    });
  }

  #show(summary: DatasetSummary): void {
    this.#summary = summary;
    this.#notice.hide();
    this.#table = new ClassTable(summary, {
      ask: request => this.#connection.request('samples', request),
      means: async split => bytesOf((await this.#connection.request('means', { split })).pixels),
      onLines: (label, lines) => this.#keep({ lines: { ...this.#state.lines, [String(label)]: lines } }),
      onSample: (sample, chosen) => {
        if (chosen || this.#lens.open) this.#lens.show(sample, summary);
      },
    });
    this.#place.replaceChildren(this.#table.element);
    setShown(this.#warning, false);
    setShown(this.#page, true);
    this.#search.show(this.#state.filter);
    this.#transforms.take(summary, this.#state.transforms);
    this.#tabs.select(this.#state.tab);
    this.#change({ folder: summary.folder });
    void this.#check.begin(summary);
  }

  #keep(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }

  #select(tab: TabName): void {
    this.#lens.close();
    this.#keep({ tab });
    this.#transforms.setShown(tab === 'transforms');
  }

  /** What is wrong is seen on every page of it. */
  #warn(warnings: readonly string[]): void {
    const [first, ...others] = warnings;
    setShown(this.#warning, first !== undefined);
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    if (first !== undefined) setText(this.#warning, `${first}${more}`);
  }

  #filter(filter: string): void {
    this.#lens.close();
    this.#keep({ filter });
    setShown(this.#nothing, this.#table?.filter(filter) === 0);
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
    this.#filter(this.#state.filter);
  }

  /** The part that was chosen; the first where the dataset has no such part. */
  #shownSplit(): SplitSummary | undefined {
    const { splits = [] } = this.#summary ?? {};
    return splits.find(({ name }) => name === this.#state.split) ?? splits[0];
  }
}
