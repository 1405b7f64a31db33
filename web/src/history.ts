/** Undo and redo: a list of documents, one for each gesture. */

export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

const MOST = 200;

export function begun<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** A finished gesture: what is undone leads back to before it. */
export function done<T>(history: History<T>, present: T, same: (a: T, b: T) => boolean): History<T> {
  if (same(history.present, present)) return history;
  return { past: [...history.past, history.present].slice(-MOST), present, future: [] };
}

export function undone<T>(history: History<T>): History<T> {
  const present = history.past[history.past.length - 1];
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] };
}

export function redone<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future };
}
