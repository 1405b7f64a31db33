/** The elements of the defence: switched, moved, of another type, added, removed; what the defence loses without each. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import * as actions from "../actions";
import type { Element } from "../contract";
import { added, moved, ofType, putBack, rounded } from "../document";
import { latitude, longitude } from "../format";
import * as state from "../state";
import { Icon, Section, Select } from "./parts";
import { pathOf, sign } from "../map/symbols";
import { middle } from "./map-view";

type Row = (typeof state.present.value)[number];
const openRow = signal<string | null>(null);

export function Defence(): JSX.Element {
  const rows = state.present.value;
  const known = state.firstOut.value;
  const current = known?.key === state.key.value ? known.answer : null;
  const losses = new Map(current?.elements.map((row) => [row.name, row.loss]) ?? []);
  const groups: [string, Row[]][] = [
    ["Batteries", rows.filter((row) => row.form === "battery")],
    ["Radars", rows.filter((row) => row.form === "radar")],
    ["Satellites and centres", rows.filter((row) => row.form === "satellite" || row.form === "node")],
  ];
  return (
    <>
      <p class="hint">
        Drag a site on the map, or choose it and press the arrow keys. The <b>first-out loss</b> is the share of people
        that is lost when that element alone is taken out{current ? "" : " (being computed)"}.
      </p>
      {groups.map(([title, members]) =>
        members.length ? (
          <Section key={title} title={title} aside={<span class="quiet">first-out loss, points</span>}>
            <ul class="elements">
              {members.map((row) => (
                <ElementRow key={row.name} row={row} loss={losses.get(row.name)} />
              ))}
            </ul>
          </Section>
        ) : null,
      )}
      <Add />
    </>
  );
}

function ElementRow({ row, loss }: { row: Row; loss: number | undefined }): JSX.Element {
  const isOpen = openRow.value === row.name;
  const inactive = state.architecture.value?.inactive[row.name];
  return (
    <li class={row.on ? "" : "off"}>
      <div class="line">
        <label class="switch">
          <input
            type="checkbox"
            checked={row.on}
            aria-label={`${row.title} is on`}
            onChange={() => {
              actions.toggle([row.name]);
            }}
          />
        </label>
        <svg class={`sign ${row.form}`} viewBox="0 0 24 24" aria-hidden="true">
          <path d={pathOf(sign(row.kind, row.form))} />
        </svg>
        <button
          type="button"
          class="as-text"
          aria-expanded={isOpen}
          onClick={() => {
            openRow.value = isOpen ? null : row.name;
            if (row.lat !== null) state.selected.value = { kind: "element", name: row.name };
          }}
        >
          {row.title}
          {row.isMoved ? <em> moved</em> : null}
          {row.isAdded ? <em> added</em> : null}
          {inactive ? <em> {inactive}</em> : null}
        </button>
        <span class="number">{loss === undefined || !row.on ? "" : lost(loss)}</span>
      </div>
      {isOpen ? <Details row={row} /> : null}
    </li>
  );
}

function lost(loss: number): string {
  return Math.abs(loss) < 0.0005 ? "0" : (100 * loss).toFixed(1);
}

function Details({ row }: { row: Row }): JSX.Element {
  const scene = state.scene.value;
  const present = state.history.value.present;
  const types = row.form === "radar" ? scene?.radars : row.form === "battery" ? scene?.interceptors : undefined;
  const given = present.type?.[row.name];
  const move = (lat: number, lon: number): void => {
    if (Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180)
      state.settled(moved(present, row.together.length ? row.together : [row.name], lat, lon));
  };
  return (
    <div class="details">
      {row.lat !== null && row.lon !== null ? (
        <p class="at">
          <label>
            Latitude
            <input
              type="number"
              step="0.1"
              min="-90"
              max="90"
              value={row.lat}
              disabled={!row.movable}
              onChange={(event) => {
                move(event.currentTarget.valueAsNumber, row.lon ?? 0);
              }}
            />
          </label>
          <label>
            Longitude
            <input
              type="number"
              step="0.1"
              min="-180"
              max="180"
              value={row.lon}
              disabled={!row.movable}
              onChange={(event) => {
                move(row.lat ?? 0, event.currentTarget.valueAsNumber);
              }}
            />
          </label>
        </p>
      ) : null}
      {types && row.type ? (
        <Select
          label="Type"
          value={typeof given === "string" ? given : row.type}
          choices={types.map((type) => ({ value: type.name, label: type.title || type.name }))}
          onChange={(type) => {
            const own = scene?.elements.find((each) => each.name === row.name)?.type;
            state.settled(ofType(present, row.name, type === own ? null : type));
          }}
        />
      ) : null}
      <p class="facts">
        {row.interceptors ? `${String(row.interceptors)} interceptors. ` : ""}
        {row.from ? `From ${String(row.from)}. ` : ""}
        {row.until ? `Until ${String(row.until)}. ` : ""}
        {row.together.length > 1 ? "What stands at the same site moves along." : ""}
      </p>
      <div class="buttons">
        {row.isMoved ? (
          <button
            type="button"
            class="small"
            onClick={() => {
              state.settled(putBack(present, [row.name, row.site ?? "", ...row.together]));
            }}
          >
            Put back
          </button>
        ) : null}
        {row.lat !== null ? (
          <button
            type="button"
            class="small"
            onClick={() => {
              state.selected.value = { kind: "element", name: row.name };
              state.panel.value = "why";
            }}
          >
            What it does
          </button>
        ) : null}
        {row.isAdded ? (
          <button
            type="button"
            class="small"
            onClick={() => {
              actions.take([row.name]);
            }}
          >
            Remove
          </button>
        ) : null}
      </div>
    </div>
  );
}

const chosen = signal("");

/** Elements of the scenario that the architecture does not have, and new ones of its types. */
function Add(): JSX.Element {
  const scene = state.scene.value;
  const here = new Set(state.present.value.map((row) => row.name));
  const others = (scene?.elements ?? []).filter((row) => !here.has(row.name));
  return (
    <Section title="Add">
      <div class="adding">
        <label class="field">
          <span class="unseen">What to add</span>
          <select
            value={chosen.value}
            onChange={(event) => {
              chosen.value = event.currentTarget.value;
            }}
          >
            <option value="">Choose an element …</option>
            <optgroup label="New, in the middle of the map">
              {scene?.interceptors.map((type) => (
                <option key={type.name} value={`battery:${type.name}`}>
                  Battery of {type.title || type.name}
                </option>
              ))}
              {scene?.radars.map((type) => (
                <option key={type.name} value={`radar:${type.name}`}>
                  Radar {type.title || type.name}
                </option>
              ))}
            </optgroup>
            <optgroup label="Of the scenario, at its own place">
              {others.map((row) => (
                <option key={row.name} value={`own:${row.name}`}>
                  {row.title}
                </option>
              ))}
            </optgroup>
          </select>
        </label>
        <button type="button" disabled={!chosen.value} onClick={add}>
          <Icon name="plus" /> Add
        </button>
      </div>
    </Section>
  );
}

