/** The overview of all layers: how gradients, updates, weights and dead units of each develop, and what is wrong. */
import type { LayerOverview } from '../../src/protocol/looks-page';
import { Feed } from '../dashboard/feed';
import { type CheckboxControl, checkbox } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { alarmRamp, balanceRamp, intensityRamp } from '../shared/ramp';
import type { PageParts, RunPage, ShownRun } from '../shared/run-page';
import { axisOf, nearestIndex } from '../shared/step-axis';
import { LayerTable, type TableView } from './layer-table';
import type { LayersState } from './state';
import { WarningList } from './warning-list';

/** Milliseconds between two questions whether there is anything new. */
const interval = 500;

const nothing: LayerOverview = { revision: 0, steps: [], layers: [], warnings: [] };

/** The page. */
export class LayersPage implements RunPage {
  readonly element: HTMLElement;
  readonly #warnings = new WarningList();
  readonly #table = new LayerTable(step => this.#point(step));
  readonly #surface: HTMLElement;
  readonly #logSteps: CheckboxControl;
  readonly #where = element('span', { class: 'where' });
  readonly #content: HTMLElement;
  readonly #empty = element('p', { class: 'empty-panel' });
  readonly #feed = new Feed(() => this.#load(), interval);
  #run: ShownRun | null = null;
  #loaded: string | null = null;
  #overview = nothing;
  #visible = false;
  #step: number | null = null;
  #row = 0;
  #frame: number | undefined;

  constructor(
    private readonly parts: PageParts,
    private state: LayersState,
    private readonly keep: (state: LayersState) => void,
  ) {
    this.#logSteps = checkbox('Log steps', logSteps => {
      this.state = { ...this.state, logSteps };
      this.keep(this.state);
      this.#draw();
    });
    this.#logSteps.set(state.logSteps);
    const toolbar = element('div', {
      class: 'toolbar',
      attributes: { role: 'group', 'aria-label': 'Layers' },
      children: [this.#warnings.fine, this.#where, this.#logSteps.element],
    });
    this.#surface = element('div', {
      class: 'layer-surface',
      attributes: {
        tabindex: '0',
        role: 'group',
        'aria-label':
          'Layers over steps. Left and right arrow keys go from look to look, up and down from layer to layer.',
      },
      children: [this.#table.element],
    });
    this.#surface.addEventListener('keydown', event => this.#key(event));
    this.#surface.addEventListener('blur', () => this.#point(null));
    this.#content = element('div', { children: [toolbar, this.#warnings.list, this.#surface] });
    this.element = element('div', { class: 'layers', children: [this.#content, this.#empty] });
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
    this.#draw();
  }

  #forget(): void {
    this.#loaded = null;
    this.#overview = nothing;
    this.#step = null;
    this.#draw();
  }

  async #load(): Promise<void> {
    const id = this.#run?.id;
    if (id === undefined) return;
    const overview = await this.parts.request('layers', { run: id });
    if (this.#run?.id !== id) return;
    const known = this.#loaded === id && overview.revision === this.#overview.revision;
    this.#loaded = id;
    this.#overview = overview;
    if (known) this.#showEmpty();
    else this.#draw();
  }

  #draw(): void {
    const { steps, layers, warnings } = this.#overview;
    this.#showEmpty();
    if (layers.length === 0) return;
    const theme = this.parts.theme();
    const ramps = {
      intensity: intensityRamp(theme),
      balance: balanceRamp(theme),
      alarm: alarmRamp(theme),
    };
    const view: TableView = { axis: axisOf(steps, this.state.logSteps), theme, ramps };
    this.#table.show(this.#overview, view, new Set(warnings.flatMap(warning => warning.layers)));
    this.#warnings.show(warnings, wholeNumber(steps.at(-1) ?? 0));
    this.#showCursor();
  }

  #showEmpty(): void {
    const empty = this.#overview.layers.length === 0;
    setShown(this.#content, !empty);
    setShown(this.#empty, empty);
    setText(this.#empty, this.#emptyText());
  }

  #emptyText(): string {
    if (this.#loaded === null) return 'Reading what was seen of this run …';
    return this.#run?.ended === true
      ? 'This run has recorded nothing of its layers.'
      : 'Gradients, updates, weights and dead units of every layer appear here with the first steps.';
  }

  #point(step: number | null, spoken = false): void {
    this.#step = step;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#showCursor();
      if (spoken) this.parts.say(`${this.#where.textContent}: ${this.#table.spoken(this.#row)}`);
    });
  }

  #showCursor(): void {
    const { steps } = this.#overview;
    this.#table.setCursor(this.#step);
    const at = this.#step === null ? steps.at(-1) : steps[nearestIndex(steps, this.#step)];
    setText(this.#where, at === undefined ? '' : `step ${wholeNumber(at)}`);
  }

  #key(event: KeyboardEvent): void {
    const { steps, layers } = this.#overview;
    const last = steps.length - 1;
    const at = this.#step === null ? last + 1 : nearestIndex(steps, this.#step);
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at,
      ArrowDown: at,
      Home: 0,
      End: last,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') this.#point(null);
    const place = Object.hasOwn(places, event.key) ? places[event.key] : undefined;
    if (place === undefined) return;
    event.preventDefault();
    if (event.key === 'ArrowUp') this.#row = Math.max(0, this.#row - 1);
    if (event.key === 'ArrowDown') this.#row = Math.min(layers.length - 1, this.#row + 1);
    this.#point(steps[Math.min(last, Math.max(0, place))] ?? null, true);
  }
}
