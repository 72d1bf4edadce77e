/** The worker: lays graphs out while the page goes on. */
import { messageOf } from '../../shared/errors';
import type { Measure } from './cards';
import { Drawing } from './drawing';
import type { Fonts, Reply, Request } from './worker-contract';

/** A width per letter, where nothing can be measured. */
const letter = 7;

function measureWith(fonts: Fonts): Measure {
  const context = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d');
  const known = new Map<string, number>();
  return (text, font) => {
    const key = `${font} ${text}`;
    let width = known.get(key);
    if (width === undefined) {
      if (context !== null) context.font = fonts[font];
      width = context?.measureText(text).width ?? letter * text.length;
      known.set(key, width);
    }
    return width;
  };
}

let drawing: Drawing | undefined;

function answer({ id, task }: Request): Reply {
  try {
    if (task.kind === 'read') {
      drawing = new Drawing(task.graph, measureWith(task.fonts));
      return { id, kind: 'outline', outline: drawing.outline() };
    }
    if (drawing === undefined) throw new Error('no graph was read');
    return { id, kind: 'scene', scene: drawing.scene(new Set(task.open)) };
  } catch (error) {
    return { id, kind: 'error', message: messageOf(error) };
  }
}

addEventListener('message', ({ data }: MessageEvent<Request>) => postMessage(answer(data)));
