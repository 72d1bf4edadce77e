/**
 * What a piece of a network holds. As in PyTorch, a module's parameters and sub-modules are found by the names of the
 * properties that hold them, and these names make the keys of the `stateDict`.
 */

import { noGrad } from '../../autograd/grad-mode';
import type { Device } from '../../device';
import { EngineError } from '../../errors';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { Parameter } from './parameter';

/** A tensor's place in a module, such as `classifier.0.weight`. */
export type Named<T> = readonly [name: string, value: T];

/** How the keys of a `stateDict` failed to fit a module. */
export class StateDictError extends EngineError {}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/** A module whatever it takes and gives: its parameters, buffers and sub-modules. */
export abstract class AnyModule {
  /** True while training; `eval()` and `train()` set it for the sub-modules too. */
  training = true;
  readonly #buffers = new Map<string, Tensor>();

  /** PyTorch's name of this kind of module. */
  get kind(): string {
    return this.constructor.name;
  }

  /** What PyTorch prints between the parentheses after the kind, such as `in_features=784, …`. */
  describe(): string {
    return '';
  }

  /** Keeps a tensor that is part of the state but is not learned, such as running statistics. */
  protected registerBuffer(name: string, tensor: Tensor): Tensor {
    this.#buffers.set(name, tensor);
    return tensor;
  }

  /** Takes over what another module of the same kind has kept. */
  protected takeBuffers(other: AnyModule): void {
    for (const [name, tensor] of other.#buffers) this.#buffers.set(name, tensor);
  }

  /** The direct sub-modules with their names. */
  namedChildren(): Named<AnyModule>[] {
    return Object.entries(this).filter(
      (entry): entry is [string, AnyModule] => entry[1] instanceof AnyModule,
    );
  }

  /** The module itself and everything below it; shared ones once. */
  namedModules(): Named<AnyModule>[] {
    const found = new Map<AnyModule, string>();
    for (const [path, module] of this.#paths()) if (!found.has(module)) found.set(module, path);
    return [...found].map(([module, path]) => [path, module]);
  }

  /** The module itself and everything below it, under each of its names. */
  #paths(prefix = ''): Named<AnyModule>[] {
    return [
      [prefix, this],
      ...this.namedChildren().flatMap(([name, child]) => child.#paths(join(prefix, name))),
    ];
  }

  /** The parameters of this module and of everything below it; shared ones once. */
  namedParameters(): Named<Parameter>[] {
    const found = new Map<Parameter, string>();
    for (const [path, module] of this.namedModules()) {
      for (const [name, value] of Object.entries(module)) {
        if (value instanceof Parameter && !found.has(value)) found.set(value, join(path, name));
      }
    }
    return [...found].map(([parameter, name]) => [name, parameter]);
  }

  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** The buffers of this module and of everything below it. */
  namedBuffers(): Named<Tensor>[] {
    return this.namedModules().flatMap(([path, module]) =>
      [...module.#buffers].map(([name, tensor]): Named<Tensor> => [join(path, name), tensor]),
    );
  }

  /** Parameters and buffers by name, module by module, in PyTorch's order. */
  stateDict(): Map<string, Tensor> {
    const state = new Map<string, Tensor>();
    for (const [path, module] of this.#paths()) {
      for (const [name, value] of Object.entries(module)) {
        if (value instanceof Parameter) state.set(join(path, name), value.detach());
      }
      for (const [name, tensor] of module.#buffers) state.set(join(path, name), tensor.detach());
    }
    return state;
  }

  /** What a module does before the part of a `stateDict` that is its own is loaded, by the names in this module. */
  protected beforeLoading(_saved: ReadonlyMap<string, Tensor>): void {}

  /** Overwrites parameters and buffers. Nothing is changed unless all names and shapes fit. */
  loadStateDict(state: ReadonlyMap<string, Tensor>): void {
    for (const [path, module] of this.#paths()) {
      const prefix = join(path, '');
      const saved = [...state].filter(([name]) => name.startsWith(prefix));
      module.beforeLoading(new Map(saved.map(([name, tensor]) => [name.slice(prefix.length), tensor])));
    }
    const own = this.stateDict();
    const problems = [...describeMismatch(own, state)];
    if (problems.length > 0) {
      throw new StateDictError(`Error(s) in loading state_dict for ${this.kind}: ${problems.join('; ')}`);
    }
    noGrad(() => {
      for (const [name, tensor] of own) {
        const saved = state.get(name);
        if (saved !== undefined) tensor.copy_(saved);
      }
    });
  }

  /** Switches to training mode, or with `false` to evaluation. */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Switches to evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** Moves parameters and buffers to a device. */
  to(device: Device): this {
    for (const tensor of [...this.parameters(), ...this.namedBuffers().map(([, buffer]) => buffer)]) {
      noGrad(() => tensor.replaceStorage(tensor.detach().to(device).expr));
    }
    return this;
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = undefined;
  }

  /** The module as PyTorch prints it. */
  toString(): string {
    const children = this.namedChildren();
    if (children.length === 0) return `${this.kind}(${this.describe()})`;
    const lines = children.map(
      ([name, child]) => `  (${name}): ${child.toString().replaceAll('\n', '\n  ')}`,
    );
    return `${this.kind}(\n${lines.join('\n')}\n)`;
  }
}

function* describeMismatch(
  own: ReadonlyMap<string, Tensor>,
  saved: ReadonlyMap<string, Tensor>,
): Generator<string> {
  const missing = [...own.keys()].filter(name => !saved.has(name));
  const unexpected = [...saved.keys()].filter(name => !own.has(name));
  if (missing.length > 0)
    yield `Missing key(s) in state_dict: ${missing.map(name => `"${name}"`).join(', ')}`;
  if (unexpected.length > 0) {
    yield `Unexpected key(s) in state_dict: ${unexpected.map(name => `"${name}"`).join(', ')}`;
  }
  for (const [name, tensor] of own) {
    const other = saved.get(name);
    if (other !== undefined && !sameShape(other.shape, tensor.shape)) {
      yield `size mismatch for ${name}: the checkpoint has ${formatShape(other.shape)}, the model ${formatShape(tensor.shape)}`;
    }
  }
}
