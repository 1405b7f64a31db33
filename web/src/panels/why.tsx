/** Why a place, nation, radar or battery is as it is: in words first, then the rows behind them. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import * as detail from "../detail";
import { latitude, longitude, people, percent, thousands, words } from "../format";
import { nation, readable, titleOf } from "../names";
import * as state from "../state";
import { DataTable } from "./data-table";
import { Section, Select } from "./parts";
import { Timeline, type Flight } from "./timeline";

interface FlightRow {
  threat: string;
  from: string;
  loft_deg: number;
  met: boolean;
  margin_s: number | null;
  battery: string | null;
}

interface PlaceRow {
  name: string;
  population: number;
  lat: number;
  lon: number;
  threat: string | null;
  from: string | null;
  cause: string;
  reason: string;
  margin_s: number | null;
}

interface Remedy {
  change: string;
  elements: string[];
  at: [number, number] | null;
  distance_km: number | null;
}

interface NationRow {
  nation: string;
  population_share: number | null;
  population_share_without: number | null;
  people_defended_by_it: number;
}

/** What the server tells; which keys are there depends on the subject. */
interface Told {
  words?: string;
  threatened?: boolean;
  defended?: boolean;
  margin_s?: number | null;
  obstacle?: string;
  near?: { name: string; nation: string; population: number; distance_km: number } | null;
  hardest?: Flight | null;
  flights?: FlightRow[];
  needed?: unknown[];
  remedies?: Remedy[];
  nations?: NationRow[];
  nation?: { undefended: number; places: PlaceRow[]; shares: { population_share: number | null } | null };
  first_out_loss?: number;
}

export function Why(): JSX.Element {
  const selected = state.selected.value;
  if (!selected)
    return (
      <p class="hint">
        Choose a place on the map, a nation of the table, or a site: what reaches it, who sees it, when it is committed
        and what stands in the way are told here.
      </p>
    );
  const known = detail.explanation.value;
  const told = known && known.of === detail.asked() ? (known.told as Told) : null;
  return (
    <>
      <h3 class="subject">{subject()}</h3>
      {selected.kind === "place" ? (
        <p class="quiet at">
          {latitude(selected.lat)}, {longitude(selected.lon)}
          {told?.near?.population ? `, ${people(told.near.population)} people` : ""}
        </p>
      ) : null}
      {detail.failed.value ? <p class="note bad">{detail.failed.value}</p> : null}
      {told ? (
        <div class="told">
          <Explained told={told} />
        </div>
      ) : (
        <p class="hint">{detail.explaining.value || state.stale.value ? "Being computed …" : ""}</p>
      )}
      {selected.kind === "element" ? <Footprints name={selected.name} /> : null}
      {selected.kind === "place" ? <Denied lat={selected.lat} lon={selected.lon} title={selected.title} /> : null}
    </>
  );
}

function subject(): string {
  const selected = state.selected.value;
  if (!selected) return "";
  if (selected.kind === "place") return selected.title;
  if (selected.kind === "nation") return nation(selected.code);
  return titleOf(selected.name);
}

