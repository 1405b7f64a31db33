/** Presses of keys that follow one another are one gesture: it ends after a rest, or when something else begins. */

const REST_MS = 700;
let timer: ReturnType<typeof setTimeout> | undefined;
let end: (() => void) | null = null;

/** A key was pressed; `finish` ends the gesture, in the place of what would have ended it before. */
export function pressed(finish: () => void): void {
  clearTimeout(timer);
  end = finish;
  timer = setTimeout(rested, REST_MS);
}

/** End the gesture that is under way, if there is one. */
export function rested(): void {
  const finish = end;
  dropped();
  finish?.();
}

/** Forget the gesture that is under way: nothing ends it. */
export function dropped(): void {
  clearTimeout(timer);
  end = null;
}
