/** Reading `looks.jsonl` as it grows. */
import { appendFileSync, closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/checkpoint';
import { LooksHistory } from '../../src/history/looks';
import { operationName } from '../../src/history/looks-tensors';
import { lineOf, lookOf, looksFile, seen } from './looks-support';

const line = (step: number, weight: readonly number[] = [3, 4]) =>
  lineOf(lookOf(step, [{ weight, dead: 0.5 }, {}]));

async function steps(history: LooksHistory): Promise<readonly number[]> {
  return (await history.tensors()).steps;
}

describe('the looks of a run', () => {
  it('are read as they come, a torn line when it is whole', async () => {
    const file = looksFile(line(0), line(1));
    const history = new LooksHistory(file);
    expect(await steps(history)).toEqual([0, 1]);
    const next = `${line(2)}\n`;
    appendFileSync(file, next.slice(0, 100));
    expect(await steps(history)).toEqual([0, 1]);
    appendFileSync(file, next.slice(100));
    expect(await steps(history)).toEqual([0, 1, 2]);
  });

  it('are not read again when others come', async () => {
    const file = looksFile(line(0), line(1));
    const history = new LooksHistory(file);
    await history.update();
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, 'no look any more', 0);
    closeSync(descriptor);
    appendFileSync(file, `${line(2)}\n`);
    expect(await steps(history)).toEqual([0, 1, 2]);
  });

  it('of steps that a resumed run takes once more are those that it had last', async () => {
    const file = looksFile(line(0), line(10), line(20), line(30));
    const history = new LooksHistory(file);
    const before = (await history.tensors()).revision;
    appendFileSync(file, `${line(20, [6, 8])}\n`);
    expect(await steps(history)).toEqual([0, 10, 20]);
    const after = await history.tensors();
    expect(after.revision).not.toBe(before);
    expect((await history.layers()).layers[0]?.weight).toEqual([5, 5, 10]);
    // As the trainer does it: the file is replaced by a shorter one.
    await writeFileAtomic(file, new TextEncoder().encode(`${line(0)}\n${line(10, [6, 8])}\n`));
    expect(await steps(history)).toEqual([0, 10]);
    expect((await history.layers()).layers[0]?.weight).toEqual([5, 10]);
    expect((await history.tensors()).revision).not.toBe(after.revision);
  });

  it('are passed over where they are damaged', async () => {
    const broken = lookOf(3, [{}]);
    const histogram = broken.parameters[0]?.value.histogram;
    histogram?.bins.reverse();
    const lines = ['', 'null', '{"event":"look"}', line(1).slice(0, 200), lineOf(broken), line(-5)];
    expect(await steps(new LooksHistory(looksFile(line(0), ...lines, line(4))))).toEqual([0, 4]);
  });

  it('are none where there is no file yet, and come when there is one', async () => {
    const file = looksFile();
    const history = new LooksHistory(`${file}.later`);
    expect(await history.tensors()).toEqual({ revision: 0, steps: [], tensors: [] });
    const query = { tensor: 'x', range: 'usual', scale: 'linear', bins: 10 } as const;
    expect(await history.histograms(query)).toMatchObject({ steps: [], counts: [] });
    expect(await history.layers()).toEqual({ revision: 0, steps: [], layers: [], warnings: [] });
    writeFileSync(`${file}.later`, `${line(0)}\n`);
    expect(await steps(history)).toEqual([0]);
  });
});

