/** `nn.Module`: what every module can do. */
import { call, callValue } from '../../interpret/calls';
import type { Interpreter } from '../../interpret/interpreter';
import { getAttribute, isSubclass, setAttribute } from '../../interpret/objects';
import {
  type Arguments,
  Builtin,
  firstOf,
  isUnknown,
  PyClass,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyTuple,
  TensorValue,
  unknown,
  type Value,
} from '../../interpret/values';
import { deviceNamed } from '../creation';
import { dtypeNamed, isFloatingType } from '../dtypes';
import { natives } from '../native';

/** The class `nn.Module`. */
export const moduleClass = new PyClass('Module', []);

/** True for an instance of a class made from `nn.Module`. */
export function isModule(value: Value | undefined): value is PyInstance {
  return value instanceof PyInstance && isSubclass(value.cls, moduleClass) === true;
}

/** The modules that a module holds by name; those of a list by number. */
export function childrenOf(module: PyInstance): [string, PyInstance][] {
  return [...module.attributes].filter((entry): entry is [string, PyInstance] => isModule(entry[1]));
}

/** A module and all below it, each once, with their names. */
export function modulesOf(
  module: PyInstance,
  prefix = '',
  seen = new Set<PyInstance>(),
): [string, PyInstance][] {
  if (seen.has(module) || seen.size > 4000) return [];
  seen.add(module);
  const below = childrenOf(module).flatMap(([name, child]) =>
    modulesOf(child, prefix === '' ? name : `${prefix}.${name}`, seen),
  );
  return [[prefix, module], ...below];
}

/** The parameters of a module and of all below it, each once, with their names. */
export function parametersOf(module: PyInstance): [string, TensorValue][] {
  const found = new Map<TensorValue, string>();
  for (const [path, one] of modulesOf(module)) {
    for (const [name, value] of one.attributes) {
      if (value instanceof TensorValue && value.extra.parameter === true && !found.has(value))
        found.set(value, path === '' ? name : `${path}.${name}`);
    }
  }
  return [...found].map(([parameter, name]) => [name, parameter]);
}

function itself({ positional: [self] }: Arguments): PyInstance | undefined {
  return isModule(self) ? self : undefined;
}

function listOf(values: readonly Value[], open = false): PyIterator {
  // What is not known to be there must not be taken to be all that there is.
  return new PyIterator({ items: values, exact: !open });
}

/** True where not all that a module holds is known. */
function incomplete(module: PyInstance): boolean {
  return modulesOf(module).some(
    ([, one]) => one.open || one.native === 'opaque' || [...one.attributes.values()].some(isUnknown),
  );
}

function setTraining(interpreter: Interpreter, module: PyInstance, training: Value): void {
  for (const [, one] of modulesOf(module)) interpreter.journal.set(one.attributes, 'training', training);
}

/** Moves parameters and buffers, or changes their type, in place. */
function converted(
  interpreter: Interpreter,
  module: PyInstance,
  dtype: string | undefined,
  device: string | undefined | null,
): Value {
  for (const [, one] of modulesOf(module)) {
    for (const value of one.attributes.values()) {
      if (!(value instanceof TensorValue)) continue;
      const buffer = value.extra.parameter === true || isFloatingType(value.dtype);
      if (!buffer) continue;
      if (dtype !== undefined && isFloatingType(value.dtype))
        interpreter.journal.setTensor(value, 'dtype', dtype);
      if (device !== null) interpreter.journal.setTensor(value, 'extra', { ...value.extra, device });
    }
  }
  return module;
}

const cast = (dtype: string) =>
  new Builtin(dtype, (args, interpreter) => {
    const self = itself(args);
    return self === undefined ? unknown : converted(interpreter, self, dtype, null);
  });

const moving = (device: string) =>
  new Builtin(device, (args, interpreter) => {
    const self = itself(args);
    return self === undefined ? unknown : converted(interpreter, self, undefined, device);
  });

