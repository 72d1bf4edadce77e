/** The numbers of one chart, as the host answered last, and the lines that they make. */
import { type AxisName, noSeries, type RunStatus, type SeriesAnswer } from '../../src/protocol/dashboard';
import type { Theme } from '../shared/theme';
import type { PlacedMark } from './annotations';
import type { ChartKind } from './charts';
import type { Connection } from './connection';
import { shareOf } from './extent';
import type { Line } from './lines';
import { type ChartState, type PageState, type Range, smoothingWeight } from './page-state';

/** So much of the visible range is asked for on either side of it, so that panning finds points there. */
const margin = 0.5;
/** What is measured once an epoch has few points: for so much of its pixels it is asked for. */
const plainShare = 0.5;
/** When less than this share of it is left there, more is asked for. */
const reserve = 0.2;

/** What was asked for last. */
interface Asked {
  /** All but the range. */
  readonly what: string;
  readonly range: Range | null;
}

/** The numbers of one chart. */
export class ChartData {
  #answers = new Map<string, SeriesAnswer>();
  /** What the answers count horizontally. */
  #axis: AxisName = 'step';
  #asked: Asked | undefined;

  constructor(
    private readonly kind: ChartKind,
    private readonly connection: Connection,
  ) {}

  /** About how many points are asked for of a run, in a chart of so many pixels. */
  pointsOf(width: number, zoomed: boolean): number {
    const shares = this.kind.series.map(({ plain }) => (plain ? plainShare : 1));
    return shares.reduce((sum, share) => sum + share, 0) * width * (zoomed ? 1 + 2 * margin : 1);
  }

  /** Whether what is there is enough to draw a range, as sharp as it was drawn last. */
  covers(runs: readonly string[], chart: ChartState, page: PageState): boolean {
    const { range } = page;
    const { what, range: asked = null } = this.#asked ?? {};
    if (range === null || asked === null || what !== whatIsAsked(runs, chart, page)) return false;
    const at = (place: number) => shareOf(asked, chart.logX, place);
    const [from, to] = [at(range.from), at(range.to)];
    const ends = this.ends(runs, page.axis);
    const first = at(Math.min(...ends.map(end => end.first)));
    const last = at(Math.max(...ends.map(end => end.last)));
    return (
      Math.abs(to - from - 1) < 0.01 &&
      (first >= -margin || from - reserve >= -margin) &&
      (last <= 1 + margin || to + reserve <= 1 + margin)
    );
  }

  /** Asks the host for what is visible of these runs, in a chart of so many pixels. */
  async load(runs: readonly string[], chart: ChartState, page: PageState, width: number): Promise<void> {
    const { axis, range, smoothing } = page;
    const asked = { what: whatIsAsked(runs, chart, page), range };
    const wanted = runs.flatMap(run =>
      this.kind.series.map(({ name, plain = false }) => ({ run, name, plain })),
    );
    const answers = await Promise.all(
      wanted.map(({ run, name, plain }) =>
        this.connection.request('query', {
          run,
          series: name,
          axis,
          from: range?.from ?? null,
          to: range?.to ?? null,
          margin,
          width: plain ? width * plainShare : width,
          log: chart.logX,
          smoothing: plain ? 0 : smoothingWeight(smoothing),
        }),
      ),
    );
    this.#axis = axis;
    this.#asked = asked;
    this.#answers = new Map(wanted.map(({ run, name }, i) => [`${run}:${name}`, answers[i] ?? noSeries]));
  }

  /** Where the series begin and end. */
  ends(runs: readonly string[], axis: AxisName): { first: number; last: number }[] {
    if (axis !== this.#axis) return [];
    const keys = runs.flatMap(run => this.kind.series.map(({ name }) => `${run}:${name}`));
    return keys.flatMap(key => {
      const { first = null, last = null } = this.#answers.get(key) ?? {};
      return first === null || last === null ? [] : [{ first, last }];
    });
  }

  /** The lines, of the first run first. A series that no run has makes none. */
  lines(
    runs: readonly string[],
    axis: AxisName,
    hidden: readonly string[],
    names: ReadonlyMap<string, string>,
    colour: (run: number, series: number) => string,
  ): Line[] {
    return runs.flatMap((run, r) =>
      this.kind.series.flatMap(({ name, label }, s) => {
        const key = `${run}:${name}`;
        const answer = axis === this.#axis ? this.#answers.get(key) : undefined;
        if (answer === undefined || (answer.last === null && s > 0)) return [];
        const several = runs.length > 1;
        return [
          {
            run,
            series: name,
            runName: several ? (names.get(run) ?? run) : '',
            seriesName: label,
            colour: colour(r, s),
            dashed: several && s > 0,
            stepped: this.kind.stepped,
            hidden: hidden.includes(name) || (several && hidden.includes(run)),
            answer,
          },
        ];
      }),
    );
  }

  /** The marked moments of a run; `colour` is its own where there are several. */
  marks({ best, overfitting }: RunStatus, axis: AxisName, theme: Theme, colour = theme.faint): PlacedMark[] {
    const same = best !== null && overfitting?.epoch === best.epoch;
    const marks: PlacedMark[] = [];
    if (best !== null && !same)
      marks.push({
        x: best[axis],
        text: `best: epoch ${best.epoch}`,
        explanation: `Epoch ${best.epoch} has the best accuracy in validation (without validation: the lowest loss).`,
        colour,
      });
    if (overfitting !== null)
      marks.push({
        x: overfitting[axis],
        text: `${same ? 'best, ' : ''}overfitting begins: epoch ${overfitting.epoch}`,
        explanation:
          `After epoch ${overfitting.epoch} the validation loss rises while the training loss falls on. ` +
          'Accuracy may still grow for a while, so that the best epoch can come later.',
        colour: theme.warning,
      });
    return marks;
  }
}

function whatIsAsked(runs: readonly string[], chart: ChartState, { axis, smoothing }: PageState): string {
  return [axis, chart.logX, smoothing, ...runs].join('\n');
}
