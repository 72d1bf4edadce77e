/** Finding out whether a device can be used, by opening the smallest of models on it. */
import type { Device } from '../../device';
import { encode } from './lowering';
import { createSession } from './session';

const shape = { dim: [{ dimValue: 1 }] };
const value = (name: string) => ({ name, type: { tensorType: { elemType: 1, shape } } });

/** Undefined if the device can be used, else a sentence that says why not. */
export async function isDeviceAvailable(device: Device): Promise<string | undefined> {
  if (device === 'cpu') return undefined;
  const model = encode({
    name: 'check',
    node: [{ opType: 'Neg', input: ['x'], output: ['y'], attribute: [] }],
    initializer: [],
    input: [value('x')],
    output: [value('y')],
  });
  try {
    const session = await createSession(model, device);
    await session.release();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
