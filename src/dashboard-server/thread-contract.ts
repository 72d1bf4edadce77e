/** What the thread that serves a dashboard and the program that started it say to each other. */
import * as z from 'zod/mini';
import type { LiveChange } from '../history';
import { type ControlMessage, hostSide } from '../protocol/dashboard';
import type { Schema, Side } from '../protocol/endpoint';
import { trainingEventSchema } from '../protocol/trainer';
import type { TrainingEvent } from '../protocol/training-events';

const nothing = z.object({});
const change = z.object({
  event: z.literal('change'),
  paused: z.optional(z.boolean()),
  learningRate: z.optional(z.number()),
});
const news: Schema<TrainingEvent | LiveChange> = z.union([trainingEventSchema, change]);

/** What the thread is started with. */
export const threadDataSchema = z.object({
  /** The folder that holds the folders of runs. */
  runs: z.string(),
  /** Whether there is somebody who takes orders for the run in progress. */
  control: z.boolean(),
});

/** What the program asks of the thread. */
export interface ThreadRequests {
  readonly serve: { readonly params: object; readonly result: { readonly url: string } };
  readonly show: { readonly params: { readonly run: string }; readonly result: object };
  /** Tells pages how things stand, and stops listening. */
  readonly close: { readonly params: object; readonly result: object };
}

/** What the program tells the thread. */
export interface ThreadEvents {
  readonly publish: TrainingEvent | LiveChange;
}

/** What the thread asks of the program: to pass an order on. */
export interface ProgramRequests {
  readonly control: { readonly params: ControlMessage; readonly result: object };
}

/** What the thread takes in. */
export const threadSide: Side<ThreadRequests, ThreadEvents> = {
  requests: {
    serve: { params: nothing, result: z.object({ url: z.string() }) },
    show: { params: z.object({ run: z.string() }), result: nothing },
    close: { params: nothing, result: nothing },
  },
  events: { publish: news },
};

/** What the program takes in. */
export const programSide: Side<ProgramRequests, object> = {
  requests: { control: hostSide.requests.control },
  events: {},
};
