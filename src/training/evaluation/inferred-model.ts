/**
 * A network out of nothing but its weights: the layers are read off names and shapes, and what these do not say is
 * tried on samples of the training set.
 */
import { fromArray, type nn } from '../../engine';
import { type ActivationName, activationNames } from '../../protocol/choices';
import { TrainingError } from '../errors';
import { classification } from '../tasks';
import { activationTitles, buildNetwork, describeNetwork, type NetworkChoices } from './architecture/network';
import { type Structure, structuresOf } from './architecture/structures';
import { type FileWeights, inOrderOfNames, listed, type Unit, unitsOf } from './architecture/units';
import { type InputForm, prepareImages, type Scaling, sizeText, usualScalings } from './input-form';
import type { OpenedModel, OpeningContext } from './opened-model';
import { type Reading, samplesForTrying, Trial, type Tried } from './readings';
import { NetworkScorer } from './scorer';

/** A network and the form of its images. */
interface Guess extends NetworkChoices {
  readonly structure: Structure;
  readonly scaling: Scaling;
}

/** No more ways to put layers together are tried. */
const mostStructures = 8;

/** The networks that weights make: in the order of the file or, where that is none, in the order of their names. */
function structuresFor(context: OpeningContext, weights: FileWeights): Structure[] {
  const { data } = context;
  const units = unitsOf(weights) ?? [];
  const [height = 1, width = 1] = data.train.shape.slice(-2);
  for (const order of [units, inOrderOfNames(units)]) {
    const found = structuresOf(order, [height, width], data.classes.length);
    if (found.length > 0) return found.slice(0, mostStructures);
  }
  throw new TrainingError(problemWith(context, weights, units));
}

/** Why weights make no network for the data. */
function problemWith(
  { file, data }: OpeningContext,
  { tensors }: FileWeights,
  units: readonly Unit[],
): string {
  const { name, classes } = data;
  const [height = 1, width = 1] = data.train.shape.slice(-2);
  const [first, last] = [units[0], units.findLast(unit => unit.kind !== 'norm')];
  if (first?.kind === 'linear' && last?.kind === 'linear') {
    const fits = first.inputs === height * width && last.outputs === classes.length;
    if (!fits) {
      return (
        `${file}: the model does not fit the data in ${name}: it takes ${first.inputs} numbers and knows ` +
        `${last.outputs} classes, the data has ${height * width} (${height}×${width}) and ${classes.length}`
      );
    }
  }
  return (
    `${file}: expected the weights of Linear, Conv2d and BatchNorm layers that lead from images of ${height}×${width} ` +
    `to ${classes.length} classes (${name}), found ${listed(tensors)}; choose the data that it was trained on, or ` +
    `export the model as .onnx`
  );
}

/** Builds each network once: scalings of pixels do not change it. */
class Networks {
  readonly #built = new Map<string, nn.Module>();

  readingOf(guess: Guess): Reading<Guess> {
    const { structure, activation, pool, scaling } = guess;
    const form: InputForm = { scaling, size: structure.size, channels: structure.channels };
    const key = describeNetwork(structure, guess);
    const network = () => {
      const built = this.#built.get(key) ?? buildNetwork(structure, { activation, pool });
      this.#built.set(key, built);
      return built;
    };
    const [height, width] = structure.size;
    return {
      facets: [
        describeNetwork(structure, { activation: 'none', pool: 'max' }),
        activation === 'none' ? 'no activations' : activationTitles[activation],
        pool === 'max' ? 'max pools' : 'average pools',
        `images of ${height}×${width}`,
        scaling.text,
      ],
      value: guess,
      scorer: () =>
        new NetworkScorer(network(), images =>
          fromArray(prepareImages(images, form), [images.count, structure.channels, height, width]),
        ),
    };
  }
}

/** Tries what is open, step by step: the structure, the pixels, then activations and pools that are less usual. */
async function search(
  structures: readonly Structure[],
  scalings: readonly Scaling[],
  activations: readonly ActivationName[],
  trial: Trial<Guess>,
): Promise<Tried<Guess>> {
  const networks = new Networks();
  const [scaling] = scalings;
  const [activation] = activations;
  if (scaling === undefined || activation === undefined) throw new TrainingError('there is nothing to try');
  const guess = (structure: Structure, change: Partial<Guess> = {}) =>
    networks.readingOf({ structure, scaling, activation, pool: 'max', ...change });
  const usual = structures.filter(({ oddities }) => oddities === structures[0]?.oddities);
  const likely = (all: readonly Structure[]) =>
    all.flatMap(structure => scalings.slice(0, 2).map(each => guess(structure, { scaling: each })));
  let best = await trial.bestOf(likely(usual));
  best = await trial.unlessFarBetter(best, likely(structures.filter(each => !usual.includes(each))));
  const scaled = (from: Guess) => scalings.map(each => networks.readingOf({ ...from, scaling: each }));
  best = await trial.bestOf(scaled(best.reading.value));
  const { value } = best.reading;
  const others = activations.map(each => networks.readingOf({ ...value, activation: each }));
  const hasPools = value.structure.layers.some(({ kind }) => kind === 'pool');
  const averaging = hasPools ? [networks.readingOf({ ...value, pool: 'average' })] : [];
  const changed = await trial.unlessFarBetter(best, [...others, ...averaging]);
  return changed === best ? best : trial.bestOf(scaled(changed.reading.value));
}

/** Opens the network that weights make. */
export async function inferModel(context: OpeningContext, weights: FileWeights): Promise<OpenedModel> {
  const { data, choices, observer } = context;
  const structures = structuresFor(context, weights);
  const scalings = (await usualScalings(data.train)).filter(({ name }) => name === (choices.scaling ?? name));
  const activations = activationNames.filter(name => name === (choices.activation ?? name));
  const trial = new Trial<Guess>(samplesForTrying(data.train), classification, data.classes.length, observer);
  const best = await search(structures, scalings, activations, trial);
  const { structure, activation, pool, scaling } = best.reading.value;
  const tried = trial.report(best);
  const size = sizeText({ scaling, size: structure.size, channels: structure.channels }, data.train.shape);
  const hasActivations = structure.layers.some(({ kind }) => kind === 'activation');
  const share = `${(100 * best.accuracy).toFixed(1)} % of ${tried.samples} training images right`;
  return {
    scorer: best.reading.scorer(),
    task: classification,
    description: describeNetwork(structure, { activation, pool }),
    assumptions: [
      {
        about: 'architecture',
        text: 'The layers are read off the names and shapes of the weights; paddings, strides and pools are those that fit.',
      },
      ...(hasActivations
        ? [{ about: 'activation', text: `${activationTitles[activation]} between the layers.` } as const]
        : []),
      { about: 'input', text: `${[scaling.text, ...(size === '' ? [] : [size])].join(', ')}: ${share}.` },
    ],
    tried,
  };
}
