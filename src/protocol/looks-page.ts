/**
 * What a page asks about the tensors of a run over its steps: which there are, the histograms of one of them, and how
 * the layers fare beside each other. Every look that a run has had is answered; their number is bounded.
 */
import * as z from 'zod/mini';

const finite = z.number();
const count = z.int().check(z.nonnegative());
const values = z.array(z.nullable(finite));
/** What is between the module before an operation and its name, in the name of its layer: `fc1 → relu`. */
export const layerArrow = ' → ';

/** The name of a layer where it is shown beside the module before it: `relu` of `fc1 → relu`. */
export function shortLayer(layer: string): string {
  return layer.split(layerArrow).at(-1) ?? layer;
}

/** Many counts, checked in one go. */
const counts = z.custom<number[]>(
  value => Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0),
);

/** What a tensor is to the network. The gradient of an activation is a gradient. */
export const tensorKinds = ['parameter', 'gradient', 'activation'] as const;

/** What a tensor is to the network. */
export type TensorKind = (typeof tensorKinds)[number];

const notFinite = z.object({
  /** The first step at which there was one. */
  step: count,
  /** How many there are by now. */
  nan: count,
  infinite: count,
});

/** Values of a tensor that are no finite numbers. */
export type NotFinite = z.infer<typeof notFinite>;

const tensorEntry = z.object({
  /** By this it is asked for. */
  id: z.string(),
  /** Such as `fc1.weight`, `fc1.weight.grad`, `relu1 output`. */
  name: z.string(),
  /** The module that it belongs to, such as `fc1`. */
  layer: z.string(),
  kind: z.enum(tensorKinds),
  /** How many values it has. */
  count,
  /** null where all values of all looks were finite. */
  notFinite: z.nullable(notFinite),
});

/** A tensor of a network. */
export type TensorEntry = z.infer<typeof tensorEntry>;

const tensorList = z.object({
  /** Changes with everything that is seen; equal answers are equal. */
  revision: count,
  /** The steps that were looked at, counted from 0. */
  steps: z.array(count),
  /** Layer by layer, in the order of the forward pass. */
  tensors: z.array(tensorEntry),
});

/** The tensors that were looked at. */
export type TensorList = z.infer<typeof tensorList>;

const span = z.object({ low: finite, high: finite });

/** A range of values. */
export type ValueSpan = z.infer<typeof span>;

/**
 * How the axis of values is divided: into equal parts, or so that powers of ten are equally far from each other, on
 * both sides of zero.
 */
export const valueScales = ['linear', 'log'] as const;

/** How the axis of values is divided. */
export type ValueScale = (typeof valueScales)[number];

const histogramQuery = z.object({
  run: z.string(),
  tensor: z.string(),
  /** The values to show: all, or those where nearly all are. */
  range: z.enum(['usual', 'full']),
  scale: z.enum(valueScales),
  /** Into how many bins, no more than the page has pixels. */
  bins: z.int().check(z.positive(), z.lte(400)),
});

/** A question about one tensor. */
export type HistogramQuery = z.infer<typeof histogramQuery>;

const histogramAnswer = z.object({
  /** Of each look. */
  steps: z.array(count),
  /** One more than there are bins, rising. */
  edges: z.array(finite),
  /** Of each look one bin after the other; zeros are in them. */
  counts: z.array(counts),
  /** Of each look how many finite values lie below the first edge and above the last. */
  below: z.array(count),
  above: z.array(count),
  /** Of each look; null where it has no finite value. */
  min: values,
  mean: values,
  std: values,
  max: values,
  /** Of each look how many values are exactly 0, and how many no finite numbers. */
  zeros: z.array(count),
  nan: z.array(count),
  infinite: z.array(count),
  /** Of each look: how values are spread nearer to zero than this is not known, only how many there are. */
  near: z.array(finite),
  /** Of the finite values of all looks the share that lies outside the edges. */
  outside: finite,
  /** All values lie between these. */
  full: span,
});

/** The histograms of one tensor, as a page draws them. */
export type HistogramAnswer = z.infer<typeof histogramAnswer>;

const layerRow = z.object({
  /** Such as `fc1`. */
  name: z.string(),
  /** How many numbers it learns. */
  parameters: count,
  /** The ReLU behind it whose dead units are told; null where there is none. */
  relu: z.nullable(z.string()),
  /** The L2 norm of the gradient of all its parameters together. */
  gradient: values,
  /** The L2 norm of the step's change over that of the parameters. */
  update: values,
  /** The L2 norm of its parameters. */
  weight: values,
  /** The share of the ReLU's units that gave 0 for every sample of the batch. */
  dead: values,
});

/** How one layer fares. Each series has a value for each look, null where there was none or none that is finite. */
export type LayerRow = z.infer<typeof layerRow>;

/** What can be wrong with how a network learns. */
export const warningKinds = [
  'not-finite',
  'vanishing',
  'exploding',
  'dead',
  'large-updates',
  'small-updates',
  'growing-weights',
] as const;

const warning = z.object({
  kind: z.enum(warningKinds),
  /** The layers it is about. */
  layers: z.array(z.string()),
  /** What is seen, in plain words. */
  text: z.string(),
  /** What may be done about it. */
  advice: z.string(),
});

/** Something that seems to be wrong with how a network learns. */
export type LayerWarning = z.infer<typeof warning>;

const layerOverview = z.object({
  revision: count,
  steps: z.array(count),
  /** In the order of the forward pass. */
  layers: z.array(layerRow),
  warnings: z.array(warning),
});

/** How all layers fare. */
export type LayerOverview = z.infer<typeof layerOverview>;

const aRun = z.object({ run: z.string() });

/** What the host answers of looks. */
export const looksRequests = {
  tensors: { params: aRun, result: tensorList },
  histograms: { params: histogramQuery, result: histogramAnswer },
  layers: { params: aRun, result: layerOverview },
};

/** What the page asks of the host about looks. */
export interface LooksRequests {
  readonly tensors: { readonly params: { readonly run: string }; readonly result: TensorList };
  readonly histograms: { readonly params: HistogramQuery; readonly result: HistogramAnswer };
  readonly layers: { readonly params: { readonly run: string }; readonly result: LayerOverview };
}
