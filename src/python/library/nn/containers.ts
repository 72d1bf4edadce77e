/** Sequential, ModuleList, ModuleDict, ParameterList and ParameterDict. */
import { callValue } from '../../interpret/calls';
import type { Interpreter } from '../../interpret/interpreter';
import { elementsOf } from '../../interpret/iterate';
import { join } from '../../interpret/join';
import { subscript } from '../../interpret/subscripts';
import {
  Builtin,
  firstOf,
  int,
  isUnknown,
  knownNumber,
  PyClass,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PySlice,
  PyTuple,
  TensorValue,
  unknown,
  type Value,
} from '../../interpret/values';
import { natives } from '../native';
import { isModule, moduleClass } from './module-class';

/** What a container holds, by name, in order. */
function held(self: Value | undefined): [string, Value][] {
  if (!(self instanceof PyInstance)) return [];
  return [...self.attributes].filter(
    ([, value]) =>
      isModule(value) || isUnknown(value) || (value instanceof TensorValue && value.extra.parameter),
  );
}

function put(interpreter: Interpreter, self: Value | undefined, name: string, value: Value): void {
  if (self instanceof PyInstance) interpreter.journal.set(self.attributes, name, value);
}

/** A new container of the same class with some of what another one holds. */
function part(interpreter: Interpreter, self: PyInstance, values: readonly Value[]): PyInstance {
  const made = new PyInstance(self.cls);
  put(interpreter, made, 'training', true);
  values.forEach((value, i) => {
    put(interpreter, made, String(i), value);
  });
  return made;
}

function valuesOf(self: Value | undefined): Value[] {
  return held(self).map(([, value]) => value);
}

/** What is in it is not known where it was made from something open. */
function isOpen(self: Value | undefined): boolean {
  return self instanceof PyInstance && self.native === 'opaque';
}

const listMethods = {
  '__len__(self)': (args: { get(name: string): Value | undefined }) =>
    int(isOpen(args.get('self')) ? undefined : held(args.get('self')).length),
};

const shared = natives({
  ...listMethods,
  '__getitem__(self, index)': (args, interpreter) => {
    const [self, index] = [args.get('self'), args.get('index')];
    if (!(self instanceof PyInstance) || index === undefined) return unknown;
    if (typeof index === 'string') return firstOf(self.attributes.get(index));
    const values = valuesOf(self);
    if (index instanceof PySlice) {
      const picked = subscript(interpreter, new PyList(values), index);
      return picked instanceof PyList && !picked.open && !isOpen(self)
        ? part(interpreter, self, picked.items)
        : unknown;
    }
    const at = knownNumber(index);
    if (at !== undefined && !isOpen(self)) return firstOf(values.at(at));
    return values.length === 0 ? unknown : values.reduce((a, b) => join(a, b));
  },
  '__setitem__(self, index, value)': (args, interpreter) => {
    const [self, index] = [args.get('self'), args.get('index')];
    const name = typeof index === 'string' ? index : held(self).at(args.number('index') ?? 0)?.[0];
    if (name !== undefined) put(interpreter, self, name, firstOf(args.get('value')));
    return null;
  },
  '__iter__(self)': args => {
    const self = args.get('self');
    return new PyIterator({ items: valuesOf(self), exact: !isOpen(self) });
  },
  'append(self, module)': (args, interpreter) => {
    const self = args.get('self');
    put(interpreter, self, String(held(self).length), firstOf(args.get('module')));
    return firstOf(self);
  },
  'extend(self, modules)': (args, interpreter) => {
    const self = args.get('self');
    const { items, exact } = elementsOf(interpreter, firstOf(args.get('modules')));
    if (!exact && self instanceof PyInstance) self.native = 'opaque';
    for (const item of items) put(interpreter, self, String(held(self).length), item);
    return firstOf(self);
  },
  'insert(self, index, module)': args => {
    const self = args.get('self');
    if (self instanceof PyInstance) self.native = 'opaque';
    return null;
  },
});

const dictMethods = natives({
  'keys(self)': args =>
    new PyList(
      held(args.get('self')).map(([name]) => name),
      isOpen(args.get('self')),
    ),
  'values(self)': args => new PyList(valuesOf(args.get('self')), isOpen(args.get('self'))),
  'items(self)': args =>
    new PyList(
      held(args.get('self')).map(([name, value]) => new PyTuple([name, value])),
      isOpen(args.get('self')),
    ),
  '__iter__(self)': args =>
    new PyIterator({ items: held(args.get('self')).map(([name]) => name), exact: !isOpen(args.get('self')) }),
  'update(self, modules)': (args, interpreter) => {
    fillFrom(interpreter, args.get('self'), firstOf(args.get('modules')));
    return null;
  },
});

function fillFrom(interpreter: Interpreter, self: Value | undefined, source: Value): void {
  if (source instanceof PyDict) {
    for (const [name, value] of source.entries.values())
      if (typeof name === 'string') put(interpreter, self, name, value);
    if (source.open && self instanceof PyInstance) self.native = 'opaque';
    return;
  }
  const { items, exact } = elementsOf(interpreter, source);
  if (!exact && self instanceof PyInstance) self.native = 'opaque';
  items.forEach((item, i) => {
    put(interpreter, self, String(i), item);
  });
}

/** Makes a class of containers. */
function container(
  name: string,
  construct: (interpreter: Interpreter, self: PyInstance, given: readonly Value[]) => void,
): PyClass {
  const cls = new PyClass(name, [moduleClass]);
  for (const [key, method] of shared) cls.attributes.set(key, method);
  cls.attributes.set(
    '__init__',
    new Builtin('__init__', (args, interpreter) => {
      const [self, ...given] = args.positional;
      if (!(self instanceof PyInstance)) return null;
      put(interpreter, self, 'training', true);
      if (args.open) self.native = 'opaque';
      construct(interpreter, self, [...given, ...args.keywords.values()]);
      return null;
    }),
  );
  return cls;
}

const sequential = container('Sequential', (interpreter, self, given) => {
  const [first] = given;
  if (given.length === 1 && first instanceof PyDict) fillFrom(interpreter, self, first);
  else if (given.length === 1 && first instanceof PyInstance && !isModule(first))
    fillFrom(interpreter, self, first);
  else
    given.forEach((module, i) => {
      put(interpreter, self, String(i), module);
    });
});

sequential.attributes.set(
  'forward',
  new Builtin('forward', ({ positional: [self, input = unknown] }, interpreter) => {
    if (isOpen(self)) return unknown;
    return valuesOf(self).reduce((value, module) => callValue(interpreter, module, [value]), input);
  }),
);

const fromOne = (interpreter: Interpreter, self: PyInstance, [source]: readonly Value[]) => {
  if (source !== undefined && source !== null) fillFrom(interpreter, self, source);
};

const moduleDict = container('ModuleDict', fromOne);
const parameterDict = container('ParameterDict', fromOne);
for (const cls of [moduleDict, parameterDict])
  for (const [key, method] of dictMethods) cls.attributes.set(key, method);

/** The containers by name. */
export const containers: ReadonlyMap<string, PyClass> = new Map([
  ['Sequential', sequential],
  ['ModuleList', container('ModuleList', fromOne)],
  ['ParameterList', container('ParameterList', fromOne)],
  ['ModuleDict', moduleDict],
  ['ParameterDict', parameterDict],
]);
