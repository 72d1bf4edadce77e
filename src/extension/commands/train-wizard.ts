/** *Train…*: what a person may want to choose, one question after the other, each with a sensible answer. */
import * as vscode from 'vscode';
import {
  type ModelName,
  type OptimizerName,
  optimizerNames,
  usualLearningRates,
  usualTraining,
} from '../../protocol/choices';
import type { RunSettings } from '../../protocol/trainer';
import { askInTurn, back, type Choice, pick, type Question, write } from '../common/multi-step';
import type { ChooseDataset } from '../datasets/choose-dataset';
import { runDefaults } from '../settings/settings';
import { checkLearningRate } from './learning-rate';

const title = 'Train a Network';

/** What is wrong with a count; undefined where nothing is. */
export function checkCount(text: string): string | undefined {
  const value = Number(text);
  const good = text.trim() !== '' && Number.isInteger(value) && value > 0;
  return good ? undefined : 'Expected a whole number above 0.';
}

/** The sizes in `256, 128`; an empty text stands for none. */
export function parseSizes(text: string): number[] {
  return text.trim() === '' ? [] : text.split(',').map(part => Number(part.trim() || 'missing'));
}

/** What is wrong with a list of sizes; undefined where nothing is. */
export function checkSizes(text: string): string | undefined {
  const good = parseSizes(text).every(size => Number.isInteger(size) && size > 0);
  return good ? undefined : 'Expected whole numbers above 0 with commas between them, such as 256, 128.';
}

/** A network: a preset, and the sizes of its hidden layers where they are not the usual ones. */
interface Network {
  readonly model: ModelName;
  readonly hidden?: number[];
}

const perceptron = (...hidden: number[]): Network => ({ model: 'mnist-mlp', hidden });

const networks: readonly Choice<Network | null>[] = [
  { label: 'One hidden layer', description: '256 neurons, the MNIST MLP', value: perceptron(256) },
  { label: 'Three hidden layers', description: '256, 128 and 100 neurons', value: perceptron(256, 128, 100) },
  { label: 'A small hidden layer', description: '30 neurons', value: perceptron(30) },
  {
    label: 'Five layers, normalized',
    description: 'notes-mlp: fc0 to fc4 with BatchNorm and dropout',
    value: { model: 'notes-mlp' },
  },
  {
    label: 'Convolutions',
    description: 'cnn: 32 and 64 channels, pools, 128 neurons',
    value: { model: 'cnn' },
  },
  { label: 'LeNet', description: 'lenet: as of 1998, with ReLU', value: { model: 'lenet' } },
  { label: 'No hidden layer', description: 'linear', value: { model: 'linear' } },
  {
    label: 'A 3 or a 7?',
    description: 'three-seven: raw tensors, on these two digits of the data only',
    value: { model: 'three-seven' },
  },
  { label: 'Other sizes…', value: null },
];

/** The optimizers as their authors write them, and what is to be known of them beside their usual learning rate. */
const optimizerTexts: Readonly<Record<OptimizerName, readonly [label: string, more?: string]>> = {
  sgd: ['SGD', 'momentum 0.9'],
  adam: ['Adam'],
  adamw: ['AdamW', 'weight decay 0.01'],
  adamax: ['Adamax'],
  nadam: ['NAdam'],
  radam: ['RAdam'],
  rmsprop: ['RMSprop'],
  adagrad: ['Adagrad'],
  adadelta: ['Adadelta'],
};

const optimizers: readonly Choice<OptimizerName | null>[] = [
  { label: 'The usual one', description: 'what suits the network', value: null },
  ...optimizerNames.map(value => {
    const [label, ...more] = optimizerTexts[value];
    return { label, description: [`learning rate ${usualLearningRates[value]}`, ...more].join(', '), value };
  }),
];

/** What images go through, by torchvision's names; none stands for what a `descent.json` beside the data says. */
const transformChoices: readonly Choice<readonly string[] | null>[] = [
  { label: 'None', description: 'or those that a descent.json beside the data names', value: null },
  {
    label: 'Turn, shift and scale a little',
    description: 'RandomAffine: for digits and drawings',
    value: ['RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1))'],
  },
  {
    label: 'Mirror',
    description: 'RandomHorizontalFlip: for photos',
    value: ['RandomHorizontalFlip()'],
  },
  {
    label: 'Mirror, turn, shift and scale a little',
    description: 'RandomHorizontalFlip, RandomAffine: for photos',
    value: ['RandomHorizontalFlip()', 'RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1))'],
  },
  { label: 'Erase a part', description: 'RandomErasing', value: ['RandomErasing()'] },
  {
    label: 'Normalize',
    description: 'by mean and standard deviation of the training images',
    value: ['Normalize()'],
  },
];

/** The devices to choose from. */
export const devices: readonly Choice<string>[] = [
  { label: 'Automatic', description: 'the fastest for the model at hand, by measuring', value: 'auto' },
  { label: 'CPU', description: 'the processor', value: 'cpu' },
  { label: 'WebGPU', description: 'the graphics processor', value: 'webgpu' },
];

