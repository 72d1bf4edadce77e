/**
 * Builds a module of a Python file with the engine, so that it can be trained. The file is read as for its shapes; then
 * its class is made, and its `forward` run, with real tensors. Nothing is executed but by the interpreter, and what is not
 * known for certain is refused with file and line.
 */
import { takePending } from '../../engine/shapes';
import { FileLoader, newFile, type ResolveImport, runFile } from '../explore/files';
import { exploreUncalled } from '../explore/uncalled';
import { callValue, instantiate } from '../interpret/calls';
import { Interpreter, type SourceFile } from '../interpret/interpreter';
import { getAttribute, linearized } from '../interpret/objects';
import { Recorder } from '../interpret/recorder';
import { runBody } from '../interpret/statements';
import { PyClass, PyInstance, type Value } from '../interpret/values';
import { library } from '../library';
import { isModule, moduleClass } from '../library/nn/module-class';
import { type Program, parse, type Statement } from '../parse';
import { argumentsFor, type DataSizes, type SizesOf } from './arguments';
import { LiveRun } from './live-library';
import type { ModuleState } from './modules';
import { type InterpretedNetwork, ModuleTree } from './network';
import { ownLoss, type Replay } from './own-loss';
import { type Recipe, RecipeWitness } from './recipe';
import { type Place, placeOf, Refused } from './refused';
import { example, Running, refusing } from './running';
import { adaptedForms, plainForms } from './sample-form';

/** A module in a file. */
export interface ModuleSource {
  readonly uri: string;
  readonly text: string;
  /** The class, or the variable that holds a module. */
  readonly name: string;
  readonly resolveImport?: ResolveImport | undefined;
}

/** A file that was read for the sake of one module. */
export interface ReadModule {
  /** Where the module stands. */
  readonly place: Place;
  readonly recipe: Recipe;
  /** Builds the module anew, with fresh weights from the engine's generator. */
  build(data: DataSizes): InterpretedNetwork;
}

/** How many steps reading the file, and what nobody calls in it, may take; and building a module of it. */
const fuel = { file: 3_000_000, uncalled: 1_000_000, build: 3_000_000 };
const milliseconds = 10_000;

/** The state of a reading that found the module. */
interface Reading {
  readonly interpreter: Interpreter;
  readonly file: SourceFile;
  readonly program: Program;
  readonly witness: RecipeWitness;
  readonly module: PyClass | PyInstance;
  readonly place: Place;
}

/** Reads a file and finds a module in it. */
export function readModule(source: ModuleSource): ReadModule {
  const { witness, place } = read(source);
  return { place, recipe: witness.recipe, build: data => build(source, data) };
}

function isModuleClass(value: Value | undefined): value is PyClass {
  return (
    value instanceof PyClass && value.definition !== undefined && linearized(value).includes(moduleClass)
  );
}

/** A module that a variable holds: of a class of the file, or an `nn.Sequential`. */
function isNetwork(value: Value | undefined): value is PyInstance {
  return isModule(value) && (value.cls.definition !== undefined || value.cls.name === 'Sequential');
}

function read({ uri, text, name, resolveImport = () => undefined }: ModuleSource): Reading {
  const files = new FileLoader(resolveImport);
  const interpreter: Interpreter = new Interpreter(
    { library, importFile: (...args) => files.import(...args) },
    { fuel: fuel.file, milliseconds, now: () => performance.now() },
  );
  const file = newFile(uri, text);
  interpreter.files.set(file.globals, file);
  const witness = new RecipeWitness(interpreter, name);
  const program = parse(text);
  const complete = runFile(interpreter, file, program);
  const module = file.globals.variables.get(name);
  if (complete) exploreUncalled(interpreter, file, new Recorder(), fuel.uncalled);
  interpreter.witness = undefined;
  if (!isModuleClass(module) && !isNetwork(module)) throw new Refused({ uri, line: 1 }, notFound(name, file));
  const statement = definitionOf(program, name);
  const place = statement === undefined ? { uri, line: 1 } : placeOf(file, statement);
  return { interpreter, file, program, witness, module, place };
}

