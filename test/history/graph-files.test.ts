import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { GraphFiles } from '../../src/history';
import type { Look } from '../../src/protocol/looks';
import { perceptron } from '../webview/graph/made-up';
import { temporaryFolder } from './support';

const statistics = { count: 4, min: -1, max: 1, mean: 0, std: 0.5, norm: 1, zeros: 0, nan: 0, infinite: 0 };

/** A look whose line is about so many characters long. */
function lookAt(step: number, length = 0): string {
  const counts = Array.from({ length: length / 2 }, () => 1);
  const value = { statistics, histogram: { bins: counts, counts, near: 0 } };
  const look: Look = {
    step,
    epoch: 1,
    parameters: [{ name: 'fc1.weight', value, gradient: null, updateRatio: 0.001 }],
    activations: [{ node: 3, name: 'ReluBackward0', module: 'relu1', value, gradient: value, dead: 0.25 }],
  };
  return `${JSON.stringify({ event: 'look', ...look })}\n`;
}

function folder(): { readonly files: GraphFiles; readonly graph: string; readonly looks: string } {
  const place = temporaryFolder();
  mkdirSync(place, { recursive: true });
  return {
    files: new GraphFiles(place),
    graph: path.join(place, 'graph.json'),
    looks: path.join(place, 'looks.jsonl'),
  };
}

describe('the graph in the folder of a run', () => {
  it('is there when it was written, and is what was written', async () => {
    const { files, graph } = folder();
    expect(await files.graph()).toBeUndefined();
    writeFileSync(graph, '{"format": 1, "mod');
    expect(await files.graph()).toBeUndefined();
    writeFileSync(graph, JSON.stringify(perceptron(4, 3)));
    expect(await files.graph()).toEqual(perceptron(4, 3));
    expect(await files.graph()).toBe(await files.graph());
  });

  it('is none where something else has its name', async () => {
    const { files, graph } = folder();
    mkdirSync(graph);
    expect(await files.graph()).toBeUndefined();
  });
});

describe('the last look', () => {
  it('is that of the last whole line, without its histograms', async () => {
    const { files, looks } = folder();
    expect(await files.look()).toBeUndefined();
    writeFileSync(looks, '');
    expect(await files.look()).toBeUndefined();
    writeFileSync(looks, lookAt(0) + lookAt(1));
    expect(await files.look()).toEqual({
      step: 1,
      epoch: 1,
      nodes: [{ node: 3, dead: 0.25, value: statistics, gradient: statistics }],
      parameters: [{ name: 'fc1.weight', updateRatio: 0.001, value: statistics, gradient: null }],
    });
    expect(await files.lookAfter(1)).toBeNull();
    expect(await files.lookAfter(0)).toMatchObject({ step: 1 });
  });

  it('waits for the rest of a line that was cut off, and passes over what is none', async () => {
    const { files, looks } = folder();
    const line = lookAt(2);
    writeFileSync(looks, lookAt(1) + line.slice(0, 40));
    expect(await files.look()).toMatchObject({ step: 1 });
    appendFileSync(looks, line.slice(40));
    expect(await files.look()).toMatchObject({ step: 2 });
    appendFileSync(looks, 'nonsense\n{"event":"look","step":"x"}\n\n');
    expect(await files.look()).toMatchObject({ step: 2 });
  });

  it('is found in a file whose lines are longer than what is read at first', async () => {
    const { files, looks } = folder();
    writeFileSync(looks, lookAt(7, 300_000));
    expect(await files.look()).toMatchObject({ step: 7 });
    appendFileSync(looks, lookAt(8, 500_000) + lookAt(9).slice(0, 20));
    expect(await files.look()).toMatchObject({ step: 8 });
  });
});
