/** Sizes of files and of what is in them. */

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `512 B`, `1.4 KB`, `98 MB`: in powers of 1,000, as systems and disks count. */
export function bytesText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toPrecision(size >= 9.95 ? 3 : 2)} ${units[unit]}`;
}
