/**
 * How a file trains its module: optimizer, loss, size of batches, epochs, as they are seen while the file is read. What
 * is seen and cannot be followed is kept with its place, so that whoever trains can say so.
 */
import type { Interpreter } from '../interpret/interpreter';
import {
  type Arguments,
  Builtin,
  isUnknown,
  knownNumber,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyTuple,
  TensorValue,
  type Value,
} from '../interpret/values';
import { dataNames } from '../library/datasets';
import { bindTo } from '../library/native';
import { lossFunctions, lossModules } from '../library/nn/losses';
import { isModule, moduleClass } from '../library/nn/module-class';
import { optim } from '../library/optim';
import { tensorMethods } from '../library/tensor-methods';
import { type Place, placeOf } from './refused';
import { type SeenTransforms, TransformWitness } from './transforms';
import { WeightsWitness } from './weights-witness';

/** A setting that a file gives: a number, a flag, a text, or several numbers. */
export type Setting = number | boolean | string | readonly number[];

/** Something that a file makes or calls, with its settings by PyTorch's names. */
export interface Made {
  /** Such as `SGD` or `cross_entropy`. */
  readonly name: string;
  readonly settings: Readonly<Record<string, Setting>>;
  readonly place: Place;
  /** The settings that are only known while the file runs, or that cannot be followed. */
  readonly notKnown: readonly string[];
  /** Of a loss: whether it compares what a module gives with what that module was given. */
  readonly reconstructs?: boolean;
}

/** A schedule, and whether it is stepped after every batch, as far as that is seen. */
export interface Schedule extends Made {
  readonly everyBatch?: boolean;
}

/** How a file trains. */
export interface Recipe {
  readonly optimizer?: Made;
  readonly loss?: Made;
  readonly scheduler?: Schedule;
  /** What training images go through. */
  readonly transforms?: SeenTransforms;
  readonly batchSize?: number;
  readonly epochs?: number;
}

/** How a class was made. */
export interface CallSite {
  readonly args: Arguments;
  readonly place: Place;
}

const optimizerParameters: Readonly<Record<string, readonly string[]>> = {
  SGD: ['params', 'lr', 'momentum', 'dampening', 'weight_decay', 'nesterov'],
  Adam: ['params', 'lr', 'betas', 'eps', 'weight_decay', 'amsgrad'],
  AdamW: ['params', 'lr', 'betas', 'eps', 'weight_decay', 'amsgrad'],
  Adamax: ['params', 'lr', 'betas', 'eps', 'weight_decay'],
  NAdam: ['params', 'lr', 'betas', 'eps', 'weight_decay', 'momentum_decay'],
  RAdam: ['params', 'lr', 'betas', 'eps', 'weight_decay'],
  RMSprop: ['params', 'lr', 'alpha', 'eps', 'weight_decay', 'momentum', 'centered'],
  Adagrad: ['params', 'lr', 'lr_decay', 'weight_decay', 'initial_accumulator_value', 'eps'],
  Adadelta: ['params', 'lr', 'rho', 'eps', 'weight_decay'],
};

/** Settings that change how fast PyTorch is, and not what it computes. */
const withoutEffect = new Set(['foreach', 'fused', 'capturable', 'differentiable', 'params']);

const schedulerParameters: Readonly<Record<string, readonly string[]>> = {
  StepLR: ['optimizer', 'step_size', 'gamma'],
  MultiStepLR: ['optimizer', 'milestones', 'gamma'],
  ExponentialLR: ['optimizer', 'gamma'],
  CosineAnnealingLR: ['optimizer', 'T_max', 'eta_min'],
  CosineAnnealingWarmRestarts: ['optimizer', 'T_0', 'T_mult', 'eta_min'],
  LinearLR: ['optimizer', 'start_factor', 'end_factor', 'total_iters'],
  OneCycleLR: [
    'optimizer',
    'max_lr',
    'total_steps',
    'epochs',
    'steps_per_epoch',
    'pct_start',
    'anneal_strategy',
    'cycle_momentum',
    'base_momentum',
    'max_momentum',
    'div_factor',
    'final_div_factor',
    'three_phase',
  ],
  ReduceLROnPlateau: [
    'optimizer',
    'mode',
    'factor',
    'patience',
    'threshold',
    'threshold_mode',
    'cooldown',
    'min_lr',
    'eps',
  ],
};

/** Settings of schedules that only say from where they begin, or what is printed. */
const tellsNothing = new Set(['last_epoch', 'verbose']);

