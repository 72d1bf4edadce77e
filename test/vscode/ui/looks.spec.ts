/** Pictures of what a person sees, in light, dark and high contrast, to be looked at. */
import { after, before, test } from 'node:test';
import { realData, Workbench, workspaceWith } from './support';

const skip = realData() === undefined && 'there is no real data here';

let workbench: Workbench;

before(async () => {
  if (skip) return;
  workbench = await Workbench.open(workspaceWith('mnist', 'fashion-mnist'), { 'descent.epochs': 3 });
});
after(() => workbench?.close());

test('a run in the making, and the sidebar', { skip }, () =>
  workbench.watch('looks', async () => {
    await workbench.openSidebar();
    await workbench.screenshot('sidebar-empty');
    await workbench.command('Descent: Train MNIST MLP');
    await workbench.page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
    await workbench.screenshot('choose-dataset');
    await workbench.pick('fashion-mnist');
    await workbench.notification('test accuracy');
    await workbench.command('Notifications: Clear All Notifications');
  }),
);

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
} as const;

for (const [name, theme] of Object.entries(themes)) {
  test(`the window in ${name}`, { skip }, () =>
    workbench.watch(`looks-${name}`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot(`dashboard-${name}`);
      await workbench.page.keyboard.press('F1');
      await workbench.page.locator('.quick-input-widget input').first().fill('>Descent: ');
      await workbench.screenshot(`palette-${name}`);
      await workbench.page.keyboard.press('Escape');
    }),
  );
}
