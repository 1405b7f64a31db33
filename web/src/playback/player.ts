/** One clock for everything that plays: seconds after the first launch. */

import { signal } from "@preact/signals";
import * as state from "../state";
import * as detail from "../detail";

export const playing = signal(false);
export const speed = signal(20);
export const SPEEDS = [1, 5, 20, 60, 200] as const;
let frame = 0;
let last = 0;

export function play(): void {
  const raid = detail.playback.value;
  if (!raid || playing.value) return;
  if (state.clock.value >= raid.ends_s) state.clock.value = raid.begins_s;
  playing.value = true;
  last = performance.now();
  frame = requestAnimationFrame(step);
}

export function pause(): void {
  playing.value = false;
  cancelAnimationFrame(frame);
}

function step(now: number): void {
  const raid = detail.playback.value;
  if (!raid || !playing.value) return;
  // A page that was hidden goes on from where it was, not from where it would be.
  const passed = Math.min(now - last, 250);
  last = now;
  const next = state.clock.value + (passed / 1000) * speed.value;
  if (next >= raid.ends_s) {
    state.clock.value = raid.ends_s;
    pause();
    return;
  }
  state.clock.value = next;
  frame = requestAnimationFrame(step);
}

export function seek(seconds: number): void {
  const raid = detail.playback.value;
  if (raid) state.clock.value = Math.max(raid.begins_s, Math.min(raid.ends_s, seconds));
}

/** The last event at or before a moment; -1 before the first. */
export function eventAt(times: readonly { time_s: number }[], seconds: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]!.time_s <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
