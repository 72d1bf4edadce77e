/** Executing statements. */
import type { ClassDefinition, FunctionDefinition, Statement, StatementOf } from '../parse';
import { assign } from './assign';
import { callValue } from './calls';
import { defaultsOf, evaluate } from './expressions';
import { dead, surviving } from './fork';
import { importFrom, importModules } from './imports';
import { type Interpreter, Raised } from './interpreter';
import { elementsOf } from './iterate';
import { forLoop, whileLoop } from './loops';
import { classAttribute, getAttribute } from './objects';
import { binary, longest } from './operators';
import { Scope } from './scope';
import { deleteSubscript } from './subscripts';
import { truth } from './truth';
import {
  Builtin,
  isUnknown,
  PyClass,
  PyFunction,
  PyInstance,
  PyList,
  PyProperty,
  PyWrapped,
  TensorValue,
  unknown,
  type Value,
} from './values';

/** How a statement ends: with the next one, or by leaving. */
export type End = 'next' | 'break' | 'continue' | 'return';

/** Executes statements one after the other. */
export function runBody(interpreter: Interpreter, body: readonly Statement[]): End {
  for (const statement of body) {
    const end = run(interpreter, statement);
    if (end !== 'next') return end;
  }
  return 'next';
}

function run(interpreter: Interpreter, statement: Statement): End {
  interpreter.burn();
  const { frame } = interpreter;
  switch (statement.kind) {
    case 'expression':
      evaluate(interpreter, statement.value);
      return 'next';
    case 'assign': {
      const value = evaluate(interpreter, statement.value);
      for (const target of statement.targets) assign(interpreter, target, value);
      return 'next';
    }
    case 'annotate': {
      const value = statement.value && evaluate(interpreter, statement.value);
      if (value !== undefined) assign(interpreter, statement.target, value);
      if (frame.scope.kind === 'class' && statement.target.kind === 'name')
        noteField(interpreter, statement.target.name);
      return 'next';
    }
    case 'update':
      update(interpreter, statement);
      return 'next';
    case 'return':
      frame.returned.push(statement.value === undefined ? null : evaluate(interpreter, statement.value));
      return 'return';
    case 'break':
    case 'continue':
      return statement.kind;
    case 'raise':
      throw new Raised(statement.value === undefined ? null : evaluate(interpreter, statement.value));
    case 'assert':
      if (truth(evaluate(interpreter, statement.test)) === false) throw new Raised(null);
      return 'next';
    case 'scope':
      for (const name of statement.names) frame.scope.declare(name, statement.what);
      return 'next';
    case 'import':
      importModules(interpreter, statement);
      return 'next';
    case 'importFrom':
      importFrom(interpreter, statement);
      return 'next';
    case 'function':
      defineFunction(interpreter, statement);
      return 'next';
    case 'class':
      defineClass(interpreter, statement);
      return 'next';
    case 'if':
      return branch(interpreter, truth(evaluate(interpreter, statement.test)), [
        statement.body,
        statement.otherwise,
      ]);
    case 'match': {
      evaluate(interpreter, statement.subject);
      return statement.cases.reduceRight<() => End>(
        (otherwise, body) => () => either(interpreter, () => runBody(interpreter, body), otherwise),
        () => 'next',
      )();
    }
    case 'for':
      return forLoop(interpreter, statement);
    case 'while':
      return whileLoop(interpreter, statement);
    case 'with':
      return withContext(interpreter, statement);
    case 'try':
      return attempt(interpreter, statement);
    case 'delete':
      for (const target of statement.targets) {
        if (target.kind === 'name') frame.scope.assign(target.name, undefined, interpreter.journal);
        else if (target.kind === 'subscript')
          deleteSubscript(
            interpreter,
            evaluate(interpreter, target.value),
            evaluate(interpreter, target.index),
          );
      }
      return 'next';
    default:
      return 'next';
  }
}

/** The methods that change a tensor as `op=` does. */
const inPlaceMethods: Readonly<Record<string, string>> = {
  '+': 'add_',
  '-': 'sub_',
  '*': 'mul_',
  '/': 'div_',
  '//': 'floor_divide_',
  '%': 'remainder_',
  '**': 'pow_',
};

