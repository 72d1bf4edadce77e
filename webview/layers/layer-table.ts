/** A row for each layer: its name, and strips of what it shows over steps with the values of one of them. */
import type { LayerOverview, LayerRow } from '../../src/protocol/looks-page';
import { SharpCanvas } from '../shared/canvas';
import { element, setText } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { type Ramp, rampSize } from '../shared/ramp';
import { bordersOf, indexAt, nearestIndex, placeOf, type StepAxis, stepTicks } from '../shared/step-axis';
import type { Theme } from '../shared/theme';
import { type Metric, metrics } from './metrics';
import { Strip } from './strip';

/** How strips are drawn. */
export interface TableView {
  readonly axis: StepAxis;
  readonly theme: Theme;
  readonly ramps: Readonly<Record<Metric['ramp'], Ramp>>;
}

interface Cell {
  readonly metric: Metric;
  readonly strip: Strip;
  readonly value: HTMLElement;
  readonly note: HTMLElement;
}

interface Row {
  readonly element: HTMLElement;
  readonly head: HTMLElement;
  readonly about: HTMLElement;
  readonly cells: readonly Cell[];
}

interface Column {
  readonly metric: Metric;
  readonly legend: SharpCanvas;
  readonly ends: readonly HTMLElement[];
  readonly axis: SharpCanvas;
  readonly cursor: HTMLElement;
}

const axisHeight = 18;
const legendHeight = 6;
/** Below the last row. */
const gap = 8;

/** The fewer layers, the more room each has. */
const heightFor = (layers: number) => (layers <= 5 ? 64 : layers <= 12 ? 40 : 28);

/** The first value of a series that there is. */
const firstOf = (values: readonly (number | null)[]) => values.find(value => value !== null) ?? 0;

/** The table. */
export class LayerTable {
  readonly element: HTMLElement;
  readonly #body = element('tbody');
  readonly #columns: readonly Column[];
  readonly #rows: Row[] = [];
  readonly #sizes = new ResizeObserver(() => this.#resize());
  #overview: LayerOverview | undefined;
  #view: TableView | undefined;
  #width = 0;
  #look = -1;

