/** `descent train`. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { modelNames } from '../protocol/choices';
import type { TrainingEvent } from '../protocol/training-events';
import {
  completeConfig,
  defaultConfig,
  messageOf,
  optimizerNames,
  type ResumeChanges,
  type RunChoices,
  type RunConfig,
  type RunObserver,
  resume,
  train,
} from '../training';
import { stopOnInterrupt, stopSignal } from './guards';
import { LiveDashboard } from './live-dashboard';
import { between, sizes, whole } from './options';
import { printJson, reporting } from './report';
import { TrainingDisplay } from './training-display';

interface TrainFlags extends Omit<RunChoices, 'dataset'> {
  readonly runs: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly dashboard?: boolean;
}

/** Defines the command. */
export function trainCommand(): Command {
  const { model, validation, seed, device, threads } = defaultConfig;
  const anyPositive = Number.POSITIVE_INFINITY;
  return new Command('train')
    .description('Train a network on a folder of data, or on generated digits.')
    .argument('[folder]', 'the folder that holds the data; without it, generated digits')
    .addOption(new Option('--model <name>', 'what to train').choices(modelNames).default(model))
    .option(
      '--hidden <sizes>',
      'sizes of the hidden layers, such as 256,128, or none (default: by the model)',
      sizes,
    )
    .option(
      '--epochs <n>',
      'times to go through the training set (default: by the model, mostly 5)',
      whole(1),
    )
    .option('--batch-size <n>', 'samples in a step (default: 64)', whole(1))
    .option(
      '--lr <rate>',
      'learning rate (default: 0.05 for sgd, more with less momentum; 0.001 for adam and adamw)',
      between(0, anyPositive),
    )
    .addOption(
      new Option('--optimizer <name>', 'how weights are updated (default: by the model, mostly sgd)').choices(
        optimizerNames,
      ),
    )
    .option('--momentum <m>', 'momentum of sgd (default: 0.9)', between(0, 1, { orEqual: true }))
    .option(
      '--weight-decay <w>',
      'pull of weights towards zero (default: 0.01 for adamw, else 0)',
      between(0, anyPositive, { orEqual: true }),
    )
    .option(
      '--dropout <p>',
      'share of hidden units zeroed in each step (default: 0.3 for notes-mlp, else 0)',
      between(0, 1, { orEqual: true }),
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
    .option('--dashboard', 'show the run live in a browser, at an address that is printed')
    .option('--json', 'one JSON object a line, and nothing else')
    .action((folder: string | undefined, flags: TrainFlags, command: Command) =>
      reporting(flags.json ?? false, () => run(folder, flags, command)),
    );
}

/** A run that is about to begin or to go on. */
interface Plan {
  /** The folder that holds the folders of runs. */
  readonly runs: string;
  begin(observer: RunObserver): Promise<void>;
}

function plan(folder: string | undefined, flags: TrainFlags, command: Command): Plan {
  const { runs, resume: resumed, json: _, dashboard: __, ...settings } = flags;
  if (resumed === undefined) {
    const config = newConfig({ ...settings, dataset: folder ?? null }, command);
    return { runs, begin: observer => train(config, { runs, ...observer }) };
  }
  const changed = changes(folder, flags, command);
  return {
    runs: path.dirname(path.resolve(resumed)),
    begin: observer => resume(resumed, changed, observer),
  };
}

async function run(folder: string | undefined, flags: TrainFlags, command: Command): Promise<void> {
  const { json = false } = flags;
  const { runs, begin } = plan(folder, flags, command);
  const display = json
    ? undefined
    : new TrainingDisplay({ progress: process.stderr, result: process.stdout });
  stopOnInterrupt();
  const dashboard = flags.dashboard
    ? await LiveDashboard.open(runs, paused => display?.pause(paused))
    : undefined;
  const onEvent = (event: TrainingEvent) => {
    dashboard?.publish(event);
    if (display !== undefined) display.show(event, dashboard?.url);
    else {
      if (event.event === 'start' && dashboard !== undefined) {
        printJson({ event: 'dashboard', url: dashboard.url });
      }
      printJson(event);
    }
  };
  const { signal, control } = dashboard ?? { signal: stopSignal, control: undefined };
  try {
    // What went wrong is told before the dashboard ends: whoever watches wants to see what led to it.
    await reporting(json, async () => {
      try {
        await begin({ signal, control, onEvent });
      } catch (error) {
        dashboard?.publish({ event: 'error', message: messageOf(error) });
        throw error;
      } finally {
        display?.close();
      }
    });
    if (!json) await dashboard?.stay();
  } finally {
    await dashboard?.close();
  }
}

/** The settings of a new run; choices that do not go together are bad usage. */
function newConfig(choices: RunChoices, command: Command): RunConfig {
  try {
    return completeConfig(choices);
  } catch (error) {
    return command.error(`error: ${messageOf(error)}`);
  }
}

/** Settings without which a resumed run would not be the same run. */
const fixed: ReadonlySet<string> = new Set([
  'model',
  'hidden',
  'batchSize',
  'optimizer',
  'momentum',
  'weightDecay',
  'dropout',
  'validation',
  'seed',
]);

/** Of the settings that may change when a run is resumed, those that were given. */
function changes(folder: string | undefined, flags: TrainFlags, command: Command): ResumeChanges {
  const given = (name: string) => command.getOptionValueSource(name) === 'cli';
  for (const option of command.options) {
    const name = option.attributeName();
    if (fixed.has(name) && given(name)) {
      command.error(`error: option '${option.flags}' cannot be changed when a run is resumed`);
    }
  }
  return {
    ...(flags.epochs !== undefined && { epochs: flags.epochs }),
    ...(flags.lr !== undefined && { lr: flags.lr }),
    ...(given('device') && flags.device !== undefined && { device: flags.device }),
    ...(given('threads') && flags.threads !== undefined && { threads: flags.threads }),
    ...(folder !== undefined && { dataset: folder }),
  };
}
