/** The cards of all tensors, group by group. Only those that can be seen are asked for and drawn. */
import type { HistogramQuery, TensorEntry } from '../../src/protocol/looks-page';
import { Feed } from '../dashboard/feed';
import { element, setShown, setText } from '../shared/dom';
import type { PageParts } from '../shared/run-page';
import { groupsOf, isWanted } from './groups';
import type { HistogramsState } from './state';
import { type CardEvents, TensorCard } from './tensor-card';
import type { View } from './view';

/** What the cards show. */
export interface GridScene {
  readonly run: string;
  readonly state: HistogramsState;
  readonly view: View;
}

interface Shown {
  readonly card: TensorCard;
  readonly feed: Feed;
  visible: boolean;
  /** What was asked last; what differs from that is asked anew. */
  asked: string;
}

interface Section {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly cards: HTMLElement;
}

/** So far outside of the window cards are drawn already, so that scrolling shows no empty ones. */
const ahead = '300px';

/** The cards. */
export class TensorGrid {
  readonly element = element('div', { class: 'tensor-groups' });
  readonly #cards = new Map<string, Shown>();
  readonly #sections: Section[] = [];
  /** Tensors of which the whole range is shown though it is the usual one for others, or the reverse. */
  readonly #flipped = new Set<string>();
  readonly #byElement = new WeakMap<Element, string>();
  readonly #seen = new IntersectionObserver(entries => this.#intersect(entries), { rootMargin: ahead });
  readonly #sizes = new ResizeObserver(entries => this.#resize(entries));
  #revision = '';

  constructor(
    private readonly scene: () => GridScene,
    private readonly host: Pick<PageParts, 'request'>,
    private readonly events: Pick<CardEvents, 'point'>,
  ) {}

  /** Shows tensors; `revision` changes with what was seen of them. Tells whether there are any that are wanted. */
  show(tensors: readonly TensorEntry[], revision: string): boolean {
    this.#revision = revision;
    const { state } = this.scene();
    const ids = new Set(tensors.map(({ id }) => id));
    for (const id of [...this.#cards.keys()]) if (!ids.has(id)) this.#remove(id);
    const groups = groupsOf(tensors);
    for (const section of this.#sections.splice(groups.length)) section.element.remove();
    groups.forEach((group, i) => {
      const section = this.#sections[i] ?? this.#addSection();
      setText(section.heading, group.name);
      group.tensors.forEach((entry, place) => {
        const { card } = this.#cards.get(entry.id) ?? this.#add(entry);
        card.update(entry);
        setShown(card.element, isWanted(entry, state));
        if (section.cards.children[place] !== card.element)
          section.cards.insertBefore(card.element, section.cards.children[place] ?? null);
      });
      setShown(
        section.element,
        group.tensors.some(entry => isWanted(entry, state)),
      );
    });
    this.refresh();
    return tensors.some(entry => isWanted(entry, state));
  }

  /** Draws the cards that can be seen, and asks for what they lack. */
  refresh(): void {
    for (const [id, shown] of this.#cards) this.#refreshCard(id, shown);
  }

  /** Moves the cursor of all cards to a step; null where there is none. */
  setCursor(step: number | null): void {
    for (const { card, visible } of this.#cards.values()) if (visible) card.setCursor(step);
  }

  /** The look under the cursor in words, of the card that has the focus. */
  get spoken(): string {
    const focused = [...this.#cards.values()].find(({ card }) => card.surface === document.activeElement);
    return focused?.card.spoken ?? '';
  }

  /** Shows the same range of all cards again. */
  forgetRanges(): void {
    this.#flipped.clear();
  }

  #refreshCard(id: string, shown: Shown): void {
    if (!shown.visible) return;
    shown.card.draw(this.scene().view);
    if (shown.asked !== this.#question(id, shown)) shown.feed.refresh();
  }

  #query(id: string, { card }: Shown): HistogramQuery {
    const { run, state, view } = this.scene();
    const full = (state.range === 'full') !== this.#flipped.has(id);
    const scale = state.logValues ? 'log' : 'linear';
    return { run, tensor: id, range: full ? 'full' : 'usual', scale, bins: card.bins(view.name) };
  }

  #question(id: string, shown: Shown): string {
    return `${this.#revision} ${JSON.stringify(this.#query(id, shown))}`;
  }

  #add(entry: TensorEntry): Shown {
    const { id } = entry;
    const card = new TensorCard(entry, {
      point: this.events.point,
      toggleRange: () => {
        if (!this.#flipped.delete(id)) this.#flipped.add(id);
        this.refresh();
      },
    });
    const feed = new Feed(async () => {
      const question = this.#question(id, shown);
      if (shown.asked === question || !this.#cards.has(id)) return;
      shown.asked = question;
      const query = this.#query(id, shown);
      try {
        card.take(await this.host.request('histograms', query), query.range === 'full');
      } catch {
        // The connection was lost, or another run is shown by now.
        shown.asked = '';
        return;
      }
      if (shown.visible) card.draw(this.scene().view);
    });
    const shown: Shown = { card, feed, visible: false, asked: '' };
    this.#cards.set(id, shown);
    this.#byElement.set(card.surface, id);
    this.#seen.observe(card.surface);
    this.#sizes.observe(card.surface);
    return shown;
  }

  #remove(id: string): void {
    const shown = this.#cards.get(id);
    if (shown === undefined) return;
    this.#cards.delete(id);
    this.#seen.unobserve(shown.card.surface);
    this.#sizes.unobserve(shown.card.surface);
    shown.card.element.remove();
  }

  #addSection(): Section {
    const heading = element('h2');
    const cards = element('div', { class: 'tensor-cards' });
    const made = element('section', { class: 'tensor-group', children: [heading, cards] });
    const section = { element: made, heading, cards };
    this.#sections.push(section);
    this.element.append(made);
    return section;
  }

  #intersect(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const id = this.#byElement.get(target) ?? '';
      const shown = this.#cards.get(id);
      if (shown === undefined) continue;
      shown.visible = isIntersecting;
      this.#refreshCard(id, shown);
    }
  }

  #resize(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, contentRect } of entries) {
      const id = this.#byElement.get(target) ?? '';
      const shown = this.#cards.get(id);
      if (shown === undefined || contentRect.width === 0) continue;
      if (shown.card.resize(Math.floor(contentRect.width), Math.floor(contentRect.height)))
        this.#refreshCard(id, shown);
    }
  }
}
