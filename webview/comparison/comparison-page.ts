/** The page that compares two checkpoints: what has changed most at a glance, and each pair in full beside the list. */
import * as z from 'zod/mini';
import {
  type Comparison,
  type ComparisonRequests,
  comparisonHostSide,
  comparisonPageSide,
} from '../../src/protocol/comparison-page';
import { element, setShown } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { Notice } from '../shared/notice';
import { ReaderConnection } from '../shared/reader-connection';
import { type Tab, Tabs } from '../shared/tabs';
import { onThemeChange } from '../shared/theme';
import { changesTable } from './changes';
import type { ListedPair } from './pair-columns';
import { PairList } from './pair-list';
import { PairPane } from './pair-pane';
import { Summary } from './summary';

const words = {
  reading: 'Reading both files',
  promise: 'Their tensors appear here in a moment.',
  failure: 'These files cannot be compared',
};

/** What a person has set; the files themselves are known by the folder and name that the page was opened with. */
const kept = z.object({
  files: z.optional(z.tuple([z.string(), z.string()])),
  query: z.string(),
  sorting: z.nullable(z.object({ column: z.string(), reversed: z.boolean() })),
  shown: z.enum(['all', 'changed', 'architecture']),
  /** The place of the pair that is shown. */
  chosen: z.nullable(z.array(z.string())),
});

type PageState = z.infer<typeof kept>;

const untouched: PageState = {
  query: '',
  sorting: { column: 'relative', reversed: false },
  shown: 'all',
  chosen: null,
};

type TabId = 'tensors' | 'modules' | 'values';

/** The page. */
export class ComparisonPage {
  readonly #connection: ReaderConnection<ComparisonRequests>;
  readonly #notice = new Notice(words, () => this.#connection.begin());
  readonly #summary = new Summary();
  readonly #list: PairList;
  readonly #pane: PairPane;
  readonly #tensors: HTMLElement;
  readonly #body = element('div', { class: 'body' });
  readonly #page: HTMLElement;
  #state: PageState;
  #comparison: Comparison | undefined;
  #reading = 0;

  constructor(root: HTMLElement) {
    this.#connection = new ReaderConnection<ComparisonRequests>(comparisonPageSide, comparisonHostSide, {
      onOpen: () => void this.#read(),
      onLost: reason => this.#fail(reason),
    });
    const state = kept.safeParse(this.#connection.wire.load());
    this.#state = state.success ? state.data : untouched;
    this.#list = new PairList(
      {
        compare: async pairs => (await this.#connection.request('compare', { pairs })).found,
        choose: item => this.#choose(item),
        keep: list => this.#keep(list),
        learned: () => this.#tell(),
      },
      this.#state,
    );
    this.#pane = new PairPane({
      request: (name, params) => this.#connection.request(name, params),
      known: number => this.#list.feed.get(number),
      close: () => this.#close(),
    });
    this.#tensors = element('div', {
      class: 'tensors',
      children: [this.#list.element, this.#pane.element],
    });
    this.#page = element('main', { class: 'page', children: [this.#summary.element, this.#body] });
    setShown(this.#page, false);
    root.append(this.#notice.element, this.#page);
    onThemeChange(() => {
      this.#list.redraw();
      this.#pane.redraw();
    });
    document.addEventListener('keydown', event => this.#onKey(event));
  }

  async #read(): Promise<void> {
    const reading = ++this.#reading;
    setShown(this.#page, false);
    this.#notice.showReading();
    try {
      const comparison = await this.#connection.request('open', {});
      if (reading === this.#reading) this.#show(comparison);
    } catch (error) {
      if (reading === this.#reading) this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(reason: string): void {
    this.#reading++;
    setShown(this.#page, false);
    this.#notice.showFailure(reason);
  }

  #show(comparison: Comparison): void {
    this.#comparison = comparison;
    this.#notice.hide();
    const { before, after } = comparison;
    this.#keep({ files: [`${before.folder}/${before.name}`, `${after.folder}/${after.name}`] });
    this.#summary.show(comparison);
    const bar = new Tabs<TabId>('What is compared', this.#tabsOf(comparison), () => undefined);
    this.#body.replaceChildren(bar.element, ...bar.panels);
    bar.select('tensors');
    setShown(this.#page, true);
    this.#list.show(comparison);
    this.#tell();
    const chosen = this.#list.find(this.#state.chosen);
    if (chosen !== undefined) this.#choose(chosen);
    else this.#close();
  }

  #tabsOf({ pairs, modules, values }: Comparison): Tab<TabId>[] {
    const tabs: Tab<TabId>[] = [
      {
        id: 'tensors',
        label: `Tensors ${wholeNumber(pairs.length)}`,
        content: this.#tensors,
        tools: this.#list.tools,
      },
    ];
    const add = (id: TabId, label: string, inside: HTMLElement) => {
      tabs.push({ id, label, content: element('div', { class: 'panel', children: [inside] }) });
    };
    if (modules.length > 0)
      add('modules', `Modules ${wholeNumber(modules.length)}`, changesTable('Module', modules));
    if (values.length > 0)
      add('values', `Other values ${wholeNumber(values.length)}`, changesTable('Value', values));
    return tabs;
  }

  #tell(): void {
    if (this.#comparison !== undefined)
      this.#summary.tell(this.#comparison, number => this.#list.feed.get(number));
  }

  #choose(item: ListedPair): void {
    this.#keep({ chosen: [...item.path] });
    this.#tensors.classList.add('split');
    this.#list.mark(item);
    void this.#pane.show(item);
  }

  #close(): void {
    this.#keep({ chosen: null });
    const inside = this.#pane.element.contains(document.activeElement);
    this.#tensors.classList.remove('split');
    this.#list.mark(undefined);
    this.#pane.close();
    if (inside) this.#list.focus();
  }

  #keep(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    if (event.key === 'Escape' && this.#pane.open) this.#close();
    else if (event.key === 'f' && (event.ctrlKey || event.metaKey) && !this.#page.hidden) {
      this.#list.focusSearch();
      event.preventDefault();
    }
  }
}