const lossParameters = [
  'input',
  'target',
  'weight',
  'size_average',
  'ignore_index',
  'reduce',
  'reduction',
  'label_smoothing',
];
/** The head of a loop over epochs. */
const epochLoop = /^(?:async\s+)?for\s+(?:ep|\w*epoch)/i;

const batchParameters = ['dataset', 'batch_size', 'shuffle'];

/** A value as plain data; undefined where it is not known or no setting. */
function settingOf(value: Value): Setting | undefined {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof PyTuple || value instanceof PyList) {
    const numbers = value.items.map(knownNumber);
    return numbers.every(one => one !== undefined) ? numbers : undefined;
  }
  return knownNumber(value);
}

/** Sees how a file trains while it is read. */
export class RecipeWitness {
  #optimizer: Made | undefined;
  #loss: Made | undefined;
  #lossMade: Made | undefined;
  #scheduler: Made | undefined;
  #schedule: Value | undefined;
  #everyBatch: boolean | undefined;
  #batchSize: number | undefined;
  readonly #transforms = new TransformWitness();
  #shuffled = false;
  #epochs: number | undefined;
  readonly #lossArguments = new Map<Value, Arguments>();
  /** What modules of the file were given, as it was before anything was done with it. */
  readonly #given = new Set<TensorValue>();
  readonly #inputs = new Map<PyClass | PyInstance, readonly number[]>();
  readonly #sites = new Map<PyClass, CallSite>();
  readonly #losses = new Map<unknown, string>();
  readonly #lossClasses = new Map<unknown, string>();

  /** What is done to the weights of the module that is asked for. */
  readonly weights: WeightsWitness;

  /** @param name of the class or variable that is asked for */
  constructor(
    private readonly interpreter: Interpreter,
    name: string,
  ) {
    this.weights = new WeightsWitness(interpreter, name);
    for (const [name, value] of lossFunctions) this.#losses.set(value, name);
    for (const [name, cls] of lossModules) {
      this.#losses.set(cls.attributes.get('forward'), name);
      this.#lossClasses.set(cls, name);
    }
    interpreter.witness = (callee, args, result) => this.#see(callee, args, result);
  }