  /** @param point is told the step that the pointer is at; null when it has left */
  constructor(private readonly point: (step: number | null) => void) {
    this.#columns = metrics.map(metric => makeColumn(metric));
    const heads = this.#columns.map(({ metric, legend, ends }) => {
      const scale = [legend.element, element('span', { class: 'legend-ends', children: ends })];
      return element('th', {
        attributes: { scope: 'col', title: metric.explanation },
        children: [
          element('span', { class: 'layer-metric', text: metric.title }),
          element('span', { class: 'layer-legend', attributes: { 'aria-hidden': 'true' }, children: scale }),
        ],
      });
    });
    const corner = element('th', { text: 'Layer', attributes: { scope: 'col' } });
    const feet = this.#columns.map(({ axis, cursor }) =>
      element('td', {
        children: [element('div', { class: 'layer-axis', children: [axis.element, cursor] })],
      }),
    );
    this.element = element('table', {
      class: 'layer-table',
      children: [
        element('caption', { class: 'for-screen-readers', text: 'Layers at the step under the cursor' }),
        element('thead', { children: [element('tr', { children: [corner, ...heads] })] }),
        this.#body,
        element('tfoot', {
          attributes: { 'aria-hidden': 'true' },
          children: [element('tr', { children: [element('td'), ...feet] })],
        }),
      ],
    });
    const [first] = feet;
    for (const observed of [first, this.#body]) if (observed !== undefined) this.#sizes.observe(observed);
    this.element.addEventListener('pointerleave', () => this.point(null));
  }

  /** Shows layers; `warned` are those that something is wrong with. */
  show(overview: LayerOverview, view: TableView, warned: ReadonlySet<string>): void {
    this.#overview = overview;
    this.#view = view;
    const { layers, steps } = overview;
    for (const row of this.#rows.splice(layers.length)) row.element.remove();
    layers.forEach((layer, i) => {
      const row = this.#rows[i] ?? this.#addRow();
      setText(row.head, layer.name);
      setText(row.about, `${wholeNumber(layer.parameters)} parameters`);
      row.element.classList.toggle('warned', warned.has(layer.name));
      for (const { metric, strip } of row.cells) {
        const { share } = metric.scale(layers);
        const values = layer[metric.name];
        const first = firstOf(values);
        strip.take({ steps, shares: values.map(value => value && share(value, first)) });
      }
    });
    this.#draw();
    this.setCursor(null);
  }

  /** Shows the values of the look nearest to a step; those of the last, and no cursor, where there is none. */
  setCursor(step: number | null): void {
    const { steps = [], layers = [] } = this.#overview ?? {};
    this.#look = step === null ? steps.length - 1 : nearestIndex(steps, step);
    const at = this.#view === undefined ? 0 : placeOf(this.#view.axis, steps[this.#look] ?? 0);
    for (const { cursor } of this.#columns) {
      cursor.hidden = step === null;
      cursor.style.transform = `translateX(${Math.round(at * (this.#width - 1))}px)`;
    }
    layers.forEach((layer, i) => {
      for (const { metric, value, note } of this.#rows[i]?.cells ?? []) {
        const found = layer[metric.name][this.#look];
        setText(value, valueText(layer, metric, this.#look));
        setText(note, found == null ? '' : (metric.note?.(found, firstOf(layer[metric.name]), layer) ?? ''));
      }
    });
  }

  /** A row in words, at the step under the cursor. */
  spoken(index: number): string {
    const layer = this.#overview?.layers[index];
    if (layer === undefined) return '';
    const values = metrics.map(metric => `${metric.title} ${valueText(layer, metric, this.#look)}`);
    return [layer.name, ...values].join(', ');
  }

  #addRow(): Row {
    const cells = metrics.map(metric => {
      const strip = new Strip();
      strip.canvas.element.addEventListener('pointermove', event => this.#hover(event));
      const [value, note] = [element('span'), element('span', { class: 'layer-note' })];
      return { metric, strip, value, note };
    });
    const head = element('span', { class: 'layer-name' });
    const about = element('span', { class: 'layer-about' });
    const columns = cells.map(({ metric, strip, value, note }) => {
      const texts = element('div', { class: 'layer-texts', children: [value, note] });
      return element('td', {
        attributes: { 'data-metric': metric.name },
        children: [element('div', { class: 'layer-cell', children: [strip.canvas.element, texts] })],
      });
    });
    const made = element('tr', {
      children: [element('th', { attributes: { scope: 'row' }, children: [head, about] }), ...columns],
    });
    const row = { element: made, head, about, cells };
    this.#rows.push(row);
    this.#body.append(made);
    return row;
  }

  #hover(event: PointerEvent): void {
    const { steps = [] } = this.#overview ?? {};
    if (this.#view === undefined || this.#width === 0) return;
    const look = indexAt(bordersOf(this.#view.axis, steps), event.offsetX / this.#width);
    this.point(steps[look] ?? null);
  }

  #resize(): void {
    for (const { cursor } of this.#columns) cursor.style.height = `${this.#body.clientHeight - gap}px`;
    const width = this.#columns[0]?.axis.element.parentElement?.clientWidth ?? 0;
    if (width === 0 || width === this.#width) return;
    this.#width = width;
    this.#draw();
  }

  #draw(): void {
    const [overview, view] = [this.#overview, this.#view];
    if (overview === undefined || view === undefined || this.#width === 0) return;
    const height = heightFor(overview.layers.length);
    for (const row of this.#rows) {
      for (const { metric, strip } of row.cells) {
        strip.canvas.resize(this.#width, height);
        strip.canvas.element.style.height = `${height}px`;
        strip.draw({ ...view, ramp: view.ramps[metric.ramp] });
      }
    }
    for (const column of this.#columns) {
      const { ends } = column.metric.scale(overview.layers);
      ends.forEach((text, i) => {
        const end = column.ends[i];
        if (end !== undefined) setText(end, text);
      });
      drawLegend(column, view, this.#width);
      column.axis.resize(this.#width, axisHeight);
      drawAxis(column.axis, view);
    }
  }
}

function makeColumn(metric: Metric): Column {
  return {
    metric,
    legend: new SharpCanvas(),
    ends: ['low', 'middle', 'high'].map(name => element('span', { class: `legend-${name}` })),
    axis: new SharpCanvas(),
    cursor: element('div', { class: 'layer-cursor' }),
  };
}

function valueText(layer: LayerRow, metric: Metric, look: number): string {
  const value = layer[metric.name][look];
  return value == null ? '–' : metric.text(value);
}

function drawLegend({ legend, metric }: Column, { ramps }: TableView, width: number): void {
  legend.resize(width, legendHeight);
  const context = legend.clear();
  const { css } = ramps[metric.ramp];
  for (let x = 0; x < width; x++) {
    context.fillStyle = css[Math.round((x / (width - 1)) * (rampSize - 1))] ?? '';
    context.fillRect(x, 0, 1.5, legendHeight);
  }
}

function drawAxis(canvas: SharpCanvas, { axis, theme }: TableView): void {
  const context = canvas.clear();
  context.font = `${theme.fontSize - 2}px ${theme.font}`;
  context.fillStyle = theme.faint;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  for (const { place, text } of stepTicks(axis, Math.floor(canvas.width / 52))) {
    const half = context.measureText(text).width / 2;
    const x = Math.min(place * canvas.width, canvas.width - half);
    context.fillText(text, Math.max(x, half), axisHeight);
  }
}
