/** Layers that find out the size of their input, and pools that are undone. */
import { describe, expect, it } from 'vitest';
import { manualSeed, nn, optim, randn, tensor, zeros } from '../../src/engine';
import { onBothExecutors } from './executors';

const network = () =>
  new nn.Sequential(
    new nn.LazyConv2d(4, 3, { padding: 1 }),
    new nn.LazyBatchNorm2d(),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.LazyLinear(5),
  );

const sizes = (module: nn.AnyModule) =>
  [...module.stateDict()].map(([name, { shape }]) => `${name} [${shape}]`);

const settled = [
  '0.weight [4,3,3,3]',
  '0.bias [4]',
  '1.weight [4]',
  '1.bias [4]',
  '1.running_mean [4]',
  '1.running_var [4]',
  '1.num_batches_tracked []',
  '4.weight [5,144]',
  '4.bias [5]',
];

describe('lazy layers', () => {
  it('become ordinary ones of the size of their first input', () => {
    const lazy = network();
    expect(lazy.namedChildren().map(([, { kind }]) => kind)).toEqual([
      'LazyConv2d',
      'LazyBatchNorm2d',
      'ReLU',
      'Flatten',
      'LazyLinear',
    ]);
    expect(lazy.call(zeros([2, 3, 6, 6])).shape).toEqual([2, 5]);
    expect(sizes(lazy)).toEqual(settled);
    expect(String(lazy)).toBe(
      [
        'Sequential(',
        '  (0): Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))',
        '  (1): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
        '  (2): ReLU()',
        '  (3): Flatten(start_dim=1, end_dim=-1)',
        '  (4): Linear(in_features=144, out_features=5, bias=True)',
        ')',
      ].join('\n'),
    );
    expect(() => lazy.call(zeros([2, 2, 6, 6]))).toThrow('to have 3 channels, but got 2 channels');
  });

  it('take their sizes from a state_dict, too', async () => {
    const [trained, fresh] = [network(), network()];
    trained.call(randn([2, 3, 6, 6]));
    fresh.loadStateDict(trained.stateDict());
    expect(sizes(fresh)).toEqual(settled);
    const x = randn([2, 3, 6, 6]);
    const difference = trained.eval().call(x).sub(fresh.eval().call(x)).abs().max();
    expect(await difference.item()).toBe(0);
  });

  it('begin with the numbers of the layers that they become', async () => {
    manualSeed(3);
    const [lazy, linear] = [new nn.LazyLinear(2), new nn.Linear(4, 2)];
    const expected = await linear.weight.tolist();
    manualSeed(3);
    lazy.call(zeros([1, 4]));
    expect(await lazy.weight.tolist()).toEqual(expected);
  });

  it('learn in an optimizer that was there before their sizes', async () => {
    const layer = new nn.LazyLinear(1, { bias: false });
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.5, momentum: 0.9 });
    const x = tensor([[1, 2]], { dtype: 'float32' });
    const loss = layer.call(x).sum();
    const before = layer.weight.clone();
    loss.backward();
    optimizer.step();
    const steps = await before.sub(layer.weight).data();
    expect(Array.from(steps, Number).map(step => step.toFixed(5))).toEqual(['0.50000', '1.00000']);
  });

  it('without a bias and transposed', () => {
    const layer = new nn.LazyConvTranspose1d(4, 3, { bias: false, groups: 2 });
    expect(layer.call(zeros([6, 5])).shape).toEqual([4, 7]);
    expect(sizes(layer)).toEqual(['weight [6,2,3]']);
  });

  it('complain about an input without channels', () => {
    expect(() => new nn.LazyConv2d(4, 3).call(zeros([3, 3]))).toThrow(
      'Expected 3D (unbatched) or 4D (batched) input to LazyConv2d',
    );
  });
});

onBothExecutors(() => {
  it('a max unpool puts maxima back to where they were', async () => {
    const images = tensor(
      [
        [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
          [9, 1, 2, 3],
          [4, 5, 6, 7],
        ],
      ],
      { dtype: 'float32', requiresGrad: true },
    ); // prettier-ignore
    const pooled = new nn.MaxPool2d(2, { returnIndices: true }).call(images);
    expect(await pooled.indices.tolist()).toEqual([
      [
        [5, 7],
        [8, 15],
      ],
    ]); // prettier-ignore
    const back = new nn.MaxUnpool2d(2).call(pooled.values, pooled.indices);
    const expected = [
      [
        [0, 0, 0, 0],
        [0, 6, 0, 8],
        [9, 0, 0, 0],
        [0, 0, 0, 7],
      ],
    ]; // prettier-ignore
    expect(await back.tolist()).toEqual(expected);
    back.mul(back).sum().backward();
    expect(await images.grad?.tolist()).toEqual(expected.map(rows => rows.map(row => row.map(x => 2 * x))));
  });
});

it('a max unpool complains about places that are not there', () => {
  const [values, far] = [zeros([1, 2]), tensor([[0, 4]])];
  const unpool = new nn.MaxUnpool1d(2);
  expect(() => unpool.call(values, far)).toThrow('Found an invalid max index: 4');
  expect(unpool.call(values, far, [5]).shape).toEqual([1, 5]);
  expect(() => unpool.call(values, far, [7])).toThrow('invalid output_size "[7]"');
});
