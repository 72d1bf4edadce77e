/** One chart with its title, legend, settings, and the same in words for those who do not see it. */
import { element, setShown, setText } from '../shared/dom';
import type { Annotations, PlacedMark } from './annotations';
import { type ChartActions, type ChartTools, chartTools } from './chart-tools';
import { type ChartKind, placeText } from './charts';
import { makeInteractive } from './interaction';
import { Legend, legendEntries } from './legend';
import { type Line, lineName, valueAt } from './lines';
import type { ChartState, Range } from './page-state';
import { drawPicture } from './picture';
import { Plot, type PlotView } from './plot';
import { Summary } from './summary';

/** What a chart tells the page. */
export interface ChartEvents extends Omit<ChartActions, 'reset'> {
  /** The range that was asked for, which may not be drawn yet; null for everything. */
  range(): Range | null;
  show(range: Range | null): void;
  point(place: number | null): void;
  toggle(key: string): void;
  /** Says something to a screen reader. */
  say(text: string): void;
}

/** So many pixels from a mark one reads what it means. */
const nearMark = 40;

/** One chart of the page. */
export class ChartCard {
  readonly element: HTMLElement;
  readonly plot: Plot;
  readonly #legend: Legend;
  readonly #tools: ChartTools;
  readonly #summary: Summary;
  readonly #empty: HTMLElement;
  readonly #surface: HTMLElement;
  readonly #where = element('span', { class: 'where' });
  #lines: readonly Line[] = [];
  #hidden: readonly string[] = [];
  #view: PlotView | undefined;
  #marks: readonly PlacedMark[] = [];
  #cursor: number | null = null;
  #selection: Range | null = null;

  constructor(
    readonly kind: ChartKind,
    private readonly events: ChartEvents,
  ) {
    this.#legend = new Legend(events.toggle);
    this.#tools = chartTools(kind.title, { ...events, reset: () => events.show(null) });
    this.#summary = new Summary(kind);
    const canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
    this.#empty = element('p', { class: 'empty', text: kind.empty });
    this.#surface = element('div', {
      class: 'surface',
      attributes: {
        tabindex: '0',
        role: 'group',
        'aria-label': `${kind.title}: chart. Left and right arrow keys read values, plus and minus zoom, Shift with arrow keys pans, 0 shows everything.`,
        'aria-describedby': this.#summary.sentence.id,
        title: '',
      },
      children: [element('div', { class: 'canvas', children: [canvas] }), this.#empty],
    });
    const heading = element('h2', {
      children: [
        kind.title,
        ...(kind.unit === '' ? [] : [element('span', { class: 'unit', text: kind.unit })]),
      ],
    });
    this.element = element('section', {
      class: 'chart',
      attributes: { 'data-chart': kind.id, 'aria-label': kind.title },
      children: [
        element('header', {
          children: [heading, this.#legend.element, this.#where, this.#tools.element],
        }),
        this.#surface,
        this.#summary.element,
      ],
    });
    this.plot = new Plot(kind, canvas);
    makeInteractive(this.#surface, canvas, {
      range: () => events.range() ?? this.#view?.range ?? { from: 0, to: 1 },
      logarithmic: () => this.#view?.logX ?? false,
      placeAt: pixel => this.plot.placeAt(pixel),
      width: () => this.plot.width,
      show: events.show,
      point: (place, spoken) => {
        events.point(place);
        if (spoken && place !== null) this.events.say(this.#valuesAt(place));
      },
      select: range => {
        this.#selection = range;
        this.#annotate();
      },
    });
  }

