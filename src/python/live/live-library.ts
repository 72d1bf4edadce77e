/** The library with numbers, and what takes the place of its functions and classes. */
import type { Device } from '../../engine/shapes';
import type { Interpreter, Live } from '../interpret/interpreter';
import { Builtin, type PyClass, TensorValue } from '../interpret/values';
import { library } from '../library';
import { creationReplacements } from './creation';
import type { Replacement } from './given';
import { layerReplacements } from './layers';
import { type ModuleState, moduleReplacements } from './modules';
import { operationReplacements } from './operations';
import { liveBinary, liveUnary } from './operators';
import { refuse } from './refused';
import {
  liveIndex,
  liveTensorAttribute,
  setLiveIndex,
  setLiveTensorAttribute,
  tensorReplacements,
} from './tensors';

/** Of the library's functions, those that would leave numbers as they are where PyTorch changes them. */
const refusedNames: Readonly<Record<string, string>> = {
  weight_norm: '`weight_norm` is not computed',
  spectral_norm: '`spectral_norm` is not computed',
  vector_to_parameters: '`vector_to_parameters` is not computed',
  checkpoint: 'checkpointing is not followed',
};

/** What the interpreter is given to run a module with numbers. */
export class LiveRun implements Live {
  /** Where the module runs: what it makes meanwhile lies there. */
  device: Device = 'cpu';
  readonly library = {
    ...library,
    attribute: (interpreter: Interpreter, value: Parameters<typeof library.attribute>[1], name: string) =>
      value instanceof TensorValue && !value.isArray
        ? liveTensorAttribute(interpreter, value, name)
        : library.attribute(interpreter, value, name),
    setTensorAttribute: setLiveTensorAttribute,
    binary: liveBinary,
    unary: liveUnary,
    index: liveIndex,
    setIndex: setLiveIndex,
  };
  /** What else takes the place of functions for a while, before all others. */
  overrides: ReadonlyMap<unknown, Replacement> | undefined;
  readonly #replacements: ReadonlyMap<Builtin | PyClass, Replacement>;

  constructor(state: ModuleState) {
    this.#replacements = new Map<Builtin | PyClass, Replacement>([
      ...operationReplacements,
      ...tensorReplacements,
      ...creationReplacements,
      ...layerReplacements,
      ...moduleReplacements(state),
    ]);
  }

  replacement(callee: Builtin | PyClass): Replacement | undefined {
    const found = this.overrides?.get(callee) ?? this.#replacements.get(callee);
    if (found !== undefined || !(callee instanceof Builtin)) return found;
    const sentence = refusedNames[callee.name];
    return sentence === undefined ? undefined : (_, interpreter) => refuse(interpreter, sentence);
  }

  refuse(interpreter: Interpreter, sentence: string): never {
    return refuse(interpreter, sentence);
  }
}
