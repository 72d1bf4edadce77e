/** The charts of the dashboard: what each shows, in what units, and how its values are written. */
import type { AxisName, SeriesName } from '../../src/protocol/dashboard';
import { duration, measure, percent, setting, wholeNumber } from '../shared/format';

/** One quantity in a chart. */
export interface ChartSeries {
  readonly name: SeriesName;
  readonly label: string;
  /** Whether it is never averaged: it is measured once an epoch, or known and not measured. */
  readonly plain?: boolean;
}

/** A chart. */
export interface ChartKind {
  readonly id: string;
  readonly title: string;
  /** At most two: the first is of training, the second of validation. */
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** The same on the axis, in fewer figures. */
  readonly tick: (value: number) => string;
  /** What the vertical axis counts, where the title does not say it. */
  readonly unit: string;
  readonly marks: boolean;
  /** Whether the axis reaches down to zero. */
  readonly fromZero: boolean;
  /** Whether a value holds for everything up to the next one. */
  readonly stepped: boolean;
  /** What is said while there is nothing to draw yet. */
  readonly empty: string;
}

const rate = (value: number) => setting(Number(value.toPrecision(4)));
const speed = (value: number) => wholeNumber(Math.round(value));

/** The charts, in their order on the page. */
export const chartKinds: readonly ChartKind[] = [
  {
    id: 'loss',
    title: 'Loss',
    series: [
      { name: 'train/loss', label: 'training' },
      { name: 'validation/loss', label: 'validation', plain: true },
    ],
    format: measure,
    tick: setting,
    unit: '',
    marks: true,
    fromZero: false,
    stepped: false,
    empty: 'The loss of every step appears here as soon as training begins.',
  },
  {
    id: 'accuracy',
    title: 'Accuracy',
    series: [
      { name: 'train/accuracy', label: 'training', plain: true },
      { name: 'validation/accuracy', label: 'validation', plain: true },
    ],
    format: percent,
    tick: value => `${setting(value * 100)} %`,
    unit: '',
    marks: true,
    fromZero: false,
    stepped: false,
    empty: 'The accuracy appears here when the first epoch is complete.',
  },
  {
    id: 'learning-rate',
    title: 'Learning rate',
    series: [{ name: 'learning-rate', label: '', plain: true }],
    format: rate,
    tick: setting,
    unit: '',
    marks: false,
    fromZero: true,
    stepped: true,
    empty: 'The learning rate of every step appears here.',
  },
  {
    id: 'gradient-norm',
    title: 'Gradient norm',
    series: [{ name: 'gradient-norm', label: '' }],
    format: measure,
    tick: setting,
    unit: '',
    marks: false,
    fromZero: false,
    stepped: false,
    empty: 'The norm of the gradient, of a step now and then, appears here.',
  },
  {
    id: 'throughput',
    title: 'Throughput',
    series: [{ name: 'throughput', label: '' }],
    format: speed,
    tick: speed,
    unit: 'samples/s',
    marks: false,
    fromZero: true,
    stepped: false,
    empty: 'How many samples are trained on in a second appears here.',
  },
];

/** What the horizontal axes are called. */
export const axisLabels: Readonly<Record<AxisName, string>> = {
  step: 'Step',
  epoch: 'Epoch',
  time: 'Time',
};

/** A place on a horizontal axis in words. */
export function placeText(axis: AxisName, value: number): string {
  if (axis === 'step') return `step ${wholeNumber(Math.round(value))}`;
  return axis === 'epoch' ? `epoch ${value.toFixed(2)}` : duration(Math.max(0, value));
}

/** A tick of a horizontal axis. */
export function tickText(axis: AxisName, value: number): string {
  if (axis === 'time') return value === 0 ? '0' : value < 60 ? `${setting(value)} s` : duration(value);
  return axis === 'step' ? wholeNumber(value) : String(Number(value.toPrecision(4)));
}
