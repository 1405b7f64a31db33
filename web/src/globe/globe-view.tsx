/** The globe in the page. */

import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import * as detail from "../detail";
import type { Borders } from "../map/base";
import { counted, withCounted } from "../counted";
import { bandOf, bands } from "../map/colours";
import { shownClass } from "../panels/map-view";
import * as state from "../state";
import { planes } from "../transport";
import { marginKey } from "../verdicts";
import { Globe, withoutWebGL, type Volume } from "./globe";

export function GlobeView(): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const globe = useRef<Globe | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  useEffect(() => {
    const missing = withoutWebGL();
    if (missing || !holder.current) {
      setWhy(missing);
      return undefined;
    }
    try {
      return follow(holder.current, globe);
    } catch (problem) {
      setWhy(
        `The globe could not start: ${problem instanceof Error ? problem.message : String(problem)}. The map works.`,
      );
      return undefined;
    }
  }, []);
  if (why)
    return (
      <p class="message" role="status">
        {why}
      </p>
    );
  return (
    <div
      ref={holder}
      class="globe"
      tabIndex={0}
      role="application"
      aria-label="Globe: arrow keys turn it, plus and minus come nearer. The same as a table is under Table."
      onKeyDown={(event) => {
        const step = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 4], ArrowDown: [0, -4] }[event.key];
        if (step) globe.current?.turn(step[0]!, step[1]!, 1);
        else if (event.key === "+" || event.key === "=") globe.current?.turn(0, 0, 0.85);
        else if (event.key === "-") globe.current?.turn(0, 0, 1.18);
        else return;
        event.preventDefault();
      }}
    />
  );
}

function volumes(): Volume[] {
  const scene = state.scene.value;
  const name = shownClass();
  if (!scene || name === null) return [];
  const types = new Map(scene.radars.map((row) => [row.name, row]));
  const out: Volume[] = [];
  for (const row of state.present.value) {
    const type = row.form === "radar" && row.on ? types.get(row.type ?? "") : undefined;
    const km = type?.range_km[name]?.search ?? 0;
    if (!type || km <= 0 || row.lat === null || row.lon === null) continue;
    const half = type.sector_halfwidth_deg?.value ?? null;
    for (const boresight of row.boresights_deg.length ? row.boresights_deg : [null])
      out.push({ lat: row.lat, lon: row.lon, km, boresight, half });
  }
  return out;
}

function follow(holder: HTMLElement, kept: { current: Globe | null }): () => void {
  const scene = state.scene.value;
  const made = new Globe(holder, scene?.projection.centre_deg ?? [45, 20], state.dark.value);
  kept.current = made;
  void planes<Borders>(`api/borders?scenario=${scene?.scenario.sha256 ?? ""}&form=globe`).then(
    (borders) => {
      made.setBorders(borders);
    },
    () => undefined,
  );
  const stops = [
    effect(() => {
      made.setTheme(state.dark.value);
    }),
    effect(() => {
      const points = state.points.value;
      const picture = state.picture.value;
      if (!points || !picture) return;
      const margin = state.margin.value?.key === marginKey() ? state.margin.value.values : null;
      const shots = state.colours.value === "shots" ? counted.value : null;
      const waits = (state.colours.value === "margin" && !margin) || (state.colours.value === "shots" && !shots);
      const colours = waits ? "defended" : state.colours.value;
      made.setPlaces(
        points,
        bandOf(withCounted(picture.codes, shots), colours, margin),
        bands(colours, state.dark.value),
      );
    }),
    effect(() => {
      const standing = state.present.value.flatMap(({ lat, lon, form, on }) =>
        lat === null || lon === null ? [] : [{ lat, lon, form, on }],
      );
      const playing = state.panel.value === "raid" && detail.playback.value;
      made.setSites(standing, playing ? [] : volumes());
    }),
    effect(() => {
      const playback = detail.playback.value;
      const raid = state.panel.value === "raid" && playback ? { playback, time: state.clock.value } : null;
      made.setArcs(detail.tracks.value, raid, detail.footprints.value);
    }),
  ];
  const watcher = new ResizeObserver(() => {
    made.resized();
  });
  watcher.observe(holder);
  return () => {
    watcher.disconnect();
    for (const stop of stops) stop();
    made.close();
    kept.current = null;
  };
}
