/**
 * What optimizers have in common. An optimizer knows parameters and their gradients, not the graph. Its
 * update is written with lazy tensors; the numbers that change from step to step (learning rate, bias
 * corrections) are host inputs, so that the same code runs eagerly and inside a compiled step.
 */
import { noGrad } from '../autograd/grad-mode';
import { EngineError } from '../errors';
import { zerosLike } from '../ops/creation/creation';
import { hostInput, perStep } from '../runtime/trace';
import type { Tensor } from '../tensor';

/** Parameters that share settings. */
export interface ParamGroup<Settings> {
  readonly params: readonly Tensor[];
  settings: Settings;
  /** What a scheduler keeps with the group, by PyTorch's names: `initial_lr`, and `max_lr` and so on of OneCycleLR. */
  readonly schedule: Map<string, number>;
}

/** Parameters with settings of their own; the optimizer's for those that are not given. */
export interface GivenGroup<Settings> {
  readonly params: readonly Tensor[];
  readonly settings?: Partial<Settings>;
}

/** Parameters alone, or groups of them with settings of their own. */
export type Params<Settings> = readonly Tensor[] | readonly GivenGroup<Settings>[];

/** What an optimizer keeps for a parameter. */
export interface ParameterState {
  /** How many steps this parameter has been through. */
  step: number;
  /** Tensors by PyTorch's names, such as `exp_avg`. */
  readonly tensors: Map<string, Tensor>;
}

/** The state of an optimizer in the form that PyTorch saves: parameters are numbered through all groups. */
export interface OptimizerStateDict<Settings> {
  readonly state: ReadonlyMap<
    number,
    { readonly step: number; readonly tensors: ReadonlyMap<string, Tensor> }
  >;
  readonly paramGroups: readonly {
    readonly settings: Settings;
    readonly params: readonly number[];
    readonly schedule: ReadonlyMap<string, number>;
  }[];
}

/** The base of all optimizers. */
export abstract class Optimizer<Settings extends { lr: number } = { lr: number }> {
  readonly #groups: ParamGroup<Settings>[] = [];
  readonly #defaults: Settings;
  /** Settings that change from step to step: in a compiled step they are asked anew each time. */
  readonly #varying = new Set<string>();
  readonly #states = new Map<Tensor, ParameterState>();

  constructor(params: Params<Settings>, defaults: Settings) {
    this.#defaults = defaults;
    const groups = toGroups(params);
    if (groups.every(({ params: group }) => group.length === 0)) {
      throw new EngineError('optimizer got an empty parameter list');
    }
    for (const group of groups) this.addParamGroup(group);
  }

  /** The parameters and their settings. */
  get paramGroups(): readonly ParamGroup<Settings>[] {
    return this.#groups;
  }

