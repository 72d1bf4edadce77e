/**
 * `npm run accept:train [-- FOLDER]`: modules of Python files are trained for an epoch on the MNIST in a folder, and two
 * steps of each from equal weights are held against PyTorch's, made anew. Ends with an error where a loss or a gradient
 * is further from PyTorch's than 1e-4, where a module cannot be trained, or where fewer than 15 of them are right in 85 %
 * of the test images after the epoch: the smallest of these networks have no room for that, whoever trains them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { casesIn, compareSteps, goldenIn } from './module-step';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = path.join(root, 'test/accept/train');
const data =
  process.argv[2] ?? path.join(process.env['DESCENT_DATA'] ?? path.join(root, '../shared/data'), 'mnist');

const fresh = mkdtempSync(path.join(tmpdir(), 'descent-train-'));
const python = spawnSync('/usr/bin/python3', [path.join(folder, 'gradients.py'), fresh], {
  stdio: 'inherit',
});
/** How much a module has to know after an epoch to count as trained, and how many modules have to. */
const [wellTrained, wanted] = [0.85, 15];

let failed = python.status !== 0;
let good = 0;

for (const one of casesIn(folder)) {
  const outcomes = await compareSteps({ ...one, golden: goldenIn(fresh, one.file) });
  const difference = Math.max(...outcomes.map(outcome => outcome.difference));
  const runs = path.join(fresh, 'runs');
  const model = `${one.file}:${one.name}`;
  const flags = [data, '--epochs', '1', '--runs', runs, '--device', 'cpu', '--json', ...one.flags];
  const cli = path.join(root, 'dist/cli.js');
  const trained = spawnSync(process.execPath, [cli, 'train', '--model', model, ...flags], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const [, accuracy = ''] = /"event":"end".*"testAccuracy":([\d.]+)/.exec(trained.stdout) ?? [];
  const right = difference <= 1e-4 && accuracy !== '';
  failed ||= !right;
  if (Number(accuracy) >= wellTrained) good++;
  console.log(
    `${right ? 'ok   ' : 'FAILS'} ${one.title}: ${difference.toExponential(1)} from PyTorch, ` +
      `${accuracy === '' ? trained.stderr.trim() : `${(100 * Number(accuracy)).toFixed(2)} % after an epoch`}`,
  );
}
console.log(`${good} modules are right in at least ${100 * wellTrained} % of the test images`);
rmSync(fresh, { recursive: true, force: true });
process.exit(failed || good < wanted ? 1 : 0);
