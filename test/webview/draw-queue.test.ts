import { describe, expect, it } from 'vitest';
import { DrawQueue } from '../../webview/dashboard/draw-queue';

/** A queue of drawings that take so many milliseconds each, in a time that stands still but for them. */
function queueOf(cost: number) {
  const drawn: string[] = [];
  const frames: (() => void)[] = [];
  let time = 0;
  const queue = new DrawQueue<string>(
    name => {
      drawn.push(name);
      time += cost;
    },
    body => frames.push(body),
    () => time,
  );
  const frame = () => {
    drawn.length = 0;
    frames.shift()?.();
    return [...drawn];
  };
  return { queue, frame, frames };
}

describe('drawing in turns', () => {
  it('draws everything once in the next frame where that is quick', () => {
    const { queue, frame, frames } = queueOf(1);
    queue.ask(['a', 'b']);
    queue.ask(['b', 'c']);
    expect(frames).toHaveLength(1);
    expect(frame()).toEqual(['a', 'b', 'c']);
    expect(frames).toHaveLength(0);
  });

  it('lets none starve where it is slow, and draws first what is held', () => {
    const { queue, frame } = queueOf(4);
    const all = ['a', 'b', 'c', 'd'];
    const seen: string[][] = [];
    for (let i = 0; i < 4; i++) {
      queue.ask(all, 'c');
      seen.push(frame());
    }
    expect(seen.every(names => names.length === 2 && names[0] === 'c')).toBe(true);
    expect(new Set(seen.flat())).toEqual(new Set(all));
    // When nothing is asked any more the rest is drawn.
    const rest = [frame(), frame()].flat();
    expect(rest.length).toBeGreaterThan(0);
    expect(frame()).toEqual([]);
  });
});
