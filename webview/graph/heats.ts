/** How large the gradients of the boxes of a scene are, compared with each other. */
import { gradientText, HeatScale, type Magnitude, type Seen } from './heat';
import type { Outline } from './outline';
import type { Heat } from './paint/manner';
import type { SceneBox } from './scene';
import type { SceneIndex } from './scene-index';

/** The gradients of one scene. */
export class Heats {
  readonly scale: HeatScale;
  readonly #magnitudes = new Map<string, Magnitude>();

  constructor(index: SceneIndex, outline: Outline, seen: Seen | undefined) {
    for (const { id, open } of index.boxes) {
      const magnitude = open === true ? undefined : seen?.gradientOf(outline.values(id));
      if (magnitude !== undefined) this.#magnitudes.set(id, magnitude);
    }
    this.scale = new HeatScale([...this.#magnitudes.values()].flatMap(({ rms }) => rms ?? []));
  }

  /** The gradient of a box. */
  of({ id }: SceneBox): Heat {
    const magnitude = this.#magnitudes.get(id);
    const rms = magnitude?.rms ?? null;
    return {
      share: rms === null ? null : this.scale.share(rms),
      text: gradientText(magnitude),
      broken: magnitude?.broken ?? false,
    };
  }
}
