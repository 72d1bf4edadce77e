/** What holds for all charts: what the horizontal axes count, how much is averaged, and the way back from a zoom. */
import { type AxisName, axisNames } from '../../src/protocol/dashboard';
import { element, setShown, setText } from '../shared/dom';
import { axisLabels } from './charts';
import { SmoothingSlider } from './smoothing';

/** The choices. */
export class AxisPicker {
  readonly element: HTMLElement;
  readonly #inputs = new Map<AxisName, HTMLInputElement>();
  readonly #reset = element('button', {
    class: 'tool',
    text: 'Show everything',
    attributes: { type: 'button' },
  });

  readonly #reading = element('span', { class: 'reading', attributes: { role: 'status' } });

  readonly #smoothing: SmoothingSlider;

  constructor(onChoose: (axis: AxisName) => void, onReset: () => void, onSmooth: (position: number) => void) {
    this.#smoothing = new SmoothingSlider(onSmooth);
    const choices = axisNames.map(axis => {
      const input = element('input', { attributes: { type: 'radio', name: 'axis', value: axis } });
      input.addEventListener('change', () => onChoose(axis));
      this.#inputs.set(axis, input);
      return element('label', { children: [input, element('span', { text: axisLabels[axis] })] });
    });
    this.#reset.addEventListener('click', onReset);
    this.#reading.hidden = true;
    this.element = element('div', {
      class: 'axis-bar',
      children: [
        element('fieldset', {
          children: [element('legend', { class: 'for-screen-readers', text: 'Horizontal axis' }), ...choices],
        }),
        this.#reading,
        element('span', { class: 'hint', text: 'Drag to zoom, Shift and drag to pan' }),
        this.#reset,
        this.#smoothing.element,
      ],
    });
  }

  /** Says how far the reading of a large run is; null when all was read. */
  showReading(share: number | null): void {
    setShown(this.#reading, share !== null);
    const done = Math.floor((share ?? 1) * 100);
    setText(
      this.#reading,
      share === null ? '' : `Reading the run: ${done} %. Until then its curves are a sample.`,
    );
  }

  /** Shows what was chosen. */
  show(axis: AxisName, zoomed: boolean, smoothing: number): void {
    this.#smoothing.show(smoothing);
    const input = this.#inputs.get(axis);
    if (input !== undefined) input.checked = true;
    setShown(this.#reset, zoomed);
  }
}
