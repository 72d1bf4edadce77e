/** What can be chosen for a run, by name: the command line, the editor and the training process offer the same. */

/** The model presets. */
export const modelNames = ['mnist-mlp', 'notes-mlp', 'linear', 'three-seven'] as const;

/** The name of a model preset. */
export type ModelName = (typeof modelNames)[number];
