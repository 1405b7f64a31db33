/** On the map: how it is coloured, what the colours mean, map or table or globe, zoom. */

import type { JSX } from "preact";
import { footprints } from "../detail";
import { bands } from "../map/colours";
import { counted, failed } from "../counted";
import { marginKey } from "../verdicts";
import * as state from "../state";
import { opened } from "./questions";
import { home, rangeClass, shownClass, zoom } from "./map-view";
import { IconButton, Segments, Select } from "./parts";

export function Toolbar(): JSX.Element {
  const scene = state.scene.value;
  const counted = new Set(state.classes.value ?? scene?.headline.classes);
  return (
    <div class="toolbar">
      <Segments
        label="Show as"
        value={state.view.value}
        choices={[
          { value: "map", label: "Map" },
          { value: "globe", label: "Globe" },
          { value: "table", label: "Table" },
          ...(opened.value ? [{ value: "question" as const, label: "Question" }] : []),
        ]}
        onChange={(view) => {
          state.view.value = view;
        }}
      />
      {state.view.value === "table" || state.view.value === "question" ? null : (
        <Segments
          label="Colour by"
          value={state.colours.value}
          choices={[
            { value: "defended", label: "Defended" },
            { value: "shots", label: "Shots" },
            { value: "margin", label: "Time to decide", title: "Longest decision time at which a place is defended" },
          ]}
          onChange={(colours) => {
            state.colours.value = colours;
          }}
        />
      )}
      {state.view.value === "map" ? (
        <Select
          label="Radars against"
          value={shownClass() ?? ""}
          choices={(scene?.classes ?? []).map((row) => ({
            value: row.name,
            label: `${row.title}${counted.has(row.name) ? "" : " (not counted)"}`,
          }))}
          onChange={(name) => {
            rangeClass.value = name;
          }}
        />
      ) : null}
    </div>
  );
}

export function Zoom(): JSX.Element {
  return (
    <div class="zoom" role="group" aria-label="Zoom">
      <IconButton
        icon="plus"
        label="Zoom in"
        onClick={() => {
          zoom(1);
        }}
      />
      <IconButton
        icon="minus"
        label="Zoom out"
        onClick={() => {
          zoom(-1);
        }}
      />
      <IconButton icon="home" label="Whole region" onClick={home} />
    </div>
  );
}

export function Legend(): JSX.Element {
  const waits =
    (state.colours.value === "margin" && state.margin.value?.key !== marginKey()) ||
    (state.colours.value === "shots" && !counted.value);
  const rows = bands(state.colours.value, state.dark.value);
  return (
    <div class="legend" aria-label="Legend" role="group">
      {state.colours.value === "margin" ? <b>Defended if the decision takes at most</b> : null}
      {state.colours.value === "shots" ? <b>Shot opportunities</b> : null}
      {waits ? <span>{(state.colours.value === "shots" && failed.value) || "being computed …"}</span> : null}
      {waits
        ? null
        : rows.map((band) => (
            <span key={band.label}>
              <i style={{ background: band.fill, borderColor: band.dot }} />
              {band.label}
            </span>
          ))}
      {footprints.value.map((row) => (
        <span key={row.title}>
          <i class={row.denied ? "outline denied" : "outline"} />
          {row.title}
        </span>
      ))}
      <span>
        <i class="dashed" />
        radar range
      </span>
      <span>
        <i class="triangle" />
        launch area
      </span>
    </div>
  );
}
