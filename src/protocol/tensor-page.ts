/** The messages between the page that shows a tensor and its host, which passes questions on to the training process. */
import * as z from 'zod/mini';
import type { Side } from './endpoint';
import {
  type PictureRequest,
  pictureSchema,
  type SummaryRequest,
  summarizeSchema,
  type TensorPicture,
  type TensorSummary,
  type TensorValues,
  tensorPictureSchema,
  tensorRefSchema,
  tensorSummarySchema,
  tensorValuesSchema,
  type ValuesRequest,
  valuesSchema,
} from './tensors';

const choice = z.object({
  tensor: tensorRefSchema,
  /** Such as `fc1.weight`. */
  name: z.string(),
  /** Such as `AddmmBackward0` or `gradient`. */
  detail: z.string(),
  shape: z.array(z.int()),
  /** The size of the images that its values make, one after the other; null where they make none. */
  image: z.nullable(z.object({ height: z.int(), width: z.int() })),
  group: z.enum(['Inputs', 'Parameters', 'Gradients', 'Activations', 'Gradients of activations']),
});

/** A tensor that can be looked at. */
export type TensorChoice = z.infer<typeof choice>;

const situation = z.object({
  /** The run's name; null where none is in progress. */
  run: z.nullable(z.string()),
  /** Tensors can be looked at while the run rests. */
  phase: z.enum(['none', 'running', 'paused']),
  /** Steps that have been taken: the tensors are those of the next one. */
  step: z.int(),
  choices: z.array(choice),
});

/** How the run in progress stands, and what there is to look at. */
export type Situation = z.infer<typeof situation>;

const nothing = z.object({});
const selection = z.object({ tensor: tensorRefSchema });

/** What the page asks of the host. */
export interface TensorHostRequests {
  readonly ready: { readonly params: object; readonly result: Situation };
  readonly summarize: { readonly params: SummaryRequest; readonly result: TensorSummary };
  readonly values: { readonly params: ValuesRequest; readonly result: TensorValues };
  readonly picture: { readonly params: PictureRequest; readonly result: TensorPicture };
  readonly pause: { readonly params: object; readonly result: object };
  readonly step: { readonly params: object; readonly result: object };
}

/** What the host tells the page. */
export interface TensorPageEvents {
  readonly situation: Situation;
  /** Somebody has pointed at a tensor elsewhere. */
  readonly select: z.infer<typeof selection>;
}

/** What the host takes in. */
export const tensorHostSide: Side<TensorHostRequests, object> = {
  requests: {
    ready: { params: nothing, result: situation },
    summarize: { params: summarizeSchema, result: tensorSummarySchema },
    values: { params: valuesSchema, result: tensorValuesSchema },
    picture: { params: pictureSchema, result: tensorPictureSchema },
    pause: { params: nothing, result: nothing },
    step: { params: nothing, result: nothing },
  },
  events: {},
};

/** What the page takes in. */
export const tensorPageSide: Side<object, TensorPageEvents> = {
  requests: {},
  events: { situation, select: selection },
};

/** A text that two references to the same tensor share. */
export function tensorKey(tensor: TensorChoice['tensor']): string {
  if (tensor.kind === 'input') return `input ${tensor.name}`;
  return tensor.kind === 'node'
    ? `node ${tensor.node} ${tensor.of}`
    : `parameter ${tensor.name} ${tensor.of}`;
}

/** What a tensor is called where it stands alone: a gradient has the name of what it is the gradient of. */
export function tensorTitle({ tensor, name }: TensorChoice): string {
  return tensor.kind !== 'input' && tensor.of === 'gradient' ? `gradient of ${name}` : name;
}
