/** The parts of a dataset as a row of choices. */
import type { SplitSummary } from '../../src/protocol/dataset';
import type { PartName } from '../../src/protocol/dataset-check';
import { element } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { splitTitles } from './sample';

/** The choices. */
export class SplitPicker {
  readonly element = element('fieldset', { class: 'splits' });

  constructor(private readonly onChoose: (split: PartName) => void) {}

  /** Shows the parts that there are, and which of them is chosen. */
  show(splits: readonly SplitSummary[], chosen: PartName): void {
    const legend = element('legend', { class: 'for-screen-readers', text: 'Part of the dataset' });
    this.element.replaceChildren(
      legend,
      ...splits.map(({ name, samples }) => this.#choice(name, samples, name === chosen)),
    );
  }

  #choice(name: PartName, samples: number, checked: boolean): HTMLElement {
    const input = element('input', { attributes: { type: 'radio', name: 'split', value: name } });
    input.checked = checked;
    input.addEventListener('change', () => this.onChoose(name));
    const text = element('span', {
      children: [splitTitles[name], element('span', { class: 'unit', text: wholeNumber(samples) })],
    });
    return element('label', { children: [input, text] });
  }
}
