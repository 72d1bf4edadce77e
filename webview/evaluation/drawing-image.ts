/**
 * From strokes to an image as MNIST has them: what was drawn is made to fit into a box of 20×20 pixels, whose centre of
 * mass is then put into the middle of the image of 28×28 (LeCun, Cortes and Burges). Other sizes keep the proportion.
 */

/** Greys from 0 to 255, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** How much of an image the box takes. */
const boxShare = 20 / 28;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest box that holds everything that is drawn; undefined where there is nothing. */
function boundsOf({ width, height, pixels }: Grey): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  pixels.forEach((grey, i) => {
    if (grey === 0) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  });
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The mean of what lies between two edges of the drawing, in its pixels; outside of it there is nothing. */
function meanOf({ width, height, pixels }: Grey, x0: number, y0: number, x1: number, y1: number): number {
  let sum = 0;
  for (let y = Math.max(0, Math.floor(y0)); y < Math.min(height, y1); y++) {
    const down = Math.min(y1, y + 1) - Math.max(y0, y);
    for (let x = Math.max(0, Math.floor(x0)); x < Math.min(width, x1); x++) {
      sum += down * (Math.min(x1, x + 1) - Math.max(x0, x)) * (pixels[y * width + x] ?? 0);
    }
  }
  return sum / ((x1 - x0) * (y1 - y0));
}

/** The centre of mass of what is drawn, in its pixels. */
function centreOf({ width, pixels }: Grey): readonly [x: number, y: number] {
  let [mass, sumX, sumY] = [0, 0, 0];
  pixels.forEach((grey, i) => {
    mass += grey;
    sumX += grey * ((i % width) + 0.5);
    sumY += grey * (Math.floor(i / width) + 0.5);
  });
  return [sumX / mass, sumY / mass];
}

/** What was drawn as an image of this size; undefined where nothing was. */
export function imageOfDrawing(drawing: Grey, width: number, height: number): Grey | undefined {
  const bounds = boundsOf(drawing);
  if (bounds === undefined) return undefined;
  const box = boxShare * Math.min(width, height);
  // Pixels of the drawing in one of the image.
  const scale = Math.max(bounds.width, bounds.height) / box;
  const [centreX, centreY] = centreOf(drawing);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const left = centreX + (x - width / 2) * scale;
      const top = centreY + (y - height / 2) * scale;
      pixels[y * width + x] = Math.round(meanOf(drawing, left, top, left + scale, top + scale));
    }
  }
  return { width, height, pixels };
}
