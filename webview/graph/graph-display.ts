/** One graph as it is seen: what is open, what is chosen, what is known of it, and in which colours. */

import type { Graph } from '../../src/protocol/graph';
import type { GraphLook } from '../../src/protocol/graph-page';
import { element } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { wholeNumber } from '../shared/format';
import { DetailsPanel } from './details-panel';
import { factsOf, wholeFacts } from './facts';
import { listenToKeys } from './graph-keys';
import { GraphStage } from './graph-stage';
import type { GraphState } from './graph-state';
import { gradientText, Seen } from './heat';
import { Heats } from './heats';
import { Arranger } from './layout/arranger';
import { GraphLegend } from './legend';
import { endOfFlow, nextBox } from './navigate';
import { Outline } from './outline';
import type { Emphasis } from './painter';
import type { SceneBox } from './scene';
import { SceneIndex } from './scene-index';
import { type Found, search } from './search';
import { spoken } from './spoken';

/** What is told of a graph. */
export interface DisplayEvents {
  /** The person has chosen a node. */
  choose(node: number): void;
  /** What was set has changed. */
  changed(change: Partial<GraphState>): void;
  /** The person wants to search. */
  search(): void;
  /** What shows where a module is made in its Python file; nothing where no editor is. */
  readonly openSource: () => ((module: string) => void) | undefined;
  /** Says something to a screen reader. */
  say(text: string): void;
  report(message: string): void;
}

interface Shown {
  readonly graph: Graph;
  readonly outline: Outline;
  seen: Seen | undefined;
}

const label =
  'Graph. Arrow keys move along the edges, Enter opens and closes modules, Escape leads out of a module, slash finds, ' +
  'plus and minus zoom, 0 shows everything, Shift with arrow keys pans, b shows how gradients flow.';

/** The drawing, its legend, and the panel beside it. */
export class GraphDisplay {
  readonly element: HTMLElement;
  readonly stage: GraphStage;
  readonly #arranger = new Arranger();
  readonly #panel: DetailsPanel;
  readonly #legend = new GraphLegend();
  #shown: Shown | undefined;
  #heats: Heats | undefined;
  #hovered: string | null = null;
  #found: ReadonlySet<string> = new Set();
  #drawing = 0;

