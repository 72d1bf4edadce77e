/** The list of what can be looked at, in groups, with a field to search it. One of it is selected. */
import { type TensorChoice, tensorKey, tensorTitle } from '../../src/protocol/tensor-page';
import { element } from '../shared/dom';

/** The list. */
export class TensorList {
  readonly element: HTMLElement;
  readonly #search = element('input', {
    class: 'search',
    attributes: { type: 'search', placeholder: 'Search tensors', 'aria-label': 'Search tensors' },
  });
  readonly #items = element('div', {
    class: 'items',
    attributes: { role: 'listbox', tabindex: '0', 'aria-label': 'Tensors' },
  });
  #choices: readonly TensorChoice[] = [];
  #shown: readonly TensorChoice[] = [];
  #selected: string | undefined;

  constructor(private readonly onSelect: (choice: TensorChoice) => void) {
    this.element = element('nav', { class: 'list', children: [this.#search, this.#items] });
    this.#search.addEventListener('input', () => this.#draw());
    this.#search.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') this.#items.focus();
    });
    this.#items.addEventListener('keydown', event => this.#onKey(event));
  }

  /** Shows other choices. */
  set choices(choices: readonly TensorChoice[]) {
    const key = (list: readonly TensorChoice[]) => JSON.stringify(list);
    if (key(choices) === key(this.#choices)) return;
    this.#choices = choices;
    this.#draw();
  }

  /** The choice that is selected. */
  get selected(): TensorChoice | undefined {
    return this.#choices.find(({ tensor }) => tensorKey(tensor) === this.#selected);
  }

  /** Selects a tensor; the first one if it is not among the choices. */
  select(tensor: TensorChoice['tensor'] | undefined): void {
    const key = tensor === undefined ? undefined : tensorKey(tensor);
    const choice = this.#choices.find(known => tensorKey(known.tensor) === key) ?? this.#choices[0];
    if (choice !== undefined) this.#choose(choice);
  }

  #choose(choice: TensorChoice): void {
    this.#selected = tensorKey(choice.tensor);
    if (!this.#shown.includes(choice)) {
      this.#search.value = '';
      this.#draw();
    }
    this.#mark();
    this.onSelect(choice);
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#shown.findIndex(({ tensor }) => tensorKey(tensor) === this.#selected);
    const last = this.#shown.length - 1;
    const next = { ArrowDown: Math.min(last, at + 1), ArrowUp: Math.max(0, at - 1), Home: 0, End: last }[
      event.key
    ];
    const choice = next === undefined ? undefined : this.#shown[next];
    if (choice === undefined) return;
    event.preventDefault();
    this.#choose(choice);
  }

  #draw(): void {
    const words = this.#search.value.toLowerCase().split(/\s+/);
    this.#shown = this.#choices.filter(({ name, detail, group }) => {
      const text = `${name} ${detail} ${group}`.toLowerCase();
      return words.every(word => text.includes(word));
    });
    this.#items.replaceChildren();
    let group: string | undefined;
    this.#shown.forEach((choice, i) => {
      if (choice.group !== group) {
        group = choice.group;
        this.#items.append(
          element('div', { class: 'group', text: group, attributes: { role: 'presentation' } }),
        );
      }
      this.#items.append(this.#item(choice, i));
    });
    if (this.#shown.length === 0 && this.#choices.length > 0)
      this.#items.append(element('p', { class: 'none', text: 'No tensor has these words in its name.' }));
    this.#mark();
  }

  #item(choice: TensorChoice, i: number): HTMLElement {
    const shape = choice.group === 'Inputs' ? choice.detail : `[${choice.shape.join(', ')}]`;
    const item = element('div', {
      class: 'item',
      attributes: { role: 'option', id: `tensor-${i}`, 'data-key': tensorKey(choice.tensor) },
      children: [
        element('span', { class: 'name', text: choice.name }),
        element('span', { class: 'shape', text: shape }),
      ],
    });
    item.title = `${tensorTitle(choice)}: ${choice.detail}`;
    item.addEventListener('click', () => this.#choose(choice));
    return item;
  }

  #mark(): void {
    for (const item of this.#items.querySelectorAll<HTMLElement>('.item')) {
      const selected = item.dataset['key'] === this.#selected;
      item.setAttribute('aria-selected', String(selected));
      if (!selected) continue;
      this.#items.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({ block: 'nearest' });
    }
  }
}
