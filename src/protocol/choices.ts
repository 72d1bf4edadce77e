/** What can be chosen for a run, by name: the command line, the editor and the training process offer the same. */

/** The model presets. */
export const modelNames = ['mnist-mlp', 'notes-mlp', 'linear', 'three-seven', 'cnn', 'lenet'] as const;

/** The name of a model preset. */
export type ModelName = (typeof modelNames)[number];

/** What stands for a model preset where a module of a Python file is trained. */
export const pythonModel = 'python';

/** The optimizers. */
export const optimizerNames = [
  'sgd',
  'adam',
  'adamw',
  'adamax',
  'nadam',
  'radam',
  'rmsprop',
  'adagrad',
  'adadelta',
] as const;

/** The name of an optimizer. */
export type OptimizerName = (typeof optimizerNames)[number];

/** How the learning rate changes while a run goes on. */
export const schedulerNames = [
  'none',
  'step',
  'multistep',
  'cosine',
  'restarts',
  'exponential',
  'linear',
  'onecycle',
  'plateau',
] as const;

/** The name of a schedule of the learning rate. */
export type SchedulerName = (typeof schedulerNames)[number];

/** In which order an epoch goes through the training samples. */
export const samplerNames = ['random', 'weighted', 'sequential'] as const;

/** The name of such an order. */
export type SamplerName = (typeof samplerNames)[number];

/** The learning rate that suits an optimizer; sgd's with its usual momentum of 0.9. */
export const usualLearningRates: Readonly<Record<OptimizerName, number>> = {
  sgd: 0.05,
  adam: 0.001,
  adamw: 0.001,
  adamax: 0.002,
  nadam: 0.002,
  radam: 0.001,
  rmsprop: 0.001,
  adagrad: 0.01,
  adadelta: 1,
};

/** How many epochs, in steps of how many samples, suit a model preset, where that is not 5 and 64. */
export const usualTraining: Readonly<
  Partial<Record<ModelName, { readonly epochs: number; readonly batchSize: number }>>
> = {
  'notes-mlp': { epochs: 10, batchSize: 128 },
};

/** The settings that say how a run learns, as far as they are known. */
export interface LearningSettings {
  readonly optimizer?: string | undefined;
  readonly momentum?: number | undefined;
  readonly scheduler?: string | undefined;
  readonly weightDecay?: number | undefined;
  readonly l1?: number | undefined;
  readonly maxNorm?: number | null | undefined;
  readonly dropout?: number | undefined;
  readonly labelSmoothing?: number | undefined;
  readonly patience?: number | null | undefined;
}

/** How a run learns and what it does against overfitting, in a few words each: `sgd with momentum 0.9`, `dropout 0.3`. */
export function learningWords(settings: LearningSettings): string[] {
  const { optimizer, momentum, scheduler = 'none', patience } = settings;
  const named = (name: string, value: number | null | undefined) =>
    value ? [`${name} ${short(value)}`] : [];
  return [
    ...(optimizer === undefined ? [] : [[optimizer, ...named('with momentum', momentum)].join(' ')]),
    ...(scheduler === 'none' ? [] : [`${scheduler} schedule`]),
    ...named('L1', settings.l1),
    ...named('L2', settings.weightDecay),
    ...named('max-norm', settings.maxNorm),
    ...named('dropout', settings.dropout),
    ...named('label smoothing', settings.labelSmoothing),
    ...(patience ? [`early stopping after ${patience === 1 ? '1 epoch' : `${patience} epochs`}`] : []),
  ];
}

const short = (value: number) => String(Number(value.toPrecision(6)));

/** What may stand between the layers of a network whose file does not say it. */
export const activationNames = [
  'relu',
  'tanh',
  'sigmoid',
  'leaky-relu',
  'elu',
  'gelu',
  'silu',
  'none',
] as const;

/** The name of an activation. */
export type ActivationName = (typeof activationNames)[number];

/** How pixels become the numbers that a model of somebody else takes. */
export const scalingNames = ['unit', 'mnist', 'data', 'symmetric', 'bytes', 'inverted'] as const;

/** The name of a way to scale pixels. */
export type ScalingName = (typeof scalingNames)[number];