function Explained({ told }: { told: Told }): JSX.Element {
  const classes = new Map(state.scene.value?.classes.map((row) => [row.name, row.title]) ?? []);
  const areas = new Map(state.scene.value?.launch_areas.map((row) => [row.name, row.title]) ?? []);
  const verdict = told.threatened === false ? "Not threatened" : told.defended ? "Defended" : "Undefended";
  const flights = told.flights ?? [];
  const words = (told.words ?? "").replace(/^[^:]*: /, "");
  return (
    <>
      {told.nation ? <Undefended nation={told.nation} classes={classes} areas={areas} /> : null}
      {told.nation && told.near ? (
        <h4 class="subject">
          {told.nation.undefended ? "Its largest undefended place" : "Its largest place"}: {told.near.name}
        </h4>
      ) : null}
      {told.defended === undefined ? null : (
        <p class="verdict">
          <b class={told.threatened === false ? "" : told.defended ? "good" : "bad"}>{verdict}</b>
          {typeof told.margin_s === "number" ? <span>{margin(told.margin_s)}</span> : null}
        </p>
      )}
      {typeof told.first_out_loss === "number" ? (
        <p class="verdict">
          <b>{percent(told.first_out_loss)}</b>
          <span>of the people under threat would be lost without it</span>
        </p>
      ) : null}
      {words ? <p>{sentence(readable(words))}</p> : null}
      {told.remedies?.length ? (
        <Section title="What would mend it">
          <ul class="plainly">
            {told.remedies.map((row) => (
              <li key={JSON.stringify(row)}>{remedied(row)}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      {listed(told.needed).length ? (
        <Section title="What it hangs on">
          <ul class="plainly">
            {listed(told.needed).map((text) => (
              <li key={text}>{sentence(readable(text))}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      {told.hardest?.reachable ? (
        <Section
          title="The hardest flight"
          aside={
            <span class="quiet">
              {classes.get(told.hardest.threat) ?? told.hardest.threat} from{" "}
              {areas.get(told.hardest.from) ?? told.hardest.from}
            </span>
          }
        >
          <Timeline flight={told.hardest} titleOf={titleOf} />
          <ul class="plainly small">
            {Object.entries(told.hardest.batteries)
              .sort(([, a], [, b]) => (b.margin_s ?? -1e9) - (a.margin_s ?? -1e9))
              .slice(0, 4)
              .map(([name, row]) => (
                <li key={name}>
                  <b>{titleOf(name)}</b>: {row.explanation}
                </li>
              ))}
          </ul>
        </Section>
      ) : null}
      {flights.length ? (
        <DataTable
          name="flights"
          title={`${String(flights.length)} flights, ${String(flights.filter((row) => !row.met).length)} not met`}
          columns={[
            { key: "class", title: "Class" },
            { key: "from", title: "From" },
            { key: "margin_s", title: "Margin", unit: "s" },
            { key: "battery", title: "Battery" },
          ]}
          rows={[...flights]
            .sort((a, b) => (a.margin_s ?? -1e9) - (b.margin_s ?? -1e9))
            .map((row) => [
              classes.get(row.threat) ?? row.threat,
              areas.get(row.from) ?? row.from,
              row.margin_s === null ? null : Math.round(row.margin_s),
              row.met && row.battery ? titleOf(row.battery) : "not met",
            ])}
        />
      ) : null}
      {told.nations?.length ? (
        <DataTable
          name="nations"
          title="People whom it alone defends"
          columns={[
            { key: "nation", title: "Nation" },
            { key: "share_pct", title: "Defended", unit: "%" },
            { key: "share_without_pct", title: "Without it", unit: "%" },
          ]}
          rows={told.nations
            .filter((row) => row.population_share !== row.population_share_without)
            .map((row) => [nation(row.nation), share(row.population_share), share(row.population_share_without)])}
        />
      ) : null}
    </>
  );
}

/** A change in words: what is added or moved, how far, and where it stands then. */
export function remedied(row: Remedy): string {
  const names = row.elements.map(titleOf).join(" and ");
  const at = row.at ? `${latitude(row.at[0])}, ${longitude(row.at[1])}` : "";
  if (row.change === "move") return `Move ${names} ${String(Math.round(row.distance_km ?? 0))} km, to ${at}.`;
  return `Add ${names}${at ? ` at ${at}` : ""}.`;
}

/** The causes of undefended places with how many have each. */
function causes(places: readonly PlaceRow[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const row of places) if (row.reason) counts.set(row.reason, (counts.get(row.reason) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The undefended places of a nation with the obstacle of each, and a click away from its explanation. */
function Undefended(props: {
  nation: NonNullable<Told["nation"]>;
  classes: Map<string, string>;
  areas: Map<string, string>;
}): JSX.Element {
  const { undefended, places, shares } = props.nation;
  const part = shares?.population_share;
  return (
    <>
      <p class="verdict">
        <b class={undefended ? "bad" : "good"}>{percent(part)}</b>
        <span>
          of its people under threat are defended
          {undefended ? `; ${thousands(undefended)} places and cells of land are not` : ", and all of its land"}
        </span>
      </p>
      {causes(places).length ? (
        <ul class="plainly">
          {causes(places).map(([reason, count]) => (
            <li key={reason}>
              {count === 1 ? "1 place" : `${thousands(count)} places`}: {reason}
            </li>
          ))}
        </ul>
      ) : null}
      {places.length ? (
        <DataTable
          name="undefended-places"
          title={`${String(places.length)} ${places.length < 400 ? "" : "largest "}undefended places`}
          columns={[
            { key: "place", title: "Place" },
            { key: "people", title: "People" },
            { key: "reason", title: "Why" },
            { key: "class", title: "Against" },
            { key: "from", title: "From" },
            { key: "margin_s", title: "Margin", unit: "s" },
          ]}
          rows={places.map((row) => [
            row.name,
            Math.round(row.population),
            row.cause ? words(row.cause) : "told at base values",
            props.classes.get(row.threat ?? "") ?? row.threat,
            props.areas.get(row.from ?? "") ?? row.from,
            row.margin_s === null ? null : Math.round(row.margin_s),
          ])}
          onRow={(cells) => {
            const row = places.find((each) => each.name === cells[0] && Math.round(each.population) === cells[1]);
            if (row) state.selected.value = { kind: "place", lat: row.lat, lon: row.lon, title: row.name };
          }}
        />
      ) : null}
    </>
  );
}

function share(value: number | null): number | null {
  return value === null ? null : Math.round(1000 * value) / 10;
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

function listed(values: unknown[] | undefined): string[] {
  return (values ?? []).map((value) => {
    if (typeof value === "string") return value;
    const row = value as Record<string, unknown>;
    const text = row["words"] ?? row["text"] ?? row["explanation"];
    if (typeof text === "string") return text;
    return Object.values(row)
      .filter((each) => typeof each === "string" || typeof each === "number")
      .join(", ");
  });
}

function margin(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  return seconds >= 0 ? `with ${String(whole)} s to spare` : `${String(Math.ceil(-seconds))} s too late at best`;
}

const chosenClass = signal("");
const chosenArea = signal("");

/** The area that a battery defends against one class from one launch area, drawn on the map. */
function Footprints({ name }: { name: string }): JSX.Element | null {
  const scene = state.scene.value;
  const row = state.present.value.find((each) => each.name === name);
  if (!scene || row?.form !== "battery") return null;
  const classes = scene.classes.filter((each) => (state.classes.value ?? scene.headline.classes).includes(each.name));
  const threat = chosenClass.value || classes[0]?.name || scene.classes[0]?.name || "";
  const from = scene.classes.find((each) => each.name === threat)?.launch_areas ?? null;
  const areas = scene.launch_areas.filter((each) => from === null || from.includes(each.name));
  const area = areas.some((each) => each.name === chosenArea.value) ? chosenArea.value : (areas[0]?.name ?? "");
  return (
    <Section title="Area that it defends by itself">
      <div class="row">
        <Select
          label="Against"
          value={threat}
          choices={scene.classes.map((each) => ({ value: each.name, label: each.title }))}
          onChange={(value) => {
            chosenClass.value = value;
          }}
        />
        <Select
          label="From"
          value={area}
          choices={areas.map((each) => ({ value: each.name, label: each.title }))}
          onChange={(value) => {
            chosenArea.value = value;
          }}
        />
        <button
          type="button"
          disabled={detail.drawing.value}
          onClick={() => {
            const against = classes.find((each) => each.name === threat)?.title ?? threat;
            const origin = areas.find((each) => each.name === area)?.title ?? area;
            void detail.footprint(name, threat, area, `defended by ${row.title}, ${against} from ${origin}`);
          }}
        >
          Draw
        </button>
      </div>
    </Section>
  );
}

/** The launch points against which a place is defended, drawn on the map. */
function Denied(props: { lat: number; lon: number; title: string }): JSX.Element | null {
  const scene = state.scene.value;
  if (!scene) return null;
  const threat = chosenClass.value || scene.headline.classes[0] || scene.classes[0]?.name || "";
  return (
    <Section title="Denied launch area">
      <div class="row">
        <Select
          label="Of the class"
          value={threat}
          choices={scene.classes.map((each) => ({ value: each.name, label: each.title }))}
          onChange={(value) => {
            chosenClass.value = value;
          }}
        />
        <button
          type="button"
          disabled={detail.drawing.value}
          onClick={() => {
            const against = scene.classes.find((each) => each.name === threat)?.title ?? threat;
            void detail.denied([props.lat, props.lon], threat, `launch points of ${against} denied for ${props.title}`);
          }}
        >
          Draw
        </button>
      </div>
    </Section>
  );
}
