/** Scales of colours made of the theme's own, evenly graded to the eye: light to dark, or from one hue to another. */
import { type Rgba, rgbaOf } from './colour';
import type { Theme } from './theme';

/** Steps of a scale. */
export const rampSize = 256;

/** A scale of colours: one after the other, for a share from 0 to 1. */
export interface Ramp {
  /** As CSS writes them. */
  readonly css: readonly string[];
  /** Red, green, blue and alpha in a row, as pictures hold them. */
  readonly bytes: Uint8ClampedArray;
}

type Lab = readonly [number, number, number];

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function gamma(share: number): number {
  const limited = Math.min(1, Math.max(0, share));
  return 255 * (limited <= 0.0031308 ? limited * 12.92 : 1.055 * limited ** (1 / 2.4) - 0.055);
}

/** Oklab, in which equal distances look equal. */
function toLab([red, green, blue]: Rgba): Lab {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function toRgb([light, a, b]: Lab): readonly [number, number, number] {
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const mix = (from: Lab, to: Lab, share: number): Lab => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
];

/** A scale through colours that are equally far from each other. */
function through(stops: readonly Lab[]): Ramp {
  const bytes = new Uint8ClampedArray(4 * rampSize);
  const css: string[] = [];
  for (let i = 0; i < rampSize; i++) {
    const place = (i / (rampSize - 1)) * (stops.length - 1);
    const at = Math.min(stops.length - 2, Math.floor(place));
    const [from, to] = [stops[at], stops[at + 1]];
    if (from === undefined || to === undefined) break;
    const [red, green, blue] = toRgb(mix(from, to, place - at));
    bytes.set([red, green, blue, 255], 4 * i);
    css.push(`rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`);
  }
  return { css, bytes };
}

const grey: Rgba = [128, 128, 128, 255];
const labOf = (colour: string) => toLab(rgbaOf(colour) ?? grey);

/** From the background over a hue to the colour of the text: nothing to much. */
export function intensityRamp({ background, foreground, series }: Theme): Ramp {
  const [paper, ink] = [labOf(background), labOf(foreground)];
  const hue = labOf(series[0] ?? foreground);
  return through([paper, mix(paper, hue, 0.55), hue, mix(hue, ink, 0.7)]);
}

/** Neither little nor much. */
const neutral = ({ background, foreground }: Theme) => mix(labOf(background), labOf(foreground), 0.45);

/** From one hue over grey, which has a third of the scale, to another: too little, as it should be, too much. */
export function balanceRamp(theme: Theme): Ramp {
  const middle = neutral(theme);
  const [little, much] = [labOf(theme.series[0] ?? theme.foreground), labOf(theme.warning)];
  const towards = (end: Lab) => mix(middle, end, 0.6);
  return through([little, towards(little), middle, middle, middle, towards(much), much]);
}

/** From grey to a warning: none, to all. */
export function alarmRamp(theme: Theme): Ramp {
  const [none, all] = [neutral(theme), labOf(theme.warning)];
  return through([none, mix(none, all, 0.6), all]);
}

/** The number of the step of a scale for a share; shares beyond its ends have those of the ends. */
export function rampIndex(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * (rampSize - 1));
}
