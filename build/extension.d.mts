import type { BuildOptions } from 'esbuild';

/** The parts of the extension's program, as modules that import each other. */
export const parts: BuildOptions & { readonly metafile: true };

/** Builds the program. */
export function buildExtension(esbuild: typeof import('esbuild')): Promise<void>;
