/** The options of `descent train` that say how the folder is read. */
import type { DataOptions } from '../training';

/** As the command line gives them. */
export interface DataFlags extends Omit<DataOptions, 'header' | 'transforms' | 'file'> {
  readonly header?: 'yes' | 'no';
  readonly transform?: readonly string[];
  readonly remember?: boolean;
}

/** Tells them from all others. */
export function dataChoices<Flags extends DataFlags>(
  flags: Flags,
): {
  readonly options: DataOptions;
  /** Whether they are to be kept beside the data. */
  readonly remember: boolean;
  readonly others: Omit<Flags, keyof DataFlags>;
} {
  const {
    format,
    imageSize,
    colour,
    labelColumn,
    fileColumn,
    header,
    transform,
    targetTransform,
    onBadFile,
    remember,
    ...others
  } = flags;
  const given = {
    format,
    imageSize,
    colour,
    labelColumn,
    fileColumn,
    transforms: transform,
    targetTransform,
    onBadFile,
  };
  const options: DataOptions = {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(header !== undefined && { header: header === 'yes' }),
  };
  return { options, remember: remember ?? false, others };
}
