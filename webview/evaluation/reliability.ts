/** The reliability diagram: how often the model is right, over how sure it is; a calibrated one keeps to the diagonal. */
import type { Calibration } from '../../src/protocol/evaluation';
import { element } from '../shared/dom';
import { percent, wholeNumber } from '../shared/format';

const size = 200;
const margin = { left: 36, bottom: 32, top: 8, right: 16 } as const;

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
  text = '',
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text !== '') made.textContent = text;
  return made;
}

const x = (share: number) => margin.left + share * size;
const y = (share: number) => margin.top + (1 - share) * size;

function axes(): SVGElement[] {
  const ticks = [0, 0.5, 1].flatMap(share => [
    svg('line', { class: 'grid', x1: x(0), x2: x(1), y1: y(share), y2: y(share) }),
    svg('text', { class: 'tick', x: x(0) - 4, y: y(share) + 4, 'text-anchor': 'end' }, `${100 * share}`),
    svg('text', { class: 'tick', x: x(share), y: y(0) + 14, 'text-anchor': 'middle' }, `${100 * share}`),
  ]);
  const titles = [
    svg('text', { class: 'tick', x: x(0.5), y: y(0) + 28, 'text-anchor': 'middle' }, 'sure, %'),
    svg(
      'text',
      { class: 'tick', x: 10, y: y(0.5), 'text-anchor': 'middle', transform: `rotate(-90 10 ${y(0.5)})` },
      'right, %',
    ),
  ];
  return [...ticks, ...titles, svg('line', { class: 'diagonal', x1: x(0), y1: y(0), x2: x(1), y2: y(1) })];
}

/** The diagram and what it comes to. */
export function reliabilityDiagram({ bins, expectedError, maximumError }: Calibration): HTMLElement {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const bars = bins.flatMap(({ from, to, count, confidence, accuracy }) => {
    if (confidence === null || accuracy === null) return [];
    const text = `${Math.round(100 * from)} to ${Math.round(100 * to)} % sure: ${wholeNumber(count)} samples, ${percent(accuracy)} right`;
    const place = { x: x(from) + 1, width: (to - from) * size - 2 };
    const [low, high] = [Math.min(accuracy, confidence), Math.max(accuracy, confidence)];
    const filled = svg('rect', { class: 'bin', ...place, y: y(low), height: y(0) - y(low) });
    const kind = confidence > accuracy ? 'gap too-sure' : 'gap';
    const gap = svg('rect', { class: kind, ...place, y: y(high), height: y(low) - y(high) });
    for (const shape of [filled, gap]) shape.append(svg('title', {}, text));
    return [filled, gap];
  });
  const label = `Reliability diagram: expected calibration error ${percent(expectedError)}`;
  const diagram = svg('svg', {
    class: 'reliability',
    role: 'img',
    'aria-label': label,
    viewBox: `0 0 ${margin.left + size + margin.right} ${margin.top + size + margin.bottom}`,
  });
  diagram.append(...axes().slice(0, -1), ...bars, ...axes().slice(-1));
  const most = bins.reduce(
    (best, bin) => (bin.count > best.count ? bin : best),
    bins[0] ?? { count: 0, from: 0, to: 0 },
  );
  const where = `${percent(total === 0 ? 0 : most.count / total)} of the samples are between ${Math.round(100 * most.from)} and ${Math.round(100 * most.to)} %.`;
  const words = `Expected calibration error ${percent(expectedError)}, largest ${percent(maximumError)}. Red: surer than right; pale: more often right than sure. ${where}`;
  return element('div', {
    class: 'calibration',
    children: [diagram, element('p', { class: 'note', text: words })],
  });
}
