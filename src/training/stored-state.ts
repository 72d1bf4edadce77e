/** The parts of a run's state in the form in which checkpoints hold them: tensors, the optimizer, the schedule. */
import {
  CheckpointError,
  dict,
  dictAt,
  find,
  int,
  intAt,
  isTensor,
  type Stored,
  type StoredDict,
  type StoredTensor,
  Tuple,
  tensorAt,
} from '../checkpoint';
import { compute, fromArray, type GeneratorState, type optim, type Tensor } from '../engine';
import type { StoppingState } from './early-stopping';
import type { AnyOptimizer } from './optimizers';
import type { ScheduleState } from './schedule';

async function toStored(tensor: Tensor): Promise<StoredTensor> {
  return { dtype: tensor.dtype, shape: [...tensor.shape], data: await tensor.data() };
}

/** Tensors by name, computed together. */
export async function storeAll(tensors: ReadonlyMap<string, Tensor>): Promise<[string, Stored][]> {
  await compute(...tensors.values());
  return Promise.all(
    [...tensors].map(async ([name, tensor]): Promise<[string, Stored]> => [name, await toStored(tensor)]),
  );
}

/** The tensors in a dictionary, by name. */
export function tensorsAt(value: Stored, ...path: string[]): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of dictAt(value, ...path)) {
    if (typeof name !== 'string' || !isTensor(entry)) continue;
    const { data, shape, dtype } = entry;
    tensors.set(name, fromArray(data, shape, { dtype }));
  }
  return tensors;
}

/**
 * A number as a tensor without dimensions: `torch.load(weights_only=True)` of PyTorch 1.13 knows no floats.
 * PyTorch's optimizers take their settings in this form, too.
 */
export const float = (value: number): StoredTensor => ({
  dtype: 'float64',
  shape: [],
  data: Float64Array.of(value),
});

/** A number that {@link float} has stored. */
export function floatAt(root: Stored, ...path: string[]): number {
  const { data } = tensorAt(root, ...path);
  if (data.length !== 1)
    throw new CheckpointError(`${path.join('/')}: expected one number, found ${data.length}`);
  return Number(data[0]);
}

/** What PyTorch's optimizers expect in a group beside settings; what one does not know it passes over. */
const torchSettings = {
  maximize: false,
  foreach: null,
  differentiable: false,
  capturable: false,
  fused: null,
};

const snakeCase = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

function storeSetting(value: unknown): Stored {
  if (typeof value === 'number') return float(value);
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return new Tuple(value.map(storeSetting));
  throw new Error(`a setting is a number, a bool or a pair, not ${String(value)}`);
}

/** The settings of a group under PyTorch's names, all of them, so that an optimizer of PyTorch takes them. */
function storeSettings(settings: object, schedule: ReadonlyMap<string, number>): Record<string, Stored> {
  const own = Object.entries(settings).map(
    ([name, value]) => [snakeCase(name), storeSetting(value)] as const,
  );
  const kept = [...schedule].map(([name, value]) => [name, float(value)] as const);
  return { ...torchSettings, ...Object.fromEntries(own), ...Object.fromEntries(kept) };
}

/** The `state_dict` of an optimizer. */
export async function storeOptimizer(optimizer: AnyOptimizer): Promise<Stored> {
  const { state, paramGroups } = optimizer.stateDict();
  const stored: StoredDict = new Map();
  for (const [number, { step, tensors }] of state) {
    stored.set(int(number), dict({ step: int(step), ...Object.fromEntries(await storeAll(tensors)) }));
  }
  const groups = paramGroups.map(({ settings, schedule, params }) =>
    dict({ ...storeSettings(settings, schedule), params: params.map(int) }),
  );
  return dict({ state: stored, param_groups: groups });
}

/** What an optimizer kept for each parameter. */
export function optimizerStateAt(value: Stored, name: string): Map<number, optim.ParameterState> {
  const state = new Map<number, optim.ParameterState>();
  for (const number of dictAt(value, name, 'state').keys()) {
    const entry = dictAt(value, name, 'state', Number(number));
    state.set(Number(number), { step: intAt(entry, 'step'), tensors: tensorsAt(entry) });
  }
  return state;
}

/** A generator of random numbers. */
export const storeGenerator = ({ seed, offset }: GeneratorState): Stored =>
  dict({ seed: int(seed), offset: int(offset) });

/** The generator that {@link storeGenerator} has stored. */
export function generatorAt(value: Stored, ...path: string[]): GeneratorState {
  return { seed: intAt(value, ...path, 'seed'), offset: intAt(value, ...path, 'offset') };
}

/** A schedule of the learning rate. */
export function storeSchedule({ turn, rate, base, total, best, waited }: ScheduleState): Stored {
  return dict({
    turn: int(turn),
    rate: float(rate),
    base: float(base),
    total: int(total),
    best: float(best),
    waited: int(waited),
  });
}

/** The schedule that {@link storeSchedule} has stored; undefined in checkpoints of older versions, which had none. */
export function scheduleAt(value: Stored, name: string): ScheduleState | undefined {
  if (find(value, name) === undefined) return undefined;
  return {
    turn: intAt(value, name, 'turn'),
    rate: floatAt(value, name, 'rate'),
    base: floatAt(value, name, 'base'),
    total: intAt(value, name, 'total'),
    best: floatAt(value, name, 'best'),
    waited: intAt(value, name, 'waited'),
  };
}

/** How long a run has waited for an improvement. */
export const storeStopping = ({ score, waited }: StoppingState): Stored =>
  dict({ score: float(score), waited: int(waited) });

/** What {@link storeStopping} has stored; undefined in checkpoints of older versions. */
export function stoppingAt(value: Stored, name: string): StoppingState | undefined {
  if (find(value, name) === undefined) return undefined;
  return { score: floatAt(value, name, 'score'), waited: intAt(value, name, 'waited') };
}
