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
import { chooseDataset } from '../datasets/choose-dataset';
import type { Downloads } from '../datasets/download';
import { runDefaults } from '../settings/settings';
import { checkLearningRate } from './control';

/** Thrown when the person closes a question. */
const cancelled = Symbol('cancelled');

const title = 'Train a Network';

interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

async function pick<T>(placeHolder: string, choices: readonly Choice<T>[]): Promise<T> {
  const choice = await vscode.window.showQuickPick(choices, { title, placeHolder });
  if (choice === undefined) throw cancelled;
  return choice.value;
}

async function ask(
  prompt: string,
  value: string,
  validateInput: (text: string) => string | undefined,
): Promise<string> {
  const text = await vscode.window.showInputBox({ title, prompt, value, validateInput });
  if (text === undefined) throw cancelled;
  return text;
}

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

const networks: readonly Choice<Network | undefined>[] = [
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
  { label: 'Other sizes…', value: undefined },
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

const optimizers: readonly Choice<OptimizerName | undefined>[] = [
  { label: 'The usual one', description: 'what suits the network', value: undefined },
  ...optimizerNames.map(value => {
    const [label, ...more] = optimizerTexts[value];
    return { label, description: [`learning rate ${usualLearningRates[value]}`, ...more].join(', '), value };
  }),
];

/** The devices to choose from. */
export const devices: readonly Choice<string>[] = [
  { label: 'Automatic', description: 'the fastest for the model at hand, by measuring', value: 'auto' },
  { label: 'CPU', description: 'the processor', value: 'cpu' },
  { label: 'WebGPU', description: 'the graphics processor', value: 'webgpu' },
];

async function askRate(optimizer: OptimizerName): Promise<number> {
  return Number(await ask('The learning rate', String(usualLearningRates[optimizer]), checkLearningRate));
}

async function askSettings(downloads: Downloads): Promise<RunSettings> {
  const defaults = runDefaults();
  const dataset = await chooseDataset(downloads, { ask: true });
  if (dataset === undefined) throw cancelled;
  const network =
    (await pick('Which network?', networks)) ??
    perceptron(...parseSizes(await ask('The sizes of the hidden layers', '256, 128', checkSizes)));
  const optimizer = await pick('How are the weights updated?', optimizers);
  const learning = optimizer === undefined ? {} : { optimizer, lr: await askRate(optimizer) };
  const usual = { epochs: 5, batchSize: 64, ...usualTraining[network.model], ...defaults };
  const epochs = Number(
    await ask('How many times through the training set?', String(usual.epochs), checkCount),
  );
  const batchSize = Number(await ask('How many samples in a step?', String(usual.batchSize), checkCount));
  const device = await pick('On which device?', devices);
  return { dataset, ...network, ...learning, epochs, batchSize, device };
}

/** Asks for the settings of a run; undefined if the person changed their mind. */
export async function askForRun(downloads: Downloads): Promise<RunSettings | undefined> {
  try {
    return await askSettings(downloads);
  } catch (error) {
    if (error === cancelled) return undefined;
    throw error;
  }
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
