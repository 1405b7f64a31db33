/** How the share of people defended falls with the time that the decision takes. */

/** Share at 0, 1, …, 254 s, of the people who are threatened (code above 0), of the points that `counts` lets count. */
export function curveOf(
  codes: Uint8Array,
  margin: Uint8Array,
  people: Float64Array,
  counts: (point: number) => boolean = () => true,
): Float64Array {
  const at = new Float64Array(256);
  let all = 0;
  for (let i = 0; i < codes.length; i++) {
    if (!codes[i] || !counts(i)) continue;
    const count = people[i]!;
    all += count;
    if (margin[i] !== 255) at[margin[i]!]! += count;
  }
  const out = new Float64Array(255);
  let sum = 0;
  for (let seconds = 254; seconds >= 0; seconds--) {
    sum += at[seconds]!;
    out[seconds] = all ? sum / all : 0;
  }
  return out;
}

/** The last second at which the share is still within `within` of the one at 0 s. */
export function lastGood(curve: Float64Array, within = 0.01): number {
  let last = 0;
  for (let seconds = 0; seconds < curve.length; seconds++) if (curve[seconds]! >= curve[0]! - within) last = seconds;
  return last;
}
