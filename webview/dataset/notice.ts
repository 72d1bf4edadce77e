/** What stands in the page's place while there is nothing to show: that it is being read, or why it cannot be. */
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';

/** Milliseconds after which reading is worth a word. */
const patience = 300;

/** The notice. */
export class Notice {
  readonly element: HTMLElement;
  readonly #title = element('h1');
  readonly #text = element('p');
  readonly #progress = element('progress', { attributes: { 'aria-label': 'Reading the dataset' } });
  readonly #again: HTMLElement;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** @param tryAgain what a person can do about a failure */
  constructor(tryAgain: () => void) {
    this.#again = button('Try Again', tryAgain, { primary: true }).element;
    this.element = element('div', {
      class: 'notice',
      attributes: { role: 'status' },
      children: [this.#title, this.#text, this.#progress, this.#again],
    });
    setShown(this.element, false);
  }

  /** Says that the dataset is being read, if that takes more than a moment. */
  showReading(): void {
    this.hide();
    this.#waiting = setTimeout(
      () => this.#show('Reading the dataset', 'Its samples appear here in a moment.', true),
      patience,
    );
  }

  /** Says why there is nothing to be seen. */
  showFailure(reason: string): void {
    this.hide();
    this.#show('The dataset cannot be shown', reason, false);
  }

  /** Makes room for the dataset. */
  hide(): void {
    clearTimeout(this.#waiting);
    setShown(this.element, false);
  }

  #show(title: string, text: string, reading: boolean): void {
    setText(this.#title, title);
    setText(this.#text, text);
    setShown(this.#progress, reading);
    setShown(this.#again, !reading);
    setShown(this.element, true);
  }
}
