/** What `nn.Module` does where a module is really built: calls go through the engine's modules, buffers are state. */
import { call } from '../interpret/calls';
import { getAttribute, setAttribute } from '../interpret/objects';
import { Builtin, firstOf, isUnknown, PyInstance, TensorValue } from '../interpret/values';
import { dtypeNamed } from '../library/dtypes';
import { bindTo } from '../library/native';
import { isModule, moduleClass, parametersOf } from '../library/nn/module-class';
import type { Replacement } from './given';
import { InterpretedModule, type ModuleTree } from './network';
import { refuse } from './refused';
import { computing, numbersOf, refresh } from './strict';

/** What is kept of modules beside their attributes. */
export interface ModuleState {
  readonly tree: ModuleTree;
  /** The buffers that each module has registered. */
  readonly buffers: Map<PyInstance, Map<string, TensorValue>>;
}

const refusing =
  (sentence: string): Replacement =>
  (_, interpreter) =>
    refuse(interpreter, sentence);

/** Methods that would be passed over silently, or change what numbers mean. */
const refused: Readonly<Record<string, string>> = {
  load_state_dict: 'weights that are loaded are not followed',
  register_forward_hook: 'hooks are not computed',
  register_forward_pre_hook: 'hooks are not computed',
  register_backward_hook: 'hooks are not computed',
  register_full_backward_hook: 'hooks are not computed',
  double: 'modules in double precision are not trained',
  half: 'modules in half precision are not trained',
  zero_grad: '`zero_grad()` inside of a module is not computed',
};

/** The methods of modules, with what they have to remember. */
export function moduleReplacements({ tree, buffers }: ModuleState): Map<Builtin, Replacement> {
  const own: Readonly<Record<string, Replacement>> = {
    __call__: (args, interpreter) => {
      const [self = null, ...rest] = args.positional;
      const forward = getAttribute(interpreter, self, 'forward');
      if (isUnknown(forward)) return refuse(interpreter, 'this module has no `forward` that is known');
      const work = () => call(interpreter, forward, { ...args, positional: rest });
      const mirror = self instanceof PyInstance ? tree.mirrorOf(self) : undefined;
      return mirror instanceof InterpretedModule ? mirror.call(work) : work();
    },
    register_buffer: (args, interpreter) => {
      const bound = bindTo(['self', 'name', 'tensor', 'persistent'], args);
      const [self, name, tensor] = [bound.get('self'), bound.text('name'), bound.get('tensor')];
      if (!isModule(self) || name === undefined)
        return refuse(interpreter, 'the name of this buffer is not known');
      setAttribute(interpreter, self, name, firstOf(tensor));
      if (tensor === null || bound.get('persistent') === false) return null;
      if (!(tensor instanceof TensorValue)) return refuse(interpreter, 'this buffer is not known');
      numbersOf(interpreter, tensor);
      const held = buffers.get(self) ?? new Map<string, TensorValue>();
      buffers.set(self, held.set(name, tensor));
      return null;
    },
    requires_grad_: (args, interpreter) => {
      const [self, wanted] = args.positional;
      if (!isModule(self)) return refuse(interpreter, 'this module is not known');
      const value = (wanted ?? args.keywords.get('requires_grad') ?? true) !== false;
      for (const [, parameter] of parametersOf(self)) {
        const tensor = numbersOf(interpreter, parameter);
        computing(interpreter, () => tensor.requiresGrad_(value));
        refresh(parameter);
      }
      return self;
    },
    to: (args, interpreter) => {
      const [self = null, ...targets] = args.positional;
      const types = [...targets, ...args.keywords.values()].flatMap(target => dtypeNamed(target) ?? []);
      if (types.some(type => type !== 'float32'))
        refuse(interpreter, 'modules in another precision are not trained');
      return self;
    },
  };
  const all = new Map<Builtin, Replacement>();
  const add = (name: string, body: Replacement) => {
    const builtin = moduleClass.attributes.get(name);
    if (builtin instanceof Builtin) all.set(builtin, body);
  };
  for (const [name, body] of Object.entries(own)) add(name, body);
  for (const [name, sentence] of Object.entries(refused)) add(name, refusing(sentence));
  return all;
}
