/** What a model says of an image: a bar for each class, the likeliest marked. */
import { element, setText } from '../shared/dom';

/** The bars. */
export class Probabilities {
  readonly element: HTMLElement;
  readonly #verdict = element('p', { class: 'answer', attributes: { 'aria-live': 'polite' } });
  readonly #list = element('ol', { class: 'probabilities' });
  #rows: { readonly item: HTMLElement; readonly fill: HTMLElement; readonly figure: HTMLElement }[] = [];
  #classes: readonly string[] = [];

  constructor() {
    this.element = element('div', { children: [this.#verdict, this.#list] });
  }

  /** Begins with these classes; with many of them the list can be scrolled. */
  begin(classes: readonly string[]): void {
    this.#classes = classes;
    this.#rows = classes.map(name => {
      const fill = element('span', { class: 'bar-fill' });
      const figure = element('span', { class: 'figure' });
      const bar = element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' }, children: [fill] });
      const item = element('li', { children: [element('span', { class: 'name', text: name }), bar, figure] });
      return { item, fill, figure };
    });
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    this.clear();
  }

  /** Shows what a model says. */
  show(probabilities: readonly number[]): void {
    const best = probabilities.indexOf(Math.max(...probabilities));
    for (const [i, { item, fill, figure }] of this.#rows.entries()) {
      const share = probabilities[i] ?? 0;
      fill.style.width = `${100 * share}%`;
      setText(figure, `${(100 * share).toFixed(1)} %`);
      item.classList.toggle('best', i === best);
    }
    setText(
      this.#verdict,
      `${this.#classes[best] ?? best}, ${(100 * (probabilities[best] ?? 0)).toFixed(1)} %`,
    );
  }

  /** There is nothing to say anything about. */
  clear(): void {
    for (const { item, fill, figure } of this.#rows) {
      fill.style.width = '0';
      setText(figure, '');
      item.classList.remove('best');
    }
    setText(this.#verdict, 'Draw with the mouse or a finger.');
  }

  /** Says what went wrong. */
  fail(message: string): void {
    this.clear();
    setText(this.#verdict, message);
  }
}
