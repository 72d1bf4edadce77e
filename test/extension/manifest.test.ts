/** The manifest against the code: what is contributed is there, and what is there is contributed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import { catalogue } from '../../src/data/download/catalogue';
import { commands } from '../../src/extension/commands/ids';
import { defaultConfig, runConfigSchema } from '../../src/training';

const root = path.join(import.meta.dirname, '../..');
const { contributes } = manifest;
const contributed = contributes.commands.map(({ command }) => command).sort();

describe('the manifest', () => {
  it('contributes the commands of the code', () => {
    expect(contributed).toEqual(Object.values(commands).sort());
  });

  it('uses no command in menus, welcomes and walkthroughs that it does not contribute', () => {
    const used = JSON.stringify([contributes.menus, contributes.viewsWelcome, contributes.walkthroughs]);
    // What conditions look at.
    const known = ['datasetsKnown', 'runsKnown', 'graphWay', 'runCount', 'runsCounted', 'runsFolder'];
    const keys = known.map(name => `descent.${name}`);
    const editors = contributes.customEditors.map(({ viewType }) => viewType);
    for (const [name] of used.matchAll(/descent\.[a-z]+[A-Z]\w*/g)) {
      expect([...contributed, ...keys, ...editors]).toContain(name);
    }
  });

  it('names files that are there', () => {
    const media = contributes.walkthroughs.flatMap(({ icon, steps }) => [
      icon,
      ...steps.map(step => step.media.markdown),
    ]);
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...media,
    ];
    for (const file of files) expect(existsSync(path.join(root, file)), file).toBe(true);
  });

  it('has the defaults of training in its settings', () => {
    const settings = contributes.configuration.properties;
    for (const name of ['epochs', 'batchSize', 'validation', 'seed', 'device', 'threads'] as const) {
      expect(settings[`descent.${name}`].default, name).toEqual(defaultConfig[name]);
    }
    expect(settings['descent.device'].enum).toEqual(runConfigSchema.shape.device.options);
  });

  it('names the mirrors that are asked', () => {
    const settings = contributes.configuration.properties;
    const described = {
      mnist: settings['descent.download.mnistMirror'],
      'fashion-mnist': settings['descent.download.fashionMnistMirror'],
    };
    for (const name of ['mnist', 'fashion-mnist'] as const) {
      for (const mirror of catalogue[name].mirrors) {
        expect(described[name].markdownDescription).toContain(`<${mirror}>`);
        expect(mirror).toMatch(new RegExp(described[name].pattern));
      }
    }
  });
});
