/** A checkpoint in the form of others: its weights as `.pt` or `.safetensors`, its network as `.onnx` or Python source. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import own from '../../package.json';
import {
  openCheckpoint,
  type StoredTensor,
  stateDict,
  weightsIn,
  writeCheckpoint,
  writeFileAtomic,
  writeSafetensors,
} from '../checkpoint';
import { planTransforms } from '../data/transforms/plan';
import { fromArray, toOnnx, toPython, toTracedOnnx } from '../engine';
import { TrainingError } from './errors';
import { buildModel, type Model } from './models';
import { RunFolder, type RunInfo } from './run-folder';

/** What a checkpoint can be exported to. */
export const exportForms = ['onnx', 'safetensors', 'pt', 'python'] as const;

/** What a checkpoint can be exported to. */
export type ExportForm = (typeof exportForms)[number];

const extensions: Readonly<Record<ExportForm, string>> = {
  onnx: '.onnx',
  safetensors: '.safetensors',
  pt: '.weights.pt',
  python: '.py',
};

/** What was written. */
export interface Exported {
  readonly file: string;
  readonly bytes: number;
  /** How many tensors are in it. */
  readonly tensors: number;
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Exports a checkpoint.
 *
 * @param out the file to write, which is replaced; by default one beside the checkpoint, which must not be there
 * @throws TrainingError or CheckpointError with one sentence
 */
export async function exportCheckpoint(
  checkpoint: string,
  form: ExportForm,
  out?: string,
): Promise<Exported> {
  const target = out ?? defaultTarget(checkpoint, form);
  const weights = await readAll(checkpoint);
  const { bytes, notes } = await made(checkpoint, form, weights);
  await writeFileAtomic(target, bytes);
  return { file: target, bytes: bytes.length, tensors: weights.size, notes };
}

function defaultTarget(checkpoint: string, form: ExportForm): string {
  const { dir, name } = path.parse(checkpoint);
  const target = path.join(dir, `${name.replace(/\.pth$/, '')}${extensions[form]}`);
  if (existsSync(target)) {
    throw new TrainingError(
      `${target}: there is a file of that name; choose another name, or give this one to replace it`,
    );
  }
  return target;
}

type Weights = ReadonlyMap<string, StoredTensor>;

/** All tensors of the model in a file of any format. */
async function readAll(checkpoint: string): Promise<Weights> {
  const file = await openCheckpoint(checkpoint);
  try {
    const weights = new Map<string, StoredTensor>();
    for (const { name, tensor } of weightsIn(file.tensors))
      weights.set(name, await file.readTensor(tensor.name));
    if (weights.size === 0) throw new TrainingError(`${checkpoint}: has no weights`);
    return weights;
  } finally {
    file.close();
  }
}

interface Made {
  readonly bytes: Uint8Array;
  readonly notes: readonly string[];
}

async function made(checkpoint: string, form: ExportForm, weights: Weights): Promise<Made> {
  switch (form) {
    case 'safetensors':
      return { bytes: writeSafetensors(weights, { format: 'pt' }), notes: [] };
    case 'pt':
      return { bytes: writeCheckpoint(stateDict(weights)), notes: [] };
    case 'onnx':
      return onnxOf(runModel(checkpoint, form, weights));
    case 'python':
      return pythonOf(checkpoint, runModel(checkpoint, form, weights));
  }
}

/** The network of a run with the weights of one of its checkpoints. */
interface RunModel {
  readonly info: RunInfo;
  readonly model: Model;
}

function runModel(checkpoint: string, form: ExportForm, weights: Weights): RunModel {
  const folder = path.resolve(path.dirname(checkpoint), '..');
  if (!existsSync(path.join(folder, 'run.json'))) {
    throw new TrainingError(
      `${checkpoint}: is no checkpoint of a run, so that its network is not known, which ${form} needs; its weights can be exported to safetensors and pt`,
    );
  }
  const { info } = RunFolder.open(folder);
  const { config, dataset } = info;
  const model = buildModel(config, dataset.shape, dataset.classes.length);
  const tensors = [...weights].map(
    ([name, { data, shape, dtype }]) => [name, fromArray(data, shape, { dtype })] as const,
  );
  try {
    model.network.loadStateDict(new Map(tensors));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TrainingError(`${checkpoint}: does not fit the network of its run, ${info.model}: ${reason}`);
  }
  return { info, model };
}

/** What the network is given: as in training, pixels from 0 to 1, a channel in front, after the transforms of the run. */
function inputOf({ config, dataset }: RunInfo) {
  const sample = dataset.shape.length === 2 ? [1, ...dataset.shape] : dataset.shape;
  const { before, evaluation, normalize } = planTransforms(config.data.transforms ?? []);
  const changes = [...before, ...evaluation].map(({ text }) => text);
  const images = ['images', ...(changes.length === 0 ? [] : [`after ${changes.join(', ')}`])].join(' ');
  const pixels = ['pixels from 0 to 1', ...(normalize === undefined ? [] : [`then ${normalize.text}`])];
  return { sample, text: `${images}, float32 [batch, ${sample.join(', ')}], ${pixels.join(', ')}` };
}

async function onnxOf({ info, model }: RunModel): Promise<Made> {
  const { sample, text } = inputOf(info);
  const classes = JSON.stringify(info.dataset.classes);
  const options = {
    sample,
    producerVersion: own.version,
    metadata: { model: info.model, dataset: info.dataset.name, classes, input: text },
  };
  if (info.config.python !== null) {
    const bytes = await toTracedOnnx(model.network, options);
    const input = text.replace('[batch,', '[1,');
    return {
      bytes,
      notes: [`Input: ${input}, one at a time; output: scores, of which the largest is the class.`],
    };
  }
  const bytes = await toOnnx(model.network, options);
  return { bytes, notes: [`Input: ${text}; output: scores, of which the largest is the class.`] };
}

function pythonOf(checkpoint: string, { info, model }: RunModel): Made {
  const { python } = info.config;
  if (python !== null)
    throw new TrainingError(
      `${checkpoint}: its network is ${python.name} in ${python.file}, which needs no other source: load_state_dict of that takes torch.load(this checkpoint)["model_state_dict"]`,
    );
  const { text } = inputOf(info);
  const source = toPython(model.network, {
    title: `${info.model}, trained on ${info.dataset.name}.`,
    input: `Takes ${text}; gives scores for ${info.dataset.classes.join(', ')}.`,
    weights: path.basename(checkpoint),
  });
  return {
    bytes: new TextEncoder().encode(source),
    notes: ['Its load(path) opens the checkpoint, which stays as it is.'],
  };
}