describe('the tensors of a network', () => {
  it('stand layer by layer in the order of the forward pass, by the names that PyTorch gives them', async () => {
    const { tensors } = await new LooksHistory(looksFile(line(0))).tensors();
    expect(tensors.map(({ name, layer, kind }) => [name, layer, kind])).toEqual([
      ['fc1.weight', 'fc1', 'parameter'],
      ['fc1.weight.grad', 'fc1', 'gradient'],
      ['fc1 output', 'fc1', 'activation'],
      ['fc1 output.grad', 'fc1', 'gradient'],
      ['relu1 output', 'relu1', 'activation'],
      ['relu1 output.grad', 'relu1', 'gradient'],
      ['fc2.weight', 'fc2', 'parameter'],
      ['fc2.weight.grad', 'fc2', 'gradient'],
      ['fc2 output', 'fc2', 'activation'],
      ['fc2 output.grad', 'fc2', 'gradient'],
    ]);
    expect(new Set(tensors.map(({ id }) => id)).size).toBe(tensors.length);
  });

  it('are told apart where a module does several things, or none is said', async () => {
    const look = lookOf(0, [{}]);
    const told = { value: seen([1]), gradient: null, dead: null };
    const activations = [
      { node: 5, name: 'AddmmBackward0', module: 'block', ...told },
      { node: 4, name: 'ReluBackward0', module: 'block', ...told },
      { node: 3, name: 'ReluBackward0', module: 'block', ...told },
      { node: 2, name: 'MulBackward0', module: '', ...told },
      { node: 1, name: 'LogSoftmaxBackward0', module: null, ...told },
    ];
    const file = looksFile(lineOf({ ...look, activations }));
    const { tensors } = await new LooksHistory(file).tensors();
    expect(tensors.map(({ name }) => name)).toEqual([
      'block addmm output',
      'block relu output',
      'block relu output 2',
      'mul output',
      'log_softmax output',
      'fc1.weight',
      'fc1.weight.grad',
    ]);
    expect(operationName('MaxPool2DWithIndicesBackward0')).toBe('max_pool2d_with_indices');
  });

  it('are told by the module before them, where several operations outside of modules have one name', async () => {
    const told = { value: seen([1]), gradient: null };
    const relu = (node: number) => ({ node, name: 'ReluBackward0', module: '', dead: 0.6, ...told });
    const linear = (node: number, module: string) => ({
      ...{ node, name: 'AddmmBackward0', module, dead: null },
      ...told,
    });
    const activations = [linear(6, 'fc1'), relu(5), linear(4, 'fc2'), relu(3), relu(2)];
    const end = { node: 1, name: 'LogSoftmaxBackward0', module: null, dead: null, ...told };
    const file = looksFile(lineOf({ ...lookOf(0, [{}, {}]), activations: [...activations, end] }));
    const history = new LooksHistory(file);
    const { tensors } = await history.tensors();
    expect(
      tensors.filter(({ kind }) => kind === 'activation').map(({ name, layer }) => [name, layer]),
    ).toEqual([
      ['fc1 output', 'fc1'],
      ['fc1 → relu output', 'fc1 → relu'],
      ['fc2 output', 'fc2'],
      ['fc2 → relu output', 'fc2 → relu'],
      ['fc2 → relu output 2', 'fc2 → relu'],
      ['log_softmax output', 'log_softmax'],
    ]);
    const { layers, warnings } = await history.layers();
    expect(layers.map(({ name, relu: behind }) => [name, behind])).toEqual([
      ['fc1', 'fc1 → relu'],
      ['fc2', 'fc2 → relu'],
    ]);
    expect(warnings.map(({ text }) => text)).toContain(
      'Dead units: 60 % of fc1 → relu and 60 % of fc2 → relu give 0 for every sample of the batch',
    );
  });

  it('say since when they are not finite', async () => {
    const nan = Number.NaN;
    const file = looksFile(line(0), line(1, [nan, 1, nan]), line(2, [nan, Number.POSITIVE_INFINITY, 1]));
    const [weight] = (await new LooksHistory(file).tensors()).tensors;
    expect(weight?.notFinite).toEqual({ step: 1, nan: 1, infinite: 1 });
  });

  it('have histograms of all their looks', async () => {
    const history = new LooksHistory(looksFile(line(0), line(5, [1, 2]), line(9, [0, 2])));
    const [{ id = '' } = {}] = (await history.tensors()).tensors;
    const answer = await history.histograms({ tensor: id, range: 'full', scale: 'linear', bins: 4 });
    expect(answer).toMatchObject({
      steps: [0, 5, 9],
      edges: [0, 1, 2, 3, 4],
      counts: [
        [0, 0, 0, 2],
        [0, 1, 1, 0],
        [1, 0, 1, 0],
      ],
      min: [3, 1, 0],
      mean: [3.5, 1.5, 1],
      std: [0.5, 0.5, 1],
      max: [4, 2, 2],
      zeros: [0, 0, 1],
      full: { low: 0, high: 4 },
      outside: 0,
    });
  });
});
