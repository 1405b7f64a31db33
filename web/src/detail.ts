/** What is told about the chosen thing: explanation, ground tracks, footprints; and the raid that is played back. */

import { effect, signal, untracked } from "@preact/signals";
import type { Playback, Track } from "./contract";
import * as state from "./state";
import { json, outdated } from "./transport";
import { page } from "./verdicts";

export type Told = Record<string, unknown>;

export const explanation = signal<{ of: string; told: Told } | null>(null);
export const explaining = signal(false);
export const tracks = signal<readonly Track[]>([]);
/** An area that was asked for: defended by one battery, or of launch points against which the chosen place is defended. */
export interface Shape {
  rings: [number, number][][];
  title: string;
  denied: boolean;
}
export const footprints = signal<readonly Shape[]>([]);
export const drawing = signal(false);
export const playback = signal<Playback | null>(null);
export const failed = signal<string | null>(null);

let controller: AbortController | null = null;
let timer = 0;

/** What the shown explanation depends on. */
export function asked(): string {
  const selected = state.selected.value;
  return selected ? `${state.key.value}|${JSON.stringify(selected)}` : "";
}

function body(): Record<string, unknown> {
  return {
    page,
    level: state.level.value,
    classes: state.classes.value,
    what_if: state.shown.value,
  };
}

async function learn(): Promise<void> {
  controller?.abort();
  const own = new AbortController();
  controller = own;
  const selected = state.selected.value;
  const of = asked();
  if (!selected) return;
  explaining.value = true;
  failed.value = null;
  try {
    const what =
      selected.kind === "place"
        ? { place: [selected.lat, selected.lon] }
        : selected.kind === "element"
          ? { element: selected.name }
          : { nation: selected.code };
    const answer = await json<{ explanation: Told }>("api/explain", { ...body(), ...what }, own.signal);
    if (of === asked()) explanation.value = { of, told: answer.explanation };
  } catch (problem) {
    if (!outdated(problem) && of === asked())
      failed.value = problem instanceof Error ? problem.message : String(problem);
  } finally {
    if (controller === own) explaining.value = false;
  }
  if (selected.kind !== "place" || of !== asked()) return;
  try {
    const answer = await json<{ tracks: Track[] }>(
      "api/tracks",
      {
        what_if: state.shown.value,
        place: [selected.lat, selected.lon],
        classes: state.classes.value,
        areas: state.areas.value,
      },
      own.signal,
    );
    if (of === asked()) tracks.value = answer.tracks;
  } catch (problem) {
    if (!outdated(problem) && of === asked()) tracks.value = [];
  }
}

/** Explain what is chosen whenever it, or what is known, changes. */
export function watchChosen(): void {
  let last = "";
  effect(() => {
    const of = asked();
    const ready = state.picture.value?.exact === true && !state.stale.value;
    untracked(() => {
      if (shapesOf === of) return;
      shapesOf = of;
      footprints.value = [];
      const selected = JSON.stringify(state.selected.value);
      if (!of || selected !== drawnFor) redraw = null;
    });
    if (ready) untracked(() => void redraw?.());
  });
  effect(() => {
    const of = asked();
    const ready = state.picture.value?.exact === true && !state.stale.value;
    const wanted = state.panel.value === "why" || state.view.value === "globe";
    untracked(() => {
      if (!of) {
        last = "";
        controller?.abort();
        explanation.value = null;
        tracks.value = [];
        return;
      }
      const kept = explanation.value?.of;
      if (kept !== undefined && JSON.stringify(state.selected.value) !== kept.slice(kept.lastIndexOf("|") + 1)) {
        explanation.value = null;
        tracks.value = [];
      }
      if (!ready || !wanted || of === last) return;
      last = of;
      clearTimeout(timer);
      timer = window.setTimeout(() => void learn(), 60);
    });
  });
}

interface Area {
  geometry: { type: string; coordinates: unknown } | null;
  properties?: Record<string, unknown>;
}

/** What the drawn area is of, and how it is asked for again when something has changed. */
let shapesOf = "";
let drawnFor = "";
let redraw: (() => Promise<void>) | null = null;

function draw(path: string, with_: Record<string, unknown>, title: string, denied: boolean): Promise<void> {
  drawnFor = JSON.stringify(state.selected.value);
  redraw = async () => {
    const of = asked();
    failed.value = null;
    drawing.value = true;
    try {
      const feature = await json<Area>(path, { page, what_if: state.shown.value, ...with_ });
      if (of !== asked()) return;
      const rings = ringsOf(feature);
      footprints.value = [{ rings, title: rings.length ? title : `${title}: none`, denied }];
    } catch (problem) {
      if (of === asked() && !outdated(problem))
        failed.value = problem instanceof Error ? problem.message : String(problem);
    } finally {
      drawing.value = false;
    }
  };
  return redraw();
}

/** The area that one battery defends against one class from one launch area. */
export function footprint(battery: string, threat: string, area: string, title: string): Promise<void> {
  return draw("api/footprint", { battery, threat, area }, title, false);
}

/** Where missiles of a class may be launched from without reaching the chosen place undefended. */
export function denied(aim: [number, number], threat: string, title: string): Promise<void> {
  return draw("api/denied", { aim, threat }, title, true);
}

/** Rings of a GeoJSON polygon, latitude first. */
export function ringsOf(feature: Area): [number, number][][] {
  const geometry = feature.geometry;
  if (!geometry) return [];
  const polygons = (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates) as number[][][][];
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return [];
  return polygons.flatMap((rings) => rings.map((ring) => ring.map((at): [number, number] => [at[1] ?? 0, at[0] ?? 0])));
}
