/** What the engine throws when it is used wrongly; messages read like PyTorch's and say the shapes. */

/** An operation that cannot be done with these tensors (PyTorch's `RuntimeError`). */
export class EngineError extends Error {
  override name = 'RuntimeError';
}

/** A dimension or an index that does not exist (PyTorch's `IndexError`). */
export class IndexError extends EngineError {
  override name = 'IndexError';
}
