/** Losses, as functions and as modules. */
import type { Interpreter } from '../../interpret/interpreter';
import { join } from '../../interpret/join';
import {
  Builtin,
  firstOf,
  isUnknown,
  PyClass,
  PyInstance,
  TensorValue,
  Union,
  unknown,
  type Value,
} from '../../interpret/values';
import { engineFunction, leavesOf, withEngine } from '../bridge';
import { type Bound, bindTo } from '../native';
import { moduleClass } from './module-class';

/** The loss as the engine names it, and the parameters of PyTorch's class. */
export interface Loss {
  readonly fn: string;
  readonly module: string;
  readonly parameters: readonly string[];
  /** What the result looks like without a reduction: the input, or the target (class indices). */
  readonly each: 'input' | 'target' | 'none';
}

const usual = ['weight', 'size_average', 'reduce', 'reduction'];

/** The losses of an input and a target. */
export const losses: readonly Loss[] = [
  {
    fn: 'cross_entropy',
    module: 'CrossEntropyLoss',
    parameters: ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing'],
    each: 'target',
  },
  {
    fn: 'nll_loss',
    module: 'NLLLoss',
    parameters: ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction'],
    each: 'target',
  },
  { fn: 'mse_loss', module: 'MSELoss', parameters: ['size_average', 'reduce', 'reduction'], each: 'input' },
  { fn: 'l1_loss', module: 'L1Loss', parameters: ['size_average', 'reduce', 'reduction'], each: 'input' },
  {
    fn: 'smooth_l1_loss',
    module: 'SmoothL1Loss',
    parameters: ['size_average', 'reduce', 'reduction', 'beta'],
    each: 'input',
  },
  { fn: 'huber_loss', module: 'HuberLoss', parameters: ['reduction', 'delta'], each: 'input' },
  { fn: 'binary_cross_entropy', module: 'BCELoss', parameters: usual, each: 'input' },
  {
    fn: 'binary_cross_entropy_with_logits',
    module: 'BCEWithLogitsLoss',
    parameters: [...usual, 'pos_weight'],
    each: 'input',
  },
  {
    fn: 'kl_div',
    module: 'KLDivLoss',
    parameters: ['size_average', 'reduce', 'reduction', 'log_target'],
    each: 'input',
  },
  {
    fn: 'soft_margin_loss',
    module: 'SoftMarginLoss',
    parameters: ['size_average', 'reduce', 'reduction'],
    each: 'input',
  },
  {
    fn: 'poisson_nll_loss',
    module: 'PoissonNLLLoss',
    parameters: ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction'],
    each: 'input',
  },
  {
    fn: 'hinge_embedding_loss',
    module: 'HingeEmbeddingLoss',
    parameters: ['margin', 'size_average', 'reduce', 'reduction'],
    each: 'input',
  },
  { fn: 'multilabel_soft_margin_loss', module: 'MultiLabelSoftMarginLoss', parameters: usual, each: 'none' },
  {
    fn: 'multi_margin_loss',
    module: 'MultiMarginLoss',
    parameters: ['p', 'margin', 'weight', 'size_average', 'reduce', 'reduction'],
    each: 'none',
  },
  { fn: 'ctc_loss', module: 'CTCLoss', parameters: ['blank', 'reduction'], each: 'none' },
  {
    fn: 'gaussian_nll_loss',
    module: 'GaussianNLLLoss',
    parameters: ['full', 'eps', 'reduction'],
    each: 'none',
  },
];

/** Losses of three inputs: always a number unless it is asked for each. */
const ofThree: readonly Loss[] = [
  {
    fn: 'triplet_margin_loss',
    module: 'TripletMarginLoss',
    parameters: ['margin', 'p', 'eps', 'swap', 'size_average', 'reduce', 'reduction'],
    each: 'none',
  },
  {
    fn: 'cosine_embedding_loss',
    module: 'CosineEmbeddingLoss',
    parameters: ['margin', 'size_average', 'reduce', 'reduction'],
    each: 'none',
  },
  {
    fn: 'margin_ranking_loss',
    module: 'MarginRankingLoss',
    parameters: ['margin', 'size_average', 'reduce', 'reduction'],
    each: 'none',
  },
];

const nodes: Readonly<Record<string, string>> = {
  cross_entropy: 'NllLossBackward0',
  nll_loss: 'NllLossBackward0',
  mse_loss: 'MseLossBackward0',
};

