/** Odd and hostile folders: links, names, vanishing files, empty classes; and a run on photos of many sizes. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../../src/data/find';
import {
  afterEpoch,
  failureOf,
  resumeRun,
  smallConfig,
  temporaryFolder,
  trainRun,
} from '../../training/support';
import { folderWith } from '../helpers';
import { grey, rgb, whole } from '../support';
import { withBad } from './bad-images';

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

describe('a folder', () => {
  it('whose files vanish while it is trained on says which', async () => {
    const files = Array.from({ length: 600 }, (_, i) => [`${i % 2}/${i}.png`, grey(i % 256)] as const);
    const folder = folderWith(Object.fromEntries(files));
    const data = await openDataset(folder);
    rmSync(path.join(folder, '1'), { recursive: true });
    await expect(data.train.pending?.all()).rejects.toThrow(
      /1\/\d+\.png: is not there \(any more\); repair or remove/,
    );
    const message = await failureOf(
      trainRun(temporaryFolder(), smallConfig({ dataset: path.join(folder, '1') })),
    );
    expect(message).toContain('there is no such folder');
  });

  it('with links that lead back does not follow them and says so; one to another image is read', async () => {
    const folder = folderWith({ 'a/1.png': grey(1), 'b/1.png': grey(2), 'b/c/1.png': grey(3) });
    symlinkSync('..', path.join(folder, 'a/up'));
    symlinkSync('.', path.join(folder, 'b/here'));
    symlinkSync('..', path.join(folder, 'b/c/up'));
    symlinkSync(folder, path.join(folder, 'self'));
    symlinkSync('1.png', path.join(folder, 'b/2.png'));
    const data = await whole(folder);
    expect(data.classes).toEqual(['a', 'b']);
    expect([...data.train.labels]).toEqual([0, 1, 1, 1]);
    expect(data.notes?.slice(0, 4)).toEqual([
      ...['self', 'a/up', 'b/here'].map(
        link => `the link ${link} leads back to where it is and is not followed`,
      ),
      '1 more link that lead back',
    ]);
  });

  it('names links that lead nowhere, or in a circle', async () => {
    const folder = folderWith({ 'a/1.png': grey(1), 'b/1.png': grey(2) });
    symlinkSync('missing.png', path.join(folder, 'b/nowhere.png'));
    symlinkSync('round.png', path.join(folder, 'b/round.png'));
    const { skipped } = await whole(folder, { onBadFile: 'skip' });
    expect(skipped?.map(({ file, reason }) => `${path.basename(file)} ${reason}`)).toEqual([
      'nowhere.png is a link that leads nowhere',
      'round.png is a link that leads in a circle',
    ]);
  });

  it('of images without labels, or of a single class, says what is missing', async () => {
    const images = { '1.png': grey(1), '2.png': grey(2) };
    await expect(whole(folderWith(images))).rejects.toThrow(
      'no data set found: 2 images and no labels for them: put them into a folder for each class, or add a CSV file',
    );
    await expect(whole(folderWith({ 'a/1.png': grey(1) }))).rejects.toThrow(
      'no data set found: images in a single class folder (a): expected a folder for each of at least two classes',
    );
  });

  it('gives names of one line, whatever folders are called', async () => {
    const data = await whole(folderWith({ 'a\nb/1.png': grey(1), 'c\u001b[31m/1.png': grey(2) }));
    expect(data.classes).toEqual(['a b', 'c [31m']);
    expect(data.notes).toEqual(['of a b, c [31m there is a single image']);
  });

  it('with names with spaces, line breaks, emoji and 255 bytes is read', async () => {
    const long = `${'é'.repeat(125)}x.png`;
    expect(Buffer.byteLength(long)).toBe(255);
    const names = ['a b.png', 'a\nb.png', '🦝.png', '#?%25.png', long];
    const files = names.flatMap(
      (name, i) =>
        [
          [`katze 🐈/${name}`, grey(i)],
          [`${'h'.repeat(255)}/${name}`, grey(9)],
        ] as const,
    );
    const data = await whole(folderWith(Object.fromEntries(files)));
    expect(data.train.length).toBe(10);
    const bad = withBad('a\nb.png', 'x');
    await expect(whole(bad)).rejects.toThrow('a b.png: is no image');
  });

  it('leaves an empty class folder out and says so', async () => {
    const folder = folderWith({ 'a/1.png': grey(1), 'b/1.png': grey(2), 'b/2.png': grey(2) });
    mkdirSync(path.join(folder, 'c'));
    const data = await whole(folder);
    expect(data.classes).toEqual(['a', 'b']);
    expect(data.notes).toEqual(['the class folder c is empty and left out', 'of a there is a single image']);
  });

  it('refuses a class in the test that is not trained on', async () => {
    const folder = folderWith({
      'train/a/1.png': grey(1),
      'train/b/1.png': grey(2),
      'test/c/1.png': grey(3),
    });
    await expect(whole(folder)).rejects.toThrow(
      `${path.join(folder, 'test', 'c')}: expected a folder of one of the classes to train on (a, b), found c; rename or remove it`,
    );
  });
});

describe('a run', () => {
  it('on a folder of colour photos of three classes and many sizes simply works, and resumes exactly', async () => {
    const files = Array.from({ length: 90 }, (_, i) => {
      const colour = [0, 0, 0];
      colour[i % 3] = 200 + (i % 50);
      return [
        `${['red', 'green', 'blue'][i % 3]}/${i}.png`,
        rgb(colour, 20 + (i % 7), 15 + (i % 11)),
      ] as const;
    });
    const folder = folderWith(Object.fromEntries(files));
    const settings = smallConfig({ dataset: folder, epochs: 4, lr: 0.02 });
    const { events } = await trainRun(temporaryFolder(), settings);
    const start = events.find(event => event.event === 'start');
    expect(start?.dataset.shape.slice(0, 1)).toEqual([3]);
    expect(start?.dataset.notes?.[0]).toMatch(/^images of several sizes are resized to \d+×\d+$/);
    const epochs = events.filter(event => event.event === 'epoch');
    expect(epochs.at(-1)?.validationAccuracy).toBe(1);
    const stopped = await trainRun(temporaryFolder(), settings, afterEpoch(2));
    const resumed = await resumeRun(stopped.run);
    const losses = (of: typeof events) =>
      of.filter(event => event.event === 'epoch').map(({ trainLoss }) => trainLoss);
    expect(losses(resumed.events)).toEqual(losses(events).slice(2));
    writeFileSync(path.join(folder, 'red/0.png'), rgb([1, 2, 3], 20, 15));
    expect(await failureOf(resumeRun(stopped.run))).toContain('is not what the run was trained on');
  });
});