  /** Draws lines. */
  draw(
    lines: readonly Line[],
    view: PlotView,
    marks: readonly PlacedMark[],
    state: ChartState,
    { hidden, ended }: { readonly hidden: readonly string[]; readonly ended: boolean },
  ): void {
    this.#lines = lines;
    this.#hidden = hidden;
    this.#view = view;
    this.#marks = marks;
    const empty = lines.every(({ answer }) => answer.last === null);
    setShown(this.#empty, empty);
    const { title } = this.kind;
    setText(this.#empty, ended ? `This run has recorded no ${title.toLowerCase()}.` : this.kind.empty);
    this.#surface.classList.toggle('is-empty', empty);
    this.plot.draw(lines, view, this.#annotations());
    this.#tools.show(state);
    this.#summary.show(lines, view.axis, view.range);
    this.#showValues();
  }

  /** The chart as a picture with its title and legend: PNG in base 64. */
  picture(subtitle: string): string {
    const theme = this.#view?.theme;
    if (theme === undefined) return '';
    const { unit } = this.kind;
    const title = unit === '' ? this.kind.title : `${this.kind.title} (${unit})`;
    const entries = this.#lines
      .filter(({ hidden, answer }) => !hidden && answer.last !== null)
      .map(line => ({ ...line, text: [lineName(line), this.#latest(line)].join(' ').trim() }));
    return drawPicture(this.plot.canvas, { title, subtitle, entries, theme });
  }

  /** Shows the cursor at a place of the axis. */
  setCursor(place: number | null): void {
    if (this.#cursor === place) return;
    this.#cursor = place;
    this.#surface.title = place === null ? '' : this.#explanationAt(place);
    this.#annotate();
    this.#showValues();
  }

  /** What the mark near a place means; nothing where there is none. */
  #explanationAt(place: number): string {
    const view = this.#view;
    if (view === undefined) return '';
    const measure = (x: number) => (view.logX ? Math.log(Math.max(x, Number.MIN_VALUE)) : x);
    const pixels = this.plot.width / (measure(view.range.to) - measure(view.range.from));
    return this.#marks
      .filter(({ x }) => Math.abs(measure(x) - measure(place)) * pixels < nearMark)
      .map(({ explanation }) => explanation)
      .join('\n');
  }

  #annotate(): void {
    if (this.#view !== undefined) this.plot.annotate(this.#annotations());
  }

  #annotations(): Annotations {
    const theme = this.#view?.theme;
    if (theme === undefined) return { marks: [] };
    const place = this.#cursor;
    const dots = (at: number) =>
      this.#lines
        .filter(({ hidden }) => !hidden)
        .map(line => ({ found: valueAt(line, at), colour: line.colour }))
        .flatMap(({ found, colour }) =>
          found === undefined ? [] : [{ x: found.x, y: found.value, colour }],
        );
    return {
      marks: this.#marks,
      font: `${theme.fontSize - 2}px ${theme.font}`,
      ...(place !== null && { cursor: { x: place, colour: theme.faint, dots: dots(place) } }),
      ...(this.#selection !== null && { selection: { ...this.#selection, colour: theme.accent } }),
    };
  }

  #showValues(): void {
    const place = this.#cursor;
    const measured = this.#lines.filter(({ answer }) => answer.last !== null);
    this.#legend.show(
      legendEntries(
        measured,
        this.#hidden,
        this.#view?.theme.foreground ?? '',
        line => (place === null ? this.#latest(line) : this.#valueText(line, place)),
        line => (place === null ? '' : this.#spreadText(line, place)),
      ),
      measured.some(({ runName }) => runName !== ''),
    );
    const axis = this.#view?.axis ?? 'step';
    setText(this.#where, place === null ? '' : placeText(axis, place));
  }

  #latest({ answer }: Line): string {
    return answer.latest === null ? '–' : this.kind.format(answer.latest);
  }

  #valueText(line: Line, place: number): string {
    const found = valueAt(line, place);
    return found === undefined ? '–' : this.kind.format(found.value);
  }

  /** What lies behind the point at a place: the extremes of several values, or the one that an average hides. */
  #spreadText(line: Line, place: number): string {
    const found = valueAt(line, place);
    if (found === undefined) return '';
    const { value, raw, min, max } = found;
    const averaged = line.answer.smooth.length > 0 ? 'of ' : '';
    if (max <= min) return raw === value ? '' : `${averaged}${this.kind.format(raw)}`;
    const brief = (extreme: number) => this.kind.tick(Number(extreme.toPrecision(2)));
    return `${averaged}${brief(min)} to ${brief(max)}`;
  }

  #valuesAt(place: number): string {
    const axis = this.#view?.axis ?? 'step';
    const values = this.#lines
      .filter(({ hidden }) => !hidden)
      .map(line => [lineName(line), this.#valueText(line, place), this.#spreadText(line, place)])
      .map(words => words.filter(word => word !== '').join(' '));
    return [placeText(axis, place), ...values].join(', ');
  }
}
