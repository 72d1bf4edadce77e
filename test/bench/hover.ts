/** `npm run bench hover`: how long it takes to read a file of 1,000 lines anew, as at every hover while it is typed in. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyse } from '../../src/python';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../test/accept/hover/scripts');
const lines: string[] = [];
for (const file of readdirSync(folder))
  lines.push(...readFileSync(path.join(folder, file), 'utf8').split('\n'));
const text = `${lines.slice(0, 1000).join('\n')}\n`;
const typed: Record<string, string> = {
  whole: text,
  'a line half typed at the end': `${text}x = model(images`,
  'a parenthesis missing in the middle': text.replace('loss.backward()', 'loss.backward('),
  'an endless loop': `${text}while True:\n    x = 1\n`,
  'an endless recursion': `${text}def f(n):\n    return f(n) + f(n)\nf(1)\n`,
};

for (const [name, one] of Object.entries(typed)) {
  const times: number[] = [];
  for (let run = 0; run < 20; run++) {
    const start = performance.now();
    analyse(one, { budget: 1e6 });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const { complete } = analyse(one);
  console.log(
    `${name}: median ${times[10]?.toFixed(1)} ms, slowest ${times.at(-1)?.toFixed(1)} ms; within the budget ${complete ? 'to the end' : 'not to the end'}`,
  );
}
