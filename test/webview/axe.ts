/** What axe finds wrong in a page: whether everybody can use it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** Which rules are asked: those of colours are all that another theme can change the answer of. */
export type Rules = 'all' | 'colours';

/** All of axe's rules about colours that are asked by default. */
const aboutColours = ['color-contrast', 'link-in-text-block'];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What is wrong, with the element that it is wrong with. */
export async function violations(page: Page | Frame, rules: Rules = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const options = rules === 'all' ? {} : { runOnly: { type: 'rule', values: aboutColours } };
  const found = await page.evaluate<readonly Violation[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(result => result.violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** What is wrong in light, dark and both kinds of high contrast, of a page that follows the browser's scheme. */
export async function violationsInAllThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  // A page of the editor leaves the name of the theme to the editor; its colours follow at once.
  const isNamed = (await page.locator('body[class*="vscode-"]').count()) > 0;
  for (const contrast of ['no-preference', 'more'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, contrast });
      if (isNamed) await page.locator(`body.vscode-${colorScheme}`).waitFor();
      const isFirst = contrast === 'no-preference' && colorScheme === 'light';
      for (const violation of await violations(page, isFirst ? 'all' : 'colours')) {
        found.push(`${colorScheme}, contrast ${contrast}: ${violation}`);
      }
    }
  }
  return found;
}