  /** What was seen. */
  get recipe(): Recipe {
    const loss = this.#loss ?? this.#lossMade;
    return {
      ...(this.#optimizer && { optimizer: this.#optimizer }),
      ...(loss && { loss }),
      ...(this.#scheduler && { scheduler: this.#scheduleSeen(this.#scheduler) }),
      ...(this.#transforms.seen && { transforms: this.#transforms.seen }),
      ...(this.#batchSize !== undefined && { batchSize: this.#batchSize }),
      ...(this.#epochs !== undefined && { epochs: this.#epochs }),
    };
  }

  /** How a class of the file was made first. */
  siteOf(cls: PyClass): CallSite | undefined {
    return this.#sites.get(cls);
  }

  /** The shape of what the file gives a module first, where all of it but the batch is known. */
  inputOf(module: PyClass | PyInstance): readonly number[] | undefined {
    return this.#inputs.get(module);
  }

  #see(callee: Builtin | PyClass, args: Arguments, result: Value): void {
    if (callee instanceof Builtin) this.weights.called(callee, args);
    else this.weights.made(result);
    if (callee instanceof PyClass) this.#seeClass(callee, args, result);
    else if (callee === moduleClass.attributes.get('__call__')) this.#seeModule(args);
    else if (callee === tensorMethods.get('backward')) this.#seeBackward();
    else if (callee.name === 'step' && args.positional[0] === this.#schedule) this.#seeScheduleStep();
    else if (this.#losses.has(callee)) this.#seeLoss(callee, args, result);
  }

  #seeClass(cls: PyClass, args: Arguments, result: Value): void {
    const place = this.#place();
    this.#transforms.see(this.interpreter, cls, args, result, place);
    if (cls.definition !== undefined && isModule(result)) {
      if (!this.#sites.has(cls) && this.interpreter.uncertain === 0) this.#sites.set(cls, { args, place });
    } else if (cls === dataNames.get('DataLoader')) this.#seeLoader(args);
    else if (this.#lossClasses.has(cls)) {
      this.#lossArguments.set(result, args);
      this.#lossMade ??= made(this.#lossClasses.get(cls) ?? cls.name, lossParameters.slice(2), args, place);
    } else if (optim.find(cls.name) === cls) {
      this.#optimizer ??= made(cls.name, optimizerParameters[cls.name] ?? ['params', 'lr'], args, place);
    } else if (cls.name in schedulerParameters || /(LR|OnPlateau)$/.test(cls.name)) {
      if (this.#scheduler !== undefined) return;
      this.#scheduler = made(cls.name, schedulerParameters[cls.name] ?? ['optimizer'], args, place);
      this.#schedule = result;
    }
  }

  #seeModule({ positional: [self, input] }: Arguments): void {
    if (!(self instanceof PyInstance) || !(input instanceof TensorValue)) return;
    if (self.cls.definition !== undefined || self.cls.name === 'Sequential') this.#given.add(rootOf(input));
    const [, ...sample] = input.dims;
    if (!sample.every(dim => typeof dim === 'number')) return;
    for (const key of [self, self.cls]) if (!this.#inputs.has(key)) this.#inputs.set(key, [1, ...sample]);
  }

  #seeLoader(args: Arguments): void {
    const bound = bindTo(batchParameters, args);
    const size = bound.number('batch_size');
    const shuffled = bound.flag('shuffle', false) === true;
    if (size === undefined || (this.#batchSize !== undefined && (this.#shuffled || !shuffled))) return;
    this.#batchSize = size;
    this.#shuffled = shuffled;
  }

  #seeLoss(callee: Builtin, args: Arguments, result: Value): void {
    if (this.#loss !== undefined || !(result instanceof TensorValue) || !result.requiresGrad) return;
    const name = this.#losses.get(callee) ?? callee.name;
    const [self] = args.positional;
    const module = self instanceof PyInstance ? this.#lossArguments.get(self) : undefined;
    const target = args.positional[self instanceof PyInstance ? 2 : 1] ?? args.keywords.get('target');
    const reconstructs = target instanceof TensorValue && this.#given.has(rootOf(target));
    this.#loss = {
      ...(module === undefined
        ? made(name, lossParameters, args, this.#place())
        : made(name, lossParameters.slice(2), module, this.#place())),
      ...(reconstructs && { reconstructs }),
    };
  }

  #scheduleSeen(scheduler: Made): Schedule {
    const everyBatch = this.#everyBatch;
    return everyBatch === undefined ? scheduler : { ...scheduler, everyBatch };
  }

  /** A schedule is stepped after every batch where a loop within the one over epochs is around it. */
  #seeScheduleStep(): void {
    const around = this.interpreter.frames.flatMap(({ loops, file }) =>
      loops.map(({ span }) => epochLoop.test(file.text.slice(span.from, span.from + 200))),
    );
    if (around.includes(true)) this.#everyBatch ??= around.at(-1) === false;
  }

  /** The outermost loop around a backward pass that is named for epochs turns as often as there are epochs. */
  #seeBackward(): void {
    for (const { loops, file } of this.interpreter.frames) {
      for (const { span, turns } of loops) {
        const names = epochLoop.test(file.text.slice(span.from, span.from + 200));
        if (names && turns !== undefined && turns > 0) {
          this.#epochs ??= turns;
          return;
        }
      }
    }
  }

  #place(): Place {
    const { frame, span } = this.interpreter;
    return placeOf(frame.file, span);
  }
}

/** Steps that change how numbers lie, and not which they are. */
const keepsNumbers =
  /^(view|reshape|flatten|squeeze|unsqueeze|to|cuda|cpu|float|type|detach|contiguous|clone)\b/;

/** The tensor whose numbers another one has. */
function rootOf(tensor: TensorValue): TensorValue {
  let root = tensor;
  for (let steps = 0; steps < 64; steps++) {
    const { step } = root;
    if (step?.from === undefined || !keepsNumbers.test(step.label)) break;
    root = step.from;
  }
  return root;
}

/** What was made, with the settings that are known. */
function made(name: string, parameters: readonly string[], args: Arguments, place: Place): Made {
  const bound = bindTo(parameters, args);
  const settings: Record<string, Setting> = {};
  const notKnown: string[] = [];
  for (const [key, value] of [...bound.values, ...bound.extra]) {
    if (key === 'input' || key === 'target' || key === 'optimizer' || value === null) continue;
    if (key === 'params') {
      if (hasGroups(value)) notKnown.push('groups of parameters');
      continue;
    }
    if (withoutEffect.has(key) || tellsNothing.has(key)) continue;
    const setting = settingOf(value);
    if (setting === undefined || isUnknown(value)) notKnown.push(key);
    else settings[key] = setting;
  }
  if (args.open) notKnown.push('**kwargs');
  return { name, settings, place, notKnown };
}

function hasGroups(value: Value): boolean {
  return value instanceof PyList && value.items.some(item => item instanceof PyDict);
}
