/** The field that finds things in a graph, with what was found below it. */
import { element, setShown } from '../shared/dom';
import type { Found } from './search';

/** What the field asks and tells. */
export interface SearchEvents {
  search(typed: string): readonly Found[];
  /** What is found while the person types; nothing when they are done. */
  found(found: readonly Found[]): void;
  choose(found: Found): void;
  /** The person leaves the field. */
  leave(): void;
}

let count = 0;

/** The field. */
export class SearchBox {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #id = `graph-search-${++count}`;
  #found: readonly Found[] = [];
  #active = 0;

  constructor(private readonly events: SearchEvents) {
    this.#input = element('input', {
      class: 'search',
      attributes: {
        type: 'search',
        placeholder: 'Find (/)',
        role: 'combobox',
        'aria-label': 'Find in the graph',
        'aria-expanded': 'false',
        'aria-autocomplete': 'list',
        'aria-controls': this.#id,
        spellcheck: 'false',
      },
    });
    this.#list = element('ul', { attributes: { id: this.#id, role: 'listbox', 'aria-label': 'Found' } });
    this.element = element('div', { class: 'graph-search', children: [this.#input, this.#list] });
    setShown(this.#list, false);
    this.#input.addEventListener('input', () => this.#search());
    this.#input.addEventListener('keydown', event => this.#key(event));
    this.#input.addEventListener('focus', () => this.#search());
    this.element.addEventListener('focusout', event => {
      if (!(event.relatedTarget instanceof Node) || !this.element.contains(event.relatedTarget))
        this.#close();
    });
  }

  /** Puts the cursor into the field. */
  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #search(): void {
    this.#found = this.events.search(this.#input.value);
    this.#active = 0;
    this.events.found(this.#found);
    this.#show();
  }

  #show(): void {
    const nothing = this.#input.value.trim() !== '' && this.#found.length === 0;
    this.#list.replaceChildren(
      ...(nothing ? [element('li', { class: 'nothing', text: 'Nothing is called that.' })] : []),
      ...this.#found.map((found, i) => this.#entry(found, i)),
    );
    const open = nothing || this.#found.length > 0;
    setShown(this.#list, open);
    this.#input.setAttribute('aria-expanded', String(open));
    this.#markActive();
  }

  #entry(found: Found, i: number): HTMLElement {
    const { title, place } = found;
    const entry = element('li', {
      attributes: { id: `${this.#id}-${i}`, role: 'option' },
      children: [element('span', { text: title }), element('span', { class: 'place', text: place })],
    });
    // Before the field loses the focus and the list goes.
    entry.addEventListener('pointerdown', event => {
      event.preventDefault();
      this.#choose(found);
    });
    return entry;
  }

  #markActive(): void {
    const options = this.#list.querySelectorAll('[role=option]');
    options.forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === this.#active));
      if (i === this.#active) option.scrollIntoView({ block: 'nearest' });
    });
    if (options.length > 0) this.#input.setAttribute('aria-activedescendant', `${this.#id}-${this.#active}`);
    else this.#input.removeAttribute('aria-activedescendant');
  }

  #choose(found: Found): void {
    this.#close();
    this.events.choose(found);
  }

  #close(): void {
    this.#found = [];
    setShown(this.#list, false);
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
    this.events.found([]);
  }

  #key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    const chosen = this.#found[this.#active];
    if (step !== undefined && this.#found.length > 0) {
      this.#active = (this.#active + step + this.#found.length) % this.#found.length;
      this.#markActive();
    } else if (event.key === 'Enter' && chosen !== undefined) this.#choose(chosen);
    else if (event.key === 'Escape') {
      this.#input.value = '';
      this.#close();
      this.events.leave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
