/** A bar of tabs and what each of them shows, as ARIA describes it: arrow keys move, one tab can be reached by Tab. */
import { element, setShown } from './dom';

/** What can be shown, one at a time. */
export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly content: HTMLElement;
  /** What stands beside the tabs while this one is shown. */
  readonly tools?: HTMLElement;
}

/** The bar, and below it the panels. */
export class Tabs<Id extends string> {
  /** The bar. */
  readonly element: HTMLElement;
  /** The panels, of which one is shown. */
  readonly panels: readonly HTMLElement[];
  readonly #buttons = new Map<Id, HTMLButtonElement>();
  #selected: Id | undefined;

  /** @param onSelect is called when another tab is shown, whoever has chosen it */
  constructor(
    label: string,
    private readonly tabs: readonly Tab<Id>[],
    private readonly onSelect: (id: Id) => void,
  ) {
    for (const tab of tabs) this.#buttons.set(tab.id, this.#button(tab));
    this.panels = tabs.map(({ id, content }) => {
      content.id = `panel-${id}`;
      content.setAttribute('role', 'tabpanel');
      content.setAttribute('aria-labelledby', `tab-${id}`);
      return content;
    });
    const list = element('div', {
      class: 'tab-list',
      attributes: { role: 'tablist', 'aria-label': label },
      children: [...this.#buttons.values()],
    });
    list.addEventListener('keydown', event => this.#key(event));
    const tools = tabs.flatMap(tab => tab.tools ?? []);
    this.element = element('div', { class: 'tabs', children: [list, ...tools] });
  }

  /** The tab that is shown. */
  get selected(): Id | undefined {
    return this.#selected;
  }

  /** Shows a tab. */
  select(id: Id): void {
    if (this.#selected === id) return;
    this.#selected = id;
    for (const tab of this.tabs) {
      const shown = tab.id === id;
      const made = this.#buttons.get(tab.id);
      made?.setAttribute('aria-selected', String(shown));
      if (made !== undefined) made.tabIndex = shown ? 0 : -1;
      setShown(tab.content, shown);
      if (tab.tools !== undefined) setShown(tab.tools, shown);
    }
    this.onSelect(id);
  }

  #button({ id, label }: Tab<Id>): HTMLButtonElement {
    const made = element('button', {
      class: 'tab',
      text: label,
      attributes: { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
    });
    made.addEventListener('click', () => this.select(id));
    return made;
  }

  #key(event: KeyboardEvent): void {
    const at = this.tabs.findIndex(({ id }) => id === this.#selected);
    const last = this.tabs.length - 1;
    const places: Readonly<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const place = Object.hasOwn(places, event.key) ? places[event.key] : undefined;
    const tab = place === undefined ? undefined : this.tabs[place];
    if (tab === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.select(tab.id);
    this.#buttons.get(tab.id)?.focus();
  }
}
