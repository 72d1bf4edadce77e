import { appendFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MetricsFile, readLosses } from '../../src/training';
import { failureOf, temporaryFolder } from './support';

const inFolder = () => path.join(temporaryFolder(), 'metrics.jsonl');
const textOf = (file: string) => readFileSync(file, 'utf8');
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

describe('a metrics file', () => {
  test('holds a JSON object a line at once, before it is closed', () => {
    const file = inFolder();
    const metrics = new MetricsFile(file);
    metrics.append({ event: 'steps', step: 2, epoch: 1, losses: [0.5, 0.25] });
    expect(textOf(file)).toBe('{"event":"steps","step":2,"epoch":1,"losses":[0.5,0.25]}\n');
    metrics.append({ event: 'epoch', step: 2 });
    expect(textOf(file).split('\n')).toHaveLength(3);
    metrics.close();
    metrics.append({ event: 'epoch', step: 3 });
    metrics.close();
    expect(textOf(file).split('\n')).toHaveLength(4);
  });

  test('is cut back to a step: later lines, endings and a torn line go, the rest stays', async () => {
    const file = inFolder();
    const kept = line({ event: 'steps', step: 4, losses: [1, 2] }) + line({ event: 'epoch', step: 4, a: 1 });
    const later = line({ event: 'steps', step: 5, losses: [3] });
    const endings = line({ event: 'stopped', step: 4 }) + line({ event: 'end', step: 4 });
    writeFileSync(file, `${kept}${endings}${later}{"event":"steps","step":3,"lo`);
    await new MetricsFile(file).truncate(4);
    expect(textOf(file)).toBe(kept);
    await new MetricsFile(path.join(temporaryFolder(), 'none')).truncate(4);
  });

  test('losses are read by their steps; a torn line, other lines and no file are passed over', () => {
    const file = inFolder();
    writeFileSync(file, line({ event: 'steps', step: 2, epoch: 1, losses: [5, 4] }));
    appendFileSync(file, line({ event: 'epoch', step: 2 }));
    appendFileSync(file, line({ event: 'steps', step: 3, epoch: 2, losses: [3] }));
    appendFileSync(file, '{"event":"steps","step":4,"losses":[2');
    expect(readLosses(file)).toEqual([
      { step: 1, loss: 5 },
      { step: 2, loss: 4 },
      { step: 3, loss: 3 },
    ]);
    expect(readLosses(inFolder())).toEqual([]);
  });

  test.runIf(existsSync('/dev/full'))('a full disk is told in one line that names the file', async () => {
    const file = inFolder();
    symlinkSync('/dev/full', file);
    const metrics = new MetricsFile(file);
    await metrics.truncate(1);
    const message = await failureOf((async () => metrics.append({ event: 'epoch', step: 1 }))());
    expect(message).toBe(
      `${file}: cannot be written: the disk is full; free some space, or choose another folder with --runs`,
    );
    metrics.close();
  });
});