function notFound(name: string, { globals }: SourceFile): string {
  const names = [...globals.variables].flatMap(([key, value]) =>
    isModuleClass(value) || isNetwork(value) ? [key] : [],
  );
  const found = names.length === 0 ? 'found none' : `found ${names.join(', ')}`;
  return `expected the name of an nn.Module class or of a variable that holds a module${name === '' ? '' : ` instead of ${name}`}; ${found}`;
}

function definitionOf({ body }: Program, name: string): Statement | undefined {
  return body.findLast(
    statement =>
      (statement.kind === 'class' && statement.name === name) || assigned(statement).includes(name),
  );
}

/** The names that a statement of the file's own level assigns to. */
function assigned(statement: Statement): string[] {
  if (statement.kind !== 'assign') return [];
  return statement.targets.flatMap(target => (target.kind === 'name' ? [target.name] : []));
}

/** Whose sizes a module is made with, and whether the samples may be made to fit it. */
interface Attempt {
  readonly sizesOf: SizesOf;
  readonly adapted: boolean;
}

/**
 * The ways to build a module, tried in turn: with the sizes that the file gives; with those of the data, as far as the
 * names of its parameters say which is meant; and both for images of another size or colour.
 */
const attempts: readonly Attempt[] = [
  { sizesOf: 'file', adapted: false },
  { sizesOf: 'data', adapted: false },
  { sizesOf: 'file', adapted: true },
  { sizesOf: 'data', adapted: true },
];

/** Builds the module in the first way in which it tells all classes apart, else in the first that is possible. */
function build(source: ModuleSource, data: DataSizes): InterpretedNetwork {
  let [first, refusal]: [InterpretedNetwork | undefined, Refused | undefined] = [undefined, undefined];
  for (const attempt of attempts) {
    try {
      const network = buildWith(source, data, attempt);
      if (data.anyOutput === true || isEnough(network, data)) return network;
      first ??= network;
    } catch (error) {
      if (!(error instanceof Refused) || error instanceof LossRefused) throw error;
      refusal ??= error;
    }
  }
  if (first !== undefined) return first;
  throw refusal ?? new Error('no way to build a module was tried');
}

function isEnough({ fit: { outputs } }: InterpretedNetwork, { classes }: DataSizes): boolean {
  return outputs >= classes || (outputs === 1 && classes === 2);
}

function buildWith(source: ModuleSource, data: DataSizes, { sizesOf, adapted }: Attempt): InterpretedNetwork {
  const reading = read(source);
  const { interpreter, file, place, module, witness } = reading;
  // A variable is made as the file says, and in no other way.
  if (sizesOf === 'data' && !(module instanceof PyClass))
    throw new Refused(place, 'its sizes are those of the file');
  const seen = adapted ? witness.inputOf(module)?.slice(1) : undefined;
  const forms = adapted ? adaptedForms(data.sample, seen) : plainForms(data.sample);
  const sizes: DataSizes = seen?.length === 3 ? { ...data, sample: seen } : data;
  const buffers: ModuleState['buffers'] = new Map();
  const tree = new ModuleTree(one => buffers.get(one) ?? new Map());
  const live = new LiveRun({ tree, buffers });
  const own: SourceFile = { ...file, recorder: muted() };
  interpreter.files.set(file.globals, own);
  interpreter.frames.push({ scope: file.globals, returned: [], yielded: [], loops: [], file: own });
  interpreter.gradEnabled = true;
  interpreter.uncertain = 0;
  interpreter.live = live;
  interpreter.refuel(fuel.build, milliseconds);
  const places = new Map<Value, Place>();
  interpreter.witness = (_, __, made) => {
    if (isModule(made)) places.set(made, placeOf(interpreter.frame.file, interpreter.span));
  };
  return refusing(interpreter, place, () => {
    const instance = makeModule(reading, source.name, sizes, sizesOf);
    initialise(reading, instance, data);
    interpreter.witness = undefined;
    const running = new Running(interpreter, live, tree, instance, place);
    const { network } = running;
    for (const [made, module] of tree.all) {
      const source = made === instance ? place : places.get(made);
      if (source !== undefined) network.sources.set(module, source);
    }
    network.fit = running.fit(data, forms);
    const own = witness.losses.own;
    if (own !== undefined && data.anyOutput !== true) {
      const replay: Replay = {
        interpreter,
        live,
        own,
        witness: witness.losses,
        muted: mutedFile,
        module: instance,
      };
      network.ownLoss = (scores, labels) => ownLoss(replay, scores, labels);
      tryLoss(network, own.place);
    }
    return network;
  });
}