const methods = natives({
  'parameters(self, recurse)': args => {
    const self = args.get('self');
    return isModule(self)
      ? listOf(
          parametersOf(self).map(([, one]) => one),
          incomplete(self),
        )
      : unknown;
  },
  'named_parameters(self, prefix, recurse)': args => {
    const self = args.get('self');
    return isModule(self)
      ? listOf(
          parametersOf(self).map(([name, one]) => new PyTuple([name, one])),
          incomplete(self),
        )
      : unknown;
  },
  'buffers(self)': () => listOf([], true),
  'named_buffers(self)': () => listOf([], true),
  'children(self)': args => {
    const self = args.get('self');
    return isModule(self)
      ? listOf(
          childrenOf(self).map(([, one]) => one),
          self.native === 'opaque',
        )
      : unknown;
  },
  'named_children(self)': args => {
    const self = args.get('self');
    return isModule(self)
      ? listOf(
          childrenOf(self).map(([name, one]) => new PyTuple([name, one])),
          self.native === 'opaque',
        )
      : unknown;
  },
  'modules(self)': args => {
    const self = args.get('self');
    return isModule(self)
      ? listOf(
          modulesOf(self).map(([, one]) => one),
          incomplete(self),
        )
      : unknown;
  },
  'named_modules(self)': args => {
    const self = args.get('self');
    return isModule(self)
      ? listOf(
          modulesOf(self).map(([name, one]) => new PyTuple([name, one])),
          incomplete(self),
        )
      : unknown;
  },
  'state_dict(self)': (args, interpreter) => {
    const self = args.get('self');
    if (!isModule(self)) return unknown;
    const entries = parametersOf(self).map(
      ([name, one]) => [`s${name}`, [name, withoutGraph(interpreter, one)] as const] as const,
    );
    return new PyDict(new Map(entries), true);
  },
  'load_state_dict(self, state_dict, strict)': () => unknown,
  'train(self, mode)': (args, interpreter) => {
    const self = args.get('self');
    if (isModule(self)) setTraining(interpreter, self, args.get('mode') ?? true);
    return firstOf(self);
  },
  'eval(self)': (args, interpreter) => {
    const self = args.get('self');
    if (isModule(self)) setTraining(interpreter, self, false);
    return firstOf(self);
  },
  'to(self, *)': (args, interpreter) => {
    const self = args.get('self');
    if (!isModule(self)) return unknown;
    for (const target of [...args.rest, ...args.extra.values()]) {
      const dtype = target instanceof TensorValue ? target.dtype : dtypeNamed(target);
      if (dtype !== undefined) converted(interpreter, self, dtype, null);
      else converted(interpreter, self, undefined, deviceNamed(target));
    }
    return self;
  },
  'requires_grad_(self, value)': (args, interpreter) => {
    const self = args.get('self');
    const value = args.flag('value', true) ?? true;
    if (isModule(self))
      for (const [, one] of parametersOf(self))
        interpreter.journal.setTensor(one, 'extra', { ...one.extra, requiresGrad: value });
    return firstOf(self);
  },
  'zero_grad(self, set_to_none)': (args, interpreter) => {
    const self = args.get('self');
    if (isModule(self))
      zeroGradients(
        interpreter,
        parametersOf(self).map(([, one]) => one),
      );
    return null;
  },
  'apply(self, fn)': (args, interpreter) => {
    const self = args.get('self');
    if (isModule(self))
      for (const [, one] of modulesOf(self).toReversed())
        callValue(interpreter, firstOf(args.get('fn')), [one]);
    return firstOf(self);
  },
  'register_buffer(self, name, tensor, persistent)': (args, interpreter) => {
    const [self, name] = [args.get('self'), args.text('name')];
    if (isModule(self) && name !== undefined)
      setAttribute(interpreter, self, name, firstOf(args.get('tensor')));
    return null;
  },
  'register_parameter(self, name, param)': (args, interpreter) => {
    const [self, name] = [args.get('self'), args.text('name')];
    if (isModule(self) && name !== undefined)
      setAttribute(interpreter, self, name, firstOf(args.get('param')));
    return null;
  },
  'add_module(self, name, module)': (args, interpreter) => {
    const [self, name] = [args.get('self'), args.text('name')];
    if (isModule(self) && name !== undefined)
      setAttribute(interpreter, self, name, firstOf(args.get('module')));
    else if (self instanceof PyInstance) interpreter.journal.setOpen(self);
    return null;
  },
  'get_parameter(self, name)': args => {
    const [self, name] = [args.get('self'), args.text('name')];
    return isModule(self) ? firstOf(parametersOf(self).find(([one]) => one === name)?.[1]) : unknown;
  },
  'register_forward_hook(self, hook)': () => unknown,
  'register_forward_pre_hook(self, hook)': () => unknown,
  'register_backward_hook(self, hook)': () => unknown,
  'register_full_backward_hook(self, hook)': () => unknown,
  'extra_repr(self)': () => '',
  'share_memory(self)': args => firstOf(args.get('self')),
});

function withoutGraph(_: Interpreter, tensor: TensorValue): TensorValue {
  return new TensorValue(tensor.dims, tensor.dtype, { device: tensor.extra.device });
}

/** What `zero_grad()` leaves: zeros, or None since PyTorch 2; either way what was there before may be read on. */
export function zeroGradients(interpreter: Interpreter, parameters: readonly TensorValue[]): void {
  // Since PyTorch 2 gradients are None after this, before they are zeros; code that reads them in between is rare.
  for (const parameter of parameters)
    if (parameter.grad instanceof TensorValue)
      interpreter.journal.setTensor(parameter, 'grad', parameter.grad);
}

for (const [name, method] of methods) moduleClass.attributes.set(name, method);
moduleClass.attributes.set('double', cast('float64'));
moduleClass.attributes.set('float', cast('float32'));
moduleClass.attributes.set('half', cast('float16'));
moduleClass.attributes.set('cuda', moving('cuda'));
moduleClass.attributes.set('cpu', moving('cpu'));
moduleClass.attributes.set(
  '__init__',
  new Builtin('__init__', ({ positional: [self] }, interpreter) => {
    if (self instanceof PyInstance) interpreter.journal.set(self.attributes, 'training', true);
    return null;
  }),
);
moduleClass.attributes.set(
  '__call__',
  new Builtin('__call__', (args, interpreter) => {
    const [self = unknown, ...rest] = args.positional;
    const forward = getAttribute(interpreter, self, 'forward');
    if (isUnknown(forward)) return unknown;
    const { layer } = interpreter;
    interpreter.layer = self instanceof PyInstance && self.cls.definition === undefined ? self : undefined;
    let output: Value;
    try {
      output = call(interpreter, forward, { ...args, positional: rest });
    } finally {
      interpreter.layer = layer;
    }
    if (self instanceof PyInstance) interpreter.flows.note(self, rest[0], output);
    return output;
  }),
);

/** A parameter of a module. */
export function newParameter(
  dims: TensorValue['dims'],
  dtype: string | undefined = 'float32',
  requiresGrad = true,
): TensorValue {
  return new TensorValue(dims, dtype, { parameter: true, requiresGrad, device: 'cpu' });
}

/** All elements of a value, if it is a list that is known. */
export function listItems(value: Value | undefined): readonly Value[] | undefined {
  if (value instanceof PyList) return value.open ? undefined : value.items;
  return value instanceof PyTuple ? value.items : undefined;
}
