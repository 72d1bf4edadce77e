/**
 * What it costs to look at training: the steps alone, a run that writes down its metrics, one that also looks into its
 * network and keeps what it needs to go back to before a step that goes wrong, and one that also sends its metrics to a
 * host. Each is a process of its own; they train some epochs in turn. What counts is the processor time of such a process,
 * of all its threads: on a machine that others use too, it says what the work costs, and wall time says who else was
 * there. With one thread no thread waits for another by spinning, and the two are the same on a machine that does nothing
 * else: `npm run bench -- sending [THREADS] [MNIST FOLDER]`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { defaultGenerator } from '../../src/engine';
import { TrainerProcess } from '../../src/extension/training/trainer-process';
import { noBreakpoints } from '../../src/protocol/breakpoints';
import { eventsMethod } from '../../src/protocol/trainer';
import type { TrainingEvent } from '../../src/protocol/training-events';
import { TrainerServer } from '../../src/trainer/server';
import { completeSettings } from '../../src/trainer/settings';
import { type RunConfig, RunControl, train } from '../../src/training';
import { BatchOrder } from '../../src/training/batch-order';
import { prepare } from '../../src/training/preparation';
import { TrainingStep } from '../../src/training/training-step';

/** The first ones compile, and do not count. */
const warmUp = 1;
const rounds = 9;
/** Epochs of a turn: after a pause a look is due at once, which must not weigh more than it does in a real run. */
const turn = 4;
const kinds = ['steps alone', 'without looks', 'with looks', 'with looks, sent'] as const;
/** Besides: a process that does nothing but send. */
const sending = 'sending alone';
type Contender = (typeof kinds)[number];
type Kind = Contender | typeof sending;

/** Batches that are sent to see what one costs, and how many are sent a second at most. */
const batches = 4000;
const mostBatches = 20;

const [threads = '1', dataset = '../shared/data/mnist', part, folder = ''] = process.argv.slice(2);
const settings = {
  ...{ dataset, device: 'cpu', threads: Number(threads), epochs: (warmUp + rounds) * turn },
} as const;

/** Seconds that passed, and those of processor time. */
interface Cost {
  readonly wall: number;
  readonly processor: number;
}

/** Calls `over` whenever the epochs of a turn are over. */
function countEpochs(over: () => void): (event: TrainingEvent) => void {
  let epochs = 0;
  return ({ event }) => {
    if (event === 'epoch' && ++epochs % turn === 0) over();
  };
}

/** Nothing but the steps, a hundred in a call. */
async function stepsAlone(config: RunConfig): Promise<() => Promise<void>> {
  const { learner, samples, data, training, choice } = await prepare(config);
  const order = new BatchOrder(training, defaultGenerator);
  const setting = { learner, samples, classes: data.classes.length, device: choice.device };
  const stepOver = (size: number) =>
    TrainingStep.compile(setting, size, (target, start) => order.next(target, start, size));
  const size = config.batchSize;
  const full = await stepOver(size);
  const rest = await stepOver(training.length % size || size);
  return async () => {
    for (let epoch = 0; epoch < turn; epoch++) {
      order.startEpoch();
      while (order.left >= size) await full.run(Math.min(100, Math.floor(order.left / size)));
      if (order.left > 0) await rest.run(1);
    }
  };
}

/** A run that tells nobody, but writes everything down. */
function written(config: RunConfig, looks: boolean): () => Promise<void> {
  const control = new RunControl();
  // As the training process has it: what is sent is to be the only difference.
  if (looks) control.breakpoints = { ...noBreakpoints, notFinite: true };
  let over: () => void = () => undefined;
  control.pause();
  void train(config, { runs: folder, control, looks, onEvent: countEpochs(() => over()) });
  return () =>
    new Promise(resolve => {
      over = resolve;
      control.step(turn * stepsOf(config));
    });
}

/** Steps of an epoch on MNIST. */
function stepsOf({ validation, batchSize }: RunConfig): number {
  return Math.ceil((60_000 - Math.floor(60_000 * validation + 1e-6)) / batchSize);
}

/** A batch of a step's metrics, again and again; says what one has cost. */
async function send(): Promise<void> {
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  const event = { event: 'step', step: 51_234, epoch: 61, loss: 0.012345678901234567, learningRate: 0.05 };
  const some = async () => {
    for (let i = 0; i < batches; i++) await connection.sendNotification(eventsMethod, { events: [event] });
  };
  // The first ones are interpreted, and compiled meanwhile.
  await some();
  const [began, before] = [performance.now(), process.cpuUsage()];
  await some();
  const { user, system } = process.cpuUsage(before);
  console.log(`took ${(performance.now() - began) / 1000 / batches} ${(user + system) / 1e6 / batches}`);
}

/** This process as one of the contestants. Each line on its input is answered by the time that it has taken so far. */
async function contend(kind: Kind): Promise<void> {
  createInterface({ input: process.stdin }).on('line', () => {
    const { user, system } = process.cpuUsage();
    console.log(`took ${performance.now() / 1000} ${(user + system) / 1e6}`);
  });
  if (kind === 'with looks, sent') {
    const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
    new TrainerServer(connection);
    connection.listen();
    return;
  }
  if (kind === sending) {
    await send();
    return;
  }
  const config = completeSettings(settings);
  const work = kind === 'steps alone' ? await stepsAlone(config) : written(config, kind === 'with looks');
  process.on('message', async () => {
    await work();
    process.send?.('done');
  });
  process.send?.('ready');
}

