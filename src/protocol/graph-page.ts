/**
 * What pages that show a graph ask their host: the graph of a run, and what was last seen of its tensors. The page of
 * a single graph speaks of nothing else; the dashboard has its own messages beside these.
 */
import * as z from 'zod/mini';
import type { Side } from './endpoint';
import { type Graph, graphSchema } from './graph';
import { statisticsSchema } from './tensors';

const count = z.int().check(z.nonnegative());

const seenValue = z.object({ value: statisticsSchema, gradient: z.nullable(statisticsSchema) });

/** What was last seen of a run's tensors, without the histograms. */
export const graphLookSchema = z.object({
  step: z.int(),
  epoch: z.int(),
  /** By the number of the node. */
  nodes: z.array(z.object({ node: count, dead: z.nullable(z.number()), ...seenValue.shape })),
  /** By the name of the parameter. */
  parameters: z.array(
    z.object({ name: z.string(), updateRatio: z.nullable(z.number()), ...seenValue.shape }),
  ),
});

/** What was last seen of a run's tensors. */
export type GraphLook = z.infer<typeof graphLookSchema>;

const runOf = z.object({ run: z.string() });
const nothing = z.object({});
/** A node of a run's graph. */
export const nodeOfRun = z.object({ run: z.string(), node: count });
/** A module of a run's graph, by its path. */
const moduleOfRun = z.object({ run: z.string(), module: z.string() });
const lookParams = z.object({ run: z.string(), known: z.nullable(z.int()) });

/** What a page that shows a graph asks; a part of larger contracts. */
export const graphRequests = {
  /** The graph of a run; null while it has none. */
  graph: { params: runOf, result: z.nullable(graphSchema) },
  /** What was last seen, unless that was at the step `known`; null where there is nothing else. */
  look: { params: lookParams, result: z.nullable(graphLookSchema) },
  /** Says that the person has chosen a node. */
  chooseNode: { params: nodeOfRun, result: nothing },
  /** Shows where a module is made in its Python file. */
  openSource: { params: moduleOfRun, result: nothing },
} as const;

/** What a page that shows a graph asks. */
export interface GraphRequests {
  readonly graph: { readonly params: { readonly run: string }; readonly result: Graph | null };
  readonly look: {
    readonly params: { readonly run: string; readonly known: number | null };
    readonly result: GraphLook | null;
  };
  readonly chooseNode: { readonly params: NodeOfRun; readonly result: object };
  readonly openSource: {
    readonly params: { readonly run: string; readonly module: string };
    readonly result: object;
  };
}

/** A node of a run's graph, by its number. */
export interface NodeOfRun {
  readonly run: string;
  readonly node: number;
}

/** The run that a page of a graph shows. */
const shownRun = z.object({
  /** The name of the run's folder. */
  id: z.string(),
  title: z.string(),
  about: z.string(),
  /** Whether it is being trained. */
  going: z.boolean(),
});

/** The run that a page of a graph shows. */
export type ShownRun = z.infer<typeof shownRun>;

const show = z.object({ run: z.nullable(shownRun) });
const file = z.object({ name: z.string(), base64: z.string() });

/** What the host of the page of a graph takes in. */
export const graphHostSide: Side<GraphHostRequests, object> = {
  requests: {
    ...graphRequests,
    /** The page is there. `run` is the one that it showed before it was loaded anew. */
    ready: { params: z.object({ run: z.nullable(z.string()) }), result: show },
    /** Saves a picture where the person chooses; answers false if they chose nothing. */
    save: { params: file, result: z.boolean() },
    /** Starts a run with the defaults. */
    train: { params: nothing, result: nothing },
  },
  events: {},
};

/** What the page of a graph asks of its host. */
export interface GraphHostRequests extends GraphRequests {
  readonly ready: {
    readonly params: { readonly run: string | null };
    readonly result: { readonly run: ShownRun | null };
  };
  readonly save: {
    readonly params: { readonly name: string; readonly base64: string };
    readonly result: boolean;
  };
  readonly train: { readonly params: object; readonly result: object };
}

/** What the page of a graph takes in. */
export const graphPageSide: Side<object, GraphPageEvents> = {
  requests: {},
  events: {
    /** Another run is to be shown, or it stands otherwise. */
    show,
    /** A node is to be shown. */
    showNode: nodeOfRun,
  },
};

/** What the host of the page of a graph tells it. */
export interface GraphPageEvents {
  readonly show: { readonly run: ShownRun | null };
  readonly showNode: NodeOfRun;
}
