/** Numbers as a person reads them, with their units. */

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `12,345`. */
export function wholeNumber(value: number): string {
  return grouped.format(value);
}

/** Three or four figures, whatever the size: `0.0421`, `2.303`, `1.2e-5`. */
export function measure(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace('e+', 'e');
  if (size >= 1000) return grouped.format(value);
  return value.toFixed(Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size)))));
}

/** Two or three figures, in no more than seven letters: `-0.0438`, `1.29`, `-4.4e-6`. */
export function figures(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size < 0.01 || size >= 99_999.5) return value.toExponential(1).replace('e+', 'e');
  return size >= 999.5 ? wholeNumber(value) : value.toPrecision(3);
}

/** `12 %`; what is more than nothing is not called 0. */
export function shareText(share: number): string {
  if (share === 0) return '0 %';
  if (share < 0.001) return '< 0.1 %';
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** As few figures as say it: `0.1`, `0.001`. */
export function setting(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** `97.85 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** `8.4 s`, `2 min 5 s`, `3 h 12 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment in the person's own way of writing it, in short: `today 09:34`, `21 Nov 09:34`. */
export function moment(iso: string): string {
  const { day = 'today', time } = dayAndTime(iso);
  return `${day} ${time}`.trim();
}

/** The same in a word, where there is room for no more: `09:34`, `21 Nov`. */
export function briefMoment(iso: string): string {
  const { day, time } = dayAndTime(iso);
  return day ?? time;
}

/** There is no day where it is today; what is no moment is given back as the day. */
function dayAndTime(iso: string): { readonly day?: string; readonly time: string } {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return { day: iso, time: '' };
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date().toDateString()) return { time };
  return { day: date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' }), time };
}
