/** What PyTorch complains about in losses, layers and optimizers is complained about here, before anything wrong is computed. */
import { describe, expect, it } from 'vitest';
import {
  binaryCrossEntropyWithLogits,
  compute,
  fromArray,
  mseLoss,
  nn,
  optim,
  type Tensor,
  tensor,
  zeros,
} from '../../src/engine';
import { onBothExecutors } from './executors';

const floats = (...values: number[]) => tensor(values, { dtype: 'float32' });
const labels = (...values: number[]) => tensor(values, { dtype: 'int64' });
const scores = () => zeros([2, 3]);
const { lrScheduler } = optim;
const descent = () => new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 0.1 });

onBothExecutors(() => {
  const computing: readonly (readonly [title: string, make: () => Tensor, complaint: string | RegExp])[] = [
    [
      'probabilities above 1',
      () => new nn.BCELoss().call(floats(0.5, 1.5), floats(0, 1)),
      'all elements of input should be between 0 and 1',
    ],
    [
      'computed probabilities below 0',
      () => new nn.BCELoss({ reduction: 'none' }).call(floats(0.5, 0.1).mul(-1), floats(0, 1)),
      'all elements of input should be between 0 and 1',
    ],
    [
      'probabilities with weights',
      () => new nn.BCELoss({ weight: floats(1, 2), reduction: 'sum' }).call(floats(0.5, 2), floats(0, 1)),
      'all elements of input should be between 0 and 1',
    ],
    [
      'computed labels below 0',
      () => new nn.CrossEntropyLoss().call(scores(), labels(0, 1).sub(1)),
      /^Target (-1 )?is out of bounds/,
    ],
    [
      'a negative variance',
      () => new nn.GaussianNLLLoss().call(floats(0, 1), floats(0, 1), floats(1, -0.5)),
      'var has negative entry/entries',
    ],
  ];
  for (const [title, make, complaint] of computing) {
    it(title, async () => {
      await expect(compute(make())).rejects.toThrow(complaint);
    });
  }

  it('probabilities of exactly 0 and 1 are right, and what is no number is let through', async () => {
    expect(await new nn.BCELoss().call(floats(0, 1), floats(1, 1)).item()).toBe(50);
    expect(await new nn.BCELoss().call(floats(0.5, Number.NaN), floats(0, 1)).item()).toBeNaN();
  });

  it('a mean squared error is of the wider type', async () => {
    const loss = mseLoss(floats(1, 2), tensor([1, 4], { dtype: 'float64' }));
    expect(loss.dtype).toBe('float64');
    expect(await loss.item()).toBe(2);
  });

  it('labels may be bytes', async () => {
    const bytes = labels(1, 2).to('uint8');
    expect(await new nn.CrossEntropyLoss().call(scores(), bytes).item()).toBeCloseTo(Math.log(3), 6);
  });
});

it('a computed label without a class is told of without the inside of ONNX Runtime', async () => {
  const loss = new nn.CrossEntropyLoss().call(scores(), labels(1, 2).add(1));
  await expect(compute(loss)).rejects.toThrow(/^Target is out of bounds for 3 classes$/);
});

