/** The lines of a chart by colour and name, with their values; each can be taken away and brought back. */
import { element, setText } from '../shared/dom';

/** What stands in a legend. */
export interface LegendEntry {
  readonly key: string;
  readonly label: string;
  /** Whether the label is for screen readers, and for whoever points at the entry. */
  readonly brief: boolean;
  readonly value: string;
  /** The extremes behind the value; may be nothing. */
  readonly spread: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly hidden: boolean;
}

/** A legend. */
export class Legend {
  readonly element = element('div', { class: 'legend' });
  readonly #entries = new Map<
    string,
    { root: HTMLButtonElement; swatch: HTMLElement; name: HTMLElement; value: Node; spread: Node }
  >();

  constructor(private readonly onToggle: (key: string) => void) {}

  /** Shows entries, in their order. */
  show(entries: readonly LegendEntry[]): void {
    const keys = new Set(entries.map(({ key }) => key));
    for (const [key, { root }] of this.#entries) {
      if (keys.has(key)) continue;
      root.remove();
      this.#entries.delete(key);
    }
    for (const entry of entries) {
      const { root, swatch, name, value, spread } = this.#entries.get(entry.key) ?? this.#add(entry.key);
      root.setAttribute('aria-pressed', String(!entry.hidden));
      swatch.style.borderTopColor = entry.colour;
      swatch.style.borderTopStyle = entry.dashed ? 'dashed' : 'solid';
      setText(name, entry.label);
      name.classList.toggle('for-screen-readers', entry.brief);
      root.title = entry.brief ? `${entry.label} (show or hide)` : 'Show or hide this line';
      setText(value, entry.value);
      setText(spread, entry.spread);
    }
  }

  #add(key: string) {
    const swatch = element('span', { class: 'swatch', attributes: { 'aria-hidden': 'true' } });
    const name = element('span', { class: 'legend-name' });
    const value = element('span', { class: 'legend-value' });
    const spread = element('span', { class: 'legend-spread' });
    const root = element('button', {
      class: 'legend-entry',
      attributes: { type: 'button' },
      children: [swatch, name, value, spread],
    });
    root.addEventListener('click', () => this.onToggle(key));
    this.element.append(root);
    const made = { root, swatch, name, value, spread };
    this.#entries.set(key, made);
    return made;
  }
}
