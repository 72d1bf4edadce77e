/** Python with PyTorch and NumPy, which tests compare with. `DESCENT_PYTHON` names another one than Debian's. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const { CI, DESCENT_PYTHON: python = '/usr/bin/python3' } = process.env;

const hasTorch =
  spawnSync(python, ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)'])
    .status === 0;

/** Where it is not checked whether the tests ran, they are skipped without PyTorch; in CI they fail. */
export const withoutPython = !hasTorch && CI !== 'true';
if (withoutPython) {
  console.warn(
    `Skipped: ${python} has no PyTorch, so that nothing was compared with it (python3-torch on Debian).`,
  );
}

/** Runs a script beside this file and gives what it prints. */
export function runPython(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${script} ${args[0]} failed: ${stderr}`);
  return stdout;
}
