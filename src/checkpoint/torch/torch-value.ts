/** What a reader of PyTorch's formats finds in a file. */
import type { Stored } from '../stored';
import type { StorageLoader } from './storages';

/** The value that was saved, and what is known beside it. */
export interface TorchValue {
  readonly value: Stored;
  /** Knows where the elements of its tensors lie. */
  readonly storages: StorageLoader;
  /** All classes and functions that its pickles name, as `module.name`: what Python would import. */
  readonly globals: ReadonlySet<string>;
}
