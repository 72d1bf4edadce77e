/** What is wrong with a transform that somebody wrote down; its message is one line. */
export class TransformError extends Error {
  override readonly name = 'TransformError';
}