describe('refuses', () => {
  const attention = new nn.MultiheadAttention(4, 2);
  const [query, wide] = [zeros([3, 2, 4]), zeros([3, 2, 6])];
  const refused: readonly (readonly [title: string, make: () => unknown, complaint: string])[] = [
    [
      'a type that there is not',
      () => zeros([2], { dtype: JSON.parse('"int8"') }),
      "dtype 'int8' is not supported: there are float32, float64, int64, int32, uint8, bool; 'int32' holds",
    ],
    [
      'an array of a type that there is not',
      () => Reflect.apply(fromArray, undefined, [new Int16Array(2), [2]]),
      'Int16Array has no dtype here',
    ],
    ['a dimension twice', () => zeros([2, 3]).permute(0, 0), 'repeated dim in permute'],
    [
      'labels of int32',
      () => new nn.NLLLoss().call(scores(), labels(1, 2).to('int32')),
      'expected scalar type Long',
    ],
    [
      'too much smoothing',
      () => new nn.CrossEntropyLoss({ labelSmoothing: 1.2 }).call(scores(), labels(1, 2)),
      'label_smoothing must be between 0.0 and 1.0. Got: 1.2',
    ],
    [
      'whole numbers as probabilities',
      () => new nn.BCELoss().call(floats(0, 1), labels(0, 1)),
      'Found dtype int64 but expected float32',
    ],
    [
      'whole numbers beside logits',
      () => binaryCrossEntropyWithLogits(floats(0, 1), labels(0, 1)),
      'Found dtype int64 but expected float32',
    ],
    [
      'same padding with a stride',
      () => new nn.Conv2d(1, 1, 3, { padding: 'same', stride: 2 }),
      "padding='same' is not supported for strided convolutions",
    ],
    [
      'a hidden state of another batch',
      () => new nn.GRU(3, 4).call(zeros([5, 2, 3]), zeros([1, 3, 4])),
      'Expected hidden size [1, 2, 4], got [1, 3, 4]',
    ],
    [
      'a hidden state without a batch',
      () => new nn.GRU(3, 4).call(zeros([5, 2, 3]), zeros([1, 4])),
      'For batched 3-D input, hx should also be 3-D but got 2-D tensor',
    ],
    [
      'a cell of another size',
      () => new nn.LSTM(3, 4, { projSize: 2 }).call(zeros([5, 3]), [zeros([1, 2]), zeros([1, 2])]),
      'Expected hidden size [1, 4], got [1, 2]',
    ],
    [
      'an input of another size',
      () => new nn.GRUCell(3, 4).call(zeros([2, 5])),
      'input has inconsistent input_size: got 5 expected 3',
    ],
    [
      'an embedding of another size',
      () => attention.call(wide, wide, wide),
      'was expecting embedding dimension of 4, but got 6',
    ],
    [
      'a mask of another size',
      () => attention.call(query, query, query, { attnMask: zeros([2, 3]) }),
      'The shape of the 2D attn_mask is [2, 3], but should be [3, 3].',
    ],
    [
      'a mask of other keys',
      () => attention.call(query, query, query, { keyPaddingMask: zeros([2, 2], { dtype: 'bool' }) }),
      'expecting key_padding_mask shape of [2, 3], but got [2, 2]',
    ],
    [
      'statistics of instances without a share',
      () => new nn.InstanceNorm1d(3, { momentum: null }),
      "'momentum' must be float, not NoneType",
    ],
  ];
  for (const [title, make, complaint] of refused) {
    it(title, () => {
      expect(make).toThrow(complaint);
    });
  }
});

describe('refuses settings from files', () => {
  it('a plateau of an unknown mode', () => {
    const settings = { mode: JSON.parse('"up"') };
    expect(() => new lrScheduler.ReduceLROnPlateau(descent(), settings)).toThrow('mode up is unknown!');
  });

  it('a cycle of an unknown form', () => {
    const settings = { totalSteps: 20, annealStrategy: JSON.parse('"x"') };
    expect(() => new lrScheduler.OneCycleLR(descent(), 0.5, settings)).toThrow(
      'anneal_strategy must be one of',
    );
  });

  it('a squashing function that there is not', () => {
    const settings = { nonlinearity: JSON.parse('"sigmoid"') };
    expect(() => new nn.RNN(3, 4, settings)).toThrow("Unknown nonlinearity 'sigmoid'");
  });
});

describe('addParamGroup', () => {
  it('trains what joins later, with settings of its own', async () => {
    const [first, later] = [1, 1].map(value => tensor([value], { dtype: 'float32', requiresGrad: true }));
    if (first === undefined || later === undefined) throw new Error('there are two');
    const optimizer = new optim.SGD([first], { lr: 0.1 });
    optimizer.addParamGroup({ params: [later], settings: { lr: 0.5 } });
    first.add(later).sum().backward();
    optimizer.step();
    expect(await first.tolist()).toEqual([Math.fround(0.9)]);
    expect(await later.tolist()).toEqual([0.5]);
    expect(() => optimizer.addParamGroup({ params: [first] })).toThrow('more than one parameter group');
    expect(optimizer.paramGroups).toHaveLength(2);
  });
});
