/**
 * What a file does to the weights of a module outside of its class: functions that are applied to it are applied again
 * when it is built; whatever else sets its weights is kept with its place, so that whoever trains can say so.
 */
import type { Interpreter } from '../interpret/interpreter';
import {
  type Arguments,
  type Builtin,
  PyFunction,
  PyInstance,
  TensorValue,
  type Value,
} from '../interpret/values';
import { init } from '../library/nn';
import { isModule, moduleClass, parametersOf } from '../library/nn/module-class';
import { type Place, placeOf } from './refused';

/** Sees what is done to the weights of the modules of one class. */
export class WeightsWitness {
  readonly #made: PyInstance[] = [];
  #appliedTo: PyInstance | undefined;
  readonly #applied: PyFunction[] = [];
  #setOutside: Place | undefined;
  /** The function in which that was. */
  #setIn: PyFunction | undefined;

  /** @param name of the class */
  constructor(
    private readonly interpreter: Interpreter,
    private readonly name: string,
  ) {}

  /** The functions that are applied to the module of the class that the first one is applied to. */
  get applied(): readonly PyFunction[] {
    return this.#applied;
  }

  /** Where a weight is set by `nn.init` outside of the class, and not by a function that is applied. */
  get setOutside(): Place | undefined {
    return this.#setOutside;
  }

  /** A module was made. */
  made(module: Value): void {
    if (module instanceof PyInstance && module.cls.name === this.name && module.cls.definition !== undefined)
      this.#made.push(module);
  }

  /** A function of the library was called. */
  called(callee: Builtin, { positional: [self, fn] }: Arguments): void {
    if (callee === moduleClass.attributes.get('apply')) this.#apply(self, fn);
    else if (
      self instanceof TensorValue &&
      this.#setOutside === undefined &&
      init.find(callee.name) === callee
    )
      this.#set(self);
  }

  #apply(self: Value | undefined, fn: Value | undefined): void {
    if (!(fn instanceof PyFunction)) return;
    // What the function has set is set again when it is applied again.
    if (this.#setIn === fn) this.#setOutside = undefined;
    if (!(self instanceof PyInstance) || !this.#made.includes(self) || this.#inClass()) return;
    this.#appliedTo ??= self;
    if (this.#appliedTo === self) this.#applied.push(fn);
  }

  #set(weight: TensorValue): void {
    if (this.#inClass()) return;
    const held = this.interpreter.frames.at(0)?.file.globals.variables.get(this.name);
    const modules = isModule(held) ? [held] : this.#made;
    if (!modules.some(one => parametersOf(one).some(([, own]) => own === weight))) return;
    this.#setOutside = this.#place();
    this.#setIn = this.interpreter.frames.at(-1)?.function;
  }

  /** Whether a method of a module is being run. */
  #inClass(): boolean {
    return this.interpreter.frames.some(({ self, owner }) => owner !== undefined && isModule(self));
  }

  #place(): Place {
    const { frame, span } = this.interpreter;
    return placeOf(frame.file, span);
  }
}
