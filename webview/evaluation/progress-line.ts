/** That an evaluation goes on, how far it is, and a way to end it. */
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';

/** The line. */
export class ProgressLine {
  readonly element: HTMLElement;
  readonly #bar = element('progress', { attributes: { 'aria-label': 'Evaluating', max: '1', value: '0' } });
  readonly #text = element('span', { class: 'note' });
  readonly #problem = element('p', { class: 'error', attributes: { role: 'alert' } });

  constructor(onCancel: () => void) {
    const cancel = button('Cancel', onCancel);
    const line = element('div', {
      class: 'progress-line',
      children: [this.#bar, this.#text, cancel.element],
    });
    this.element = element('div', { children: [line, this.#problem] });
    this.#line = line;
    this.hide();
  }

  readonly #line: HTMLElement;

  /** Shows how much is done. */
  show(share: number): void {
    setShown(this.#line, true);
    setShown(this.#problem, false);
    this.#bar.value = share;
    setText(this.#text, share === 0 ? 'Evaluating …' : `Evaluating … ${Math.floor(100 * share)} %`);
  }

  /** It is over. */
  hide(): void {
    setShown(this.#line, false);
    setShown(this.#problem, false);
  }

  /** It has failed. */
  fail(message: string): void {
    setShown(this.#line, false);
    setShown(this.#problem, true);
    setText(this.#problem, message);
  }
}
