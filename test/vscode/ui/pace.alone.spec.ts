/**
 * A run answers to a person, and tells of itself no more often than a page needs. How soon it answers is reported: 100 ms
 * are wanted on a machine that does nothing else.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { realData, Workbench, workspaceWith } from './support';

const data = realData();

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open(workspaceWith(...(data === undefined ? [] : ['mnist'])), {
    'descent.epochs': 100_000,
    'descent.device': 'cpu',
  });
  await workbench.command(
    data === undefined ? 'Descent: Train on Generated Digits' : 'Descent: Train MNIST MLP',
  );
  await workbench.webview().locator('.state[data-state="running"]').waitFor();
});
after(() => workbench?.close());

/** Milliseconds from a press of *Pause* or *Resume* to the page that shows what became of it. */
async function answers(count: number): Promise<number[]> {
  const frame = await workbench.webviewFrame();
  return frame.evaluate(async times => {
    const state = document.querySelector<HTMLElement>('.state');
    const button = document.querySelector<HTMLElement>('.controls vscode-button[appearance="primary"]');
    if (state === null || button === null) throw new Error('no control is there');
    const took: number[] = [];
    for (let i = 0; i < times; i++) {
      const before = state.dataset['state'];
      const began = performance.now();
      const changed = new Promise<void>(resolve => {
        const observer = new MutationObserver(() => {
          if (state.dataset['state'] === before) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(state, { attributeFilter: ['data-state'] });
      });
      button.click();
      await changed;
      took.push(performance.now() - began);
      // Steps are to be under way when it is pressed again.
      await new Promise(resolve => setTimeout(resolve, 250));
    }
    return took;
  }, count);
}

test('a run is paused and resumed, and again', t =>
  workbench.watch('answers', async () => {
    const took = (await answers(20)).sort((a, b) => a - b);
    const [median = Number.NaN, worst = Number.NaN] = [took[took.length >> 1], took.at(-1)];
    t.diagnostic(`pause and resume, 20 times: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms`);
    assert.equal(took.length, 20);
  }));

test('the page is told of at most 20 batches a second', t =>
  workbench.watch('batches', async () => {
    const frame = await workbench.webviewFrame();
    const { seconds, told } = await frame.evaluate(async () => {
      const seen: string[] = [];
      const listener = ({ data: message }: MessageEvent) => {
        if (typeof message === 'object' && message !== null && message.kind === 'event')
          seen.push(message.name);
      };
      window.addEventListener('message', listener);
      const began = performance.now();
      await new Promise(resolve => setTimeout(resolve, 4000));
      window.removeEventListener('message', listener);
      return { seconds: (performance.now() - began) / 1000, told: seen };
    });
    const names = [...new Set(told)];
    t.diagnostic(`${(told.length / seconds).toFixed(1)} events a second: ${names.join(', ')}`);
    assert.ok(told.length > 4, 'nothing was told');
    assert.ok(told.length / seconds <= 20, `${told.length} in ${seconds} s`);
  }));
