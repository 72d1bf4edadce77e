/** `descent train`. */
import { Command, Option } from 'commander';
import {
  defaultConfig,
  defaultLearningRate,
  modelNames,
  optimizerNames,
  type RunConfig,
  resume,
  type TrainOptions,
  train,
} from '../training';
import { between, sizes, whole } from './options';
import { printJson, reporting } from './report';
import { TrainingDisplay } from './training-display';

interface TrainFlags extends Omit<RunConfig, 'dataset' | 'lr'> {
  readonly lr?: number;
  readonly runs: string;
  readonly resume?: string;
  readonly json?: boolean;
}

/** Defines the command. */
export function trainCommand(): Command {
  const {
    model,
    hidden,
    epochs,
    batchSize,
    optimizer,
    momentum,
    weightDecay,
    validation,
    seed,
    device,
    threads,
  } = defaultConfig;
  const anyPositive = Number.POSITIVE_INFINITY;
  return new Command('train')
    .description('Train a network on a folder of data, or on generated digits.')
    .argument('[folder]', 'the folder that holds the data; without it, generated digits')
    .addOption(new Option('--model <name>', 'what to train').choices(modelNames).default(model))
    .option('--hidden <sizes>', 'sizes of the hidden layers, such as 256,128', sizes, hidden)
    .option('--epochs <n>', 'times to go through the training set', whole(1), epochs)
    .option('--batch-size <n>', 'samples in a step', whole(1), batchSize)
    .option('--lr <rate>', 'learning rate (default: 0.2 for sgd, 0.001 for adam)', between(0, anyPositive))
    .addOption(
      new Option('--optimizer <name>', 'how weights are updated').choices(optimizerNames).default(optimizer),
    )
    .option('--momentum <m>', 'momentum of sgd', between(0, 1, { orEqual: true }), momentum)
    .option(
      '--weight-decay <w>',
      'pull of weights towards zero',
      between(0, anyPositive, { orEqual: true }),
      weightDecay,
    )
    .option(
      '--validation <share>',
      'share of the training set held out',
      between(0, 1, { orEqual: true }),
      validation,
    )
    .option('--seed <n>', 'start of all random numbers', whole(0), seed)
    .addOption(
      new Option('--device <name>', 'where to compute').choices(['auto', 'cpu', 'webgpu']).default(device),
    )
    .option('--threads <n>', 'threads on the CPU', whole(1), threads)
    .option('--runs <dir>', 'where the folders of runs are kept', 'runs')
    .option('--resume <run>', 'go on with the run in this folder')
    .option('--json', 'one JSON object a line, and nothing else')
    .action((folder: string | undefined, flags: TrainFlags, command: Command) =>
      reporting(flags.json ?? false, () => run(folder, flags, command)),
    );
}

async function run(folder: string | undefined, flags: TrainFlags, command: Command): Promise<void> {
  const { runs, resume: resumed, json, lr, ...settings } = flags;
  const display = json ? undefined : new TrainingDisplay(process.stderr);
  const options: TrainOptions = {
    runs,
    signal: stopOnInterrupt(),
    onEvent: event => {
      if (display === undefined) printJson(event);
      else display.show(event);
    },
  };
  try {
    if (resumed === undefined) {
      const rate = lr ?? defaultLearningRate[settings.optimizer];
      await train({ ...settings, lr: rate, dataset: folder ?? null }, options);
    } else await resume(resumed, changes(folder, flags, command), options);
  } finally {
    display?.close();
  }
}

/** Of the settings that may change when a run is resumed, those that were given. */
function changes(
  folder: string | undefined,
  flags: TrainFlags,
  command: Command,
): Parameters<typeof resume>[1] {
  const given = (name: string) => command.getOptionValueSource(name) === 'cli';
  for (const name of [
    'model',
    'hidden',
    'batchSize',
    'optimizer',
    'momentum',
    'weightDecay',
    'validation',
    'seed',
  ]) {
    if (given(name)) command.error(`error: option '${name}' cannot be changed when a run is resumed`);
  }
  return {
    ...(given('epochs') && { epochs: flags.epochs }),
    ...(flags.lr !== undefined && { lr: flags.lr }),
    ...(given('device') && { device: flags.device }),
    ...(given('threads') && { threads: flags.threads }),
    ...(folder !== undefined && { dataset: folder }),
  };
}

/** Aborts at the first interrupt, so that the run is saved; the second one ends the process. */
function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}
