/** Above the cards: how histograms are drawn, and of which tensors. */
import { type TensorKind, tensorKinds } from '../../src/protocol/looks-page';
import { Choice } from '../shared/choice';
import { type CheckboxControl, checkbox } from '../shared/controls';
import { element, setText } from '../shared/dom';
import { SearchField } from '../shared/search-field';
import type { HistogramsState } from './state';

const kindNames: Readonly<Record<TensorKind, string>> = {
  parameter: 'Parameters',
  gradient: 'Gradients',
  activation: 'Activations',
};

/** The toolbar. */
export class HistogramsToolbar {
  readonly element: HTMLElement;
  readonly #view;
  readonly #range;
  readonly #kinds: ReadonlyMap<TensorKind, CheckboxControl>;
  readonly #logValues: CheckboxControl;
  readonly #logSteps: CheckboxControl;
  readonly #search: SearchField;
  readonly #where = element('span', { class: 'where' });

  constructor(
    private state: HistogramsState,
    onChange: (change: Partial<HistogramsState>) => void,
  ) {
    const views = { ridges: 'Ridges', heatmap: 'Heatmap' } as const;
    this.#view = new Choice('View', 'histograms-view', views, view => onChange({ view }));
    const ranges = { usual: 'Usual', full: 'All' } as const;
    this.#range = new Choice('Range', 'histograms-range', ranges, range => onChange({ range }));
    this.#kinds = new Map(
      tensorKinds.map(kind => [kind, checkbox(kindNames[kind], shown => onChange(this.#kind(kind, shown)))]),
    );
    this.#logValues = checkbox('Log values', logValues => onChange({ logValues }));
    this.#logSteps = checkbox('Log steps', logSteps => onChange({ logSteps }));
    this.#search = new SearchField('Search tensors', search => onChange({ search }));
    const kinds = element('div', {
      class: 'tool-group',
      attributes: { role: 'group', 'aria-label': 'Tensors' },
      children: [...this.#kinds.values()].map(box => box.element),
    });
    this.element = element('div', {
      class: 'toolbar',
      attributes: { role: 'group', 'aria-label': 'Histograms' },
      children: [
        this.#view.element,
        this.#range.element,
        this.#logValues.element,
        this.#logSteps.element,
        kinds,
        this.#search.element,
        this.#where,
      ],
    });
    this.show(state);
  }

  /** Shows what is set. */
  show(state: HistogramsState): void {
    this.state = state;
    this.#view.show(state.view);
    this.#range.show(state.range);
    for (const [kind, box] of this.#kinds) box.set(state.kinds.includes(kind));
    this.#logValues.set(state.logValues);
    this.#logSteps.set(state.logSteps);
    this.#search.show(state.search);
  }

  /** Says at which step the cursor is. */
  showStep(text: string): void {
    setText(this.#where, text);
  }

  #kind(kind: TensorKind, shown: boolean): Partial<HistogramsState> {
    const others = this.state.kinds.filter(other => other !== kind);
    return { kinds: tensorKinds.filter(each => (each === kind ? shown : others.includes(each))) };
  }
}