/** `target op= value`. */
function update(interpreter: Interpreter, { target, op, value, from, to }: StatementOf<'update'>): void {
  const before = evaluate(interpreter, target);
  const operand = evaluate(interpreter, value);
  interpreter.span = { from, to };
  if (before instanceof PyList && op === '+') {
    const { items, exact } = elementsOf(interpreter, operand);
    interpreter.burn(before.items.length + items.length);
    const all = [...before.items, ...items];
    interpreter.journal.setItems(
      before,
      all.slice(0, longest),
      before.open || !exact || all.length > longest,
    );
    return;
  }
  if (interpreter.live !== undefined && before instanceof TensorValue) {
    // The tensor itself changes, and whoever else holds it sees that.
    const changing = getAttribute(interpreter, before, inPlaceMethods[op] ?? '');
    if (isUnknown(changing)) interpreter.mustKnow(`\`${op}=\` of a tensor is not computed`);
    assign(interpreter, target, callValue(interpreter, changing, [operand]));
    return;
  }
  const result = binary(interpreter, op, before, operand);
  assign(
    interpreter,
    target,
    before instanceof TensorValue ? changedInPlace(interpreter, before, result) : result,
  );
}

/** A tensor stays what it is and keeps its shape, whatever is added to it; but it may become part of a graph. */
function changedInPlace(interpreter: Interpreter, tensor: TensorValue, result: Value): TensorValue {
  const flows = result instanceof TensorValue && result.requiresGrad && !tensor.isArray;
  const leaf = tensor.requiresGrad && tensor.extra.gradFn === undefined;
  const extra = { ...tensor.extra, known: undefined };
  if (flows && !leaf) {
    interpreter.journal.setTensor(tensor, 'extra', {
      ...extra,
      requiresGrad: true,
      gradFn: result.extra.gradFn,
    });
    tensor.sources = result.sources;
  } else if (tensor.extra.known !== undefined) interpreter.journal.setTensor(tensor, 'extra', extra);
  return tensor;
}

/** One of two bodies, or both where it is not known which. */
function branch(
  interpreter: Interpreter,
  answer: boolean | undefined,
  [yes, no]: readonly [readonly Statement[], readonly Statement[]],
): End {
  if (answer !== undefined) return runBody(interpreter, answer ? yes : no);
  return either(
    interpreter,
    () => runBody(interpreter, yes),
    () => runBody(interpreter, no),
  );
}

/** Follows both ways and joins what they left behind; a way that leaves the body is remembered where it leads to. */
export function either(interpreter: Interpreter, first: () => End, second: () => End): End {
  interpreter.mustKnow('which way this goes is only known while it runs');
  const { journal, frame } = interpreter;
  const a = interpreter.onOneWay(() => journal.attempt(() => surviving(first)));
  const b = interpreter.onOneWay(() => journal.attempt(() => surviving(second)));
  if (a.result === dead && b.result === dead) throw new Raised(null);
  if (a.result === dead) {
    journal.apply(b.outcome);
    return b.result === dead ? 'next' : b.result;
  }
  if (b.result === dead || a.result === b.result) {
    if (b.result === dead) journal.apply(a.outcome);
    else journal.applyJoined(a.outcome, b.outcome);
    return a.result;
  }
  // One way goes on, or both leave for different places.
  const [goes, leaves] = a.result === 'next' ? [a, b] : b.result === 'next' ? [b, a] : [a, b];
  const loop = frame.loops.at(-1);
  if (leaves.result === 'break') loop?.breaks.push(leaves.outcome);
  else if (leaves.result === 'continue') loop?.continues.push(leaves.outcome);
  journal.applyOnto(goes.outcome, leaves.outcome, frame.scope.variables);
  return goes.result === dead ? 'next' : goes.result;
}

function noteField(interpreter: Interpreter, name: string): void {
  const { scope } = interpreter.frame;
  const fields = scope.variables.get('__annotated__');
  const before = fields instanceof PyList ? fields.items : [];
  interpreter.journal.set(scope.variables, '__annotated__', new PyList([...before, name]));
}

