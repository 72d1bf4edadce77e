/** `descent inspect`, `diff` and `export`, as a person and a script see them. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  dict,
  int,
  openCheckpoint,
  type StoredTensor,
  stateDict,
  writeCheckpoint,
  writeSafetensors,
} from '../../src/checkpoint';
import { TensorTable } from '../../src/cli/inspect/table';
import { treeLines } from '../../src/cli/inspect/tree';
import { archiveOf, bytesOf } from '../checkpoint/support';
import { temporaryFolder } from '../training/support';
import { descent, failureIn } from './support';

const weight = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, Number.NaN) } as const;
const bias = { dtype: 'int64', shape: [3], data: BigInt64Array.of(0n, 5n, -5n) } as const;

function written(name: string, bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, bytes);
  return file;
}

const checkpoint = () =>
  written(
    'model.pt',
    writeCheckpoint(
      dict({ state_dict: stateDict({ 'net.fc.weight': weight, 'net.fc.bias': bias }), epoch: int(3) }),
    ),
  );

describe('descent inspect', () => {
  test('prints one object as JSON', async () => {
    const { stdout, code } = await descent(['inspect', checkpoint(), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'torch-zip',
      parameters: 7,
      tensors: [
        {
          name: 'state_dict/net.fc.weight',
          dtype: 'float32',
          shape: [2, 2],
          min: 1,
          max: 3,
          mean: 2,
          nan: 1,
        },
        { name: 'state_dict/net.fc.bias', dtype: 'int64', shape: [3], min: -5, max: 5, mean: 0, zeros: 1 },
      ],
      imports: [],
      warnings: [],
    });
  });

  test('prints a table with a tree of modules', async () => {
    const { stdout } = await descent(['inspect', checkpoint()]);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^model\.pt: PyTorch checkpoint, [\d.]+ kB$/);
    expect(lines).toContain('epoch       3');
    const table = lines.slice(lines.indexOf('') + 1);
    expect(table[0]).toMatch(/^tensor +shape +dtype +size +min +mean +max +std +zeros$/);
    expect(table[1]).toMatch(/^state_dict\.net\.fc +7 elements$/);
    expect(table[2]).toMatch(/^ {2}weight +2×2 +float32 +16 B +1 +2 +3 +0\.8165 +█ {5}█ {4}█ 1 NaN$/);
    expect(table[3]).toMatch(/^ {2}bias +3 +int64 +24 B +-5 +0 +5 +4\.082 +33\.3 % +█ {5}█ {4}█$/);
  });

  test('has room for any number of tensors', () => {
    const about = { dtype: 'float32', shape: [1], elements: 1, bytes: 4, role: 'parameter' } as const;
    const tensors = Array.from({ length: 150_000 }, (_, i) => ({
      ...about,
      name: `m.w${i}`,
      path: ['m', `w${i}`],
    }));
    const lines = treeLines({
      ...{ format: 'onnx', writer: '', size: 0, metadata: [], parameters: 0, imports: [], warnings: [] },
      tensors,
    });
    expect(lines.length).toBe(150_001);
    expect(new TensorTable(lines).head).toMatch(/^tensor {5}shape {2}dtype/);
  });

  test('warns of what a file would import, and shows the rest', async () => {
    const pickle =
      '\x80\x02}(X\x01\x00\x00\x00acposix\nsystem\nX\x02\x00\x00\x00ls\x85RX\x01\x00\x00\x00bK\x07u.';
    const { stdout, code } = await descent(['inspect', written('evil.pt', archiveOf(bytesOf(pickle)))]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Imports +posix\.system$/m);
    expect(stdout).toMatch(/^b +7$/m);
    expect(stdout).toMatch(/^Warning: Do not load this file in Python: /m);
  });

  test('says in one line what is wrong', async () => {
    const file = written('x.pt', bytesOf('<!doctype html>'));
    expect(failureIn(await descent(['inspect', file]))).toBe(
      `${file}: expected a checkpoint, found an HTML page; download it again`,
    );
    expect(failureIn(await descent(['inspect', '/nowhere.pt']))).toContain('there is no such file');
  });
});

describe('descent diff', () => {
  const base = { weight: { dtype: 'float32', shape: [2], data: Float32Array.of(3, 4) } as const, bias };
  const older = () => written('a.pt', writeCheckpoint(stateDict({ ...base, old: weight })));
  const newer = () => {
    const changed = { ...base.weight, data: Float32Array.of(3, 3) };
    const wrapped = dict({
      model_state_dict: stateDict({ ...base, weight: changed, fresh: bias }),
      epoch: int(1),
    });
    return written('b.pt', writeCheckpoint(wrapped));
  };

  test('says what was added, removed and changed, and by how much', async () => {
    const { stdout, code } = await descent(['diff', older(), newer(), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      compared: 'all of the first file with model_state_dict of the second file',
      added: [{ name: 'fresh', dtype: 'int64', shape: [3] }],
      removed: [{ name: 'old', dtype: 'float32', shape: [2, 2] }],
      changed: [
        { name: 'weight', dtype: 'float32', shape: [2], norm: 1, relative: 0.2, largest: -1, elements: 1 },
      ],
      unchanged: ['bias'],
    });
  });

  test('prints the same for a person', async () => {
    const { stdout } = await descent(['diff', older(), newer()]);
    expect(stdout.split('\n').map(line => line.trim().replace(/ +/g, ' '))).toEqual([
      'Compared all of the first file with model_state_dict of the second file',
      'Tensors: 1 changed, 1 equal, 1 added, 1 removed',
      '',
      'tensor ‖change‖ relative largest elements',
      '~ weight 1 20.00 % -1 50.00 %',
      '',
      '+ fresh 3 int64',
      '- old 2×2 float32',
      '',
    ]);
  });
});

describe('descent export', () => {
  test('turns a checkpoint into .safetensors and back', async () => {
    const file = checkpoint();
    const { stdout } = await descent(['export', file, '--to', 'safetensors']);
    const made = file.replace('.pt', '.safetensors');
    expect(stdout).toMatch(`Wrote ${made} (2 tensors, `);
    expect(new Uint8Array(readFileSync(made))).toEqual(
      writeSafetensors(
        new Map<string, StoredTensor>([
          ['net.fc.weight', weight],
          ['net.fc.bias', bias],
        ]),
        { format: 'pt' },
      ),
    );
    const back = path.join(temporaryFolder(), 'back.pt');
    await descent(['export', made, '--to', 'pt', '--out', back]);
    const opened = await openCheckpoint(back);
    expect(opened.tensors.map(({ name }) => name)).toEqual(['net.fc.bias', 'net.fc.weight']);
    expect((await opened.readTensor('net.fc.weight')).data).toEqual(weight.data);
  });

  test('wants to know to what', async () => {
    expect(failureIn(await descent(['export', 'x.pt']), 2)).toContain("required option '--to <form>'");
    expect(failureIn(await descent(['export', 'x.pt', '--to', 'keras']), 2)).toContain(
      'onnx, safetensors, pt, python',
    );
  });
});
