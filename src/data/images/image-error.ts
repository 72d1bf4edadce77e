/** What is wrong with an image, in a few words that follow the file's name. */

/** An image that cannot be used. Its message names no file: whoever read the file puts that in front. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** What is wrong with an image of which the file holds only the beginning. */
export const CUT_OFF = 'truncated: the file ends before the image does';
