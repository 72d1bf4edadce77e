/** What is said of modules, and where one looks at first. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../webview/graph/facts';
import { Drawing } from '../../../webview/graph/layout/drawing';
import { Outline } from '../../../webview/graph/outline';
import { firstLook, seenPart } from '../../../webview/graph/paint/camera';
import { perceptron } from './made-up';

describe('what is said of what repeats', () => {
  it('lists parameters from the first layer to the last, each weight before its bias', () => {
    const graph = perceptron(784, 16, 16, 16, 16, 10);
    const outline = new Outline(new Drawing(graph, text => 7 * text.length).outline());
    const [repeat] = outline.items.filter(({ value, path }) => value === null && path === null);
    if (repeat === undefined) throw new Error('nothing is folded');
    const { groups } = factsOf(repeat, { graph, outline, seen: undefined });
    const named = groups.find(({ title }) => title === 'Parameters')?.facts.map(({ name }) => name) ?? [];
    expect(named.length).toBeGreaterThanOrEqual(6);
    expect(named).toEqual(
      named.filter((_, i) => i % 2 === 0).flatMap(name => [name, name.replace('weight', 'bias')]),
    );
    expect(named).toEqual(named.toSorted((a, b) => Number(a.slice(2, 3)) - Number(b.slice(2, 3))));
  });
});

describe('the first look', () => {
  const view = { width: 600, height: 450 };

  it('is at all of a graph whose form can be made out', () => {
    const part = { x: -50, y: 10, width: 300, height: 1400 };
    const seen = seenPart(firstLook(part, { x: 0, y: 10 }, view), view);
    expect(seen.y).toBeLessThan(part.y);
    expect(seen.y + seen.height).toBeGreaterThan(part.y + part.height);
  });

  it('is at the beginning of a longer one, in all its width', () => {
    const part = { x: -200, y: 10, width: 900, height: 90_000 };
    const seen = seenPart(firstLook(part, { x: 0, y: 10 }, view), view);
    expect(seen.x).toBeLessThan(part.x);
    expect(seen.x + seen.width).toBeGreaterThan(part.x + part.width);
    expect(seen.y).toBeLessThan(part.y);
    expect(seen.y + seen.height).toBeGreaterThan(part.y);
  });
});
