/** The page that compares two checkpoints: what has changed most at a glance, and each pair in full beside the list. */
import * as z from 'zod/mini';
import {
  type Comparison,
  type ComparisonRequests,
  comparisonHostSide,
  comparisonPageSide,
} from '../../src/protocol/comparison-page';
import { element } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { ReadPage } from '../shared/read-page';
import { ReaderConnection } from '../shared/reader-connection';
import { type Tab, Tabs } from '../shared/tabs';
import { onThemeChange } from '../shared/theme';
import { ListAndPane } from '../tensor-table/list-and-pane';
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
  readonly #summary = new Summary();
  readonly #list: PairList;
  readonly #pane: PairPane;
  readonly #tensors: ListAndPane<ListedPair>;
  readonly #body = element('div', { class: 'body' });
  readonly #page: ReadPage<Comparison>;
  #state: PageState;
  #comparison: Comparison | undefined;

  constructor(root: HTMLElement) {
    this.#connection = new ReaderConnection<ComparisonRequests>(comparisonPageSide, comparisonHostSide, {
      onOpen: () => void this.#page.read(),
      onLost: reason => this.#page.fail(reason),
    });
    const state = kept.safeParse(this.#connection.wire.load());
    this.#state = state.success ? state.data : untouched;
    this.#list = new PairList(
      {
        compare: async pairs => (await this.#connection.request('compare', { pairs })).found,
        choose: item => this.#tensors.choose(item),
        keep: list => this.#keep(list),
        learned: () => this.#tell(),
      },
      this.#state,
    );
    this.#pane = new PairPane({
      request: (name, params) => this.#connection.request(name, params),
      known: number => this.#list.feed.get(number),
      close: () => this.#tensors.close(),
    });
    this.#tensors = new ListAndPane<ListedPair>(
      this.#list,
      this.#pane,
      item => this.#keep({ chosen: item === null ? null : [...item.path] }),
      () => this.#page.visible,
    );
    this.#page = new ReadPage<Comparison>(root, {
      words,
      children: [this.#summary.element, this.#body],
      read: () => this.#connection.request('open', {}),
      show: content => this.#show(content),
      again: () => this.#connection.begin(),
    });
    onThemeChange(() => {
      this.#list.redraw();
      this.#pane.redraw();
    });
  }

  #show(comparison: Comparison): void {
    this.#comparison = comparison;
    const { before, after } = comparison;
    this.#keep({ files: [`${before.folder}/${before.name}`, `${after.folder}/${after.name}`] });
    this.#summary.show(comparison);
    const bar = new Tabs<TabId>('What is compared', this.#tabsOf(comparison), () => undefined);
    this.#body.replaceChildren(bar.element, ...bar.panels);
    bar.select('tensors');
    this.#list.show(comparison);
    this.#tell();
    const chosen = this.#list.find(this.#state.chosen);
    if (chosen !== undefined) this.#tensors.choose(chosen);
    else this.#tensors.close();
  }

  #tabsOf({ pairs, modules, values }: Comparison): Tab<TabId>[] {
    const tabs: Tab<TabId>[] = [
      {
        id: 'tensors',
        label: `Tensors ${wholeNumber(pairs.length)}`,
        content: this.#tensors.element,
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

  #keep(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }
}
