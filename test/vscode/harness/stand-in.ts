/**
 * Stands in for VS Code's program: takes the arguments that `@vscode/test-electron` gives, runs the tests in
 * the extension host of VS Code's server, and exits with their code.
 */
import path from 'node:path';
import { openBrowser } from './browser';
import { VSCodeServer } from './server';

function argument(name: string): string {
  const prefix = `--${name}=`;
  const found = process.argv.find(argument => argument.startsWith(prefix));
  if (found === undefined) throw new Error(`expected ${prefix}…`);
  return path.resolve(found.slice(prefix.length));
}

const workspace = process.argv.slice(2).find(argument => !argument.startsWith('-'));
const server = await VSCodeServer.start({ args: ['--enable-smoke-test-driver'] });
const browser = await openBrowser();
let code = 1;
try {
  const page = await browser.newPage();
  const ended = new Promise<number>(resolve => {
    void page.exposeFunction('codeAutomationExit', (exit: number) => resolve(exit));
    void page.exposeFunction('codeAutomationLog', (type: string, args: readonly string[]) => {
      const line = args.join(' ');
      if (line.startsWith('::')) console.log(line.slice(2));
      else if (process.env['DESCENT_VERBOSE']) console.log(type, line);
    });
  });
  const at = (name: string) => `vscode-remote://127.0.0.1:${server.port}${argument(name)}`;
  await page.goto(
    server.url(path.resolve(workspace ?? '.'), [
      ['extensionDevelopmentPath', at('extensionDevelopmentPath')],
      ['extensionTestsPath', at('extensionTestsPath')],
      ['skipWelcome', 'true'],
    ]),
  );
  const late = new Promise<number>(resolve => setTimeout(() => resolve(124), 300_000).unref());
  code = await Promise.race([ended, late]);
  if (code === 124) console.error('the tests in the extension host did not end within 5 minutes');
} finally {
  await browser.close();
  await server.stop();
}
process.exit(code);
