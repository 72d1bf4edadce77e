/**
 * Target transforms: what is done with labels. Classes get another name, and several of them may become one: "is it an
 * even digit?" is `{ "even": ["0", "2", "4", "6", "8"], "odd": ["1", "3", "5", "7", "9"] }`.
 */
import { DataError } from '../data-error';
import { type ImageData, type ImageSplit, labelArray } from '../image-data';

/** For each new class the classes that it is made of. */
export type TargetTransform = Readonly<Record<string, readonly string[]>>;

/**
 * The data set with these classes, in the order in which they come first among the old ones; a class that is not named
 * stays what it is. Samples and fingerprint are those of before.
 * @throws DataError where a class is not there, named twice, or the only one that is left
 */
export function withTargets(data: ImageData, target: TargetTransform): ImageData {
  const renamed = new Map<string, string>();
  for (const [name, members] of Object.entries(target)) {
    for (const member of members) {
      if (!data.classes.includes(member)) {
        const known = data.classes.slice(0, 10).join(', ') + (data.classes.length > 10 ? ', …' : '');
        throw new DataError(data.name, `target transform: there is no class “${member}” among ${known}`);
      }
      if (renamed.has(member)) {
        throw new DataError(data.name, `target transform: the class “${member}” is to become two classes`);
      }
      renamed.set(member, name);
    }
  }
  if (renamed.size === 0) return data;
  const names = data.classes.map(name => renamed.get(name) ?? name);
  const classes = [...new Set(names)];
  if (classes.length < 2) {
    throw new DataError(
      data.name,
      `target transform: all classes become “${classes[0]}”; leave two at least`,
    );
  }
  const numbers = names.map(name => classes.indexOf(name));
  const changed = (split: ImageSplit): ImageSplit => ({
    ...split,
    labels: labelArray(
      Array.from(split.labels, label => numbers[label] ?? 0),
      classes.length,
    ),
  });
  const note = `target transform: ${data.classes.length} classes become ${classes.length}`;
  return {
    ...data,
    train: changed(data.train),
    validation: data.validation && changed(data.validation),
    test: data.test && changed(data.test),
    classes,
    notes: [...(data.notes ?? []), note],
  };
}
