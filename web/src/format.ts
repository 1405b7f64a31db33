/** Numbers as the pages of the report write them. */

export function percent(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return `${(100 * share).toFixed(digits)} %`;
}

/** A change in percentage points, with its sign; a true minus; 0 where nothing changes at all. */
export function change(now: number | null | undefined, before: number | null | undefined, digits = 1): string {
  if (now === null || now === undefined || before === null || before === undefined) return "";
  const points = 100 * (now - before);
  const text = Math.abs(points).toFixed(digits);
  if (Number(text) === 0) return Math.abs(points) < 1e-9 ? "0" : `${points > 0 ? "+" : "−"}${text}`;
  return `${points > 0 ? "+" : "−"}${text}`;
}

export function people(count: number): string {
  if (count >= 999_500) return `${(count / 1e6).toFixed(count >= 99.95e6 ? 0 : 1)} million`;
  return thousands(count);
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-US").replaceAll(",", "\u202f");
}

export function number(value: number): string {
  if (Math.abs(value) >= 10_000) return thousands(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** Minutes and seconds after the first launch. */
export function moment(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, "0")}`;
}

export function latitude(value: number): string {
  return `${Math.abs(value).toFixed(2)}° ${value < 0 ? "S" : "N"}`;
}

export function longitude(value: number): string {
  return `${Math.abs(value).toFixed(2)}° ${value < 0 ? "W" : "E"}`;
}

/** Words of a key: `out_of_reach` as "out of reach". */
export function words(key: string): string {
  return key.replaceAll(/[_-]/g, " ");
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
