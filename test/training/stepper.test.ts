/** What is looked at on the side is what is there. */
import { expect, test } from 'vitest';
import { compute, crossEntropy, defaultGenerator } from '../../src/engine';
import { BatchOrder } from '../../src/training/batch-order';
import { Cadence } from '../../src/training/cadence';
import { prepare } from '../../src/training/preparation';
import { Stepper } from '../../src/training/stepper';
import { digitsFolder, smallConfig } from './support';

/** The norm of all gradients for the first samples, step by step as PyTorch's `clip_grad_norm_` counts it. */
async function normByHand(dataset: string, batchSize: number): Promise<number> {
  const { learner, samples, training } = await prepare(smallConfig({ dataset, batchSize }));
  const { images, labels } = samples.batch(batchSize, (target, start) => {
    target.set(training.subarray(0, batchSize), start);
    return { generator: { seed: 0, offset: 0 }, position: 0 };
  });
  crossEntropy(learner.network.forward(images), labels).backward();
  const gradients = learner.network.parameters().flatMap(({ grad }) => grad ?? []);
  await compute(...gradients);
  const all = await Promise.all(gradients.map(async gradient => Array.from(await gradient.data(), Number)));
  return Math.hypot(...all.flat());
}

test('the norm of the gradient is that of the last step, of which the first call has none', async () => {
  const dataset = digitsFolder({ train: 200 });
  const batchSize = 10;
  const { learner, samples, data, training } = await prepare(smallConfig({ dataset, batchSize, lr: 0 }));
  // Always the same samples, and nothing is learned: every step has the same gradient.
  const order = new BatchOrder(training, defaultGenerator);
  order.next = (target, start, count) => {
    target.set(training.subarray(0, count), start);
    return order.getState();
  };
  const setting = { learner, samples, classes: data.classes.length, device: 'cpu' } as const;
  const looks = new Cadence(0.02, 50);
  let due = true;
  looks.due = () => due;
  const stepper = new Stepper(setting, order, batchSize, looks);
  expect((await stepper.take(3, batchSize)).gradientNorms).toEqual([]);
  const { losses, correct, gradientNorms } = await stepper.take(4, batchSize);
  expect([losses.length, correct.length, gradientNorms.length]).toEqual([4, 4, 1]);
  expect(gradientNorms[0]).toBeCloseTo(await normByHand(dataset, batchSize), 5);
  // Short batches are never looked at, nor is a step whose time has not come.
  expect((await stepper.take(1, 7)).gradientNorms).toEqual([]);
  due = false;
  expect((await stepper.take(3, batchSize)).gradientNorms).toEqual([]);
  // A model for single steps is made where steps are slow.
  due = true;
  expect((await stepper.take(1, batchSize)).gradientNorms).toEqual([]);
  await stepper.release();
});
