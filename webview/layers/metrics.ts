/** What is shown of layers, and by which scale: where a value is between too little and too much. */
import { type LayerRow, shortLayer } from '../../src/protocol/looks-page';
import { figures, wholeNumber } from '../shared/format';

/** The series of a layer. */
export type MetricName = 'gradient' | 'update' | 'weight' | 'dead';

/** A scale of values: shares from 0 to 1 are heights and colours. */
export interface MetricScale {
  /** The share of a value; `first` is the first value of its row. */
  share(value: number, first: number): number;
  /** What the ends of the scale stand for, and its middle where that is as it should be. */
  readonly ends: readonly [low: string, middle: string, high: string];
}

/** One column of the overview. */
export interface Metric {
  readonly name: MetricName;
  readonly title: string;
  /** What it is, and what is usual. */
  readonly explanation: string;
  /** Whether colours grow from nothing, or go from too little over the middle to too much. */
  readonly ramp: 'intensity' | 'balance' | 'alarm';
  scale(layers: readonly LayerRow[]): MetricScale;
  text(value: number): string;
  /** What stands below a value: how it compares, or whose it is. */
  note?(value: number, first: number, layer: LayerRow): string;
}

/** A share in percent with two figures, however small. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (share >= 10) return `${figures(share)}×`;
  if (percent < 1e-4) return `${percent.toExponential(0)} %`;
  return `${percent >= 9.95 ? wholeNumber(percent) : Number(percent.toPrecision(2))} %`;
}

/** Powers of ten that a scale of gradients spans at least. */
const fewestDecades = 2;

/** So large a share of all values may lie beyond either end. */
const beyond = 0.02;

const slack = 0.05;

/** A power of ten. */
const powerText = (power: number) => (Math.abs(power) <= 3 ? String(Number(`1e${power}`)) : `1e${power}`);

/** From the power of ten below nearly all values to the one above them. */
function decadesOf(layers: readonly LayerRow[]): readonly [low: number, high: number] {
  const logs = layers
    .flatMap(({ gradient }) => gradient)
    .filter(value => value !== null && value > 0)
    .map(value => Math.log10(value ?? 1))
    .sort((a, b) => a - b);
  const at = (share: number) => logs[Math.round(share * (logs.length - 1))] ?? 0;
  // What is only just beyond a power of ten needs no other one.
  const low = Math.floor(at(beyond) + slack);
  return [low, Math.max(low + fewestDecades, Math.ceil(at(1 - beyond) - slack))];
}

/** Where a value is between two, each power of ten as wide as the others. */
function logShare(value: number, low: number, high: number): number {
  return (Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low));
}

const limited = (share: number) => Math.min(1, Math.max(0, share));

/** What is shown, from left to right. */
export const metrics: readonly Metric[] = [
  {
    name: 'gradient',
    title: 'Gradient norm',
    explanation: 'The L2 norm of the gradient of all parameters of the layer together',
    ramp: 'intensity',
    scale: layers => {
      const [low, high] = decadesOf(layers);
      return {
        share: value => limited(logShare(value, 10 ** low, 10 ** high)),
        ends: [powerText(low), '', powerText(high)],
      };
    },
    text: figures,
  },
  {
    name: 'update',
    title: 'Update / weight',
    explanation: 'How much a step changes the parameters, as a share of them; about 0.1 % is usual',
    ramp: 'balance',
    scale: () => ({
      share: value => limited(logShare(value, 1e-5, 0.1)),
      ends: ['0.001 %', '0.1 %', '10 %'],
    }),
    text: percentText,
  },
  {
    name: 'weight',
    title: 'Weight norm',
    explanation: 'The L2 norm of the parameters, and how many times as large it is as at the first step',
    ramp: 'balance',
    scale: () => ({
      share: (value, first) => (first > 0 ? limited(logShare(value / first, 0.01, 100)) : 0.5),
      ends: ['÷100', '×1', '×100'],
    }),
    text: figures,
    note: (value, first) => (first > 0 ? `×${figures(value / first)}` : ''),
  },
  {
    name: 'dead',
    title: 'Dead ReLU units',
    explanation:
      'The share of the units of the ReLU behind the layer that gave 0 for every sample of the batch',
    ramp: 'alarm',
    scale: () => ({ share: limited, ends: ['0 %', '', '100 %'] }),
    text: percentText,
    note: (_value, _first, { relu }) => shortLayer(relu ?? ''),
  },
];
