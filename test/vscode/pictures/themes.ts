/** The themes in which pictures are taken. */

/** VS Code's name of each theme, by what the files of its pictures are called. */
export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
} as const;
