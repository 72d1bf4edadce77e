/** What is there before the first run: what will be there, and the one action that fills it. */

import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';

/** The empty page. */
export class EmptyPage {
  readonly element: HTMLElement;
  readonly #action: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #error = element('p', { class: 'error', attributes: { role: 'alert' } });

  /** `train` starts a run with the defaults. */
  constructor(train: () => Promise<unknown>) {
    const start = button('Train MNIST MLP', () => void this.#start(train), { primary: true });
    this.#action = start.element;
    this.#hint = element('p', {
      children: ['Begin one in a terminal with ', element('code', { text: 'npm start' }), '.'],
    });
    this.element = element('main', {
      class: 'empty-page',
      children: [
        element('h1', { text: 'No runs yet' }),
        element('p', {
          text: 'Loss and accuracy of a run appear here while it trains, with its speed and what is left of it, and stay when it is over.',
        }),
        this.#action,
        this.#hint,
        this.#error,
      ],
    });
    this.element.hidden = true;
    this.#error.hidden = true;
  }

  /** Shows the page, or takes it away. */
  show(visible: boolean, canTrain: boolean): void {
    setShown(this.element, visible);
    setShown(this.#action, canTrain);
    setShown(this.#hint, !canTrain);
  }

  async #start(train: () => Promise<unknown>): Promise<void> {
    setShown(this.#error, false);
    try {
      await train();
    } catch (error) {
      setText(this.#error, messageOf(error));
      setShown(this.#error, true);
    }
  }
}
