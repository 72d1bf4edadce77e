/** Colours of themes, made fit for lines and letters on a canvas: themes mean some of them for other things. */

/** Red, green, blue and alpha, from 0 to 255. */
export type Rgba = readonly [number, number, number, number];

/** One pixel, which is painted to see what a colour comes to. */
let pixel: CanvasRenderingContext2D | null | undefined;

/** What {@link rgbaOf} has found before: a page asks for the same few colours, over and over, before anything is drawn. */
const known = new Map<string, Rgba>();

/** Colours that are the same in every theme; names such as `Canvas` are not. */
const fixed = /^(#|rgba?\(|hsla?\()/i;

/** What a colour is in numbers, however it is written; undefined where that cannot be found out. */
export function rgbaOf(colour: string): Rgba | undefined {
  const before = known.get(colour);
  if (before !== undefined) return before;
  const found = painted(colour);
  if (found !== undefined && fixed.test(colour)) known.set(colour, found);
  return found;
}

function painted(colour: string): Rgba | undefined {
  pixel ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (pixel === null) return undefined;
  pixel.clearRect(0, 0, 1, 1);
  // What is no colour is passed over: then it is black, whatever was painted before.
  pixel.fillStyle = '#000';
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = pixel.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha];
}

function luminance(colour: Rgba): number {
  const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map(channel => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How well two opaque colours are told apart, from 1 to 21, as the accessibility guidelines of the web measure it. */
export function contrast(a: Rgba, b: Rgba): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** Steps from a colour to that of the text. */
const steps = 10;

/** The colour without its transparency, and moved as far to that of the text as it needs to be seen. */
export function distinct(colour: Rgba, background: Rgba, foreground: Rgba, enough: number): Rgba {
  for (let step = 0; ; step++) {
    const mix = (i: 0 | 1 | 2) => Math.round(colour[i] + ((foreground[i] - colour[i]) * step) / steps);
    const mixed: Rgba = [mix(0), mix(1), mix(2), 255];
    if (step === steps || contrast(mixed, background) >= enough) return mixed;
  }
}

/** A colour as CSS writes it. */
export function cssOf([red, green, blue, alpha]: Rgba): string {
  return `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
}
