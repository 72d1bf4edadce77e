/** The page of histograms: what every weight, gradient and activation has been, step by step. */
import type { TensorList } from '../../src/protocol/looks-page';
import { Feed } from '../dashboard/feed';
import { element, setShown, setText } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { intensityRamp } from '../shared/ramp';
import type { PageParts, RunPage, ShownRun } from '../shared/run-page';
import { axisOf, nearestIndex } from '../shared/step-axis';
import type { HistogramsState } from './state';
import { TensorGrid } from './tensor-grid';
import { HistogramsToolbar } from './toolbar';
import type { View } from './view';

/** Milliseconds between two questions whether there is anything new. */
const interval = 500;

const nothing: TensorList = { revision: 0, steps: [], tensors: [] };

/** The page. */
export class HistogramsPage implements RunPage {
  readonly element: HTMLElement;
  readonly #toolbar: HistogramsToolbar;
  readonly #grid: TensorGrid;
  readonly #empty = element('p', { class: 'empty-panel' });
  readonly #feed = new Feed(() => this.#load(), interval);
  #run: ShownRun | null = null;
  #loaded: string | null = null;
  #list = nothing;
  #view: View;
  #visible = false;
  #cursor: number | null = null;
  #frame: number | undefined;

  constructor(
    private readonly parts: PageParts,
    private state: HistogramsState,
    private readonly keep: (state: HistogramsState) => void,
  ) {
    this.#view = this.#makeView();
    this.#toolbar = new HistogramsToolbar(state, change => this.#change(change));
    const scene = () => ({ run: this.#loaded ?? '', state: this.state, view: this.#view });
    this.#grid = new TensorGrid(scene, parts, { point: (step, spoken) => this.#point(step, spoken) });
    this.element = element('div', {
      class: 'histograms',
      children: [this.#toolbar.element, this.#empty, this.#grid.element],
    });
    this.#draw();
  }

  /** Shows a run; null for none. */
  show(run: ShownRun | null): void {
    const another = run?.id !== this.#run?.id;
    this.#run = run;
    if (another) this.#forget();
    if (this.#visible) this.#feed.refresh();
  }

  /** The page has come into view, or has gone. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#feed.refresh();
  }

  /** Draws everything in the colours of another theme. */
  themeChanged(): void {
    this.#view = this.#makeView();
    this.#grid.refresh();
  }

  #forget(): void {
    this.#loaded = null;
    this.#list = nothing;
    this.#cursor = null;
    this.#draw();
  }

  async #load(): Promise<void> {
    const id = this.#run?.id;
    if (id === undefined) return;
    const list = await this.parts.request('tensors', { run: id });
    if (this.#run?.id !== id) return;
    const known = this.#loaded === id && list.revision === this.#list.revision;
    this.#loaded = id;
    this.#list = list;
    if (known) setText(this.#empty, this.#emptyText());
    else this.#draw();
  }

  #makeView(): View {
    const { theme } = this.parts;
    const { view: name, logSteps, logValues } = this.state;
    const axis = axisOf(this.#list.steps, logSteps);
    return { name, axis, logValues, theme: theme(), ramp: intensityRamp(theme()) };
  }

  #draw(): void {
    this.#view = this.#makeView();
    const some = this.#grid.show(this.#list.tensors, `${this.#loaded} ${this.#list.revision}`);
    setShown(this.#empty, !some);
    setText(this.#empty, this.#emptyText());
    this.#showStep();
  }

  #emptyText(): string {
    if (this.#loaded === null) return 'Reading what was seen of this run …';
    if (this.#list.tensors.length > 0) return 'No tensor is called that, or its kind is not ticked.';
    return this.#run?.ended === true
      ? 'This run has recorded no histograms.'
      : 'Histograms of every weight, gradient and activation appear here with the first steps.';
  }

  #change(change: Partial<HistogramsState>): void {
    this.state = { ...this.state, ...change };
    if (change.range !== undefined) this.#grid.forgetRanges();
    this.#toolbar.show(this.state);
    this.keep(this.state);
    this.#draw();
  }

  #point(step: number | null, spoken: boolean): void {
    this.#cursor = step;
    // Pointers move more often than pages are drawn.
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#grid.setCursor(this.#cursor);
      this.#showStep();
      if (spoken) this.parts.say(this.#grid.spoken);
    });
  }

  #showStep(): void {
    const { steps } = this.#list;
    const at = this.#cursor === null ? steps.at(-1) : steps[nearestIndex(steps, this.#cursor)];
    this.#toolbar.showStep(at === undefined ? '' : `step ${wholeNumber(at)}`);
  }
}
