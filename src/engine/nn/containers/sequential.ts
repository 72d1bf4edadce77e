/** Modules one after the other. */
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';

/** Feeds the output of each module to the next; the sub-modules are named `0`, `1`, … or as given. */
export class Sequential extends Module {
  readonly #modules: Module[] = [];

  constructor(...modules: readonly Module[] | readonly [Readonly<Record<string, Module>>]) {
    super();
    const [first] = modules;
    const named =
      first !== undefined && !(first instanceof Module)
        ? Object.entries(first)
        : modules.map((module, i): [string, unknown] => [String(i), module]);
    for (const [name, module] of named) {
      if (!(module instanceof Module)) throw new TypeError(`${name} is not a Module`);
      this.#modules.push(module);
      Object.defineProperty(this, name, { value: module, enumerable: true });
    }
  }

  override forward(input: Tensor): Tensor {
    return this.#modules.reduce((value, module) => module.call(value), input);
  }
}
