/**
 * How a file trains its module: optimizer, loss, size of batches, epochs, as they are seen while the file is read. What
 * is seen and cannot be followed is kept with its place, so that whoever trains can say so.
 */
import type { Interpreter } from '../interpret/interpreter';
import { type Arguments, Builtin, PyClass, PyInstance, TensorValue, type Value } from '../interpret/values';
import { dataNames } from '../library/datasets';
import { bindTo } from '../library/native';
import { isModule, moduleClass } from '../library/nn/module-class';
import { optim } from '../library/optim';
import { tensorMethods } from '../library/tensor-methods';
import { LossWitness } from './loss-witness';
import { type Made, made } from './made';
import { type Place, placeOf } from './refused';
import { type SeenTransforms, TransformWitness } from './transforms';
import { WeightsWitness } from './weights-witness';

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

/** The head of a loop over epochs. */
const epochLoop = /^(?:async\s+)?for\s+(?:ep|\w*epoch)/i;

const batchParameters = ['dataset', 'batch_size', 'shuffle'];

/** Sees how a file trains while it is read. */
export class RecipeWitness {
  #optimizer: Made | undefined;
  #scheduler: Made | undefined;
  #schedule: Value | undefined;
  #everyBatch: boolean | undefined;
  #batchSize: number | undefined;
  readonly #transforms = new TransformWitness();
  #shuffled = false;
  #epochs: number | undefined;
  readonly #inputs = new Map<PyClass | PyInstance, readonly number[]>();
  readonly #sites = new Map<PyClass, CallSite>();

  /** What is done to the weights of the module that is asked for. */
  readonly weights: WeightsWitness;

  /** What is learned. */
  readonly losses: LossWitness;

  /** @param name of the class or variable that is asked for */
  constructor(
    private readonly interpreter: Interpreter,
    name: string,
  ) {
    this.weights = new WeightsWitness(interpreter, name);
    this.losses = new LossWitness(interpreter, name);
    interpreter.witness = (callee, args, result) => this.#see(callee, args, result);
  }

  /** What was seen. */
  get recipe(): Recipe {
    // What the file puts together itself is no loss of the library with a part that is left out.
    const loss = this.losses.own === undefined ? this.losses.loss : undefined;
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
    this.losses.see(callee, args, result);
    if (callee instanceof PyClass) this.#seeClass(callee, args, result);
    else if (callee === moduleClass.attributes.get('__call__')) this.#seeModule(args);
    else if (callee === tensorMethods.get('backward')) this.#seeBackward();
    else if (callee.name === 'step' && args.positional[0] === this.#schedule) this.#seeScheduleStep();
  }

  #seeClass(cls: PyClass, args: Arguments, result: Value): void {
    const place = this.#place();
    this.#transforms.see(this.interpreter, cls, args, result, place);
    if (cls.definition !== undefined && isModule(result)) {
      if (!this.#sites.has(cls) && this.interpreter.uncertain === 0) this.#sites.set(cls, { args, place });
    } else if (cls === dataNames.get('DataLoader')) this.#seeLoader(args);
    else if (optim.find(cls.name) === cls) {
      this.#optimizer ??= made(cls.name, optimizerParameters[cls.name] ?? ['params', 'lr'], args, place);
    } else if (cls.name in schedulerParameters || /(LR|OnPlateau)$/.test(cls.name)) {
      if (this.#scheduler !== undefined) return;
      this.#scheduler = made(cls.name, schedulerParameters[cls.name] ?? ['optimizer'], args, place);
      this.#schedule = result;
    }
  }

  #seeModule({ positional: [self, input] }: Arguments): void {
    if (!(self instanceof PyInstance) || !(input instanceof TensorValue)) return;
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
