/** What people are told about tensors that do not fit, and about gradients that cannot be had. */
import { describe, expect, it } from 'vitest';
import {
  crossEntropy,
  EngineError,
  layerNorm,
  mseLoss,
  nllLoss,
  nn,
  noGrad,
  ones,
  tensor,
  zeros,
} from '../../src/engine';

const vector = (...values: number[]) => tensor(values, { dtype: 'float32', requiresGrad: true });

describe('errors', () => {
  const cases: [string, string | RegExp, () => unknown][] = [
    [
      'a root without a graph',
      'element 0 of tensors does not require grad and does not have a grad_fn',
      () => ones([]).backward(),
    ],
    [
      'a root that is no scalar',
      /^grad can be implicitly created only for scalar outputs .*\[2\]/,
      () => vector(1, 2).mul(2).backward(),
    ],
    [
      'a gradient of another shape',
      /^Mismatch in shape: grad_output\[0\] has a shape of \[3\] and output\[0\] has a shape of \[2\]/,
      () =>
        vector(1, 2)
          .mul(2)
          .backward(ones([3])),
    ],
    [
      'a leaf changed in place',
      'a leaf Variable that requires grad is being used in an in-place operation.',
      () => vector(1).add_(1),
    ],
    [
      'a view of a leaf changed in place',
      'a view of a leaf Variable that requires grad is being used in an in-place operation.',
      () => vector(1, 2).index([0]).add_(1),
    ],
    [
      'integers that require a gradient',
      'only Tensors of floating point dtype can require gradients',
      () => tensor([1, 2]).requiresGrad_(),
    ],
    [
      'switching off what is no leaf',
      /^you can only change requiresGrad flags of leaf variables/,
      () => vector(1).mul(2).requiresGrad_(false),
    ],
    [
      'matrices that do not fit',
      'mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)',
      () => ones([2, 3]).matmul(ones([2, 3])),
    ],
    [
      'a layer that does not fit',
      'mat1 and mat2 shapes cannot be multiplied (64x784 and 256x10)',
      () => new nn.Linear(256, 10).forward(ones([64, 784])),
    ],
    [
      'types that do not fit',
      /expected both matrices to have the same dtype, but got: float32 != float64/,
      () => ones([2, 3]).mm(ones([3, 2], { dtype: 'float64' })),
    ],
    [
      'shapes that do not broadcast',
      /^The size of tensor a \(3\) must match the size of tensor b \(4\) at non-singleton dimension 1 .*\[2, 3\] and \[2, 4\]/,
      () => ones([2, 3]).add(ones([2, 4])),
    ],
    [
      'a view that does not fit',
      "shape '[4, 2]' is invalid for input of size 6",
      () => ones([2, 3]).view(4, 2),
    ],
    [
      'a dimension that is not there',
      'Dimension out of range (expected to be in range of [-2, 1], but got 2)',
      () => ones([2, 3]).sum(2),
    ],
    [
      'an index that is not there',
      'index 2 is out of bounds for dimension 0 with size 2',
      () => ones([2, 3]).index([2]),
    ],
    ['too many indices', 'too many indices for tensor of dimension 2', () => ones([2, 3]).index([0, 0, 0])],
    [
      'labels that are as many as others',
      'Expected input batch_size (4) to match target batch_size (3).',
      () => crossEntropy(ones([4, 2]), tensor([0, 1, 0])),
    ],
    [
      'weights of other classes',
      'weight tensor should be defined either for all 3 classes or no classes but got weight tensor of shape: [4]',
      () => nllLoss(ones([2, 3]), tensor([0, 1]), { weight: ones([4]) }),
    ],
    [
      'weights of other classes, with labels smoothed',
      'weight tensor should be defined either for all 3 classes or no classes but got weight tensor of shape: [1]',
      () => crossEntropy(ones([2, 3]), tensor([0, 1]), { weight: ones([1]), labelSmoothing: 0.1 }),
    ],
    [
      'weights of other classes, with probabilities',
      'weight tensor should be defined either for all 3 classes or no classes but got weight tensor of shape: [1]',
      () => crossEntropy(ones([2, 3]), ones([2, 3]), { weight: ones([1]) }),
    ],
    [
      'a batch of other channels, in evaluation',
      'running_mean should contain 5 elements not 4',
      () => new nn.BatchNorm1d(4).eval().forward(ones([3, 5])),
    ],
    [
      'a batch of other channels, in training',
      'running_mean should contain 5 elements not 4',
      () => new nn.BatchNorm1d(4).forward(ones([3, 5])),
    ],
    [
      'a batch of other channels, without running statistics',
      'weight should contain 5 elements not 4',
      () => new nn.BatchNorm1d(4, { trackRunningStats: false }).forward(ones([3, 5])),
    ],
    [
      'a weight of LayerNorm that does not fit',
      'Expected weight to be of same shape as normalized_shape, but got weight of shape [4] and normalized_shape = [5]',
      () => layerNorm(ones([3, 5]), [5], { weight: ones([4]) }),
    ],
    [
      'labels of floating point',
      /^expected scalar type Long but found float32/,
      () => nllLoss(ones([2, 2]), ones([2])),
    ],
    [
      'two devices',
      "Expected all tensors to be on the same device, but found at least two devices, cpu and webgpu! (in add; move one of them with .to('cpu'))",
      () => ones([2]).add(ones([2], { device: 'webgpu' })),
    ],
    [
      'float64 on a GPU',
      /^float64 is not supported on webgpu/,
      () => ones([2], { dtype: 'float64' }).to('webgpu'),
    ],
    [
      'a mean of integers',
      /^mean\(\): could not infer output dtype\..* Got: int64/,
      () => tensor([1, 2]).mean(),
    ],
    [
      'storing fractions in integers',
      "result type float32 can't be cast to the desired output type int64",
      () => tensor([1, 2]).add_(0.5),
    ],
    [
      'growing in place',
      "output with shape [2] doesn't match the broadcast shape [3, 2]",
      () => ones([2]).add_(ones([3, 2])),
    ],
    [
      'writing where one number stands in many places',
      /^unsupported operation: more than one element of the written-to tensor/,
      () => ones([1]).expand(3).add_(1),
    ],
    [
      'a mask that does not fit',
      'The shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2] at index 0',
      () => ones([2]).index([tensor([true, false, true])]),
    ],
  ];

  it.each(cases)('%s', (_, message, body) => {
    expect(body).toThrow(EngineError);
    expect(body).toThrow(message);
  });

  it('item() of several elements', async () => {
    await expect(ones([2]).item()).rejects.toThrow('only one element tensors can be converted to scalars');
  });

  it('a saved tensor that was changed', () => {
    const x = vector(1, 2);
    const y = x.exp();
    const z = y.mul(2);
    y.add_(1);
    // PyTorch says `output 0 of ExpBackward0` where we say `used by`.
    expect(() => z.sum().backward()).toThrow(
      /^one of the variables needed for gradient computation has been modified by an inplace operation: \[torch\.FloatTensor \[2\]\], used by ExpBackward0, is at version 1; expected version 0 instead\./,
    );
  });

  it('a saved tensor that was changed through a view', () => {
    const x = vector(1, 2);
    const y = x.mul(1);
    const z = y.mul(y);
    y.index([0]).zero_();
    expect(() => z.sum().backward()).toThrow(/used by MulBackward0, is at version 1; expected version 0/);
  });

  it('a weight that an optimizer changed between the walks', () => {
    const layer = new nn.Linear(2, 2);
    const hidden = new nn.Linear(2, 2).forward(ones([1, 2]));
    const loss = mseLoss(layer.forward(hidden), zeros([1, 2]));
    noGrad(() => layer.weight.add_(1));
    expect(() => loss.backward()).toThrow(/modified by an inplace operation/);
  });

  it('a change that nobody needs is no error', async () => {
    const x = vector(1, 2);
    const y = x.mul(3);
    const z = y.add(1);
    y.zero_();
    z.sum().backward();
    expect(await x.grad?.tolist()).toEqual([3, 3]);
  });
});
