/** What the command line calls an option has another name in the editor, whose person sees the message here. */

const names: readonly (readonly [RegExp, string])[] = [
  [/choose another folder with --runs/g, 'choose another folder in the setting descent.runsFolder'],
  [/use --device cpu/g, 'select the CPU as the device'],
  [/lower --validation/g, 'lower the setting descent.validation'],
  [/; choose transforms with --transform/g, '; say in a descent.json beside the data which are meant'],
  [/: choose (one )?with --optimizer( and --lr)?/g, ''],
  [/: choose with --scheduler, or none/g, ''],
  [/expected --epochs of/g, 'expected a number of epochs of'],
];

/** A message in the words of the editor. */
export function editorWords(message: string): string {
  return names.reduce((text, [option, name]) => text.replace(option, name), message);
}
