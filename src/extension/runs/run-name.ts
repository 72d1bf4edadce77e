/** What a run can be called: its name is that of a folder, on every system, and of nothing outside of its place. */

/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** What is wrong with a name; undefined where nothing is. */
export function checkRunName(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'Expected a name.';
  if (/[/\\:*?"<>|\p{Cc}]/u.test(trimmed)) return 'A name cannot hold any of / \\ : * ? " < > |';
  if (trimmed.startsWith('.') || trimmed.endsWith('.')) return 'A name cannot begin or end with a point.';
  if (reserved.test(trimmed)) return 'Windows keeps this name for a device.';
  return trimmed.length > 200 ? 'Expected at most 200 characters.' : undefined;
}