/** A process that contends, seen from here. */
interface Contestant {
  readonly child: ChildProcess;
  readonly work: () => Promise<void>;
}

async function start(kind: Contender, runs: string): Promise<Contestant> {
  const given = [threads, dataset, kind, runs];
  const child = fork(fileURLToPath(import.meta.url), given, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  if (kind === 'with looks, sent') return { child, work: await host(child, runs) };
  const heard = () => new Promise<void>(resolve => child.once('message', () => resolve()));
  await heard();
  const work = () => {
    const done = heard();
    child.send('go');
    return done;
  };
  return { child, work };
}

/** The host of a training process. */
async function host(child: ChildProcess, runs: string): Promise<() => Promise<void>> {
  let over: () => void = () => undefined;
  const count = countEpochs(() => over());
  const trainer = new TrainerProcess(child, {
    onEvents: events => events.forEach(count),
    onState: () => undefined,
    onOutput: () => undefined,
    onExit: () => undefined,
  });
  await trainer.request('start', { settings, runs });
  await trainer.request('pause', {});
  const steps = turn * stepsOf(completeSettings(settings));
  return () =>
    new Promise(resolve => {
      over = resolve;
      void trainer.request('step', { count: steps });
    });
}

/** What a process says next that something has taken. */
function told({ stdout }: ChildProcess): Promise<Cost> {
  return new Promise(resolve => {
    const listen = (text: Buffer | string) => {
      const [, wall, processor] = /took (\S+) (\S+)/.exec(String(text)) ?? [];
      if (processor === undefined) return;
      stdout?.off('data', listen);
      resolve({ wall: Number(wall), processor: Number(processor) });
    };
    stdout?.on('data', listen);
  });
}

/** What a process has taken so far. */
function taken({ child }: Contestant): Promise<Cost> {
  child.stdin?.write('\n');
  return told(child);
}

async function takeTurn(contestant: Contestant): Promise<Cost> {
  const before = await taken(contestant);
  await contestant.work();
  const after = await taken(contestant);
  return { wall: after.wall - before.wall, processor: after.processor - before.processor };
}

/** The middle of some values, and between which two half of them lie. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} % (half of the rounds: ${at(0.25)} to ${at(0.75)})`;
}

/** By how much one is dearer than another: round by round, and the cheapest round of each. */
function dearer(one: readonly Cost[], than: readonly Cost[]): string {
  const told = (kind: keyof Cost) => {
    const shares = one.map((cost, i) => (cost[kind] / (than[i]?.[kind] ?? Number.NaN) - 1) * 100);
    const [least, other] = [one, than].map(costs => Math.min(...costs.map(cost => cost[kind])));
    const best = (((least ?? Number.NaN) / (other ?? Number.NaN) - 1) * 100).toFixed(1);
    return `${spread(shares)}, by bests ${best} %`;
  };
  return `\n    processor time ${told('processor')}\n    wall time ${told('wall')}`;
}

/** What sending comes to by itself, which is too little to be seen beside the steps. */
async function sendingAlone(runs: string): Promise<string> {
  const given = [threads, dataset, sending, runs];
  const child = fork(fileURLToPath(import.meta.url), given, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  const { processor } = await told(child);
  child.kill('SIGKILL');
  const share = (processor * mostBatches * 100).toFixed(2);
  return `${(processor * 1e6).toFixed(0)} µs of processor time for a batch; ${mostBatches} a second take ${share} % of a thread`;
}

async function compare(): Promise<void> {
  const runs = mkdtempSync(path.join(tmpdir(), 'descent-sending-'));
  const contestants = new Map<Contender, Contestant>();
  for (const kind of kinds) contestants.set(kind, await start(kind, runs));
  const costs = new Map(kinds.map(kind => [kind, [] as Cost[]]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const [kind, contestant] of contestants) {
      const cost = await takeTurn(contestant);
      if (round >= 0) costs.get(kind)?.push(cost);
    }
  }
  const of = (kind: Contender) => costs.get(kind) ?? [];
  console.log(
    `\n784-256-10 on MNIST, threads: ${threads}, ${rounds} times ${turn} epochs of each in turn: seconds an epoch`,
  );
  for (const kind of kinds) {
    const median = (which: keyof Cost) => {
      const sorted = of(kind)
        .map(cost => cost[which] / turn)
        .toSorted((a, b) => a - b);
      return sorted[Math.floor(rounds / 2)]?.toFixed(3);
    };
    console.log(
      `  ${kind.padEnd(18)} processor time ${median('processor')}, wall time ${median('wall')} (medians)`,
    );
  }
  console.log(`  all of it, against the steps alone:${dearer(of('with looks, sent'), of('steps alone'))}`);
  console.log(`  looks, against a run without:${dearer(of('with looks'), of('without looks'))}`);
  console.log(
    `  sending, against a run that is not sent:${dearer(of('with looks, sent'), of('with looks'))}`,
  );
  for (const { child } of contestants.values()) child.kill('SIGKILL');
  console.log(`  sending alone: ${await sendingAlone(runs)}`);
  rmSync(runs, { recursive: true, maxRetries: 5, retryDelay: 200 });
}

const kind: Kind | undefined = part === sending ? part : kinds.find(each => each === part);
if (kind === undefined) {
  await compare();
  process.exit(0);
} else await contend(kind);
