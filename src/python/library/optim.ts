/** `torch.optim`: optimizers know their parameters; what they do to them changes no shape. */
import { callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import {
  firstOf,
  float,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyModule,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { natives } from './native';
import { libraryModule } from './nn';
import { zeroGradients } from './nn/module-class';

export const optimizerClass = new PyClass('Optimizer', []);

/** The tensors that an optimizer was given. */
function parametersOf(interpreter: Interpreter, value: Value): TensorValue[] {
  const { items } = elementsOf(interpreter, value);
  return items.flatMap(item => {
    if (item instanceof TensorValue) return [item];
    const group = item instanceof PyDict ? item.entries.get('sparams')?.[1] : undefined;
    return group === undefined ? [] : parametersOf(interpreter, group);
  });
}

for (const [name, method] of natives({
  '__init__(self, params, *)': (args, interpreter) => {
    const self = args.get('self');
    if (self instanceof PyInstance) {
      self.native = parametersOf(interpreter, firstOf(args.get('params')));
      const group = new Map<string, readonly [Value, Value]>(
        [...args.extra].map(([key, value]) => [`s${key}`, [key, value]]),
      );
      if (!group.has('slr')) group.set('slr', ['lr', float(undefined)]);
      self.attributes.set('param_groups', new PyList([new PyDict(group, true)], true));
    }
    return null;
  },
  'zero_grad(self, set_to_none)': (args, interpreter) => {
    const self = args.get('self');
    if (self instanceof PyInstance && Array.isArray(self.native)) zeroGradients(interpreter, self.native);
    return null;
  },
  'step(self, closure)': (args, interpreter) => {
    const closure = args.get('closure');
    return closure === undefined || closure === null ? null : callValue(interpreter, closure, []);
  },
  'state_dict(self)': () => unknown,
  'load_state_dict(self, state)': () => null,
  'add_param_group(self, group)': () => null,
}))
  optimizerClass.attributes.set(name, method);

const names = [
  'SGD',
  'Adam',
  'AdamW',
  'Adamax',
  'NAdam',
  'RAdam',
  'RMSprop',
  'Rprop',
  'Adagrad',
  'Adadelta',
  'ASGD',
  'LBFGS',
  'SparseAdam',
];
const optimizers = new Map<string, Value>([
  ['Optimizer', optimizerClass],
  ...names.map(name => [name, new PyClass(name, [optimizerClass])] as const),
]);

const schedulerClass = new PyClass('LRScheduler', []);
for (const [name, method] of natives({
  '__init__(self, optimizer, *)': () => null,
  'step(self, metric)': () => null,
  'get_last_lr(self)': () => new PyList([float(undefined)]),
  'get_lr(self)': () => new PyList([float(undefined)]),
  'state_dict(self)': () => unknown,
}))
  schedulerClass.attributes.set(name, method);

const scheduler = new PyModule(
  'torch.optim.lr_scheduler',
  name => new PyClass(name, [schedulerClass]),
  () => [],
);

/** `torch.optim`. */
export const optim = libraryModule(
  'torch.optim',
  optimizers,
  new Map<string, Value>([['lr_scheduler', scheduler]]),
);

/** Its parts. */
export const optimModules: readonly PyModule[] = [optim, scheduler];
