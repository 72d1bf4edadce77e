/**
 * Which operations a device computes by itself, and for which ONNX Runtime falls back to the CPU: measured, by running
 * small examples of all of them with ONNX Runtime's profiler, which writes down the provider of every node.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { type Device, operations, type Tensor } from '../../engine';
import { operationOf, profiledRun } from '../../engine/runtime/onnx/profiled-run';
import { messageOf } from '../errors';
import { examples, givenOn, resultsOf, valueShaped } from './examples';

/** Where an operation is computed. */
export interface OperationPlacement {
  /** PyTorch's name, such as `log_softmax`. */
  readonly operation: string;
  /**
   * `device`: nothing of it falls back; `partly`, `cpu`: some, or all, of its operators do; `host`: Descent computes it
   * itself, between two runs, on any device; `none`: it needs no operator, or cannot run there: then `problem` says why.
   */
  readonly where: 'device' | 'partly' | 'cpu' | 'host' | 'none';
  /** The ONNX operators that ran on the CPU. */
  readonly onCpu: readonly string[];
  /** Why an example of it could not run. */
  readonly problem?: string;
}

/** An event of a profile, of which only those of nodes are of interest. */
const profileSchema = z.array(
  z.object({
    cat: z.string().optional(),
    name: z.string().optional(),
    args: z.object({ op_name: z.string().optional(), provider: z.string().optional() }).optional(),
  }),
);

/** The operators of an operation by where they ran. */
interface Operators {
  readonly device: Set<string>;
  readonly cpu: Set<string>;
}

type Found = Map<string, Operators>;

/** Adds what a profile says to what is known. */
function readProfile(text: string, device: Device, found: Found): void {
  for (const { cat, name = '', args } of profileSchema.parse(JSON.parse(text))) {
    const { op_name: operator, provider } = args ?? {};
    if (cat !== 'Node' || operator === undefined || provider === undefined) continue;
    const operators = found.get(operationOf(name)) ?? { device: new Set(), cpu: new Set() };
    found.set(operationOf(name), operators);
    const onCpu = provider === 'CPUExecutionProvider' && device !== 'cpu';
    (onCpu ? operators.cpu : operators.device).add(operator);
  }
}

async function profile(tensors: readonly Tensor[], device: Device, found: Found): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-profile-'));
  try {
    await profiledRun(tensors, device, path.join(folder, 'profile'));
    for (const name of readdirSync(folder))
      readProfile(readFileSync(path.join(folder, name), 'utf8'), device, found);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many examples share a run: a session costs time. */
const together = 20;

/** Runs all examples, some at once; if these fail one by one, so that one is named. */
async function runExamples(device: Device, found: Found): Promise<Map<string, string>> {
  const problems = new Map<string, string>();
  const given = givenOn(device);
  const all = examples.map(example => resultsOf(example, given));
  for (let start = 0; start < all.length; start += together) {
    const part = all.slice(start, start + together);
    try {
      await profile(part.flat(), device, found);
    } catch {
      for (const tensor of part.flat()) {
        await profile([tensor], device, found).catch((error: unknown) => {
          problems.set(tensor.expr.op?.name ?? '', messageOf(error));
        });
      }
    }
  }
  for (const [operation, example] of Object.entries(valueShaped)) {
    try {
      await profile(resultsOf(example, given), device, found);
    } catch (error) {
      problems.set(operation, messageOf(error));
    }
  }
  return problems;
}

function placementOf(operation: string, operators: Operators | undefined): OperationPlacement {
  if (operators === undefined) return { operation, where: 'none', onCpu: [] };
  const onCpu = [...operators.cpu].sort();
  if (onCpu.length === 0) return { operation, where: 'device', onCpu };
  return { operation, where: operators.device.size === 0 ? 'cpu' : 'partly', onCpu };
}

/** Where every operation is computed when a device is asked to. */
export async function placements(device: Device): Promise<OperationPlacement[]> {
  const found: Found = new Map();
  const problems = await runExamples(device, found);
  return [...operations().values()]
    .filter(({ name }) => name !== 'to_device')
    .map(({ name, onHost }) => {
      if (onHost === true) return { operation: name, where: 'host' as const, onCpu: [] };
      const problem = problems.get(name);
      return { ...placementOf(name, found.get(name)), ...(problem !== undefined && { problem }) };
    })
    .sort((a, b) => a.operation.localeCompare(b.operation));
}
