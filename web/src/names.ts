/** Titles for the names that files and sentences use. */

import * as state from "./state";

export function nation(code: string): string {
  return state.scene.value?.nations.find((row) => row.code === code)?.name ?? code;
}

export function titleOf(name: string): string {
  const row = state.present.value.find((each) => each.name === name) ?? state.elementsByName.value.get(name);
  return row?.title ?? name;
}

/** Names of elements, classes, areas and nations in a sentence, as their titles. */
export function readable(text: string): string {
  const scene = state.scene.value;
  const titles = new Map<string, string>();
  for (const row of scene?.nations ?? []) titles.set(row.code, row.name);
  for (const row of scene?.classes ?? []) titles.set(row.name, row.title);
  for (const row of scene?.launch_areas ?? []) titles.set(row.name, row.title);
  for (const row of [...(scene?.elements ?? []), ...state.present.value]) titles.set(row.name, row.title);
  return text.replaceAll(/[A-Za-z][\w-]*/g, (word) => titles.get(word) ?? word);
}
