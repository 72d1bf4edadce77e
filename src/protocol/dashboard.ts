/**
 * The messages between the dashboard's page and whoever serves it, the editor or a loopback server. The host
 * owns the history; the page asks for what its charts show, never for more points than they have pixels.
 */
import * as z from 'zod/mini';
import type { Side } from './endpoint';
import { type GraphRequests, graphRequests, type NodeOfRun, nodeOfRun } from './graph-page';
import { type LooksRequests, looksRequests } from './looks-page';

const finite = z.number();
const count = z.int().check(z.nonnegative());
/** A gap in a series is null: JSON has no NaN. */
const values = z.array(z.nullable(finite));

/** What can be drawn of a run. `loss` and what follows `train/` is measured on the training set. */
export const seriesNames = [
  'train/loss',
  'validation/loss',
  'train/accuracy',
  'validation/accuracy',
  'learning-rate',
  'gradient-norm',
  'throughput',
] as const;

const seriesName = z.enum(seriesNames);

/** The name of a series. */
export type SeriesName = z.infer<typeof seriesName>;

/** What the horizontal axis counts: steps, epochs, or seconds of training. */
export const axisNames = ['step', 'epoch', 'time'] as const;

const axisName = z.enum(axisNames);

/** What the horizontal axis counts. */
export type AxisName = z.infer<typeof axisName>;

/** How a run stands; `interrupted` is one that ended without saying so. */
export const runStates = ['running', 'paused', 'stopped', 'finished', 'failed', 'interrupted'] as const;

/** How a run stands. */
export type RunState = (typeof runStates)[number];

/** By what runs are told apart. What an older run did not write down is missing. */
const runSettings = z.object({
  optimizer: z.optional(z.string()),
  lr: z.optional(finite),
  momentum: z.optional(finite),
  batchSize: z.optional(finite),
  weightDecay: z.optional(finite),
  scheduler: z.optional(z.string()),
  l1: z.optional(finite),
  maxNorm: z.optional(z.nullable(finite)),
  dropout: z.optional(finite),
  labelSmoothing: z.optional(finite),
  patience: z.optional(z.nullable(finite)),
  /** The share of the training set that is held out. */
  validation: z.optional(finite),
  seed: z.optional(finite),
});

const runSummary = z.object({
  /** The name of the run's folder. */
  id: z.string(),
  /** What a person has called the run; null where they have not. */
  name: z.nullable(z.string()),
  state: z.enum(runStates),
  /** When the run was started, as ISO 8601. */
  created: z.string(),
  model: z.string(),
  dataset: z.string(),
  device: z.string(),
  epochs: count,
  settings: runSettings,
  testAccuracy: z.nullable(finite),
  error: z.nullable(z.string()),
});

/** A run in a list. */
export type RunSummary = z.infer<typeof runSummary>;

/** One moment, as each of the horizontal axes counts it. */
const mark = z.object({ epoch: finite, step: count, time: finite });

/** A moment of a run that deserves to be pointed at. */
export type Mark = z.infer<typeof mark>;

const runStatus = z.object({
  summary: runSummary,
  /** Whether this host trains the run now, so that it can be controlled. */
  live: z.boolean(),
  deviceReason: z.string(),
  parameters: count,
  step: count,
  /** Steps of all epochs; null where it is not known. */
  steps: z.nullable(count),
  /** The epoch in progress or, after the end, the last one; counted from 1. */
  epoch: count,
  /** Seconds; null where it cannot be told. */
  secondsLeft: z.nullable(finite),
  secondsTaken: finite,
  learningRate: z.nullable(finite),
  samplesPerSecond: z.nullable(finite),
  series: z.array(seriesName),
  /** Why the run has paused by itself; null where it has not. */
  note: z.nullable(z.string()),
  /** The node of the run's graph that the note is about, by its number; null where it is about none. */
  noteNode: z._default(z.nullable(count), null),
  /** How far the reading of a large run is, between 0 and 1: until then there is a first look. null when all was read. */
  reading: z.nullable(finite),
  /** The epoch whose weights are kept as the best. */
  best: z.nullable(mark),
  /** Whether it ended before its last epoch, since it had not become better for some time. */
  stoppedEarly: z.optional(z.boolean()),
  /** Where the validation loss begins to rise while the training loss goes on falling. */
  overfitting: z.nullable(mark),
  testLoss: z.nullable(finite),
  /** The accuracy that says most of how good the model is by now. */
  accuracy: z.nullable(z.object({ value: finite, of: z.enum(['test', 'validation', 'training']) })),
});

/** How far a run is and what there is to see of it. */
export type RunStatus = z.infer<typeof runStatus>;

const query = z.object({
  run: z.string(),
  series: seriesName,
  axis: axisName,
  /** The visible range in units of the axis; null for its end of the data. */
  from: z.nullable(finite),
  to: z.nullable(finite),
  /** So much of the range is wanted on either side of it too, so that panning finds points there. */
  margin: z.number().check(z.nonnegative(), z.lte(1)),
  /** The width of the range in pixels. */
  width: z.number().check(z.positive(), z.lte(100_000)),
  /** Whether the horizontal axis is logarithmic. */
  log: z.boolean(),
  /** The weight of the past in the debiased moving average; 0 for none. */
  smoothing: z.number().check(z.nonnegative(), z.lt(1)),
});

/** A look at a part of a series. */
export type SeriesQuery = z.infer<typeof query>;

