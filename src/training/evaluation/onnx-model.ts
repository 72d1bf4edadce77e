/** An `.onnx` model, run by ONNX Runtime as it is; how its pixels are scaled is not in the file, and is tried. */
import { ForeignModel } from '../../engine';
import type { Assumption } from '../../protocol/evaluation';
import { TrainingError } from '../errors';
import { lengthOf, rowsOf, type Selection, select } from '../splits';
import { classification } from '../tasks';
import { type InputForm, type Scaling, sizeText, usualScalings } from './input-form';
import { describeInput, inputOf, OnnxScorer, outputOf } from './onnx-scorer';
import type { OpenedModel, OpeningContext } from './opened-model';
import { samplesForTrying, Trial } from './readings';
import type { Images, Scorer, Scores } from './scorer';

/** Whether all rows are probabilities: nothing below 0, and 1 together. */
function areProbabilities(scores: Scores, width: number): boolean {
  for (let start = 0; start < scores.length; start += width) {
    let sum = 0;
    for (const value of scores.subarray(start, start + width)) {
      if (value < 0) return false;
      sum += value;
    }
    if (!(Math.abs(sum - 1) < 1e-3)) return false;
  }
  return scores.length > 0;
}

/** A model that gives probabilities gives their logarithms as scores: the softmax of these is what it gave. */
class LogarithmScorer implements Scorer {
  constructor(private readonly scorer: Scorer) {}

  async score(images: Images): Promise<Scores> {
    const scores = await this.scorer.score(images);
    return scores.map(value => Math.log(Math.max(value, 1e-30)));
  }

  async release(): Promise<void> {
    await this.scorer.release?.();
  }
}

/** The images of a selection, as soon as they are read. */
async function imagesOf(selection: Selection): Promise<Images> {
  const count = lengthOf(selection);
  await selection.split.pending?.need(rowsOf(selection, 0, count));
  return { numbers: select(selection, 0, count).images, count, shape: selection.split.shape };
}

/** Opens a model. */
export async function openOnnx(context: OpeningContext): Promise<OpenedModel> {
  const model = await ForeignModel.open(context.file).catch((error: unknown) => {
    throw new TrainingError(`${context.file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    return await understand(model, context);
  } catch (error) {
    await model.release();
    throw error;
  }
}

async function understand(model: ForeignModel, context: OpeningContext): Promise<OpenedModel> {
  const { file, data, choices, observer } = context;
  const classes = data.classes.length;
  const input = inputOf(file, model, data.train.shape);
  const output = outputOf(file, model, classes);
  const scalings = (await usualScalings(data.train)).filter(
    ({ name }) => name === (choices.scaling ?? (input.dtype === 'uint8' ? 'bytes' : name)),
  );
  const formOf = (scaling: Scaling): InputForm => ({ scaling, size: input.size, channels: input.channels });
  const scorerOf = (scaling: Scaling) => new OnnxScorer(model, input, output, formOf(scaling));
  const samples = samplesForTrying(data.train);
  const [likely] = scalings;
  if (likely === undefined) throw new TrainingError(`${file}: these pixels cannot be scaled so`);
  const first = await scorerOf(likely).score(await imagesOf(samples));
  const probabilities = areProbabilities(first, classes);
  const scorer = (scaling: Scaling): Scorer =>
    probabilities ? new LogarithmScorer(scorerOf(scaling)) : scorerOf(scaling);
  const trial = new Trial<Scaling>(samples, classification, classes, observer);
  const best = await trial.bestOf(
    scalings.map(scaling => ({ facets: [scaling.text], value: scaling, scorer: () => scorer(scaling) })),
  );
  const tried = trial.report(best);
  const size = sizeText(formOf(best.reading.value), data.train.shape);
  const assumptions: Assumption[] = [
    {
      about: 'input',
      text: `${describeInput(input)}; ${[best.reading.value.text, ...(size === '' ? [] : [size])].join(', ')}: ${(100 * best.accuracy).toFixed(1)} % of ${tried.samples} training images right.`,
    },
    {
      about: 'output',
      text: `${output} holds ${probabilities ? 'the probability of each class' : 'a score for each class, of which the softmax gives probabilities'}.`,
    },
  ];
  const values = [...model.inputs, ...model.outputs].map(value => value.name).join(' → ');
  return {
    scorer: scorer(best.reading.value),
    task: classification,
    description: `ONNX model, ${values}`,
    assumptions,
    tried,
  };
}
