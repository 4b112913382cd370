const MINUS = '\u2212';
const THIN = '\u202f';

/** An integer with thin spaces between thousands: 9 672. */
export function grouped(value: number): string {
  const [whole = '', part] = String(Math.abs(value)).split('.');
  const spaced = whole.length > 4 || Math.abs(value) >= 1000 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN) : whole;
  return (value < 0 ? MINUS : '') + spaced + (part ? `.${part}` : '');
}

const trimmed = (text: string): string => text.replace(/^0(?=\.)/, '');

/** A figure in a legend or badge, with three significant digits at most: .71, 1.05, 32, 4.1e5. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? `${MINUS}∞` : '∞';
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size === 0) return '0';
  if (size < 0.001 || size >= 1e5) return sign + size.toExponential(1).replace('e-', `e${MINUS}`).replace('e+', 'e');
  const digits = size < 0.1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
  const rounded = size.toFixed(digits);
  return sign + trimmed(rounded.includes('.') ? rounded.replace(/\.?0+$/, '') : rounded);
}

/** A probability in a column: 0.58. */
export const probability = (value: number): string => value.toFixed(2);

export const percent = (share: number): string => `${Math.round(share * 100)}${THIN}%`;

/** A time of day: 14:07:52. */
export function clock(seconds: number): string {
  const date = new Date(seconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** A span of time: 45 s, 12 min, 3 h 20, 2 d 4 h. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A place in time that is told from its neighbours: 45 s, 2 min 30, 3 h 20. */
export function moment(seconds: number): string {
  const whole = Math.round(seconds);
  const rest = whole % 60;
  if (whole < 90 || whole >= 5400 || !rest) return duration(whole);
  return `${Math.floor(whole / 60)} min ${String(rest).padStart(2, '0')}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;
