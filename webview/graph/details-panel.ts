/** The panel beside a graph: what is known of the item that is pointed at or chosen. */
import type { Statistics } from '../../src/protocol/tensors';
import { element, setText } from '../shared/dom';
import { measure, wholeNumber } from '../shared/format';
import type { Fact, FactGroup, Facts, StatisticsOf } from './facts';

const figure = (value: number | null) => (value === null ? '–' : measure(value));
const unless0 = (count: number, text: string) => (count === 0 ? '' : text);

/** What is told of a tensor; lines that are empty for all are left out. */
const measures: readonly (readonly [string, (statistics: Statistics) => string])[] = [
  ['min', ({ min }) => figure(min)],
  ['mean', ({ mean }) => figure(mean)],
  ['max', ({ max }) => figure(max)],
  ['std', ({ std }) => figure(std)],
  ['zeros', ({ zeros, count }) => unless0(zeros, `${measure((100 * zeros) / Math.max(1, count))} %`)],
  ['NaN', ({ nan }) => unless0(nan, wholeNumber(nan))],
  ['infinite', ({ infinite }) => unless0(infinite, wholeNumber(infinite))],
];

/** The panel. */
export class DetailsPanel {
  readonly element: HTMLElement;
  readonly #content = element('div', { class: 'details-content' });
  readonly #when = element('p', { class: 'details-when' });
  #shown = '';

  /**
   * `choose` is called with the item that a fact names; `openSource` gives what is called with the module whose place in
   * a file is asked for, where there is an editor: else such places are told and lead nowhere.
   */
  constructor(
    private readonly choose: (id: string) => void,
    private readonly openSource: () => ((module: string) => void) | undefined = () => undefined,
  ) {
    this.element = element('aside', {
      class: 'graph-details',
      attributes: { 'aria-label': 'Details', tabindex: '0' },
      children: [this.#content],
    });
  }

  /** Shows facts; `when` says of which step the statistics are. */
  show(facts: Facts, when: string): void {
    const text = JSON.stringify(facts);
    setText(this.#when, when);
    // What has not changed keeps the focus and the place to which it was scrolled.
    if (text === this.#shown) return;
    this.#shown = text;
    const { title, about, formula, groups, statistics, notes } = facts;
    this.#content.replaceChildren(
      element('h2', { class: 'details-title', text: title }),
      ...(about === '' ? [] : [element('p', { class: 'details-about', text: about })]),
      ...(formula === ''
        ? []
        : [element('p', { class: 'details-formula', children: [element('code', { text: formula })] })]),
      ...statisticsTable(statistics),
      ...(statistics.length > 0 ? [this.#when] : []),
      ...notes.map(note => element('p', { class: 'details-note', text: note })),
      ...groups.flatMap(group => this.#group(group)),
    );
  }

  #group({ title, facts }: FactGroup): HTMLElement[] {
    const heading = title === '' ? [] : [element('h3', { text: title })];
    const list = element('dl', { children: facts.map(fact => this.#fact(fact)) });
    return [...heading, list];
  }

  #fact({ name, value, leadsTo, source }: Fact): HTMLElement {
    if (source !== undefined) return this.#sourceFact(name, value, source);
    const link = (text: string) => {
      if (leadsTo === undefined) return text;
      const made = element('button', { class: 'link', text, attributes: { type: 'button' } });
      made.addEventListener('click', () => this.choose(leadsTo));
      return made;
    };
    // Of a module the value is what it is called, of others the name.
    const [term, description] = name === 'Module' ? [name, link(value)] : [link(name), value];
    return element('div', {
      children: [element('dt', { children: [term] }), element('dd', { children: [description] })],
    });
  }

  #sourceFact(name: string, value: string, module: string): HTMLElement {
    const openSource = this.openSource();
    if (openSource === undefined) return line(name, value);
    const made = element('button', {
      class: 'link',
      text: value,
      attributes: { type: 'button', title: 'Go to Source' },
    });
    made.addEventListener('click', () => openSource(module));
    return line(name, made);
  }
}

function line(name: string, value: string | HTMLElement): HTMLElement {
  return element('div', {
    children: [element('dt', { children: [name] }), element('dd', { children: [value] })],
  });
}

/** A line for each measure, a column for each tensor: numbers have room. */
function statisticsTable(tensors: readonly StatisticsOf[]): HTMLElement[] {
  if (tensors.length === 0) return [];
  const heads = tensors.map(({ title }) => element('th', { text: title, attributes: { scope: 'col' } }));
  const rows = measures.map(([name, read]) => {
    const cells = tensors.map(({ statistics }) => element('td', { text: read(statistics) }));
    if (cells.every(({ textContent }) => textContent === '')) return [];
    return [
      element('tr', {
        children: [element('th', { text: name, attributes: { scope: 'row' } }), ...cells],
      }),
    ];
  });
  return [
    element('table', {
      class: 'statistics',
      children: [
        element('thead', { children: [element('tr', { children: [element('td'), ...heads] })] }),
        element('tbody', { children: rows.flat() }),
      ],
    }),
  ];
}
