/** A row of choices of which one is made: radio buttons that look like words. */
import { element } from './dom';

/** What can be chosen, by the values of the choices. */
export type Options<T extends string> = Readonly<Record<T, string>>;

/** The choices. */
export class Choice<T extends string> {
  readonly element: HTMLElement;
  readonly #inputs = new Map<string, HTMLInputElement>();

  /** @param name tells the choices of a page apart */
  constructor(label: string, name: string, options: Options<T>, onChoose: (value: T) => void) {
    const values = Object.keys(options).filter((key): key is T => Object.hasOwn(options, key));
    const labels = values.map(value => {
      const input = element('input', { attributes: { type: 'radio', name, value } });
      input.addEventListener('change', () => onChoose(value));
      this.#inputs.set(value, input);
      return element('label', { children: [input, element('span', { text: options[value] })] });
    });
    const legend = element('legend', { class: 'choice-label', text: label });
    this.element = element('fieldset', { class: 'choice', children: [legend, ...labels] });
  }

  /** Shows what is chosen. */
  show(value: T): void {
    const input = this.#inputs.get(value);
    if (input !== undefined) input.checked = true;
  }
}
