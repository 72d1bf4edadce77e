/** `descent download` as a person uses it, from a server on this machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { realData } from '../data/helpers';
import { closedMirror, serveMirror } from '../data/mirror';
import { temporaryFolder } from '../training/support';
import { descent, eventsOf, failureIn } from './support';

const data = realData('mnist');

describe('descent download', () => {
  test.skipIf(data === undefined)('fetches MNIST, and the next time nothing', async () => {
    const names = readdirSync(data ?? '').filter(name => name.endsWith('.gz'));
    const files = names.map(name => [name, readFileSync(path.join(data ?? '', name))] as const);
    const { url, asked } = await serveMirror(undefined, Object.fromEntries(files));
    const cwd = temporaryFolder();
    const first = await descent(['download', 'mnist', '--mirror', url], { cwd });
    expect(first).toMatchObject({ code: 0, stderr: 'To train on it:\n  descent train MNIST\n' });
    expect(first.stdout).toMatch(/^MNIST, 70,000 handwritten digits \(11\.6 MB\) is complete: .*MNIST\n$/);
    expect(readdirSync(path.join(cwd, 'MNIST')).sort()).toEqual(names);
    const again = await descent(['download', 'mnist', '--mirror', url, '--json'], { cwd });
    expect(eventsOf(again)).toMatchObject([{ event: 'end', downloaded: 0 }]);
    expect(asked).toHaveLength(4);
  });

  test('stops with Ctrl-C, and leaves nothing half-written', async () => {
    const cwd = temporaryFolder();
    const { url } = await serveMirror((_, response) => response.write(Buffer.of(0x1f, 0x8b)));
    const stopped = await descent(['download', 'mnist', '--mirror', url, '--json'], {
      cwd,
      onOutput: (stdout, child) => {
        if (stdout.includes('"received":0')) setTimeout(() => child.kill('SIGINT'), 200);
      },
    });
    expect(failureIn(stopped)).toMatch(/^stopped; files that are complete are kept/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('says in one line what is wrong, and what can be done', async () => {
    const cwd = temporaryFolder();
    const offline = await descent(['download', 'mnist', '--mirror', await closedMirror()], { cwd });
    expect(failureIn(offline)).toMatch(
      /^MNIST could not be downloaded: .* \(ECONNREFUSED\); check the connection to the internet, or name another mirror with --mirror$/,
    );
    const unknown = await descent(['download', 'imagenet'], { cwd });
    expect(failureIn(unknown, 2)).toMatch(/Allowed choices are mnist, fashion-mnist/);
    expect(existsSync(path.join(cwd, 'MNIST'))).toBe(false);
  });
});
