/** The page of a checkpoint: what the file is, its tensors as a table, and beside it the one that was chosen. */
import * as z from 'zod/mini';
import {
  type CheckpointRequests,
  checkpointHostSide,
  checkpointPageSide,
  type OpenedCheckpoint,
} from '../../src/protocol/checkpoint-page';
import { element } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { ReadPage } from '../shared/read-page';
import { ReaderConnection } from '../shared/reader-connection';
import { type Tab, Tabs } from '../shared/tabs';
import { onThemeChange } from '../shared/theme';
import { ListAndPane } from '../tensor-table/list-and-pane';
import { About } from './about';
import { codeView } from './code-view';
import { GraphPanel } from './graph-panel';
import { importList, moduleOutline, valueOutline } from './outline';
import type { ListedTensor } from './tensor-columns';
import { TensorList } from './tensor-list';
import { TensorPane } from './tensor-pane';

const words = {
  reading: 'Reading the file',
  promise: 'Its tensors appear here in a moment.',
  failure: 'This file cannot be shown',
};

const kept = z.object({
  query: z.string(),
  sorting: z.optional(z.object({ column: z.string(), reversed: z.boolean() })),
  /** The name of the tensor that is shown. */
  chosen: z.nullable(z.string()),
});

type PageState = z.infer<typeof kept>;

type TabId = 'tensors' | 'graph' | 'modules' | 'values' | 'code' | 'metadata' | 'imports';

/** The page. */
export class CheckpointPage {
  readonly #connection: ReaderConnection<CheckpointRequests>;
  readonly #about = new About();
  readonly #list: TensorList;
  readonly #pane: TensorPane;
  readonly #tensors: ListAndPane<ListedTensor>;
  readonly #body = element('div', { class: 'body' });
  readonly #page: ReadPage<OpenedCheckpoint>;
  #state: PageState;
  #graph: GraphPanel | undefined;

  constructor(root: HTMLElement) {
    this.#connection = new ReaderConnection<CheckpointRequests>(checkpointPageSide, checkpointHostSide, {
      onOpen: () => void this.#page.read(),
      onLost: reason => this.#page.fail(reason),
    });
    const state = kept.safeParse(this.#connection.wire.load());
    this.#state = state.success ? state.data : { query: '', chosen: null };
    const { query, sorting } = this.#state;
    this.#list = new TensorList(
      {
        examine: async tensors => (await this.#connection.request('examine', { tensors })).found,
        choose: item => this.#tensors.choose(item),
        keep: list => this.#keep(list),
      },
      { query, sorting },
    );
    this.#pane = new TensorPane({
      request: (name, params) => this.#connection.request(name, params),
      known: number => this.#list.feed.get(number),
      learn: found => this.#list.feed.learn(found),
      close: () => this.#tensors.close(),
    });
    this.#tensors = new ListAndPane<ListedTensor>(
      this.#list,
      this.#pane,
      item => this.#keep({ chosen: item?.tensor.name ?? null }),
      () => this.#page.visible,
    );
    this.#page = new ReadPage<OpenedCheckpoint>(root, {
      words,
      children: [this.#about.element, this.#body],
      read: () => this.#connection.request('open', {}),
      show: content => this.#show(content),
      again: () => this.#connection.begin(),
    });
    onThemeChange(() => {
      this.#list.redraw();
      this.#pane.redraw();
      this.#graph?.redraw();
    });
  }

  #show(opened: OpenedCheckpoint): void {
    this.#about.show(opened);
    const tabs = this.#tabsOf(opened);
    const bar = new Tabs<TabId>('What is in the file', tabs, id => {
      if (id === 'graph') this.#graph?.show();
    });
    this.#body.replaceChildren(bar.element, ...bar.panels);
    bar.select('tensors');
    this.#list.show(opened.content);
    const chosen = this.#list.find(this.#state.chosen ?? '');
    if (chosen !== undefined) this.#tensors.choose(chosen);
    else this.#tensors.close();
  }

  #tabsOf({ content }: OpenedCheckpoint): Tab<TabId>[] {
    const { tensors, modules = [], structure, metadata, texts = [], imports, graph } = content;
    const tabs: Tab<TabId>[] = [
      {
        id: 'tensors',
        label: `Tensors ${wholeNumber(tensors.length)}`,
        content: this.#tensors.element,
        tools: this.#list.tools,
      },
    ];
    const add = (id: TabId, label: string, inside: HTMLElement) => {
      tabs.push({ id, label, content: element('div', { class: 'panel', children: [inside] }) });
    };
    this.#graph = graph === undefined ? undefined : new GraphPanel(graph, content);
    if (this.#graph !== undefined) add('graph', 'Graph', this.#graph.element);
    if (modules.length > 0) add('modules', `Modules ${wholeNumber(modules.length)}`, moduleOutline(modules));
    if (structure?.children !== undefined)
      add('values', 'Contents', element('div', { class: 'outline', children: [valueOutline(structure)] }));
    if (texts.length > 0) {
      const ask = async (name: string) => (await this.#connection.request('text', { name })).text;
      add('code', `Code ${wholeNumber(texts.length)}`, codeView(texts, ask));
    }
    if (imports.length > 0) add('imports', `Imports ${wholeNumber(imports.length)}`, importList(imports));
    if (metadata.length > 0) {
      const children = metadata.map(([key, text]) => valueOutline({ key, text, type: '' }));
      add('metadata', 'Metadata', element('div', { class: 'outline', children }));
    }
    return tabs;
  }

  #keep(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }
}
