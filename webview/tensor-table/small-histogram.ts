/** A histogram so small that it fits into a line: a shape to be recognised, not to be read. */
import { measure } from '../shared/format';
import { barsOf, usualRange } from '../tensor-view/histogram-bars';
import type { Figures } from '../tensor-view/subject';

const bars = 24;
const size = { width: 72, height: 16 };
const svg = 'http://www.w3.org/2000/svg';

/** Makes one; undefined where there are no finite values, or all are the same. */
export function smallHistogram({ statistics, histogram }: Figures): SVGElement | undefined {
  const { min, max } = statistics;
  if (min === null || max === null || min === max) return undefined;
  const all = { from: min, to: max };
  const usual = usualRange(histogram, all);
  const shown = usual.to > usual.from ? usual : all;
  const heights = barsOf(histogram, all, shown, bars);
  const highest = Math.max(...heights, 1);
  const step = size.width / bars;
  const path = heights
    .map((count, i) => {
      const height = count <= 0 ? 0 : Math.max(1, (count / highest) * size.height);
      return height === 0 ? '' : `M${i * step} ${size.height}v${-height}h${step - 0.5}v${height}z`;
    })
    .join('');
  const made = document.createElementNS(svg, 'svg');
  const label = `Histogram from ${measure(shown.from)} to ${measure(shown.to)}`;
  const attributes = {
    class: 'small-histogram',
    viewBox: `0 0 ${size.width} ${size.height}`,
    width: String(size.width),
    height: String(size.height),
    role: 'img',
    'aria-label': label,
  };
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (shown.from < 0 && shown.to > 0) {
    const zero = (-shown.from / (shown.to - shown.from)) * size.width;
    made.append(drawn('zero', `M${zero} 0v${size.height}`));
  }
  made.append(drawn('bars', path));
  return made;
}

function drawn(name: string, d: string): SVGElement {
  const made = document.createElementNS(svg, 'path');
  made.setAttribute('class', name);
  made.setAttribute('d', d);
  return made;
}
