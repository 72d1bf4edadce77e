/** The list of runs: one is shown, others can be drawn beside it. */
import type { RunSummary } from '../../src/protocol/dashboard';
import { type CheckboxControl, checkbox } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { briefMoment, percent } from '../shared/format';
import { SearchField } from '../shared/search-field';
import { differences, matches, stateNames } from './run-names';

/** What the list tells the page. */
export interface RunListEvents {
  /** This run is to be shown. */
  choose(run: string): void;
  /** This run is to be drawn beside the shown one, or no longer. */
  overlay(run: string, drawn: boolean): void;
}

/** How many runs are in the list before it is asked for more, and from how many on one may search them. */
const pageSize = 50;
const searchedFrom = 8;

interface Row {
  readonly root: HTMLElement;
  readonly box: CheckboxControl;
  readonly swatch: HTMLElement;
  readonly name: HTMLButtonElement;
  readonly about: HTMLElement;
  readonly result: HTMLElement;
}

/** The list of runs. */
export class RunList {
  readonly element: HTMLElement;
  readonly #list = element('ul');
  readonly #more = element('button', { class: 'more', attributes: { type: 'button' } });
  readonly #count = element('span', { class: 'unit' });
  readonly #rows = new Map<string, Row>();
  readonly #search = new SearchField('Search runs', words => {
    this.#words = words;
    this.#again?.();
  });
  #words = '';
  #limit = pageSize;
  #again: (() => void) | undefined;

  constructor(private readonly events: RunListEvents) {
    this.#more.addEventListener('click', () => {
      this.#limit += pageSize;
      this.#again?.();
    });
    this.element = element('section', {
      class: 'runs',
      attributes: { 'aria-label': 'Runs' },
      children: [
        element('header', {
          children: [element('h2', { children: ['Runs', this.#count] }), this.#search.element],
        }),
        element('div', { class: 'scroll', children: [this.#list, this.#more] }),
      ],
    });
  }

  /** Shows runs; those that are drawn have a colour. */
  show(runs: readonly RunSummary[], shown: string | null, colours: ReadonlyMap<string, string>): void {
    this.#again = () => this.show(runs, shown, colours);
    const apart = differences(runs);
    const found = runs.filter(run => matches(run, apart.get(run.id) ?? '', this.#words));
    const visible = found.filter((run, i) => i < this.#limit || colours.has(run.id));
    const ids = new Set(visible.map(({ id }) => id));
    for (const [id, { root }] of this.#rows) {
      if (ids.has(id)) continue;
      root.remove();
      this.#rows.delete(id);
    }
    visible.forEach((run, i) => {
      const row = this.#rows.get(run.id) ?? this.#add(run.id);
      if (this.#list.children[i] !== row.root)
        this.#list.insertBefore(row.root, this.#list.children[i] ?? null);
      this.#fill(row, run, apart.get(run.id) ?? '', run.id === shown, colours.get(run.id));
    });
    setText(this.#count, runs.length > 1 ? String(runs.length) : '');
    setShown(this.#search.element, runs.length > searchedFrom);
    setText(this.#more, `Show more of ${found.length}`);
    setShown(this.#more, visible.length < found.length);
  }

  #fill(
    { root, box, swatch, name, about, result }: Row,
    run: RunSummary,
    apart: string,
    shown: boolean,
    colour?: string,
  ): void {
    root.classList.toggle('shown', shown);
    name.setAttribute('aria-current', String(shown));
    name.title = run.id;
    box.set(colour !== undefined);
    box.setEnabled(!shown);
    swatch.style.backgroundColor = colour ?? 'transparent';
    setText(name, run.name ?? run.model);
    const words = [briefMoment(run.created), apart || run.dataset].join(', ');
    setText(about, words);
    if (about.title !== words) about.title = words;
    const { testAccuracy } = run;
    setText(result, testAccuracy === null ? stateNames[run.state] : percent(testAccuracy));
    result.title = testAccuracy === null ? '' : 'Test accuracy';
  }

  #add(id: string): Row {
    const swatch = element('span', { class: 'dot', attributes: { 'aria-hidden': 'true' } });
    const box = checkbox(`Draw ${id} too`, drawn => this.events.overlay(id, drawn), { bare: true });
    box.element.title = 'Draw this run too';
    const name = element('button', { class: 'run-name', attributes: { type: 'button' } });
    name.addEventListener('click', () => this.events.choose(id));
    const about = element('span', { class: 'run-about' });
    const result = element('span', { class: 'run-result' });
    const root = element('li', {
      children: [box.element, swatch, element('div', { class: 'run-text', children: [name, about] }), result],
    });
    const row = { root, box, swatch, name, about, result };
    this.#rows.set(id, row);
    return row;
  }
}
