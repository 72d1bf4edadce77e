/**
 * A model preset: a network by name, for the shape of the data and the number of classes. A new one is a file beside
 * this one, a line in `index.ts`, and its name in `protocol/choices.ts`.
 */
import type { nn } from '../../engine';
import type { RunConfig } from '../config';
import type { Task } from '../tasks';

/** Of the settings of a run, those that a preset may have a default of its own for. */
export type PresetDefaults = Partial<
  Pick<
    RunConfig,
    | 'epochs'
    | 'batchSize'
    | 'optimizer'
    | 'lr'
    | 'momentum'
    | 'optimizerOptions'
    | 'scheduler'
    | 'stepSize'
    | 'gamma'
    | 'schedulerPatience'
    | 'schedulerOptions'
    | 'weightDecay'
    | 'dropout'
    | 'labelSmoothing'
  >
>;

/** What a network is built for. */
export interface NetworkShape {
  /** The shape of one sample, such as `[28, 28]`. */
  readonly sample: readonly number[];
  readonly classes: number;
  /** Sizes of the hidden layers, as many as the preset takes. */
  readonly hidden: readonly number[];
  /** The probability with which a hidden unit is zeroed in training; 0 for a preset that takes none. */
  readonly dropout: number;
}

/** A network by name. */
export interface Preset {
  /** The sizes of the hidden layers where the user gives none; empty for one in which they cannot be chosen. */
  readonly hidden: readonly number[];
  /** How many sizes of hidden layers it takes. */
  readonly hiddenLayers: number | 'any';
  /** Whether it has units that can be dropped out. */
  readonly takesDropout: boolean;
  /** Settings that give a good result with it. */
  readonly defaults: PresetDefaults;
  /** The classes that it tells apart, by name; without them, all that the data has. */
  readonly classes?: readonly string[];
  /** What images go through, where a person says nothing else. */
  readonly transforms?: readonly string[] | undefined;
  /** What is learned; cross-entropy over all classes without it. */
  readonly task?: Task;
  /** What is learned, where that depends on the network. */
  readonly taskOf?: (network: nn.Module, classes: number) => Task;
  /** The dimension of its weights that counts the units they lead into; 0, as in PyTorch's layers, without it. */
  readonly unitDim?: number;
  /** The sizes of the layers, as they follow the name: `784-256-10`. Empty to follow it with nothing. */
  readonly sizes: (shape: NetworkShape) => readonly number[];
  /** What follows the name of a network once it is made, such as `on images of 3×32×32`. */
  readonly remark?: (network: nn.Module) => string;
  /** Makes the network, with fresh weights from the default generator. */
  readonly build: (shape: NetworkShape) => nn.Module;
}

/** How many numbers a sample holds. */
export function featuresOf({ sample }: NetworkShape): number {
  return sample.reduce((product, size) => product * size, 1);
}
