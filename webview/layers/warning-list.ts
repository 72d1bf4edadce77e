/** What seems to be wrong, in words, with what may be done about it. */
import type { LayerWarning } from '../../src/protocol/looks-page';
import { element, setShown, setText } from '../shared/dom';

/** The list. */
export class WarningList {
  readonly list = element('ul', { class: 'warnings', attributes: { 'aria-label': 'Warnings' } });
  /** What is said instead of a list that would be empty. */
  readonly fine = element('p', { class: 'hint', attributes: { role: 'status' } });
  #shown = '';

  /** Shows warnings; where there are none, says up to which step. */
  show(warnings: readonly LayerWarning[], step: string): void {
    setShown(this.list, warnings.length > 0);
    setShown(this.fine, warnings.length === 0);
    setText(this.fine, `Nothing looks wrong up to step ${step}.`);
    const shown = JSON.stringify(warnings);
    // What a screen reader is reading must not be replaced by the same.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.list.replaceChildren(
      ...warnings.map(({ text, advice, kind }) =>
        element('li', {
          attributes: { 'data-kind': kind },
          children: [element('p', { text: `${text}.` }), element('p', { class: 'hint', text: advice })],
        }),
      ),
    );
  }
}
