/** The map's data as a table: every place with its people and how it is defended; CSV and GeoJSON. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { download } from "../actions";
import { counted } from "../counted";
import * as state from "../state";
import { marginKey } from "../verdicts";
import { DataTable, type Column } from "./data-table";
import { IconButton, Segments } from "./parts";

const COLUMNS: Column[] = [
  { key: "name", title: "Place" },
  { key: "nation", title: "Nation" },
  { key: "people", title: "People" },
  { key: "state", title: "State" },
  { key: "shots", title: "Shots" },
  { key: "decision_s_most", title: "Longest decision", unit: "s" },
  { key: "latitude_deg", title: "Latitude", unit: "°" },
  { key: "longitude_deg", title: "Longitude", unit: "°" },
];

type Which = "all" | "undefended" | "defended";
const which = signal<Which>("all");
const search = signal("");

function rows(): unknown[][] {
  const points = state.points.value;
  const picture = state.picture.value;
  if (!points || !picture) return [];
  const names = new Map(state.scene.value?.nations.map((row) => [row.code, row.name]) ?? []);
  const nations = points.nations.map((code) => names.get(code) ?? code);
  const margin = state.margin.value?.key === marginKey() ? state.margin.value.values : null;
  const wanted = search.value.trim().toLowerCase();
  const out: unknown[][] = [];
  for (let i = 0; i < points.n; i++) {
    const code = picture.codes[i]!;
    if (points.kind[i] === 1) continue;
    if (which.value === "undefended" && code !== 1) continue;
    if (which.value === "defended" && code < 2) continue;
    const name = points.names[i] ?? "";
    const nation = nations[points.nation[i]!] ?? "";
    if (wanted && !name.toLowerCase().includes(wanted) && !nation.toLowerCase().includes(wanted)) continue;
    const most = margin?.[i];
    out.push([
      name,
      nation,
      Math.round(points.people[i]!),
      code === 0 ? "not threatened" : code === 1 ? "undefended" : "defended",
      code === 0 ? null : (counted.value?.[i] ?? null),
      code === 0 || most === undefined || most === 255 ? null : most,
      Number(points.lat[i]!.toFixed(4)),
      Number(points.lon[i]!.toFixed(4)),
    ]);
  }
  return out.sort((a, b) => (b[2] as number) - (a[2] as number));
}

function geojson(of: readonly unknown[][]): string {
  const features = of.map((row) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [row[7], row[6]] },
    properties: Object.fromEntries(COLUMNS.slice(0, 6).map((column, i) => [column.key, row[i]])),
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

export function PlacesTable(): JSX.Element {
  const found = rows();
  return (
    <div class={state.stale.value ? "page about" : "page"}>
      <div class="filters">
        <Segments
          label="Which places"
          value={which.value}
          choices={[
            { value: "all", label: "All places" },
            { value: "undefended", label: "Undefended" },
            { value: "defended", label: "Defended" },
          ]}
          onChange={(value) => {
            which.value = value;
          }}
        />
        <label class="field">
          <span class="unseen">Find a place or nation</span>
          <input
            type="search"
            placeholder="Find a place or nation"
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value;
            }}
          />
        </label>
        <IconButton
          icon="down"
          label="GeoJSON"
          text
          onClick={() => {
            download("places.geojson", geojson(found), "application/geo+json");
          }}
        />
      </div>
      <DataTable
        name="places"
        title={`${found.length.toLocaleString("en-US")} places`}
        columns={COLUMNS}
        rows={found}
        onRow={(row) => {
          const [lat, lon] = [row[6] as number, row[7] as number];
          state.selected.value = { kind: "place", lat, lon, title: String(row[0]) };
          state.panel.value = "why";
        }}
      />
    </div>
  );
}
