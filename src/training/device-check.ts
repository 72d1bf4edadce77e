/**
 * Whether a device can be used, found out in a process of its own: a graphics driver may print what it
 * likes, hang or crash when it is woken up, and the run must not suffer from any of it. It takes about as
 * long as reading a data set and happens meanwhile; where there is certainly no driver, nothing is started.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Device } from '../engine';
import { mayHaveVulkan } from './vulkan-drivers';

/** The smallest of ONNX models: y = −x for one number. */
const model =
  'CAoSB2Rlc2NlbnQ6NgoLCgF4EgF5IgNOZWcSBWNoZWNrWg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUICEBU=';

/** Opens the model on the device; tells on standard output, with exit code 3, why that is impossible. */
const script = `
const [, runtime, device, model] = process.argv;
const options = { executionProviders: [device], logSeverityLevel: 4 };
require(runtime).InferenceSession.create(Buffer.from(model, 'base64'), options).then(
  () => process.exit(0),
  error => process.stdout.write(String(error?.message ?? error), () => process.exit(3)),
);`;

/** Drivers that take longer than this are taken to hang. */
const timeout = 20_000;

/** What ONNX Runtime says, without the place in its source where it says it. */
function plain(text: string): string {
  const [line = ''] = text.split('\n');
  return line.replace(/^.*\bwas false\. /, '').replace(/^.*\.cc:\d+ \S+ /, '');
}

/**
 * Undefined if the device can be used, else a sentence that says why not.
 * @param signal ends the check when its answer is not needed any more
 */
export function checkDevice(device: Device, signal?: AbortSignal): Promise<string | undefined> {
  if (device === 'cpu') return Promise.resolve(undefined);
  if (!mayHaveVulkan()) return Promise.resolve('no Vulkan driver is installed');
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
  return new Promise(resolve => {
    execFile(
      process.execPath,
      ['-e', script, runtime, device, model],
      { timeout, killSignal: 'SIGKILL', windowsHide: true, ...(signal && { signal }) },
      (error, stdout) => {
        if (error === null) resolve(undefined);
        else if (error.code === 3) resolve(plain(stdout));
        else if (error.killed) resolve(`the driver did not answer within ${timeout / 1000} seconds`);
        else resolve(`the driver crashed (${error.signal ?? error.code ?? error.message})`);
      },
    );
  });
}
