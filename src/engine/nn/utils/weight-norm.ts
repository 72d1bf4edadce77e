/** A weight as a direction and a length, which are learned by themselves (Salimans and Kingma, 2016). */
import { noGrad } from '../../autograd/grad-mode';
import { EngineError } from '../../errors';
import { normExceptDim, weightFromNorm } from '../../ops/layers/weight-norm';
import type { Tensor } from '../../tensor';
import type { Module } from '../module/module';
import { Parameter } from '../module/parameter';

/** How to undo the hook of a module's normalised weight. */
const undoing = new WeakMap<object, Map<string, () => void>>();

function parameterOf(module: object, name: string): Parameter {
  const found: unknown = Reflect.get(module, name);
  if (found instanceof Parameter) return found;
  throw new EngineError(`weight_norm: the module has no parameter ${name}`);
}

function put(module: object, name: string, value: Tensor | undefined): void {
  if (value === undefined) Reflect.deleteProperty(module, name);
  else Object.defineProperty(module, name, { value, configurable: true, enumerable: true, writable: true });
}

/**
 * Replaces a module's weight by `weight_g`, its length, and `weight_v`, its direction, from which the weight is made anew
 * for each call.
 * @param dim the dimension whose parts have a length each; null or, as in PyTorch, −1 for one length of all
 */
export function weightNorm<Inputs extends readonly unknown[], Output, M>(
  module: M & Module<Inputs, Output>,
  name = 'weight',
  dim: number | null = 0,
): M & Module<Inputs, Output> {
  const v = parameterOf(module, name);
  const along = dim === null || dim === -1 ? -1 : dim < 0 ? dim + v.ndim : dim;
  const g = new Parameter(noGrad(() => normExceptDim(v.detach(), along)).detach());
  const direction = new Parameter(v.detach().clone());
  put(module, name, undefined);
  put(module, `${name}_g`, g);
  put(module, `${name}_v`, direction);
  const renew = () => put(module, name, weightFromNorm(direction, g, along));
  renew();
  const remove = module.registerForwardPreHook(() => {
    renew();
    return undefined;
  });
  const all = undoing.get(module) ?? new Map<string, () => void>();
  undoing.set(module, all);
  all.set(name, () => {
    remove();
    for (const part of ['', '_g', '_v']) put(module, `${name}${part}`, undefined);
    put(module, name, new Parameter(noGrad(() => weightFromNorm(direction, g, along)).detach()));
  });
  return module;
}

/** Gives a module back a weight of its own, as {@link weightNorm} last made it. */
export function removeWeightNorm<M extends object>(module: M, name = 'weight'): M {
  const undo = undoing.get(module)?.get(name);
  if (undo === undefined) throw new EngineError(`weight_norm of '${name}' not found in ${module}`);
  undo();
  undoing.get(module)?.delete(name);
  return module;
}