function add(): void {
  const [kind, name = ""] = chosen.value.split(":");
  const present = state.history.value.present;
  if (kind === "own") {
    state.settled(added(present, name, {}));
  } else {
    const at = free(middle());
    const taken = new Set([...Object.keys(present.add ?? {}), ...state.elementsByName.value.keys()]);
    let number = 1;
    while (taken.has(`new-${name}-${String(number)}`)) number++;
    const own = `new-${name}-${String(number)}`;
    const types = kind === "radar" ? state.scene.value?.radars : state.scene.value?.interceptors;
    const title = `New ${types?.find((type) => type.name === name)?.title ?? name}`;
    state.settled(
      added(present, own, { [kind ?? "battery"]: name, title, at, kind: "assumed", ...extras(kind, name) }),
    );
  }
  chosen.value = "";
}

/** A place by the given one where nothing stands: new elements do not hide each other. */
function free([lat, lon]: [number, number]): [number, number] {
  const taken = state.present.value;
  for (let step = 0; step < 50; step++) {
    const at = rounded(lat - 0.6 * step, lon + 0.6 * step);
    const near = (row: Row): boolean =>
      row.lat !== null && row.lon !== null && Math.hypot(row.lat - at[0], row.lon - at[1]) < 0.5;
    if (!taken.some(near)) return at;
  }
  return rounded(lat, lon);
}

/** What a new element of a type has besides its place: the values of one that the scenario has. */
function extras(kind: string | undefined, type: string): Record<string, unknown> {
  const like: Element | undefined = state.scene.value?.elements.find((row) => row.type === type && row.form === kind);
  const out: Record<string, unknown> = { basing: like?.basing ?? "land" };
  if (kind === "battery") out["count"] = { value: like?.interceptors ?? 20, kind: "assumed" };
  if (kind === "radar" && like?.boresights_deg.length) out["boresights_deg"] = like.boresights_deg;
  return out;
}

export function where(row: Element): string {
  return row.lat === null || row.lon === null ? "" : `${latitude(row.lat)}, ${longitude(row.lon)}`;
}
