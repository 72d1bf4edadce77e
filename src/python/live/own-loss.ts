/**
 * A loss that a file puts together itself, computed as it says: the turn of its loop over batches is run again, in which
 * the module gives the scores at hand, up to the backward pass. It may look at scores and labels; not at the images.
 */
import type { Tensor } from '../../engine/shapes';
import { assign } from '../interpret/assign';
import { call } from '../interpret/calls';
import type { Interpreter, Loop, SourceFile } from '../interpret/interpreter';
import { getAttribute } from '../interpret/objects';
import { runBody } from '../interpret/statements';
import {
  Builtin,
  PyDict,
  type PyInstance,
  PyList,
  PyNumber,
  PyTuple,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { moduleClass } from '../library/nn/module-class';
import { optimizerClass } from '../library/optim';
import { tensorMethods } from '../library/tensor-methods';
import type { Replacement } from './given';
import type { LiveRun } from './live-library';
import type { LossWitness, OwnLoss } from './loss-witness';
import { lossReplacements } from './losses';
import { Refused, refuse } from './refused';
import { refusing } from './running';
import { tensorValue, withheld } from './strict';

/** How many steps a loss may take, and how long. */
const fuel = 500_000;
const milliseconds = 5_000;

/** Thrown where the backward pass would begin. */
class Found extends Error {
  constructor(readonly loss: Value) {
    super('found');
  }
}

/** What a loss is run with. */
export interface Replay {
  readonly interpreter: Interpreter;
  readonly live: LiveRun;
  readonly own: OwnLoss;
  readonly witness: LossWitness;
  /** The file in which the loop stands, with a recorder that records nothing. */
  readonly muted: (file: SourceFile) => SourceFile;
  /** The module that is trained. */
  readonly module: PyInstance;
}

/** The loss of scores, [N, classes], and labels, [N]. */
export function ownLoss(replay: Replay, scores: Tensor, labels: Tensor): Tensor {
  const { interpreter, live, own } = replay;
  const { place } = own;
  live.device = scores.device;
  interpreter.refuel(fuel, milliseconds);
  const overrides = live.overrides;
  live.overrides = replacements(replay, tensorValue(scores, 'the module'));
  try {
    const loss = refusing(interpreter, place, () => run(replay, scores, labels));
    if (!(loss instanceof TensorValue) || loss.numbers === undefined || loss.numbers.ndim !== 0)
      throw new Refused(place, 'expected the loss to be one number, found something else');
    return loss.numbers;
  } finally {
    live.overrides = overrides;
  }
}

/** Runs a turn up to its backward pass; all that it changes is taken back. */
function run(replay: Replay, scores: Tensor, labels: Tensor): Value {
  const { interpreter, own, muted, module } = replay;
  const { frame, variables, loop, item } = own;
  const { statement } = loop;
  if (statement.kind !== 'for') throw new Refused(own.place, 'the loop over batches is not followed');
  const turn: Loop = { ...loop, breaks: [], continues: [] };
  const { result } = interpreter.journal.attempt(() => {
    const { scope } = frame;
    interpreter.frames.push({ ...frame, returned: [], yielded: [], loops: [turn], file: muted(frame.file) });
    try {
      for (const [name, value] of variables)
        interpreter.journal.set(scope.variables, name, value === own.module ? module : value);
      assign(interpreter, statement.target, given(item, scores.shape[0] ?? 1, labels));
      runBody(interpreter, statement.body);
      throw new Refused(own.place, 'the loss is not come to in every turn of the loop');
    } catch (error) {
      if (error instanceof Found) return error.loss;
      throw error;
    }
  });
  return result;
}

const images =
  'the loss looks at the samples themselves, and not only at what the module gives for them: that is not trained here';

/** What a turn of the loop is given: the labels as they are, of the samples the shape alone, of numbers nothing. */
function given(item: Value, batch: number, labels: Tensor): Value {
  if (item instanceof TensorValue) {
    const whole = item.dtype?.includes('int') === true;
    if (whole && item.dims.length === 1) return tensorValue(labels, 'the labels');
    const samples = new TensorValue([batch, ...item.dims.slice(1)], item.dtype, item.extra);
    withheld.set(samples, images);
    return samples;
  }
  if (item instanceof PyNumber) return new PyNumber(item.type, undefined);
  const inside = (one: Value) => given(one, batch, labels);
  if (item instanceof PyTuple) return new PyTuple(item.items.map(inside), item.names);
  if (item instanceof PyList) return new PyList(item.items.map(inside));
  if (item instanceof PyDict)
    return new PyDict(new Map([...item.entries].map(([key, [name, value]]) => [key, [name, inside(value)]])));
  return unknown;
}

/** What is different while a loss is computed. */
function replacements(
  { own, witness, module }: Replay,
  scores: TensorValue,
): ReadonlyMap<unknown, Replacement> {
  const nothing: Replacement = () => null;
  let calls = 0;
  const calling: Replacement = (args, interpreter) => {
    const [self = null, ...rest] = args.positional;
    if (self === own.module || self === module) {
      if (calls++ > 0)
        return refuse(interpreter, 'a module that is called more than once for a loss is not trained here');
      return scores;
    }
    return call(interpreter, getAttribute(interpreter, self, 'forward'), { ...args, positional: rest });
  };
  const own_: [string, Replacement][] = [
    ['__call__', calling],
    ['train', ({ positional: [self = null] }) => self],
    ['eval', ({ positional: [self = null] }) => self],
    ['zero_grad', nothing],
  ];
  const of = (owner: ReadonlyMap<string, Value>, name: string) => {
    const found = owner.get(name);
    return found instanceof Builtin ? [found] : [];
  };
  return new Map<unknown, Replacement>([
    ...own_.flatMap(([name, body]) =>
      of(moduleClass.attributes, name).map((one): [unknown, Replacement] => [one, body]),
    ),
    ...['zero_grad', 'step'].flatMap(name =>
      of(optimizerClass.attributes, name).map((one): [unknown, Replacement] => [one, nothing]),
    ),
    ...of(tensorMethods, 'backward').map((one): [unknown, Replacement] => [
      one,
      ({ positional: [loss = null] }) => {
        throw new Found(loss);
      },
    ]),
    ...lossReplacements(witness),
  ]);
}
