/**
 * The step that comes next, written down and not taken: its batch, its forward and backward pass with the weights as
 * they are and the random numbers that it will draw. Its tensors are lazy, so only what is asked for is computed.
 */
import { AccumulateGrad, defaultGenerator, type GradNode, type nn, readGraph, Tensor } from '../../engine';
import type { BatchOrder } from '../batch-order';
import { type Learner, lossesOf, type StepSetting } from '../training-step';

/** A step that was not taken. */
export interface NextStep {
  readonly images: Tensor;
  readonly labels: Tensor;
  readonly loss: Tensor;
  readonly network: nn.Module;
  /** The parameters by name with the values that they have now: these do not change when the step is taken. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** From the loss to the leaves, depth first. */
  readonly nodes: readonly GradNode[];
  /** The gradient of the loss with respect to what each node's forward operation gave. */
  readonly gradients: ReadonlyMap<GradNode, Tensor>;
}

/** Runs `body` and puts back what a forward and a backward pass change; random numbers will be drawn again. */
function leavingNoTrace<T>({ network }: Learner, body: () => T): T {
  const generator = defaultGenerator.getState();
  const buffers = network.namedBuffers().map(([, buffer]) => ({ buffer, expr: buffer.storage.expr }));
  const parameters = network.parameters().map(parameter => ({ parameter, grad: parameter.grad }));
  const modes = network.namedModules().map(([, module]) => ({ module, training: module.training }));
  try {
    return body();
  } finally {
    for (const { buffer, expr } of buffers) buffer.replaceStorage(expr);
    for (const { parameter, grad } of parameters) parameter.grad = grad;
    for (const { module, training } of modes) module.training = training;
    defaultGenerator.setState(generator);
  }
}

/**
 * Writes the next step down. Nothing is computed and nothing changed, so it may be done at any moment between steps.
 * @param batchSize how many samples a full batch has
 */
export function nextStep(setting: StepSetting, order: BatchOrder, batchSize: number): NextStep {
  const { learner, samples } = setting;
  const restore = order.mark();
  try {
    return leavingNoTrace(learner, () => {
      if (order.left === 0) order.startEpoch();
      const size = Math.min(batchSize, order.left);
      const { images, labels } = samples.batch(size, (target, start) => order.next(target, start, size));
      return passOver(learner, images, labels);
    });
  } finally {
    restore();
  }
}

/** Writes the passes over a batch down. */
export function passOver(
  learner: Pick<Learner, 'network' | 'task' | 'regularization'>,
  images: Tensor,
  labels: Tensor,
): NextStep {
  const { network } = learner;
  network.train();
  network.zeroGrad();
  const { goal: loss } = lossesOf(learner, network.call(images), labels);
  const nodes = readGraph(loss);
  const gradients = new Map<GradNode, Tensor>();
  loss.backward(undefined, {
    retainGraph: true,
    onGradients: (node, [gradient]) => {
      if (gradient !== undefined) gradients.set(node, gradient);
    },
  });
  const parameters = new Map(
    network.namedParameters().map(([name, parameter]) => [name, Tensor.fromExpr(parameter.expr)]),
  );
  return { images, labels, loss, network, parameters, nodes, gradients };
}

/** The gradient of a parameter; undefined where the loss does not depend on it. */
export function gradientOf({ nodes, gradients }: NextStep, parameter: Tensor): Tensor | undefined {
  const leaf = nodes.find(node => node instanceof AccumulateGrad && node.variable === parameter);
  return leaf && gradients.get(leaf);
}
