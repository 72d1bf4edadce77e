/** Looking for image files in folders. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { DataError } from '../data-error';
import { type Listing, listFolder } from '../folder';

const IMAGE = /\.(png|jpe?g|jfif|bmp|gif|tiff?|webp)$/i;
/** Folders within folders are followed so far. */
const MOST_DEPTH = 8;

/** Whether a file's name is that of an image. */
export function isImage(name: string): boolean {
  return IMAGE.test(name);
}

/** The images in a listing, by name. */
export function imagesOf({ files }: Listing): string[] {
  return files.filter(isImage);
}

/**
 * The images in a folder and the folders in it, in the order of torchvision's `ImageFolder`: folder by folder.
 * A folder that a link has led to before is passed over, so that links in a circle end.
 */
export function imagesBelow(folder: string): string[] {
  return walk(folder, new Set(), 0);
}

function walk(folder: string, seen: Set<string>, depth: number): string[] {
  const place = realPlace(folder);
  if (seen.has(place) || depth > MOST_DEPTH) return [];
  seen.add(place);
  let listing: Listing;
  try {
    listing = listFolder(folder);
  } catch (error) {
    if (error instanceof DataError && depth > 0) return [];
    throw error;
  }
  const own = imagesOf(listing).map(name => path.join(folder, name));
  // One after the other: a class may have more images than a call may have arguments.
  return listing.folders.reduce(
    (all, name) => all.concat(walk(path.join(folder, name), seen, depth + 1)),
    own,
  );
}

function realPlace(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder);
  }
}
