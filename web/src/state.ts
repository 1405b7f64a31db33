/** What the application holds: the scene, the what-if on the map, what is known of it, and how it is looked at. */

import { batch, computed, signal } from "@preact/signals";
import type { ArchitectureRow, DrawnElements, Element, FirstOut, Headline, PlanRow, Question, Scene } from "./contract";
import { canonical, keyOf, type WhatIf } from "./document";
import { rested } from "./gesture";
import { begun, done, redone, undone, type History } from "./history";
import type { Points } from "./points";

export type Colours = "defended" | "shots" | "margin";
export type View = "map" | "globe" | "table" | "question";
export type Panel = "result" | "defence" | "assumptions" | "why" | "raid" | "questions";

export type Selected =
  | { kind: "place"; lat: number; lon: number; title: string }
  | { kind: "element"; name: string }
  | { kind: "nation"; code: string }
  | null;

/** A verdict as it is painted: one code a point of the exact set. */
export interface Picture {
  /** Of the what-if, level and classes that it is of. */
  key: string;
  exact: boolean;
  /** 0 not threatened, 1 threatened and undefended, 2 and more: defended with code - 1 shots at least. */
  codes: Uint8Array;
  headline: Headline;
  id: string;
  cpuMs: number;
  method: string;
  why: string | null;
  notes: string[];
  /** When it was asked for [ms of the page]: it shows what was done before that. */
  askedAt: number;
}

export const scene = signal<Scene | null>(null);
export const points = signal<Points | null>(null);
/** Questions that the study asks; found out after the map is shown. */
export const questions = signal<readonly Question[] | null>(null);

const NONE: WhatIf = { scenario: "", architecture: "" };
export const history = signal<History<WhatIf>>(begun(NONE));
/** What is on the map now; while something is in the hand, ahead of the history. */
export const shown = signal<WhatIf>(NONE);
export const hand = signal<readonly string[]>([]);
export const level = signal("base");
export const classes = signal<readonly string[] | null>(null);
export const areas = signal<readonly string[] | null>(null);

export const picture = signal<Picture | null>(null);
export const baseline = signal<WhatIf>(NONE);
export const baselineHeadline = signal<Headline | null>(null);
export const drawn = signal<DrawnElements | null>(null);
export const plans = signal<{ key: string; rows: readonly PlanRow[] } | null>(null);
export const firstOut = signal<{ key: string; answer: FirstOut } | null>(null);
/** Greatest decision time [s] at which each point is still defended; 255 at none. */
export const margin = signal<{ key: string; values: Uint8Array; exact: boolean } | null>(null);

export const colours = signal<Colours>("defended");
export const view = signal<View>("map");
export const panel = signal<Panel>("result");
export const selected = signal<Selected>(null);
export const dark = signal(false);
export const working = signal(0);
export const problem = signal<string | null>(null);
export const notice = signal<string | null>(null);
/** Seconds after the first launch, of the raid that is played back. */
export const clock = signal(0);

export const key = computed(() => questionKey(shown.value));

/** What an answer depends on: the what-if, and how it is asked. Answers to anything else are not of this picture. */
export function questionKey(document: WhatIf): string {
  return `${keyOf(document)}|${level.value}|${JSON.stringify(classes.value)}|${JSON.stringify(areas.value)}`;
}

/** Of which only what a margin, plans or first-out losses depend on that are not asked for single launch areas. */
export const stale = computed(() => picture.value === null || !picture.value.exact || picture.value.key !== key.value);

export const architecture = computed<ArchitectureRow | null>(() => {
  const of = scene.value?.architectures.find((row) => row.name === shown.value.architecture) ?? null;
  const now = drawn.value?.architecture;
  return now && now.name === of?.name ? now : of;
});

export const elementsByName = computed(() => new Map(scene.value?.elements.map((row) => [row.name, row]) ?? []));

/** Elements of the architecture on the map, where the what-if has them, those switched off included. */
export const present = computed<(Element & { on: boolean; isAdded: boolean; isMoved: boolean })[]>(() => {
  const whatIf = shown.value;
  const names = scene.value?.architectures.find((row) => row.name === whatIf.architecture)?.elements ?? [];
  const off = new Set(whatIf.off);
  const out = [];
  for (const name of names) {
    const row = elementsByName.value.get(name);
    if (row) out.push({ ...row, ...placed(row, whatIf), on: !off.has(name), isAdded: false });
  }
  const told = new Map(drawn.value?.elements.map((row) => [row.name, row]) ?? []);
  for (const [name, keys] of Object.entries(whatIf.add ?? {})) {
    const row = told.get(name) ?? sketched(name, keys);
    out.push({ ...row, ...placed(row, whatIf), on: !off.has(name), isAdded: true });
  }
  return out;
});

function placed(row: Element, whatIf: WhatIf): { lat: number | null; lon: number | null; isMoved: boolean } {
  const move = whatIf.move ?? {};
  const named = [row.name, row.site ?? "", ...row.together].find((name) => name in move);
  const to = named === undefined ? undefined : move[named];
  return to ? { lat: to[0], lon: to[1], isMoved: true } : { lat: row.lat, lon: row.lon, isMoved: false };
}

/** What is known of an added element before the server has told more. */
function sketched(name: string, keys: Record<string, unknown>): Element {
  const at = (keys["at"] ?? [null, null]) as [number | null, number | null];
  const isRadar = typeof keys["radar"] === "string";
  return {
    name,
    title: typeof keys["title"] === "string" ? keys["title"] : name,
    label: typeof keys["title"] === "string" ? keys["title"] : name,
    form: isRadar ? "radar" : "battery",
    kind: isRadar ? "radar" : keys["basing"] === "sea" ? "sea_battery" : "land_battery",
    type: (keys["radar"] ?? keys["battery"] ?? null) as string | null,
    owner: null,
    basing: (keys["basing"] ?? "land") as string,
    partner: false,
    lat: at[0],
    lon: at[1],
    altitude_m: 0,
    site: null,
    together: [name],
    boresights_deg: [],
    interceptors: null,
    from: null,
    until: null,
    movable: true,
  };
}

const same = (a: WhatIf, b: WhatIf): boolean => keyOf(a) === keyOf(b);

/** Show a what-if while a gesture is under way. */
export function tried(document: WhatIf): void {
  shown.value = document;
}

/** End a gesture: it becomes one step of the history. */
export function settled(document: WhatIf = shown.value): void {
  const next = canonical(document);
  batch(() => {
    history.value = done(history.value, next, same);
    shown.value = next;
    hand.value = [];
  });
}

export function undo(): void {
  rested();
  step(undone(history.value));
}

export function redo(): void {
  rested();
  step(redone(history.value));
}

function step(next: History<WhatIf>): void {
  batch(() => {
    history.value = next;
    shown.value = next.present;
    hand.value = [];
  });
}

/** Begin anew with a document: nothing to undo. */
export function began(document: WhatIf): void {
  const next = canonical(document);
  batch(() => {
    history.value = begun(next);
    shown.value = next;
    hand.value = [];
    picture.value = null;
    drawn.value = null;
    plans.value = null;
    firstOut.value = null;
    margin.value = null;
  });
}

export function pin(): void {
  batch(() => {
    baseline.value = history.value.present;
    baselineHeadline.value = picture.value?.exact ? picture.value.headline : null;
  });
}
