/**
 * Looking at tensors of a run: which one, what it comes to in a few numbers, its histogram, and parts of its values.
 * JSON has no NaN and no infinity: a value that is none is written as a string, `'NaN'`, `'Infinity'` or `'-Infinity'`.
 */
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());
const finite = z.number();
/** Many whole numbers, checked in one go: a run has millions of bins. */
const integers = z.custom<number[]>(value => Array.isArray(value) && value.every(Number.isSafeInteger));

/** Which tensor of the step that comes next. */
export const tensorRefSchema = z.discriminatedUnion('kind', [
  /** What the forward operation of a node gives, or the gradient of the loss with respect to that. */
  z.object({ kind: z.literal('node'), node: count, of: z.enum(['value', 'gradient']) }),
  /** A parameter or a buffer by its name, such as `fc1.weight`, or the gradient of a parameter. */
  z.object({ kind: z.literal('parameter'), name: z.string(), of: z.enum(['value', 'gradient']) }),
  /** What the model is given. */
  z.object({ kind: z.literal('input'), name: z.enum(['images', 'labels']) }),
]);

/** Which tensor of the step that comes next. */
export type TensorRef = z.infer<typeof tensorRefSchema>;

/**
 * A histogram with fixed edges, whatever the data: each power of two is cut into `binsPerOctave` equal bins, on both
 * sides of zero, so that no outlier makes the others coarse and histograms of different steps can be compared. The bin
 * number `b` > 0 holds values from `edgeOf(b)` up to `edgeOf(b + 1)`; −b holds their negatives; 0 holds what is nearer
 * to zero than `near`, where bins would be too fine to be seen. Only finite values are counted.
 */
export const histogramSchema = z.object({
  /** The numbers of the bins that are not empty, rising. */
  bins: integers,
  /** How many values each of these holds. */
  counts: integers.check(z.refine(counts => counts.every(value => value > 0))),
  /** Values between −near and near are in bin 0. */
  near: z.number(),
});

/** A histogram with fixed edges. */
export type Histogram = z.infer<typeof histogramSchema>;

/** Into how many bins each power of two is cut. */
export const binsPerOctave = 16;

/** The power of two at which the bin number 1 begins. */
export const lowestExponent = -40;

/** The power of two from which on everything is in the last bin. */
export const highestExponent = 64;

/** The lower edge of the bin number `bin` > 0; its upper edge is that of `bin + 1`. */
export function edgeOf(bin: number): number {
  const place = bin - 1;
  const octave = Math.floor(place / binsPerOctave);
  return 2 ** (lowestExponent + octave) * (1 + (place % binsPerOctave) / binsPerOctave);
}

/** What a tensor comes to in a few numbers. Minimum to deviation are of its finite values; null where there are none. */
export const statisticsSchema = z.object({
  count,
  min: z.nullable(finite),
  max: z.nullable(finite),
  mean: z.nullable(finite),
  /** The standard deviation of the population: divided by the count. */
  std: z.nullable(finite),
  /** The L2 norm. */
  norm: z.nullable(finite),
  zeros: count,
  nan: count,
  infinite: count,
});

/** What a tensor comes to in a few numbers. */
export type Statistics = z.infer<typeof statisticsSchema>;

/** A tensor as it is shown at first. */
export const tensorSummarySchema = z.object({
  shape: z.array(count),
  dtype: z.string(),
  device: z.string(),
  statistics: statisticsSchema,
  histogram: histogramSchema,
});

/** A tensor as it is shown at first. */
export type TensorSummary = z.infer<typeof tensorSummarySchema>;

/** Asks what a tensor comes to. */
export const summarizeSchema = z.strictObject({ tensor: tensorRefSchema });

/** Asks what a tensor comes to. */
export type SummaryRequest = z.infer<typeof summarizeSchema>;

/**
 * Asks for a part of a tensor's values. The tensor is taken as a matrix: the last dimension makes the columns, all
 * others the rows.
 */
export const valuesSchema = z.strictObject({
  tensor: tensorRefSchema,
  row: count,
  rows: z.int().check(z.positive()),
  column: count,
  columns: z.int().check(z.positive()),
});

/** A request for a part of a tensor's values. */
export type ValuesRequest = z.infer<typeof valuesSchema>;

/** How many values are answered at most; more are refused. */
export const mostValues = 65_536;

/** A value of a tensor: a number, or how it is none. */
export const tensorValueSchema = z.union([finite, z.enum(['NaN', 'Infinity', '-Infinity'])]);

/** A value of a tensor: a number, or how it is none. */
export type TensorValue = z.infer<typeof tensorValueSchema>;

/** The part that there is of what was asked for, row by row. */
export const tensorValuesSchema = z.object({
  row: count,
  rows: count,
  column: count,
  columns: count,
  values: z.array(tensorValueSchema),
});

/** A part of a tensor's values. */
export type TensorValues = z.infer<typeof tensorValuesSchema>;

/**
 * Asks for the whole tensor as a matrix of at most so many rows and columns: cells are the values furthest from zero of
 * those that they stand for, so that nothing large is lost.
 */
export const pictureSchema = z.strictObject({
  tensor: tensorRefSchema,
  rows: z.int().check(z.positive(), z.lte(1024)),
  columns: z.int().check(z.positive(), z.lte(1024)),
});

/** A request for the whole of a tensor. */
export type PictureRequest = z.infer<typeof pictureSchema>;

/** A tensor as a matrix of cells. */
export const tensorPictureSchema = z.object({
  /** The size of the matrix that the cells stand for. */
  matrix: z.object({ rows: count, columns: count }),
  rows: count,
  columns: count,
  cells: z.array(tensorValueSchema),
});

/** A tensor as a matrix of cells. */
export type TensorPicture = z.infer<typeof tensorPictureSchema>;
