/** What Python does and JavaScript does otherwise: the functions that translated code calls. */

/** Strings in the order of their code points, as `sorted()` has it. */
export function sorted(texts: string[]): string[] {
  return [...texts].sort(byCodePoint);
}

/** `sorted(d.items())`. */
export function sortedItems<T>(map: { [key: string]: T }): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => byCodePoint(a, b));
}

function byCodePoint(a: string, b: string): number {
  const left = Array.from(a, (c) => c.codePointAt(0)!);
  const right = Array.from(b, (c) => c.codePointAt(0)!);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i] - right[i];
  }
  return left.length - right.length;
}

/** The elements of a set; what is made of them must not depend on their order. */
export function distinct(texts: string[]): string[] {
  return [...new Set(texts)];
}

/** `len()` of a string, in code points, or of a dict. */
export function size(value: string | { [key: string]: unknown }): number {
  return typeof value === 'string' ? Array.from(value).length : Object.keys(value).length;
}

/** Whether a list or dict is not empty. */
export function filled(value: unknown[] | { [key: string]: unknown }): boolean {
  return Object.keys(value).length > 0;
}

/** `xs[i]`, counted from the end if `i` is negative. */
export function at<T>(list: T[], index: number): T {
  const place = index < 0 ? list.length + index : index;
  if (place < 0 || place >= list.length) throw new Error('list index out of range');
  return list[place];
}

/** `d[k]`. */
export function item<T>(map: { [key: string]: T }, key: string): T {
  if (!has(map, key)) throw new Error(`'${key}'`);
  return map[key];
}

/** `d.get(k)`. */
export function get<T>(map: { [key: string]: T }, key: string): T | undefined;
/** `d.get(k, otherwise)`. */
export function get<T>(map: { [key: string]: T }, key: string, otherwise: T): T;
export function get<T>(map: { [key: string]: T }, key: string, otherwise?: T): T | undefined {
  return has(map, key) ? map[key] : otherwise;
}

/** `k in d`. */
export function has(map: { [key: string]: unknown }, key: string): boolean {
  return Object.prototype.hasOwnProperty.call(map, key);
}

/** `x in xs`. */
export function contains(list: unknown[], value: unknown): boolean {
  return list.includes(value);
}

/** `range(stop)` or `range(start, stop)`. */
export function range(first: number, stop?: number): number[] {
  const start = stop === undefined ? 0 : first;
  return Array.from({ length: Math.max(0, (stop ?? first) - start) }, (_, i) => start + i);
}

/** `a / b`. */
export function divide(a: number, b: number): number {
  if (b === 0) throw new Error('division by zero');
  return a / b;
}

/** `int(x)`. */
export function whole(value: number): number {
  if (Number.isNaN(value)) throw new Error('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw new Error('cannot convert float infinity to integer');
  return Math.trunc(value) + 0;
}

/** `a // b` of whole numbers; `+ 0`, as they have no -0. */
export function floorDivide(a: number, b: number): number {
  if (b === 0) throw new Error('integer division or modulo by zero');
  const rest = a % b;
  return (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0) + 0;
}

/** `a % b` of whole numbers, which has the sign of `b`. */
export function modulo(a: number, b: number): number {
  if (b === 0) throw new Error('integer modulo by zero');
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
}

const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const AROUND = new RegExp(`^${SPACE}|${SPACE}$`, 'g');

/** `s.strip()`: without what Python counts as white space. */
export function strip(text: string): string {
  return text.replace(AROUND, '');
}

/** `s.removeprefix(p)`. */
export function removePrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** `s.removesuffix(p)`. */
export function removeSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

/** `s.split(separator, maxsplit=most)`. */
export function split(text: string, separator: string, most: number): string[] {
  if (separator === '') throw new Error('empty separator');
  const parts = text.split(separator);
  return most >= 0 && parts.length > most + 1 ? [...parts.slice(0, most), parts.slice(most).join(separator)] : parts;
}

/** `s.replace(before, now)`. */
export function replace(text: string, before: string, now: string): string {
  return before === '' ? ['', ...Array.from(text), ''].join(now) : text.replaceAll(before, () => now);
}

/** A struct with its keys in the given order, whatever the order in which its values were evaluated. */
export function ordered<T extends object>(struct: T, ...keys: (keyof T)[]): T {
  return Object.fromEntries(keys.map((key) => [key, struct[key]])) as T;
}

/** `f"{x:g}"`: six digits, without the zeros at the end. */
export function general(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0';
  const [digits, exponent] = value.toExponential(5).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(value.toPrecision(6)));
  return `${Number(digits)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