  /**
   * Takes more parameters in, such as those of layers that were frozen before; a step that is compiled already does not
   * know them.
   */
  addParamGroup({ params, settings }: GivenGroup<Settings>): void {
    const all = [...this.#groups.flatMap(({ params: group }) => group), ...params];
    if (new Set(all).size !== all.length) {
      throw new EngineError('some parameters appear in more than one parameter group');
    }
    if (!params.every(parameter => parameter.isLeaf))
      throw new EngineError("can't optimize a non-leaf Tensor");
    const complete = { ...this.#defaults, ...settings };
    this.check(complete);
    this.#groups.push({ params, settings: complete, schedule: new Map() });
  }

  /** Throws if a setting makes no sense. */
  protected check({ lr }: Settings): void {
    checkNotNegative(lr, 'learning rate');
  }

  /** The names of the tensors that are kept for each parameter with these settings; they begin as zeros like it. */
  protected abstract stateNames(settings: Settings): readonly string[];

  /** What a kept tensor begins as. */
  protected initialState(_name: string, parameter: Tensor, _settings: Settings): Tensor {
    return zerosLike(parameter);
  }

  /** Changes one parameter in place, given its gradient. */
  protected abstract update(parameter: Tensor, gradient: Tensor, context: UpdateContext<Settings>): void;

  /** Changes every parameter that has a gradient. */
  step(): void {
    noGrad(() => {
      for (const group of this.paramGroups) this.#stepGroup(group);
    });
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const { params } of this.paramGroups) for (const parameter of params) parameter.grad = undefined;
  }

  /**
   * Says that a setting (beside the learning rate) will be changed from step to step, before a step is compiled: a
   * setting that stays makes faster steps.
   */
  vary(name: string): void {
    this.#varying.add(name);
  }

  /** Sets the learning rate of all groups. */
  set lr(lr: number) {
    for (const { settings } of this.paramGroups) settings.lr = lr;
  }

  /** The learning rate of the first group. */
  get lr(): number {
    return this.paramGroups[0]?.settings.lr ?? 0;
  }

  /** All tensors that `step` changes: the parameters, and what is kept for them. */
  stateTensors(): Tensor[] {
    return this.paramGroups.flatMap(({ params, settings }) =>
      params.flatMap(parameter => [parameter, ...this.#stateOf(parameter, settings).tensors.values()]),
    );
  }

  /** The settings, and what is kept for each parameter. */
  stateDict(): OptimizerStateDict<Settings> {
    const numbers = new Map(
      this.paramGroups.flatMap(({ params }) => params).map((parameter, i) => [parameter, i]),
    );
    const state = new Map([...this.#states].map(([parameter, kept]) => [numbers.get(parameter) ?? -1, kept]));
    const paramGroups = this.paramGroups.map(({ params, settings, schedule }) => ({
      settings: { ...settings },
      schedule: new Map(schedule),
      params: params.map(parameter => numbers.get(parameter) ?? -1),
    }));
    return { state, paramGroups };
  }

  /** Continues from a saved state. */
  loadStateDict(saved: OptimizerStateDict<Settings>): void {
    const sizes = (groups: readonly { readonly params: readonly unknown[] }[]) =>
      groups.map(({ params }) => params.length).join();
    if (sizes(saved.paramGroups) !== sizes(this.paramGroups)) {
      throw new EngineError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      );
    }
    this.paramGroups.forEach((group, i) => {
      const { settings, schedule = [] } = saved.paramGroups[i] ?? {};
      if (settings !== undefined) group.settings = { ...settings };
      for (const [name, value] of schedule) group.schedule.set(name, value);
    });
    this.loadState(saved.state);
  }

  /** Continues from what was kept for each parameter, with the settings as they are. */
  loadState(saved: OptimizerStateDict<Settings>['state']): void {
    const all = this.paramGroups.flatMap(({ params, settings }) =>
      params.map(parameter => ({ parameter, settings })),
    );
    all.forEach(({ parameter, settings }, i) => {
      const kept = saved.get(i);
      if (kept === undefined) return;
      const state = this.#stateOf(parameter, settings);
      state.step = kept.step;
      for (const [name, tensor] of kept.tensors) noGrad(() => state.tensors.get(name)?.copy_(tensor));
    });
  }

  #stateOf(parameter: Tensor, settings: Settings): ParameterState {
    let state = this.#states.get(parameter);
    if (state === undefined) {
      const tensors = this.stateNames(settings).map((name): [string, Tensor] => [
        name,
        this.initialState(name, parameter, settings),
      ]);
      state = { step: 0, tensors: new Map(tensors) };
      this.#states.set(parameter, state);
    }
    return state;
  }

  #stepGroup(group: ParamGroup<Settings>): void {
    const scalars = new Map<string, Tensor>();
    for (const parameter of group.params) {
      const { grad } = parameter;
      if (grad === undefined) continue;
      const state = this.#stateOf(parameter, group.settings);
      const turn = state.step;
      perStep(() => {
        state.step++;
      });
      const scalar: UpdateContext<Settings>['scalar'] = (name, value) => {
        // Parameters that have been through equally many steps share their scalars.
        const key = `${name} ${turn} ${parameter.dtype} ${parameter.device}`;
        const known = scalars.get(key);
        if (known !== undefined) return known;
        const made = hostInput({ shape: [], dtype: parameter.dtype }, parameter.device, (target, start) => {
          if (!(target instanceof BigInt64Array)) target[start] = value(group.settings, state.step);
        });
        scalars.set(key, made);
        return made;
      };
      this.update(parameter, grad, {
        settings: group.settings,
        kept: name => {
          const tensor = state.tensors.get(name);
          if (tensor === undefined) throw new Error(`the optimizer keeps no ${name}`);
          return tensor;
        },
        scalar,
        factor: (name, of, value) => (this.#varying.has(of) ? scalar(name, value) : value(group.settings)),
      });
    }
  }
}

/** What an update may use. */
export interface UpdateContext<Settings> {
  readonly settings: Settings;
  /** A tensor that is kept for this parameter. */
  kept(name: string): Tensor;
  /** A number of this step as a tensor; `value` is asked anew at every step, which is counted from 1. */
  scalar(name: string, value: (settings: Settings, step: number) => number): Tensor;
  /** A number that follows from the setting `of` alone: a tensor as of `scalar` where the setting varies. */
  factor(name: string, of: keyof Settings & string, value: (settings: Settings) => number): number | Tensor;
}

/** Adds `factor · other` to `tensor` in place. */
export function addScaled_(tensor: Tensor, other: Tensor, factor: number | Tensor): Tensor {
  return typeof factor === 'number' ? tensor.add_(other, factor) : tensor.add_(other.mul(factor));
}

/** The gradient downhill: turned round where the loss is to grow, and pulled towards zero by L2. */
export function downhill(
  parameter: Tensor,
  gradient: Tensor,
  { weightDecay, maximize = false }: { readonly weightDecay: number; readonly maximize?: boolean },
): Tensor {
  const direction = maximize ? gradient.neg() : gradient;
  return weightDecay === 0 ? direction : direction.add(parameter, weightDecay);
}

/** Throws unless a setting is a number of at least zero. */
export function checkNotNegative(value: number, name: string): void {
  if (!(value >= 0)) throw new EngineError(`Invalid ${name}: ${value}`);
}

function toGroups<Settings>(params: Params<Settings>): GivenGroup<Settings>[] {
  const tensors: Tensor[] = [];
  const groups: GivenGroup<Settings>[] = [];
  for (const entry of params) {
    if ('params' in entry) groups.push(entry);
    else tensors.push(entry);
  }
  return tensors.length > 0 ? [{ params: tensors }, ...groups] : groups;
}
