/** A module of a Python file as a model that can be trained. */
import path from 'node:path';
import { InterpretedNetwork } from '../../../python';
import { TrainingError } from '../../errors';
import type { NetworkShape, Preset } from '../preset';
import { type Chosen, settingsOf, transformsOf } from './recipe';
import { inWords, type PythonSource, readPython } from './source';
import { taskOf } from './task';

/** A sample as a module gets it: grey images have one channel. */
function sampleOf({ sample }: NetworkShape): readonly number[] {
  return sample.length === 2 ? [1, ...sample] : sample;
}

/**
 * The preset of a module.
 * @param chosen what a person has chosen: settings of others in the file are then not asked for
 */
export function pythonPreset(source: PythonSource, chosen: Chosen = {}): Preset {
  const { recipe, place } = readPython(source);
  return {
    hidden: [],
    hiddenLayers: 0,
    takesDropout: false,
    // Read when they are asked for: what cannot be taken from the file does not matter to a run that has its settings.
    get defaults() {
      return settingsOf(recipe, chosen);
    },
    get transforms() {
      return transformsOf(recipe);
    },
    sizes: () => [],
    remark: network => {
      const as = network instanceof InterpretedNetwork ? network.fit.as : undefined;
      return as === undefined ? '' : `on images of ${as.join('×')}`;
    },
    build: shape =>
      inWords(() => readPython(source).build({ sample: sampleOf(shape), classes: shape.classes })),
    taskOf: (network, classes) => {
      if (!(network instanceof InterpretedNetwork))
        throw new TrainingError('expected a network of a Python file');
      const { outputs: width, lastNode } = network.fit;
      const { ownLoss } = network;
      return taskOf(
        recipe.loss,
        { width, lastNode, ownLoss },
        classes,
        `${path.basename(place.uri)}:${place.line}`,
      );
    },
  };
}
