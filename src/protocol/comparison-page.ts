/** The messages between the page that compares two checkpoints and whoever reads the files for it. */
import * as z from 'zod/mini';
import type { CheckpointTensor } from './checkpoint';
import { figuresSchema, mostTensors, pictureOfNumber, valuesOfNumber } from './checkpoint-page';
import { checkpointTensorSchema } from './checkpoint-schema';
import type { Side } from './endpoint';
import {
  type PictureRequest,
  type TensorPicture,
  type TensorValues,
  tensorPictureSchema,
  tensorValuesSchema,
  type ValuesRequest,
} from './tensors';

const nothing = z.object({});
const count = z.int().check(z.nonnegative());

const side = z.object({
  /** The name of the file, and the folder that it is in. */
  name: z.string(),
  folder: z.string(),
  format: z.string(),
  size: count,
  parameters: count,
  tensors: count,
});

/** One of the two files. */
export type ComparedFile = z.infer<typeof side>;

/** What has become of a tensor: it is there in both files, in one only, or has another shape. */
export const pairKinds = ['both', 'reshaped', 'removed', 'added'] as const;

const pair = z.object({
  path: z.array(z.string()),
  kind: z.enum(pairKinds),
  /** Whether it lies outside of what is laid over each other, as the state of an optimizer beside the network does. */
  outside: z.boolean(),
  before: z.nullable(checkpointTensorSchema),
  after: z.nullable(checkpointTensorSchema),
});

/** A tensor of the first file and the one of the second that belongs to it. Its number is its place in the list. */
export interface TensorPair {
  readonly path: readonly string[];
  readonly kind: (typeof pairKinds)[number];
  /** Whether it lies outside of what is laid over each other, as the state of an optimizer beside the network does. */
  readonly outside: boolean;
  readonly before: CheckpointTensor | null;
  readonly after: CheckpointTensor | null;
}

const changedValue = z.object({
  /** Such as `epoch`, or a module's path. */
  name: z.string(),
  /** Null where there is none. */
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
});

/** Something else that is not the same in both files. */
export type ChangedValue = z.infer<typeof changedValue>;

const comparison = z.object({
  before: side,
  after: side,
  pairs: z.array(pair),
  /** What was laid over what, where the names of the tensors begin differently; null where whole files were. */
  aligned: z.nullable(z.string()),
  /** Modules that are in one file only, or made otherwise. */
  modules: z.array(changedValue),
  /** Values that are no tensors. */
  values: z.array(changedValue),
});

/** Two open files. */
export interface Comparison extends Omit<z.infer<typeof comparison>, 'pairs'> {
  readonly pairs: readonly TensorPair[];
}

const difference = z.object({
  pair: count,
  /** Of the change, value by value: its norm is how far the tensors are apart. Null for tensors that have no counterpart. */
  figures: z.nullable(figuresSchema),
  /** The norm of the change over the norm of what was changed; null where that is 0. */
  relative: z.nullable(z.number()),
  /** How many values are not the same. */
  changed: count,
  problem: z.nullable(z.string()),
});

/** How far two tensors are apart. */
export type FoundDifference = z.infer<typeof difference>;

/** What of a pair is looked at. */
export const aspects = ['change', 'before', 'after'] as const;

/** What of a pair is looked at. */
export type Aspect = (typeof aspects)[number];

const aspect = z.object({ of: z.enum(aspects) });
const examined = z.object({ tensor: count, of: z.enum(aspects) });

/** Which tensor: that of a pair, by the pair's number. */
interface Examined {
  readonly tensor: number;
  readonly of: Aspect;
}

/** What the page asks. */
export interface ComparisonRequests {
  readonly open: { readonly params: object; readonly result: Comparison };
  readonly compare: {
    readonly params: { readonly pairs: number[] };
    readonly result: { readonly found: FoundDifference[] };
  };
  readonly examine: { readonly params: Examined; readonly result: z.infer<typeof figuresSchema> };
  readonly values: {
    readonly params: Omit<ValuesRequest, 'tensor'> & Examined;
    readonly result: TensorValues;
  };
  readonly picture: {
    readonly params: Omit<PictureRequest, 'tensor'> & Examined;
    readonly result: TensorPicture;
  };
}

/** What the reader takes in. */
export const comparisonHostSide: Side<ComparisonRequests, object> = {
  requests: {
    /** Reads what the files hold, if that has not happened yet. */
    open: { params: nothing, result: comparison },
    /** How far tensors are apart: of as many of these pairs as a moment suffices for, and at least of one. */
    compare: {
      params: z.object({ pairs: z.array(count).check(z.maxLength(mostTensors)) }),
      result: z.object({ found: z.array(difference) }),
    },
    examine: { params: examined, result: figuresSchema },
    values: { params: z.extend(valuesOfNumber, aspect.shape), result: tensorValuesSchema },
    picture: { params: z.extend(pictureOfNumber, aspect.shape), result: tensorPictureSchema },
  },
  events: {},
};

/** What the reader tells the page. */
export interface ComparisonEvents {
  readonly changed: object;
  readonly failed: { readonly message: string };
}

/** What the page takes in. */
export const comparisonPageSide: Side<object, ComparisonEvents> = {
  requests: {},
  events: {
    /** The files may hold something else now. */
    changed: nothing,
    /** Whoever reads is gone, and answers nothing of what was asked. */
    failed: z.object({ message: z.string() }),
  },
};
