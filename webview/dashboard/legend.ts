/**
 * The lines of a chart by colour and name, with their values; each can be taken away and brought back. With one
 * run there is an entry for each series, with several one for each run.
 */
import { element, setText } from '../shared/dom';
import type { Line } from './lines';

/** A value in a legend. */
export interface LegendValue {
  /** What it is a value of, where the entry does not say it; for screen readers. */
  readonly name: string;
  readonly text: string;
  /** The extremes behind the value; may be nothing. */
  readonly spread: string;
  readonly dashed: boolean;
  readonly hidden: boolean;
}

/** What stands in a legend. */
export interface LegendEntry {
  /** What is hidden or shown with it: a run or a series. */
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly hidden: boolean;
  readonly values: readonly LegendValue[];
}

/** The entries for lines. `textOf` and `spreadOf` say what a line is at the place that is looked at. */
export function legendEntries(
  lines: readonly Line[],
  hidden: readonly string[],
  neutral: string,
  textOf: (line: Line) => string,
  spreadOf: (line: Line) => string,
): LegendEntry[] {
  const value = (line: Line): LegendValue => ({
    name: line.runName === '' ? '' : line.seriesName,
    text: textOf(line),
    spread: spreadOf(line),
    dashed: line.dashed,
    hidden: hidden.includes(line.series),
  });
  const of = (line: Line, key: string, name: string, values: readonly LegendValue[]): LegendEntry => ({
    key,
    name,
    colour: line.colour,
    dashed: false,
    hidden: hidden.includes(key),
    values,
  });
  const runs = [...new Set(lines.map(({ run }) => run))];
  if (lines.every(({ runName }) => runName === '')) {
    return lines.map(line => of(line, line.series, line.seriesName, [value(line)]));
  }
  const entries = runs.flatMap(run => {
    const own = lines.filter(line => line.run === run);
    const [first] = own;
    return first === undefined ? [] : [of(first, run, first.runName, own.map(value))];
  });
  const kinds = new Map(lines.map(line => [line.series, line]));
  if (kinds.size < 2) return entries;
  return [
    ...entries,
    ...[...kinds.values()].map(line => ({
      ...of(line, line.series, line.seriesName, []),
      colour: neutral,
      dashed: line.dashed,
    })),
  ];
}

interface Parts {
  readonly root: HTMLButtonElement;
  readonly swatch: HTMLElement;
  readonly name: HTMLElement;
  readonly values: HTMLElement;
}

/** A legend. */
export class Legend {
  readonly element = element('div', { class: 'legend' });
  readonly #entries = new Map<string, Parts>();

  constructor(private readonly onToggle: (key: string) => void) {}

  /** Shows entries, in their order; `ofRuns` where they are of several runs, whose names need room. */
  show(entries: readonly LegendEntry[], ofRuns: boolean): void {
    this.element.classList.toggle('of-runs', ofRuns);
    const keys = new Set(entries.map(({ key }) => key));
    for (const [key, { root }] of this.#entries) {
      if (keys.has(key)) continue;
      root.remove();
      this.#entries.delete(key);
    }
    entries.forEach((entry, i) => {
      const parts = this.#entries.get(entry.key) ?? this.#add(entry.key);
      const { root, swatch, name, values } = parts;
      if (this.element.children[i] !== root)
        this.element.insertBefore(root, this.element.children[i] ?? null);
      root.setAttribute('aria-pressed', String(!entry.hidden));
      swatch.style.borderTopColor = entry.colour;
      swatch.style.borderTopStyle = entry.dashed ? 'dashed' : 'solid';
      setText(name, entry.name);
      const title = entry.name === '' ? 'Show or hide this line' : `Show or hide ${entry.name}`;
      if (root.title !== title) root.title = title;
      showValues(values, entry.values, entry.colour);
    });
  }

  #add(key: string): Parts {
    const swatch = element('span', { class: 'swatch', attributes: { 'aria-hidden': 'true' } });
    const name = element('span', { class: 'legend-name' });
    const values = element('span', { class: 'legend-values' });
    const root = element('button', {
      class: 'legend-entry',
      attributes: { type: 'button' },
      children: [swatch, name, values],
    });
    root.addEventListener('click', () => this.onToggle(key));
    const parts = { root, swatch, name, values };
    this.#entries.set(key, parts);
    return parts;
  }
}

/** Shows values side by side; before one of a dashed line stands such a line. */
function showValues(into: HTMLElement, values: readonly LegendValue[], colour: string): void {
  while (into.children.length > values.length) into.lastElementChild?.remove();
  values.forEach(({ name, text, spread, dashed, hidden }, i) => {
    let value = into.children[i];
    if (value === undefined) {
      value = element('span', {
        class: 'legend-value',
        children: [
          element('span', { class: 'swatch dashed', attributes: { 'aria-hidden': 'true' } }),
          element('span', { class: 'for-screen-readers' }),
          element('span'),
          element('span', { class: 'legend-spread' }),
        ],
      });
      into.append(value);
    }
    const [swatch, label, number, range] = value.children;
    if (swatch instanceof HTMLElement) {
      swatch.hidden = !dashed;
      swatch.style.borderTopColor = colour;
    }
    if (label !== undefined) setText(label, name);
    if (number !== undefined) setText(number, text);
    if (range !== undefined) setText(range, spread);
    if (value instanceof HTMLElement) value.hidden = hidden;
  });
}
