/** What models are made and run with: apart from ONNX Runtime, since lowering asks, too. */

/** Options of everything that computes. */
export interface RuntimeOptions {
  /** How many threads an operation may use on the CPU. */
  threads: number;
}

/** What sessions are created with from now on. */
export const runtimeOptions: RuntimeOptions = { threads: 2 };
