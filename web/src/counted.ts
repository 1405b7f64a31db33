/** How many shots each place gets, counted to the last; a verdict counts up to those required only. */

import { computed, effect, signal, untracked } from "@preact/signals";
import * as state from "./state";
import { outdated, planes } from "./transport";
import { page } from "./verdicts";

/** [ms] of rest after an exact picture before shots are counted: it takes seconds. */
const REST_MS = 500;

const answer = signal<{ key: string; shots: Uint8Array } | null>(null);
export const failed = signal<string | null>(null);

/** Shots of every point in what is shown, 255 where none is threatened; null where they are not counted yet. */
export const counted = computed(() => (answer.value?.key === state.key.value ? answer.value.shots : null));

/** Codes with the counted shots in the place of those that a verdict counts: 1 undefended, else shots + 1. */
export function withCounted(codes: Uint8Array, shots: Uint8Array | null): Uint8Array {
  if (!shots) return codes;
  const out = codes.slice();
  for (let i = 0; i < out.length; i++) if (out[i]! > 1) out[i] = 1 + Math.max(1, Math.min(shots[i]!, 200));
  return out;
}

async function learn(key: string): Promise<void> {
  failed.value = null;
  try {
    const found = await planes<{ points: string }>("api/shots", {
      page,
      what_if: state.shown.value,
      level: state.level.value,
      classes: state.classes.value,
      areas: state.areas.value,
    });
    if (key === state.key.value && found.header.points === state.points.value?.sha256)
      answer.value = { key, shots: found.u1("shots") };
  } catch (problem) {
    if (!outdated(problem) && key === state.key.value)
      failed.value = problem instanceof Error ? problem.message : String(problem);
  }
}

/** Count the shots of what is shown once it rests, where they are shown. */
export function watchCounted(): void {
  let timer = 0;
  let asked = "";
  effect(() => {
    const wanted = state.colours.value === "shots" || state.view.value === "table";
    const key = state.key.value;
    const ready = wanted && !state.stale.value && state.hand.value.length === 0;
    untracked(() => {
      clearTimeout(timer);
      if (!ready || counted.value || key === asked) return;
      timer = window.setTimeout(() => {
        asked = key;
        void learn(key).finally(() => {
          if (asked === key) asked = "";
        });
      }, REST_MS);
    });
  });
}
