/**
 * Modules that find out how large their input is when they first see one, and then become the module of that size
 * (`LazyLinear` a `Linear`): as in PyTorch, the object stays and its class changes.
 */

import { zeros } from '../../ops/creation/creation';
import { once } from '../../runtime/trace';
import type { Tensor } from '../../tensor';
import { Module } from './module';
import { Parameter } from './parameter';

/** A parameter whose shape is not known yet. It stays the same object when it is, so that an optimizer may hold it. */
export class UninitializedParameter extends Parameter {
  constructor() {
    super(zeros([0]));
  }

  /** Takes shape and numbers of `parameter`, and is an ordinary parameter from now on. */
  materialize(parameter: Parameter): void {
    this.storage.expr = parameter.expr;
    this.storage.version++;
    // The shape is that of the expression that was seen last.
    void this.expr;
    Object.setPrototypeOf(this, Parameter.prototype);
  }
}

/** A module that waits for its first input, or for a `stateDict` that says the sizes. */
export abstract class LazyModule extends Module {
  /** The module for inputs of this size. */
  protected abstract make(size: number): Module;

  /** The size that decides, given an input. */
  protected abstract sizeOf(input: Tensor): number;

  /** The size that decides, given what is saved of a module. */
  protected abstract savedSize(saved: ReadonlyMap<string, Tensor>): number | undefined;

  /** Becomes what this input asks for, and computes its output. */
  override forward(input: Tensor): Tensor {
    const size = this.sizeOf(input);
    // Drawn once, though the first input may be that of a step that is compiled.
    this.#become(once(() => this.make(size)));
    // That of the new class.
    return this.forward(input);
  }

  protected override beforeLoading(saved: ReadonlyMap<string, Tensor>): void {
    const size = this.savedSize(saved);
    if (size !== undefined) this.#become(this.make(size));
  }

  #become(made: Module): void {
    for (const [name, value] of Object.entries(made)) {
      const own: unknown = Reflect.get(this, name);
      if (own instanceof UninitializedParameter && value instanceof Parameter) own.materialize(value);
      else if (name !== 'training') Reflect.set(this, name, value);
    }
    this.takeBuffers(made);
    Object.setPrototypeOf(this, Object.getPrototypeOf(made));
  }
}