/** Thrown where a module takes the data, and what the file learns by is not followed. */
class LossRefused extends Refused {}

/** Comes to a loss once, of which nothing is computed. */
function tryLoss({ ownLoss: loss, fit }: InterpretedNetwork, place: Place): void {
  try {
    loss?.(example([2, fit.outputs]), example([2], 'int64'));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(
      place,
      `the loss of this file is not one of torch.nn's, and cannot be followed (${error.message})`,
    );
  } finally {
    takePending();
  }
}

function mutedFile(file: SourceFile): SourceFile {
  return { ...file, recorder: muted() };
}

function muted(): Recorder {
  const recorder = new Recorder();
  recorder.muted = true;
  return recorder;
}

/** Makes the module: a class with its arguments, a variable by the statements that made it. */
function makeModule(
  { interpreter, file, program, witness, module, place }: Reading,
  name: string,
  data: DataSizes,
  sizesOf: SizesOf,
): PyInstance {
  if (module instanceof PyClass) {
    const site = witness.siteOf(module);
    interpreter.span = definitionOf(program, name) ?? interpreter.span;
    const made = instantiate(interpreter, module, argumentsFor(module, site, data, place, sizesOf));
    if (!(made instanceof PyInstance)) throw new Refused(place, `${name} could not be made`);
    return made;
  }
  for (const statement of statementsFor(name, program, file)) runBody(interpreter, [statement]);
  const again = file.globals.variables.get(name);
  if (!isModule(again) || again === module)
    throw new Refused(
      place,
      `how ${name} is made is not known: expected \`${name} = …\` at the beginning of a line`,
    );
  return again;
}

/** Does to the weights of the module what the file does to those of the one that it makes. */
function initialise({ interpreter, witness: { weights } }: Reading, made: PyInstance, data: DataSizes): void {
  for (const fn of weights.applied) callValue(interpreter, getAttribute(interpreter, made, 'apply'), [fn]);
  if (weights.setOutside !== undefined && data.anyOutput !== true)
    throw new Refused(
      weights.setOutside,
      'weights that are set outside of the class are not followed: set them in its `__init__`, or in a function that is given to `apply`',
    );
}

/** The statements that make the module that a variable holds, and the modules in it, in their order. */
function statementsFor(name: string, { body }: Program, { globals, text }: SourceFile): Statement[] {
  const needed = new Set([name]);
  const isHeld = (one: string) => isModule(globals.variables.get(one));
  return body
    .filter(statement => statement.kind === 'assign' || statement.kind === 'expression')
    .toReversed()
    .filter(statement => {
      const makes = assigned(statement).some(one => needed.has(one)) || needed.has(addedTo(statement) ?? '');
      if (makes)
        for (const [word] of text.slice(statement.from, statement.to).matchAll(/[\p{L}_]\w*/gu))
          if (isHeld(word)) needed.add(word);
      return makes;
    })
    .toReversed();
}

/** The name of what a statement adds modules to, or goes through the modules of. */
function addedTo(statement: Statement): string | undefined {
  if (statement.kind !== 'expression' || statement.value.kind !== 'call') return undefined;
  const { callee } = statement.value;
  if (callee.kind !== 'attribute' || callee.value.kind !== 'name') return undefined;
  return ['add_module', 'append', 'extend', 'insert', 'apply'].includes(callee.name)
    ? callee.value.name
    : undefined;
}