  constructor(
    private state: GraphState,
    private readonly events: DisplayEvents,
  ) {
    this.#panel = new DetailsPanel(id => void this.showItem(id), events.openSource);
    this.stage = new GraphStage(label, {
      hover: box => this.#hover(box),
      click: (box, onSign) => {
        if (box !== undefined && onSign) void this.#toggle(box.id);
        else this.#select(box?.id ?? null);
      },
      doubleClick: box => void this.#toggle(box.id),
      emphasis: () => this.#emphasis(),
    });
    const drawing = element('div', {
      class: 'graph-main',
      children: [this.stage.surface.element, this.#legend.element],
    });
    this.element = element('div', { class: 'graph-body', children: [drawing, this.#panel.element] });
    this.#listenToKeys();
  }

  /** Shows a graph with what was set before; forgets it where there is none. */
  async load(graph: Graph | null, state: GraphState): Promise<void> {
    this.state = state;
    this.#drawing++;
    this.#shown = undefined;
    this.#heats = undefined;
    this.stage.show(undefined);
    if (graph === null) return;
    const drawing = this.#drawing;
    const outline = new Outline(await this.#arranger.read(graph, this.stage.painter.palette.fonts));
    if (drawing !== this.#drawing) return;
    this.#shown = { graph, outline, seen: undefined };
    const open = state.open?.filter(id => outline.item(id) !== undefined);
    await this.#draw(open ?? outline.openAtFirst());
  }

  /** Shows what was seen of the graph's tensors. */
  look(look: GraphLook): void {
    if (this.#shown === undefined) return;
    this.#shown.seen = new Seen(this.#shown.graph, look);
    this.redraw();
  }

  /** Sets something: the colours, or whether the ways of gradients are shown. */
  set(change: Partial<GraphState>): void {
    this.state = { ...this.state, ...change };
    this.events.changed(change);
    this.redraw();
  }

  /**
   * Opens everything, or closes it, and looks at what is chosen, else at the beginning: of thousands of nodes at once
   * none could be read.
   */
  async openAll(all: boolean): Promise<void> {
    await this.#open(all ? (this.#shown?.outline.containers() ?? []) : []);
    const chosen = this.stage.index?.box(this.state.selected);
    if (chosen === undefined) this.stage.start();
    else this.stage.reveal(chosen);
  }

  /** Opens what hides an item, and chooses it. */
  async showItem(id: string, tell = true): Promise<void> {
    if (this.#shown === undefined) return;
    const open = new Set(this.state.open);
    const hiding = this.#shown.outline.ancestors(id).filter(ancestor => !open.has(ancestor));
    const outermost = hiding.at(-1);
    if (outermost !== undefined) await this.#open([...open, ...hiding], outermost);
    this.#goTo(this.stage.index?.box(id), tell);
  }

  /** Shows a node by its number; false where there is none, yet or at all. */
  showNode(node: number): boolean {
    const item = this.#shown?.outline.ofValue(node);
    if (item !== undefined) void this.showItem(item.id, false);
    return item !== undefined;
  }

  /** What has a name that holds what was typed. */
  search(typed: string): readonly Found[] {
    return this.#shown === undefined ? [] : search(this.#shown.outline.items, this.#shown.graph, typed);
  }

  /** Points out what was found. */
  mark(found: readonly Found[]): void {
    this.#found = new Set(found.flatMap(({ item }) => this.#visible(item.id) ?? []));
    this.stage.surface.draw();
  }

  /** The whole drawing as a file. */
  async picture(kind: 'svg' | 'png'): Promise<Blob | undefined> {
    const { index, painter } = this.stage;
    if (index === undefined || this.#shown === undefined) return undefined;
    const emphasis = { ...this.#emphasis(), hovered: null, found: new Set<string>() };
    if (kind === 'png') return painter.png(index, emphasis);
    return new Blob([painter.svg(index, this.#shown.graph.model, emphasis)], { type: 'image/svg+xml' });
  }

  /** Shows everything that depends on more than the scene. */
  redraw(): void {
    const { index, painter } = this.stage;
    if (index !== undefined && this.#shown !== undefined) {
      const { outline, seen } = this.#shown;
      const coloured = this.state.colouring === 'gradient';
      this.#heats = coloured ? new Heats(index, outline, seen) : undefined;
      if (this.#heats !== undefined)
        this.#legend.showHeat(this.#heats.scale.ends, painter.palette, this.#when());
      else this.#legend.showKinds(index.boxes, painter.palette);
    }
    this.#showDetails();
    this.stage.surface.draw();
  }

  #listenToKeys(): void {
    const { stage } = this;
    listenToKeys(stage.surface.element, {
      move: direction => {
        const { index } = stage;
        if (index !== undefined) this.#goTo(nextBox(index, index.box(this.state.selected), direction));
      },
      end: which => this.#goTo(stage.index && endOfFlow(stage.index, which)),
      toggle: () => {
        if (this.state.selected !== null) void this.#toggle(this.state.selected);
      },
      out: () => {
        const box = stage.index?.box(this.state.selected);
        const outer = stage.index?.box(box?.parent ?? null);
        if (outer === undefined) this.#select(null);
        else this.#goTo(outer);
      },
      search: () => this.events.search(),
      fit: () => stage.fit(),
      zoom: factor => stage.zoom(factor),
      pan: direction => stage.pan(direction),
      toggleBackward: () => this.set({ backward: !this.state.backward }),
    });
  }

  /** Draws with these containers open; the box `fixed` stays where it is. */
  async #open(open: readonly string[], fixed?: string): Promise<void> {
    this.events.changed({ open: [...open] });
    await this.#draw(open, fixed);
  }

  async #draw(open: readonly string[], fixed?: string): Promise<void> {
    this.state = { ...this.state, open: [...open] };
    const drawing = ++this.#drawing;
    try {
      const scene = await this.#arranger.draw(open);
      if (drawing !== this.#drawing) return;
      this.stage.show(new SceneIndex(scene), fixed);
      this.#select(this.#visible(this.state.selected), false);
      this.redraw();
    } catch (error) {
      this.events.report(messageOf(error));
    }
  }

  /** The item, or the closed one that it is in. */
  #visible(id: string | null): string | null {
    const { index } = this.stage;
    if (id === null || this.#shown === undefined) return null;
    return [id, ...this.#shown.outline.ancestors(id)].find(each => index?.box(each) !== undefined) ?? null;
  }

  async #toggle(id: string): Promise<void> {
    const open = this.stage.index?.box(id)?.open ?? null;
    if (open === null) return;
    const others = (this.state.open ?? []).filter(other => other !== id);
    this.#select(id);
    await this.#open(open ? others : [...others, id], id);
    this.#goTo(this.stage.index?.box(id), false);
  }

  #goTo(box: SceneBox | undefined, tell = true): void {
    if (box === undefined) return;
    this.#select(box.id, tell);
    this.stage.reveal(box);
    if (this.stage.index !== undefined) this.events.say(spoken(box, this.stage.index));
  }

  #select(selected: string | null, tell = true): void {
    if (selected !== this.state.selected) {
      this.state = { ...this.state, selected };
      this.events.changed({ selected });
      const value = this.#shown?.outline.item(selected)?.value ?? -1;
      if (tell && value >= 0) this.events.choose(value);
    }
    this.#showDetails();
    this.stage.surface.draw();
  }

  #hover(box: SceneBox | undefined): void {
    const id = box?.id ?? null;
    if (id === this.#hovered) return;
    this.#hovered = id;
    this.stage.surface.element.classList.toggle('pointing', id !== null);
    this.#showDetails();
    this.stage.surface.draw();
  }

  /** Of which look the numbers are, by the step that the axes of histograms and layers have for it. */
  #when(): string {
    const step = this.#shown?.seen?.look.step;
    return step === undefined ? '' : `at step ${wholeNumber(step)}`;
  }

  #showDetails(): void {
    if (this.#shown === undefined) return;
    const item = this.#shown.outline.item(this.#hovered ?? this.state.selected);
    this.#panel.show(item === undefined ? wholeFacts(this.#shown) : factsOf(item, this.#shown), this.#when());
  }

  #emphasis(): Emphasis {
    const { selected, backward } = this.state;
    const heats = this.#heats;
    return {
      backward,
      selected,
      hovered: this.#hovered,
      found: this.#found,
      heat: heats && (box => heats.of(box)),
      gradientText: ({ value }) => gradientText(this.#shown?.seen?.gradientOf([value])),
    };
  }
}
