/** What the horizontal axes count, as a row of choices, and the way back from a zoom. */
import { type AxisName, axisNames } from '../../src/protocol/dashboard';
import { element, setShown } from '../shared/dom';
import { axisLabels } from './charts';

/** The choices. */
export class AxisPicker {
  readonly element: HTMLElement;
  readonly #inputs = new Map<AxisName, HTMLInputElement>();
  readonly #reset = element('button', {
    class: 'tool',
    text: 'Show everything',
    attributes: { type: 'button' },
  });

  constructor(onChoose: (axis: AxisName) => void, onReset: () => void) {
    const choices = axisNames.map(axis => {
      const input = element('input', { attributes: { type: 'radio', name: 'axis', value: axis } });
      input.addEventListener('change', () => onChoose(axis));
      this.#inputs.set(axis, input);
      return element('label', { children: [input, element('span', { text: axisLabels[axis] })] });
    });
    this.#reset.addEventListener('click', onReset);
    this.element = element('div', {
      class: 'axis-bar',
      children: [
        element('fieldset', {
          children: [element('legend', { class: 'for-screen-readers', text: 'Horizontal axis' }), ...choices],
        }),
        element('span', { class: 'hint', text: 'Drag to zoom, Shift and drag to pan' }),
        this.#reset,
      ],
    });
  }

  /** Shows the choice. */
  show(axis: AxisName, zoomed: boolean): void {
    const input = this.#inputs.get(axis);
    if (input !== undefined) input.checked = true;
    setShown(this.#reset, zoomed);
  }
}
