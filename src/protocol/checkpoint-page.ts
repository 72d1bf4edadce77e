/** The messages between the page of a checkpoint and whoever reads the file for it. */
import * as z from 'zod/mini';
import type { CheckpointContent } from './checkpoint';
import { checkpointContentSchema } from './checkpoint-schema';
import type { Schema, Side } from './endpoint';
import {
  histogramSchema,
  type PictureRequest,
  pictureSchema,
  statisticsSchema,
  type TensorPicture,
  type TensorValues,
  tensorPictureSchema,
  tensorValuesSchema,
  type ValuesRequest,
  valuesSchema,
} from './tensors';

const nothing = z.object({});
const count = z.int().check(z.nonnegative());

/** No more tensors are asked for at once. */
export const mostTensors = 256;

/** What a tensor comes to. */
export const figuresSchema = z.object({ statistics: statisticsSchema, histogram: histogramSchema });

/** What was found of a tensor: figures, or why there are none. */
const looked = z.object({
  tensor: count,
  figures: z.nullable(figuresSchema),
  problem: z.nullable(z.string()),
});

/** What was found of a tensor. */
export type LookedAt = z.infer<typeof looked>;

/** What singular values say of a matrix; see `torch.linalg.matrix_rank` and `torch.linalg.cond`. */
export const spectrumSchema = z.object({
  /** The matrix that the tensor is taken as: its first dimension makes the rows, as in the weight of a layer. */
  rows: count,
  columns: count,
  /** From the largest. */
  singularValues: z.array(z.number()),
  rank: count,
  /** The dimension of the null space. */
  nullity: count,
  /** Null where it is infinite. */
  condition: z.nullable(z.number()),
  /** Singular values up to this count as 0. */
  tolerance: z.number(),
  /** Of a square matrix, from the one furthest from zero; null for others. */
  eigenvalues: z.nullable(z.array(z.object({ real: z.number(), imaginary: z.number() }))),
});

/** What a matrix does to space. */
export type MatrixSpectrum = z.infer<typeof spectrumSchema>;

/**
 * The matrix whose singular values are asked for: that of a tensor of two dimensions or more, its first dimension as
 * the rows; undefined where there is none.
 */
export function spectrumShape(
  shape: readonly number[],
): { readonly rows: number; readonly columns: number } | undefined {
  const [rows = 0, ...others] = shape;
  const columns = others.reduce((product, size) => product * size, 1);
  return others.length === 0 || rows < 2 || columns < 2 ? undefined : { rows, columns };
}

/** An open file. */
export interface OpenedCheckpoint {
  /** The name of the file, and the folder that it is in. */
  readonly name: string;
  readonly folder: string;
  readonly content: CheckpointContent;
}

const opened: Schema<OpenedCheckpoint> = {
  safeParse: value => {
    const frame = z.object({ name: z.string(), folder: z.string(), content: z.unknown() }).safeParse(value);
    if (!frame.success) return frame;
    const content = checkpointContentSchema.safeParse(frame.data.content);
    return content.success ? { success: true, data: { ...frame.data, content: content.data } } : content;
  },
};

/** A part of the values of a tensor, by its number. */
export const valuesOfNumber = z.extend(z.omit(valuesSchema, { tensor: true }), { tensor: count });
/** The whole of a tensor made small, by its number. */
export const pictureOfNumber = z.extend(z.omit(pictureSchema, { tensor: true }), { tensor: count });

/** What pages that show a tensor of a file ask. A tensor's number is its place in the list of the content. */
export interface TensorsOfFile {
  readonly values: {
    readonly params: Omit<ValuesRequest, 'tensor'> & { readonly tensor: number };
    readonly result: TensorValues;
  };
  readonly picture: {
    readonly params: Omit<PictureRequest, 'tensor'> & { readonly tensor: number };
    readonly result: TensorPicture;
  };
}

/** What the page asks. */
export interface CheckpointRequests extends TensorsOfFile {
  readonly open: { readonly params: object; readonly result: OpenedCheckpoint };
  readonly examine: {
    readonly params: { readonly tensors: number[] };
    readonly result: { readonly found: LookedAt[] };
  };
  readonly spectrum: { readonly params: { readonly tensor: number }; readonly result: MatrixSpectrum };
  readonly cancelSpectrum: { readonly params: object; readonly result: object };
  readonly text: { readonly params: { readonly name: string }; readonly result: { readonly text: string } };
}

/** What the reader takes in. */
export const checkpointHostSide: Side<CheckpointRequests, object> = {
  requests: {
    /** Reads what the file holds, if that has not happened yet. */
    open: { params: nothing, result: opened },
    /** What tensors come to: of as many of these, in this order, as a moment suffices for, and at least of one. */
    examine: {
      params: z.object({ tensors: z.array(count).check(z.maxLength(mostTensors)) }),
      result: z.object({ found: z.array(looked) }),
    },
    values: { params: valuesOfNumber, result: tensorValuesSchema },
    picture: { params: pictureOfNumber, result: tensorPictureSchema },
    /** Singular values and eigenvalues, which may take long. There is one question at a time: a new one ends it. */
    spectrum: { params: z.object({ tensor: count }), result: spectrumSchema },
    cancelSpectrum: { params: nothing, result: nothing },
    /** A text that the file carries. */
    text: { params: z.object({ name: z.string() }), result: z.object({ text: z.string() }) },
  },
  events: {},
};

/** What the reader tells the page. */
export interface CheckpointEvents {
  readonly changed: object;
  readonly failed: { readonly message: string };
}

/** What the page takes in. */
export const checkpointPageSide: Side<object, CheckpointEvents> = {
  requests: {},
  events: {
    /** The file may hold something else now. */
    changed: nothing,
    /** Whoever reads is gone, and answers nothing of what was asked. */
    failed: z.object({ message: z.string() }),
  },
};