const answer = z.object({
  /** Whether these are the values themselves, every one. Else each point stands for several. */
  exact: z.boolean(),
  x: z.array(finite),
  mean: values,
  /** The lowest and the highest value behind each point; empty where `exact`. */
  min: values,
  max: values,
  /** The moving average; empty where none was asked for. */
  smooth: values,
  /** Where the whole series begins and ends. */
  first: z.nullable(finite),
  last: z.nullable(finite),
  /** The last value of the whole series. */
  latest: z.nullable(finite),
  /** How many values there are in the range. */
  count,
});

/** The answer to a look at a series. */
export type SeriesAnswer = z.infer<typeof answer>;

const control = z.discriminatedUnion('action', [
  z.object({ action: z.enum(['pause', 'resume', 'step', 'stop']) }),
  z.object({ action: z.literal('learning-rate'), value: z.number().check(z.positive()) }),
]);

/** What a person asks of the run in progress. */
export type ControlMessage = z.infer<typeof control>;

/** What a host would have shown. */
const shown = z.object({
  /** The run that the page is about, and those that are drawn beside it. */
  runs: z.array(z.string()),
  /** A node of the first run's graph, which is then to be seen; null to leave open what is seen of the run. */
  node: z.nullable(count),
});

/** What a host would have shown. */
export type Shown = z.infer<typeof shown>;

const welcome = z.object({
  runs: z.array(runSummary),
  /** The run that is trained now. */
  live: z.nullable(z.string()),
  /** What the host would have shown; null to leave it to the page. */
  show: z.nullable(shown),
  can: z.object({
    /** Whether the run in progress takes orders. */
    control: z.boolean(),
    /** Whether a run can be started from here. */
    train: z.boolean(),
    /** Whether files are saved by the host; else the page offers them as downloads. */
    save: z.boolean(),
    /** Whether there is an editor that shows where a module is made. */
    openSource: z.boolean(),
  }),
});

/** What a page is told first. */
export type Welcome = z.infer<typeof welcome>;

const csvRequest = z.object({
  runs: z.array(z.string()),
  series: z.array(seriesName),
  /** Where to go on; null to begin. */
  cursor: z.nullable(z.string()),
});

/** A part of a table of values. */
export type CsvRequest = z.infer<typeof csvRequest>;

const file = z.object({
  name: z.string(),
  /** The content, in base 64. */
  base64: z.string(),
});

/** A file that the host is asked to save. */
export type SavedFile = z.infer<typeof file>;

const nothing = z.object({});

/** What the host takes in. */
export const hostSide: Side<HostRequests, object> = {
  requests: {
    /** The page is there; `page` is a name it drew when it loaded, so that a reload is noticed. */
    ready: { params: z.object({ page: z.string() }), result: welcome },
    /** How a run stands; the page is told of changes from now on. */
    watch: { params: z.object({ runs: z.array(z.string()) }), result: z.array(runStatus) },
    query: { params: query, result: answer },
    csv: { params: csvRequest, result: z.object({ text: z.string(), next: z.nullable(z.string()) }) },
    /** Saves a table where the person chooses; answers false if they chose nothing. */
    saveCsv: { params: z.object({ name: z.string(), ...csvRequest.shape }), result: z.boolean() },
    save: { params: file, result: z.boolean() },
    control: { params: control, result: nothing },
    /** Starts a run with the defaults. */
    train: { params: nothing, result: nothing },
    ...looksRequests,
    ...graphRequests,
  },
  events: {},
};

/** What the page takes in. */
export const pageSide: Side<PageRequests, PageEvents> = {
  requests: {
    /** Has a node of a run's graph seen; answers whether the graph of that run is in view. */
    showNode: { params: nodeOfRun, result: z.object({ shown: z.boolean() }) },
  },
  events: {
    /** The list of runs has changed. */
    runs: z.object({ runs: z.array(runSummary), live: z.nullable(z.string()) }),
    /** A watched run has changed. */
    status: runStatus,
    /** The host would have something else shown. */
    show: shown,
  },
};

/** What the page asks of the host. */
export interface HostRequests extends LooksRequests, GraphRequests {
  readonly ready: { readonly params: { readonly page: string }; readonly result: Welcome };
  readonly watch: { readonly params: { readonly runs: string[] }; readonly result: RunStatus[] };
  readonly query: { readonly params: SeriesQuery; readonly result: SeriesAnswer };
  readonly csv: {
    readonly params: CsvRequest;
    readonly result: { readonly text: string; readonly next: string | null };
  };
  readonly saveCsv: { readonly params: CsvRequest & { readonly name: string }; readonly result: boolean };
  readonly save: { readonly params: SavedFile; readonly result: boolean };
  readonly control: { readonly params: ControlMessage; readonly result: object };
  readonly train: { readonly params: object; readonly result: object };
}

/** What the host asks of the page. */
export interface PageRequests {
  readonly showNode: { readonly params: NodeOfRun; readonly result: { readonly shown: boolean } };
}

/** What the host tells the page. */
export interface PageEvents {
  readonly runs: { readonly runs: RunSummary[]; readonly live: string | null };
  readonly status: RunStatus;
  readonly show: Shown;
}

/** The answer where nothing was measured. */
export const noSeries: SeriesAnswer = {
  exact: true,
  x: [],
  mean: [],
  min: [],
  max: [],
  smooth: [],
  first: null,
  last: null,
  latest: null,
  count: 0,
};
