/** `descent train`. */
import path from 'node:path';
import { Command } from 'commander';
import type { TrainingEvent } from '../protocol/training-events';
import {
  completeConfig,
  keepOptions,
  messageOf,
  type ResumeChanges,
  type RunChoices,
  type RunConfig,
  type RunObserver,
  resume,
  train,
} from '../training';
import { type DataFlags, dataChoices } from './data-flags';
import { stopOnInterrupt, stopSignal } from './guards';
import { LiveDashboard } from './live-dashboard';
import type { modelChoice } from './options';
import { printJson, reporting } from './report';
import { trainOptions } from './train-options';
import { TrainingDisplay } from './training-display';

interface TrainFlags extends Omit<RunChoices, 'dataset' | 'data' | 'model' | 'python'>, DataFlags {
  readonly model?: ReturnType<typeof modelChoice>;
  readonly runs: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly dashboard?: boolean;
}

/** Defines the command. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description('Train a network on a folder of data, or on generated digits.')
    .argument('[folder]', 'the folder that holds the data; without it, generated digits');
  for (const option of trainOptions()) command.addOption(option);
  return command.action((folder: string | undefined, flags: TrainFlags, self: Command) =>
    reporting(flags.json ?? false, () => run(folder, flags, self)),
  );
}

/** A run that is about to begin or to go on. */
interface Plan {
  /** The folder that holds the folders of runs. */
  readonly runs: string;
  begin(observer: RunObserver): Promise<void>;
}

function plan(folder: string | undefined, flags: TrainFlags, command: Command): Plan {
  const { options, remember, others } = dataChoices(flags);
  const { runs, resume: resumed, json: _, dashboard: __, model, ...settings } = others;
  const chosen = typeof model === 'object' ? { python: model } : { model };
  if (resumed === undefined) {
    const config = newConfig({ ...settings, ...chosen, data: options, dataset: folder ?? null }, command);
    const begin = async (observer: RunObserver) => {
      if (remember && folder !== undefined) keepOptions(folder, options);
      await train(config, { runs, ...observer });
    };
    return { runs, begin };
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

/** What may be given when a run is resumed: with any other settings it would not be the same run. */
const changeable: ReadonlySet<string> = new Set([
  'epochs',
  'lr',
  'patience',
  'minDelta',
  'device',
  'threads',
  'runs',
  'resume',
  'dashboard',
  'json',
]);

/** Of the settings that may change when a run is resumed, those that were given. */
function changes(folder: string | undefined, flags: TrainFlags, command: Command): ResumeChanges {
  const given = (name: string) => command.getOptionValueSource(name) === 'cli';
  for (const option of command.options) {
    const name = option.attributeName();
    if (!changeable.has(name) && given(name)) {
      command.error(`error: option '${option.flags}' cannot be changed when a run is resumed`);
    }
  }
  return {
    ...(flags.epochs !== undefined && { epochs: flags.epochs }),
    ...(flags.lr !== undefined && { lr: flags.lr }),
    ...(flags.patience !== undefined && { patience: flags.patience }),
    ...(flags.minDelta !== undefined && { minDelta: flags.minDelta }),
    ...(given('device') && flags.device !== undefined && { device: flags.device }),
    ...(given('threads') && flags.threads !== undefined && { threads: flags.threads }),
    ...(folder !== undefined && { dataset: folder }),
  };
}