function defineFunction(interpreter: Interpreter, definition: FunctionDefinition): void {
  const { frame } = interpreter;
  const fn = new PyFunction(
    definition,
    frame.scope,
    defaultsOf(interpreter, definition.parameters),
    frame.scope.kind === 'class' ? frame.owner : undefined,
  );
  frame.file.functions.add(fn);
  let value: Value = fn;
  for (const decorator of definition.decorators.toReversed()) {
    const name =
      decorator.kind === 'name' ? decorator.name : decorator.kind === 'attribute' ? decorator.name : '';
    if (name === 'property' || name === 'cached_property') value = new PyProperty(value);
    else if (name === 'staticmethod' || name === 'classmethod') value = new PyWrapped(name, value);
    else if (name === 'setter' || name === 'abstractmethod')
      value = name === 'setter' ? (frame.scope.find(definition.name) ?? value) : value;
    else value = decorated(interpreter, evaluate(interpreter, decorator), value);
  }
  frame.scope.assign(definition.name, value, interpreter.journal);
}

/** A decorator of the file is called; any other is taken to leave the function as it is, but what it gives is kept. */
function decorated(interpreter: Interpreter, decorator: Value, value: Value): Value {
  if (decorator instanceof PyFunction || decorator instanceof Builtin) {
    const result = callValue(interpreter, decorator, [value]);
    return isUnknown(result) ? value : result;
  }
  if (decorator instanceof PyInstance && classAttribute(decorator.cls, '__call__') !== undefined) {
    const result = callValue(interpreter, decorator, [value]);
    return isUnknown(result) ? value : result;
  }
  return value;
}

function defineClass(interpreter: Interpreter, definition: ClassDefinition): void {
  const { frame, frames, journal } = interpreter;
  const bases = definition.bases
    .filter(({ kind }) => kind === 'positional')
    .map(({ value }) => evaluate(interpreter, value));
  const cls = new PyClass(definition.name, bases, definition);
  const scope = new Scope('class', frame.scope);
  frames.push({ ...frame, scope, owner: cls, self: undefined, returned: [], loops: [] });
  try {
    runBody(interpreter, definition.body);
  } finally {
    frames.pop();
  }
  for (const [name, value] of scope.variables) journal.set(cls.attributes, name, value);
  const fields = scope.variables.get('__annotated__');
  const dataclass = definition.decorators.some(one => {
    const named = one.kind === 'call' ? one.callee : one;
    return (named.kind === 'name' || named.kind === 'attribute') && named.name === 'dataclass';
  });
  if (dataclass && fields !== undefined) journal.set(cls.attributes, '__dataclass_fields__', fields);
  frame.file.classes.add(cls);
  frame.scope.assign(definition.name, cls, journal);
}

function withContext(interpreter: Interpreter, statement: StatementOf<'with'>): End {
  const exits: Value[] = [];
  for (const { value, target } of statement.items) {
    const context = evaluate(interpreter, value);
    const enter = getAttribute(interpreter, context, '__enter__');
    if (isUnknown(enter)) interpreter.mustKnow('what this context does is not known');
    const entered = isUnknown(enter) ? unknown : callValue(interpreter, enter, []);
    if (!isUnknown(enter)) exits.push(getAttribute(interpreter, context, '__exit__'));
    if (target !== undefined) assign(interpreter, target, entered);
  }
  try {
    return runBody(interpreter, statement.body);
  } finally {
    for (const exit of exits.toReversed())
      if (!isUnknown(exit)) callValue(interpreter, exit, [null, null, null]);
  }
}

function attempt(interpreter: Interpreter, statement: StatementOf<'try'>): End {
  const { handlers } = statement;
  const handle = (value: Value) => () => {
    const ways = handlers.map(handler => () => {
      if (handler.name !== undefined)
        interpreter.frame.scope.assign(handler.name, value, interpreter.journal);
      return runBody(interpreter, handler.body);
    });
    const [first, ...rest] = ways;
    if (first === undefined) return 'next' as const;
    return rest.reduce<() => End>((a, b) => () => either(interpreter, a, b), first)();
  };
  try {
    const body = () => runBody(interpreter, statement.body);
    const end = interpreter.live === undefined ? interpreter.perhaps(body) : body();
    if (end !== 'next') return end;
    if (interpreter.live !== undefined) return runBody(interpreter, statement.otherwise);
    const imports = statement.body.every(({ kind }) => kind === 'import' || kind === 'importFrom');
    if (handlers.length === 0 || imports) return runBody(interpreter, statement.otherwise);
    return either(interpreter, () => runBody(interpreter, statement.otherwise), handle(unknown));
  } catch (error) {
    if (!(error instanceof Raised) || handlers.length === 0) throw error;
    interpreter.mustKnow('an exception that is caught is not followed');
    return handle(error.value)();
  } finally {
    runBody(interpreter, statement.final);
  }
}