/** What has been answered. */
interface Answers {
  readonly dataset?: string | null;
  /** Undefined before it was asked for; null for one whose sizes are written down. */
  readonly network?: Network | null;
  readonly sizes?: string;
  /** Null for what suits the network. */
  readonly optimizer?: OptimizerName | null;
  readonly lr?: string | undefined;
  readonly epochs?: string | undefined;
  readonly batchSize?: string | undefined;
  /** Null for none. */
  readonly transforms?: readonly string[] | null;
  readonly device?: string;
}

/** A question with choices, whose answer has a name. */
function choice<K extends keyof Answers>(
  name: K,
  text: string,
  choices: readonly Choice<NonNullable<Answers[K]> | null>[],
  besides: (answers: Answers) => Partial<Answers> = () => ({}),
): Question<Answers> {
  return {
    ask: async (answers, place) => {
      const reply = await pick(place, text, choices, value => value === answers[name]);
      if (reply === back || reply === undefined) return reply;
      const changed = reply.value === answers[name] ? {} : besides(answers);
      return { ...answers, ...changed, [name]: reply.value };
    },
  };
}

/** A question that is answered in writing. */
function text(
  name: 'sizes' | 'lr' | 'epochs' | 'batchSize',
  prompt: string,
  offered: (answers: Answers) => string,
  check: (text: string) => string | undefined,
  applies: (answers: Answers) => boolean = () => true,
): Question<Answers> {
  return {
    applies,
    ask: async (answers, place) => {
      const reply = await write(place, prompt, answers[name] ?? offered(answers), check);
      return reply === back || reply === undefined ? reply : { ...answers, [name]: reply };
    },
  };
}

const usualSizes = '256, 128';

function networkOf({ network, sizes = usualSizes }: Answers): Network {
  return network ?? perceptron(...parseSizes(sizes));
}

/** What is usual for the chosen network. */
function usualOf(answers: Answers): { readonly epochs: number; readonly batchSize: number } {
  const usual = { epochs: 5, batchSize: 64, ...usualTraining[networkOf(answers).model] };
  const { epochs = usual.epochs, batchSize = usual.batchSize } = runDefaults();
  return { epochs, batchSize };
}

function questions(choose: ChooseDataset): readonly Question<Answers>[] {
  return [
    {
      ask: async answers => {
        const dataset = await choose({ ask: true });
        return dataset === undefined ? undefined : { ...answers, dataset };
      },
    },
    // Another network has its own usual number of epochs.
    choice('network', 'Which network?', networks, () => ({ epochs: undefined, batchSize: undefined })),
    text(
      'sizes',
      'The sizes of the hidden layers',
      () => usualSizes,
      checkSizes,
      ({ network }) => network === null,
    ),
    // Another optimizer has another usual learning rate.
    choice('optimizer', 'How are the weights updated?', optimizers, () => ({ lr: undefined })),
    text(
      'lr',
      'The learning rate',
      ({ optimizer }) => String(usualLearningRates[optimizer ?? 'sgd']),
      checkLearningRate,
      ({ optimizer }) => optimizer != null,
    ),
    text(
      'epochs',
      'How many times through the training set?',
      answers => String(usualOf(answers).epochs),
      checkCount,
    ),
    text(
      'batchSize',
      'How many samples in a step?',
      answers => String(usualOf(answers).batchSize),
      checkCount,
    ),
    choice('transforms', 'How should training images change?', transformChoices),
    choice('device', 'On which device?', devices),
  ];
}

/** Asks for the settings of a run; undefined if the person changed their mind. */
export async function askForRun(choose: ChooseDataset): Promise<RunSettings | undefined> {
  const answers = await askInTurn<Answers>(title, questions(choose), {});
  if (answers === undefined) return undefined;
  const { dataset = null, optimizer, lr, transforms, device = 'auto' } = answers;
  const usual = usualOf(answers);
  return {
    dataset,
    ...networkOf(answers),
    ...(optimizer != null && { optimizer, lr: Number(lr ?? usualLearningRates[optimizer]) }),
    epochs: Number(answers.epochs ?? usual.epochs),
    batchSize: Number(answers.batchSize ?? usual.batchSize),
    ...(transforms != null && { data: { transforms: [...transforms] } }),
    device,
  };
}

/** Asks for a device and keeps the answer in the settings. */
export async function selectDevice(): Promise<void> {
  const current = runDefaults().device;
  const choices = devices.map(device => ({
    ...device,
    ...(device.value === current && { detail: 'in use for new runs' }),
  }));
  const choice = await vscode.window.showQuickPick(choices, {
    title: 'Select Device',
    placeHolder: 'Where should new runs be trained?',
  });
  if (choice === undefined) return;
  const configuration = vscode.workspace.getConfiguration('descent');
  await configuration.update('device', choice.value, vscode.ConfigurationTarget.Global);
}
