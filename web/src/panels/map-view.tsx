/** The map in the page: what it shows follows the state. */

import { computed, effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { mapped, say, takeView, toggle } from "../actions";
import { rounded, moved, type WhatIf } from "../document";
import { counted, withCounted } from "../counted";
import { people } from "../format";
import { bandOf, bands } from "../map/colours";
import { sector } from "../map/geodesy";
import { ChangeMap, type Picked } from "../map/map";
import type { Overlaid } from "../map/overlay";
import type { Hand, Site } from "../map/sites";
import * as state from "../state";
import * as detail from "../detail";
import { marginKey } from "../verdicts";

let map: ChangeMap | null = null;
let before: WhatIf | null = null;
const hovered = signal<{ side: { left: string } | { right: string }; y: number; lines: string[] } | null>(null);
/** Which class radar ranges are drawn against; null for the first of those that count. */
export const rangeClass = signal<string | null>(null);

/** A picture that was painted, for the benchmark of a drag: what happened before `askedAt` [ms] shows from `paintedAt`. */
interface Paint {
  askedAt: number;
  paintedAt: number;
  exact: boolean;
  /** Processor time of the server [ms]. */
  cpuMs: number;
}
const paints: Paint[] = [];
declare global {
  interface Window {
    hoplonPaints?: Paint[];
  }
}
window.hoplonPaints = paints;

/** Margins of the points, while they are of what is shown. */
const margins = computed(() => (state.margin.value?.key === marginKey() ? state.margin.value.values : null));

const hand: Hand = {
  begin(site) {
    before = state.history.value.present;
    state.hand.value = site.names;
  },
  move(site, lat, lon) {
    if (before) state.tried(moved(before, site.names, ...rounded(lat, lon)));
  },
  end() {
    before = null;
    state.settled();
  },
  cancel() {
    if (before) state.tried(before);
    before = null;
    state.hand.value = [];
  },
  choose(site) {
    const [name] = site.names;
    if (name !== undefined) {
      state.selected.value = { kind: "element", name };
      state.panel.value = "why";
    }
  },
  toggle(site) {
    toggle(site.names);
  },
};

export function middle(): [number, number] {
  const view = map?.getView();
  const at = view ? map?.plane.from(view[0], view[1]) : null;
  return at ? rounded(...at) : [0, 0];
}

export function zoom(by: number): void {
  map?.zoom(by);
}

export function home(): void {
  map?.home();
}

export function showPlace(lat: number, lon: number): void {
  map?.centreOn(lat, lon);
}

/** Elements of the present architecture by where they stand: one button for each place. */
function sites(): Site[] {
  const at = new Map<string, typeof state.present.value>();
  for (const row of state.present.value) {
    if (row.lat === null || row.lon === null) continue;
    const together = row.isAdded ? row.name : [...row.together].sort().join(" ");
    const key = `${row.lat.toFixed(2)} ${row.lon.toFixed(2)} ${together}`;
    at.set(key, [...(at.get(key) ?? []), row]);
  }
  const out: Site[] = [];
  for (const rows of at.values()) {
    rows.sort((a, b) => rank(a.form) - rank(b.form));
    const [first] = rows;
    if (!first) continue;
    out.push({
      names: rows.map((row) => row.name),
      label: first.label,
      title: rows.map((row) => row.title).join("; "),
      kind: first.kind,
      form: first.form,
      alsoRadar: first.form !== "radar" && rows.some((row) => row.form === "radar"),
      lat: first.lat ?? 0,
      lon: first.lon ?? 0,
      on: rows.some((row) => row.on),
      movable: first.movable,
      isMoved: first.isMoved,
      isAdded: first.isAdded,
      partner: rows.every((row) => row.partner),
    });
  }
  return out;
}

function rank(form: string): number {
  return ["battery", "radar", "node"].indexOf(form);
}

export function shownClass(): string | null {
  const scene = state.scene.value;
  if (rangeClass.value) return rangeClass.value;
  return (state.classes.value ?? scene?.headline.classes)?.[0] ?? scene?.classes[0]?.name ?? null;
}

function sectors(): Overlaid["sectors"] {
  const scene = state.scene.value;
  const name = shownClass();
  if (!scene || name === null) return [];
  const types = new Map([...scene.radars, ...(state.drawn.value?.radars ?? [])].map((row) => [row.name, row]));
  const selected = state.selected.value;
  const out: Overlaid["sectors"] = [];
  for (const row of state.present.value) {
    if (row.form !== "radar" || !row.on || row.lat === null || row.lon === null) continue;
    const given = state.shown.value.type?.[row.name];
    const type = types.get(typeof given === "string" ? given : (row.type ?? ""));
    const km = type?.range_km[name]?.search ?? 0;
    if (!type || km <= 0) continue;
    const strong = selected?.kind === "element" && (selected.name === row.name || row.together.includes(selected.name));
    const half = type.sector_halfwidth_deg?.value ?? null;
    const faces = row.boresights_deg.length ? row.boresights_deg : [null];
    for (const face of faces) out.push({ outline: sector(row.lat, row.lon, km, face, half), strong });
  }
  return out;
}

function overlaid(): Overlaid {
  const scene = state.scene.value;
  const used = new Set(state.areas.value ?? scene?.launch_areas.map((row) => row.name));
  const own = state.elementsByName.value;
  const selected = state.selected.value;
  const raid = detail.playback.value;
  const playing = state.panel.value === "raid" && raid !== null;
  const seen = new Set<string>();
  const moves: Overlaid["moves"] = [];
  for (const row of state.present.value) {
    const from = own.get(row.name);
    if (!row.isMoved || !from || from.lat === null || from.lon === null || row.lat === null || row.lon === null)
      continue;
    const key = `${String(from.lat)} ${String(from.lon)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    moves.push({ from: [from.lat, from.lon], to: [row.lat, row.lon] });
  }
  return {
    sectors: playing ? [] : sectors(),
    launches: scene?.launch_areas.map((row) => ({ ...row, used: used.has(row.name) })) ?? [],
    moves: playing ? [] : moves,
    tracks: playing ? [] : detail.tracks.value,
    footprints: playing ? [] : detail.footprints.value,
    chosen: selected?.kind === "place" && !playing ? selected : null,
    raid: playing ? { playback: raid, time: state.clock.value } : null,
  };
}

function pick(at: Picked | null): void {
  const points = state.points.value;
  if (!at || !points) {
    state.selected.value = null;
    return;
  }
  const name = points.names[at.index];
  const title = points.kind[at.index] === 0 && name ? name : "Land";
  state.selected.value = { kind: "place", lat: at.lat, lon: at.lon, title };
  state.panel.value = "why";
}

function follow(target: HTMLElement): () => void {
  const scene = state.scene.value;
  if (!scene) return () => undefined;
  const made = new ChangeMap(target, scene.projection, hand, state.dark.value, pick, () => undefined);
  map = made;
  made.onDraw = () => {
    const drawn = state.picture.peek();
    return () => {
      if (!drawn) return;
      const { askedAt, exact, cpuMs } = drawn;
      paints.push({ askedAt, paintedAt: performance.now(), exact, cpuMs });
      if (paints.length > 5000) paints.splice(0, 1000);
      document.body.dataset["painted"] = exact ? "exact" : "about";
    };
  };
  mapped.getView = () => made.getView();
  mapped.setView = (view) => {
    made.setView(view);
  };
  if (mapped.land) made.setLand(mapped.land);
  const stops = [
    effect(() => {
      if (state.points.value) made.setPoints(state.points.value);
    }),
    effect(() => {
      made.setTheme(state.dark.value);
    }),
    effect(() => {
      const picture = state.picture.value;
      const usable = margins.value;
      const shots = state.colours.value === "shots" ? counted.value : null;
      const waits = (state.colours.value === "margin" && !usable) || (state.colours.value === "shots" && !shots);
      const colours = waits ? "defended" : state.colours.value;
      const legend = palette(colours, state.dark.value);
      if (state.points.value)
        made.setBands(
          picture ? bandOf(withCounted(picture.codes, shots), colours, usable) : null,
          legend,
          picture?.exact ?? true,
        );
    }),
    effect(() => {
      const selected = state.selected.value;
      made.setSites(sites(), selected?.kind === "element" ? [selected.name] : []);
    }),
    effect(() => {
      made.setOverlay(overlaid());
    }),
  ];
  const view = takeView();
  if (view) made.setView(view);
  const watcher = new ResizeObserver(() => {
    made.resized();
  });
  watcher.observe(target);
  return () => {
    watcher.disconnect();
    for (const stop of stops) stop();
    target.replaceChildren();
    map = null;
  };
}

const palettes = new Map<string, ReturnType<typeof bands>>();
function palette(colours: state.Colours, dark: boolean): ReturnType<typeof bands> {
  const key = `${colours}${String(dark)}`;
  const found = palettes.get(key) ?? bands(colours, dark);
  palettes.set(key, found);
  return found;
}

/** What stands under the pointer, in a line or two. */
function told(event: PointerEvent, target: HTMLElement): void {
  const points = state.points.value;
  const picture = state.picture.value;
  const box = target.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const over = event.target as HTMLElement;
  const at = event.buttons || over.closest("button") ? null : map?.nearest([x, y], 8);
  if (!at || !points || !picture) {
    if (hovered.value) hovered.value = null;
    return;
  }
  const code = picture.codes[at.index] ?? 0;
  const known = counted.value?.[at.index];
  const nation = state.scene.value?.nations.find((row) => row.code === points.nations[points.nation[at.index] ?? 0]);
  const most = state.margin.value?.key === marginKey() ? state.margin.value.values[at.index] : undefined;
  const lines = [
    points.kind[at.index] === 0
      ? `${points.names[at.index] ?? ""}, ${nation?.name ?? ""}`
      : `Land of ${nation?.name ?? ""}`,
    points.kind[at.index] === 0 ? people(points.people[at.index] ?? 0) + " people" : "",
    code === 0 ? "Not threatened" : code === 1 ? "Undefended" : `Defended${known ? `, ${shots(known)}` : ""}`,
    code === 0 || most === undefined ? "" : margin(most),
  ].filter(Boolean);
  const side = x > box.width - 230 ? { right: `${String(box.width - x + 14)}px` } : { left: `${String(x + 14)}px` };
  hovered.value = { side, y: Math.min(y, box.height - 110), lines };
}

function shots(count: number): string {
  return count === 1 ? "one shot" : `${count >= 200 ? "200 or more" : String(count)} shots`;
}

function margin(most: number): string {
  if (most === 255) return "Not at any decision time";
  return most === 254 ? "Up to 254 s or more to decide" : `Up to ${String(most)} s to decide`;
}

export function MapView(): JSX.Element {
  const target = useRef<HTMLDivElement>(null);
  const scene = state.scene.value;
  useEffect(() => {
    if (!target.current || !scene) return undefined;
    try {
      return follow(target.current);
    } catch (problem) {
      say(problem);
      return undefined;
    }
  }, [scene]);
  const tip = hovered.value;
  return (
    <div
      class={`map-holder ${state.stale.value && state.picture.value ? "about" : ""} ${state.panel.value === "raid" && detail.playback.value ? "playing" : ""}`}
      onPointerMove={(event) => {
        told(event, event.currentTarget);
      }}
      onPointerLeave={() => {
        hovered.value = null;
      }}
    >
      <div
        ref={target}
        class="map"
        role="application"
        tabIndex={0}
        aria-label={`Map of ${scene?.headline.title ?? "the study"}: arrow keys pan, plus and minus zoom. The same as a table is under Table.`}
      />
      {tip ? (
        <div class="tip" aria-hidden="true" style={{ ...tip.side, top: `${String(tip.y + 14)}px` }}>
          {tip.lines.map((line, i) => (i === 0 ? <b key={line}>{line}</b> : <span key={line}>{line}</span>))}
        </div>
      ) : null}
    </div>
  );
}