/** The value of a loss. */
function lossOf(
  interpreter: Interpreter,
  loss: Loss,
  input: Value | undefined,
  target: Value | undefined,
  reduction: Value | undefined,
): Value {
  if (input instanceof Union || target instanceof Union) {
    const inputs = input instanceof Union ? input.options : [input];
    const targets = target instanceof Union ? target.options : [target];
    return inputs
      .flatMap(x =>
        targets.map(y =>
          interpreter.perhaps(() => lossOf(interpreter, loss, firstOf(x), firstOf(y), reduction)),
        ),
      )
      .reduce((a, b) => join(a, b));
  }
  const reduces =
    reduction === undefined || reduction === 'mean' || reduction === 'sum' || reduction === 'batchmean';
  if (!reduces && reduction !== 'none') return unknown;
  if (input instanceof TensorValue && target instanceof TensorValue) {
    const { fn } = loss;
    const body = engineFunction(fn);
    if (body !== undefined) {
      const made = withEngine(interpreter, { label: fn, inputs: [input, target] }, convert =>
        body(convert.tensor(input), convert.tensor(target), reduces ? {} : { reduction: 'none' }),
      );
      if (!isUnknown(made) || !reduces) return made;
    }
  }
  if (!reduces) {
    const like = loss.each === 'input' ? input : loss.each === 'target' ? target : undefined;
    return like instanceof TensorValue && loss.each === 'input'
      ? scalar(interpreter, loss, [input, target], like.dims)
      : unknown;
  }
  return scalar(interpreter, loss, [input, target], []);
}

function scalar(
  interpreter: Interpreter,
  loss: Loss,
  inputs: readonly (Value | undefined)[],
  dims: TensorValue['dims'],
): Value {
  const tensors = inputs.filter(one => one instanceof TensorValue);
  if (tensors.length === 0 && inputs.every(one => one === undefined)) return unknown;
  const flows = interpreter.gradEnabled && tensors.some(({ requiresGrad }) => requiresGrad);
  const made = new TensorValue(dims, tensors[0]?.dtype ?? 'float32', {
    requiresGrad: flows,
    gradFn: flows ? (nodes[loss.fn] ?? 'MeanBackward0') : undefined,
  });
  made.sources = flows ? leavesOf(tensors) : [];
  made.step = { label: loss.fn, from: tensors[0] };
  return made;
}

function lossFunction(loss: Loss, names: readonly string[]): Builtin {
  const parameters = [...names, ...loss.parameters];
  return new Builtin(loss.fn, (args, interpreter) => {
    const bound = bindTo(parameters, args);
    return ofBound(interpreter, loss, bound, names);
  });
}

function ofBound(interpreter: Interpreter, loss: Loss, bound: Bound, names: readonly string[]): Value {
  const [first, second] = names;
  const old = bound.get('reduce') === false ? 'none' : undefined;
  return lossOf(
    interpreter,
    loss,
    bound.get(first ?? ''),
    bound.get(second ?? ''),
    old ?? bound.get('reduction'),
  );
}

function lossClass(loss: Loss, names: readonly string[]): PyClass {
  const cls = new PyClass(loss.module, [moduleClass]);
  cls.attributes.set(
    '__init__',
    new Builtin('__init__', (args, interpreter) => {
      const bound = bindTo(['self', ...loss.parameters], args);
      const self = bound.get('self');
      if (!(self instanceof PyInstance)) return null;
      const old = bound.get('reduce') === false ? 'none' : undefined;
      interpreter.journal.set(self.attributes, 'training', true);
      interpreter.journal.set(self.attributes, 'reduction', old ?? bound.get('reduction') ?? 'mean');
      return null;
    }),
  );
  cls.attributes.set(
    'forward',
    new Builtin('forward', (args, interpreter) => {
      const bound = bindTo(['self', ...names], args);
      const self = bound.get('self');
      const reduction = self instanceof PyInstance ? self.attributes.get('reduction') : undefined;
      return lossOf(interpreter, loss, bound.get(names[0] ?? ''), bound.get(names[1] ?? ''), reduction);
    }),
  );
  return cls;
}

const two = ['input', 'target'];
const three = ['input1', 'input2', 'target'];

/** The losses of `nn.functional`. */
export const lossFunctions: ReadonlyMap<string, Value> = new Map([
  ...losses.map(loss => [loss.fn, lossFunction(loss, two)] as const),
  ...ofThree.map(loss => [loss.fn, lossFunction(loss, three)] as const),
]);

/** The losses of `nn`. */
export const lossModules: ReadonlyMap<string, PyClass> = new Map([
  ...losses.map(loss => [loss.module, lossClass(loss, two)] as const),
  ...ofThree.map(loss => [loss.module, lossClass(loss, three)] as const),
]);
