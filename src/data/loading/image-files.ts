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

/** The images in a listing, by name. A link that leads nowhere is one too: it cannot be read, and that is to be said. */
export function imagesOf({ files, broken = [] }: Listing): string[] {
  const images = files.filter(isImage);
  const lost = broken.filter(isImage);
  return lost.length === 0 ? images : [...images, ...lost].sort();
}

/**
 * The images in a folder and the folders in it, in the order of torchvision's `ImageFolder`: folder by folder.
 * A link that leads back is not followed, and a folder that a link has led to before is passed over, so that links in a
 * circle end. @param circles gets the links that lead back
 */
export function imagesBelow(folder: string, circles: string[] = []): string[] {
  return walk(folder, new Set(), 0, circles);
}

function walk(folder: string, seen: Set<string>, depth: number, circles: string[]): string[] {
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
  for (const link of listing.circles ?? []) circles.push(path.join(folder, link));
  const own = imagesOf(listing).map(name => path.join(folder, name));
  // One after the other: a class may have more images than a call may have arguments.
  return listing.folders.reduce(
    (all, name) => all.concat(walk(path.join(folder, name), seen, depth + 1, circles)),
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
