/** Large products are laid out so that ONNX Runtime's threads share them well: other nodes, the same numbers. */
import { describe, expect, it } from 'vitest';
import { CompiledStep, manualSeed, nn, optim, randn, type Tensor } from '../../src/engine';
import { collect, countUses } from '../../src/engine/runtime/graph';
import { GraphBuilder } from '../../src/engine/runtime/onnx/graph-builder';
import { lowerSteps, nameOutputs } from '../../src/engine/runtime/onnx/lowering';
import { interpret } from '../../src/engine/runtime/reference';

/** The operators that compute tensors on the CPU. */
function operatorsOf(...outputs: readonly Tensor[]): string[] {
  const graph = collect(outputs.map(({ expr }) => expr));
  const builder = new GraphBuilder('cpu', countUses(graph));
  builder.bindAll(graph.inputs, 'input');
  lowerSteps(builder, graph.steps);
  return builder.finish(nameOutputs(builder, graph.outputs)).nodes.map(({ opType }) => opType);
}

/** The numbers that the reference interpreter gives. */
function byReference(tensor: Tensor): number[] {
  const graph = collect([tensor.expr]);
  const feeds = graph.inputs.map(({ buffer }) => buffer?.host ?? new Float32Array(0));
  return interpret(graph, feeds).flatMap(data => Array.from(data, Number));
}

/** A layer that is wide and deep enough to be turned, and one behind it. */
const [batch, inputs, hidden] = [16, 640, 128];
const x = randn([batch, inputs]);
const weight = randn([hidden, inputs]);
const bias = randn([hidden]);
const next = randn([10, hidden]);
/** Shallow and wide: [64, 16] by [16, 1040]. */
const [tall, flat] = [randn([64, 16]), randn([16, 1040])];

describe('a large product with more columns than rows', () => {
  it('is made transposed where it is deep, and never transposed back if its users do not mind', () => {
    const active = bias.addmm(x, weight.t()).relu();
    expect(operatorsOf(active.mm(next.t()))).toEqual(['Reshape', 'Gemm', 'Relu', 'Gemm']);
    expect(operatorsOf(active)).toEqual(['Reshape', 'Gemm', 'Relu', 'Transpose']);
  });

  it('draws small products that meet it to its side', () => {
    const active = x.mm(weight.t());
    const small = randn([batch, 10]).mm(next);
    expect(operatorsOf(active.mul(small).mm(next.t()))).toEqual(['Gemm', 'Gemm', 'Mul', 'Gemm']);
  });

  it('is two products of half the rows where it is shallow', () => {
    expect(operatorsOf(tall.mm(flat))).toEqual(['Reshape', 'Reshape', 'MatMul', 'Reshape']);
  });

  it('stays one product where there are fewer columns, odd rows or little to do', () => {
    expect(operatorsOf(flat.t().mm(tall.t()))).toEqual(['Gemm']);
    expect(operatorsOf(randn([65, 16]).mm(flat))).toEqual(['Gemm']);
    expect(operatorsOf(randn([8, 16]).mm(flat))).toEqual(['Gemm']);
  });

  const deep: Record<string, () => Tensor> = {
    'with a bias for each column': () => bias.addmm(x, weight.t()),
    'scaled, with a scaled bias': () => bias.addmm(x.mul(0.5), weight.t(), { alpha: 2, beta: 3 }),
    'with a row as its bias': () => bias.unsqueeze(0).addmm(x, weight.t()),
    'with a bias for each row': () => randn([batch, 1]).addmm(x, weight.t()),
    'with a whole matrix as its bias': () => randn([batch, hidden]).addmm(x, weight.t()),
    'met by a row, a number and a matrix': () =>
      x
        .mm(weight.t())
        .mul(bias)
        .add(2)
        .sub(randn([batch, hidden]))
        .relu(),
    'summed over its rows': () => x.mm(weight.t()).sigmoid().sum(0),
    'as it is and transposed': () => x.mm(weight.t()).t().mm(x),
    'in halves, scaled': () => tall.mul(0.5).mm(flat.div(255)),
    'in halves, taken from a matrix': () => randn([64, 1040]).sub(tall.mm(flat).mul(randn([]))),
  };
  for (const [name, make] of Object.entries(deep)) {
    it(`gives the same numbers: ${name}`, async () => {
      const tensor = make();
      const expected = byReference(tensor);
      const actual = await tensor.data();
      expect(actual).toHaveLength(expected.length);
      const largest = expected.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
      const furthest = expected.reduce((most, y, i) => Math.max(most, Math.abs(Number(actual[i]) - y)), 0);
      expect(furthest / largest).toBeLessThan(1e-6);
    });
  }
});

describe('a step of training with such layers', () => {
  /** The weights after three steps, and perhaps the gradients that were looked at. */
  async function train(looked: boolean, name: 'sgd' | 'adam'): Promise<number[]> {
    manualSeed(0);
    const network = new nn.Sequential(new nn.Linear(inputs, hidden), new nn.ReLU(), new nn.Linear(hidden, 4));
    const optimizer =
      name === 'sgd'
        ? new optim.SGD(network.parameters(), { lr: 0.1 })
        : new optim.Adam(network.parameters());
    const step = await CompiledStep.compile('cpu', optimizer.stateTensors(), () => {
      optimizer.zeroGrad();
      const loss = network.call(x).pow(2).mean();
      loss.backward();
      optimizer.step();
      const observed = looked ? network.parameters().flatMap(({ grad }) => grad ?? []) : [];
      return { outputs: [loss], observed };
    });
    await step.run(3);
    const weights = await Promise.all(network.parameters().map(parameter => parameter.data()));
    return weights.flatMap(data => Array.from(data, Number));
  }

  for (const optimizer of ['sgd', 'adam'] as const) {
    it(`gives the same bits when gradients are observed: ${optimizer}`, async () => {
      expect(await train(true, optimizer)).toEqual(await train(false, optimizer));
    });
  }
});
