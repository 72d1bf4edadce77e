/** A field to search with: what is typed counts at once, Escape empties it. */
import { element } from './dom';

/** The field. */
export class SearchField {
  readonly element = element('input', {
    class: 'search',
    attributes: { type: 'search', spellcheck: 'false' },
  });

  constructor(label: string, onInput: (text: string) => void) {
    this.element.setAttribute('aria-label', label);
    this.element.placeholder = label;
    this.element.addEventListener('input', () => onInput(this.element.value.trim()));
    this.element.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || this.element.value === '') return;
      event.preventDefault();
      this.show('');
      onInput('');
    });
  }

  /** Shows a text, unless it is there already. */
  show(text: string): void {
    if (this.element.value.trim() !== text) this.element.value = text;
  }
}
