/** From what a person chose in the editor to the whole configuration of a run. */
import type { RunSettings } from '../protocol/trainer';
import { completeConfig, defaultConfig, type RunConfig, runChoicesSchema, TrainingError } from '../training';

/**
 * Fills in the defaults, those that depend on the model and the optimizer too.
 * @throws TrainingError that names the setting which makes no sense
 */
export function completeSettings(settings: RunSettings): RunConfig {
  const { success, data, error } = runChoicesSchema.safeParse(settings);
  if (success) return completeConfig({ ...data, dataset: data.dataset ?? defaultConfig.dataset });
  const [issue] = error.issues;
  throw new TrainingError(
    `${issue?.path.join('.') ?? 'the settings'}: ${issue?.message ?? 'cannot be used'}`,
  );
}
