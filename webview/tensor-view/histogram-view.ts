/** The histogram of a tensor, drawn as bars, over where nearly all values are or over all of them. */
import type { Histogram } from '../../src/protocol/tensors';
import { element, setShown, setText } from '../shared/dom';
import { measure, wholeNumber } from '../shared/format';
import { currentTheme } from '../shared/theme';
import { barsOf, type Range, usualRange } from './histogram-bars';
import type { Figures } from './subject';

/** How many values are not within what is shown. */
function outsideText(histogram: Histogram, all: Range, shown: Range): string {
  const [inside = 0] = barsOf(histogram, all, shown, 1);
  const outside = Math.round(histogram.counts.reduce((sum, count) => sum + count, 0) - inside);
  return outside > 0 ? `${wholeNumber(outside)} outside` : '';
}

const barCount = 96;
const height = 120;

/** The view. */
export class HistogramView {
  readonly element: HTMLElement;
  readonly #canvas = element('canvas', { attributes: { role: 'img' } });
  readonly #low = element('span');
  readonly #high = element('span');
  readonly #note = element('span', { class: 'note' });
  readonly #all = element('button', {
    class: 'link',
    attributes: { type: 'button', 'aria-pressed': 'false' },
  });
  #summary: Figures | undefined;
  #full = false;
  /** What is said while nothing is pointed at. */
  #rest = '';

  constructor() {
    const scale = element('div', { class: 'scale', children: [this.#low, this.#note, this.#high] });
    this.element = element('section', {
      class: 'histogram',
      children: [
        element('header', { children: [element('h2', { text: 'Histogram' }), this.#all] }),
        this.#canvas,
        scale,
      ],
    });
    this.#all.addEventListener('click', () => {
      this.#full = !this.#full;
      this.draw();
    });
    this.#canvas.addEventListener('pointermove', event => this.#point(event));
    this.#canvas.addEventListener('pointerleave', () => setText(this.#note, this.#rest));
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
  }

  /** Shows another tensor. */
  show(summary: Figures): void {
    this.#summary = summary;
    this.draw();
  }

  /** Where all values are, and what is shown of it; `cut` says whether values are left out unless all are wanted. */
  get #range(): { readonly all: Range; readonly shown: Range; readonly cut: boolean } | undefined {
    const { min, max } = this.#summary?.statistics ?? {};
    if (this.#summary === undefined || typeof min !== 'number' || typeof max !== 'number') return undefined;
    const all = { from: min, to: max };
    const usual = usualRange(this.#summary.histogram, all);
    const cut = usual.from > all.from || usual.to < all.to;
    const { from, to } = this.#full ? all : usual;
    const room = to > from ? 0 : Math.abs(from) / 10 || 1;
    return { all, shown: { from: from - room, to: to + room }, cut };
  }

  /** Draws again, for another size or theme. */
  draw(): void {
    const range = this.#range;
    const context = this.#canvas.getContext('2d');
    if (this.#summary === undefined || context === null) return;
    const ratio = devicePixelRatio;
    const width = this.#canvas.clientWidth;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    setText(this.#all, this.#full ? 'Show where nearly all values are' : 'Show all values');
    this.#all.setAttribute('aria-pressed', String(this.#full));
    setShown(this.#all, range?.cut ?? false);
    setText(this.#low, range === undefined ? '' : measure(range.shown.from));
    setText(this.#high, range === undefined ? '' : measure(range.shown.to));
    if (range === undefined) {
      this.#rest = this.#summary.statistics.count === 0 ? 'no values' : 'no finite values';
      setText(this.#note, this.#rest);
      this.#canvas.setAttribute('aria-label', `Histogram: ${this.#rest}`);
      return;
    }
    const { all, shown } = range;
    const bars = barsOf(this.#summary.histogram, all, shown, barCount);
    this.#rest = outsideText(this.#summary.histogram, all, shown);
    setText(this.#note, this.#rest);
    const highest = Math.max(...bars, 1);
    const theme = currentTheme();
    context.fillStyle = theme.series[0] ?? theme.foreground;
    bars.forEach((count, i) => {
      if (count <= 0) return;
      const size = Math.max(1, (count / highest) * (height - 1));
      const left = Math.round((i * width) / barCount);
      const right = Math.round(((i + 1) * width) / barCount);
      context.fillRect(left, height - size, Math.max(1, right - left - 1), size);
    });
    context.fillStyle = theme.faint;
    context.fillRect(0, height - 1, width, 1);
    if (shown.from < 0 && shown.to > 0)
      context.fillRect(Math.round((-shown.from / (shown.to - shown.from)) * width), 0, 1, height);
    this.#describe(bars, shown);
  }

  #describe(bars: readonly number[], { from, to }: Range): void {
    const fullest = bars.indexOf(Math.max(...bars));
    const at = from + ((fullest + 0.5) * (to - from)) / barCount;
    const label = `Histogram from ${measure(from)} to ${measure(to)}; most values are near ${measure(at)}.`;
    this.#canvas.setAttribute('aria-label', label);
  }

  #point(event: PointerEvent): void {
    const range = this.#range;
    if (range === undefined || this.#summary === undefined) return;
    const { all, shown } = range;
    const bars = barsOf(this.#summary.histogram, all, shown, barCount);
    const bar = Math.floor((event.offsetX / this.#canvas.clientWidth) * barCount);
    const width = (shown.to - shown.from) / barCount;
    const from = shown.from + bar * width;
    const count = Math.round(bars[bar] ?? 0);
    setText(this.#note, `${wholeNumber(count)} from ${measure(from)} to ${measure(from + width)}`);
  }
}
