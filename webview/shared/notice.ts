/** What stands in the page's place while there is nothing to show: that it is being read, or why it cannot be. */
import { button } from './controls';
import { element, setShown, setText } from './dom';

/** Milliseconds after which reading is worth a word. */
const patience = 300;

/** What a notice says. */
export interface NoticeWords {
  /** Such as `Reading the dataset`. */
  readonly reading: string;
  /** What will be there in a moment. */
  readonly promise: string;
  /** Such as `The dataset cannot be shown`. */
  readonly failure: string;
}

/** The notice. */
export class Notice {
  readonly element: HTMLElement;
  readonly #title = element('h1');
  readonly #text = element('p');
  readonly #progress = element('progress');
  readonly #choices = element('div', { class: 'choices' });
  readonly #again: HTMLElement;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** @param tryAgain what a person can do about a failure */
  constructor(
    private readonly words: NoticeWords,
    tryAgain: () => void,
  ) {
    this.#progress.setAttribute('aria-label', words.reading);
    this.#again = button('Try Again', tryAgain, { primary: true }).element;
    this.element = element('div', {
      class: 'notice',
      attributes: { role: 'status' },
      children: [this.#title, this.#text, this.#progress, this.#choices, this.#again],
    });
    setShown(this.element, false);
  }

  /** Says that something is being read, if that takes more than a moment. */
  showReading(): void {
    this.hide();
    this.#progress.removeAttribute('value');
    this.#waiting = setTimeout(() => this.#show(this.words.reading, this.words.promise, true), patience);
  }

  /** Says how much was read, where that is known. */
  showProgress(text: string, share: number): void {
    this.hide();
    this.#show(this.words.reading, text, true);
    this.#progress.value = share;
  }

  /** Says why there is nothing to be seen. */
  showFailure(reason: string): void {
    this.hide();
    this.#show(this.words.failure, reason, false);
  }

  /** Adds what a person can answer to a failure that is a question. */
  offer(
    choices: readonly { readonly label: string; readonly description?: string | undefined }[],
    onChoose: (choice: number) => void,
  ): void {
    this.#choices.replaceChildren(
      ...choices.map(({ label, description = '' }, i) =>
        element('p', {
          children: [button(label, () => onChoose(i)).element, element('span', { text: description })],
        }),
      ),
    );
  }

  /** Makes room for what was read. */
  hide(): void {
    clearTimeout(this.#waiting);
    this.#choices.replaceChildren();
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
