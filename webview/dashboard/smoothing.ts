/** How much the curves of what is measured at every step are averaged, for all charts. */
import { element, setText } from '../shared/dom';
import { smoothingSpan } from './page-state';

/** Over how much is averaged at a position of the slider, in words. */
function spanText(position: number): string {
  const span = smoothingSpan(position);
  return position <= 0 || span < 2 ? 'none' : `about ${span.toLocaleString('en')} points`;
}

/** The slider, with its name and its value. */
export class SmoothingSlider {
  readonly element: HTMLElement;
  readonly #value = element('output', { class: 'smoothing-value' });
  readonly #slider = element('input', {
    class: 'slider',
    attributes: { type: 'range', min: '0', max: '1', step: '0.01', 'aria-label': 'Smoothing' },
  });

  constructor(onChange: (position: number) => void) {
    this.#slider.addEventListener('input', () => onChange(this.#slider.valueAsNumber));
    this.element = element('div', {
      class: 'smoothing',
      children: [
        element('span', { text: 'Smoothing', attributes: { 'aria-hidden': 'true' } }),
        this.#slider,
        this.#value,
      ],
    });
  }

  /** Shows a position. */
  show(position: number): void {
    if (document.activeElement !== this.#slider) this.#slider.valueAsNumber = position;
    const text = spanText(position);
    setText(this.#value, text);
    this.#slider.setAttribute('aria-valuetext', text);
  }
}
