/** Why a place, nation, radar or battery is as it is: in words first, then the rows behind them. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import * as detail from "../detail";
import { capitalised, latitude, longitude, words } from "../format";
import * as state from "../state";
import { DataTable, shownCell } from "./data-table";
import { Section, Select } from "./parts";

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
  const told = known && known.of === detail.asked() ? known.told : null;
  return (
    <>
      <h3 class="subject">{subject()}</h3>
      {selected.kind === "place" ? (
        <p class="quiet">
          {latitude(selected.lat)}, {longitude(selected.lon)}
        </p>
      ) : null}
      {selected.kind === "element" ? <Footprints name={selected.name} /> : null}
      {detail.failed.value ? <p class="note bad">{detail.failed.value}</p> : null}
      {told ? (
        <div class="told">
          <Told told={told} />
        </div>
      ) : (
        <p class="hint">{detail.explaining.value || state.stale.value ? "Being computed …" : ""}</p>
      )}
    </>
  );
}

function subject(): string {
  const selected = state.selected.value;
  if (!selected) return "";
  if (selected.kind === "place") return selected.title;
  if (selected.kind === "nation")
    return state.scene.value?.nations.find((row) => row.code === selected.code)?.name ?? selected.code;
  return state.present.value.find((row) => row.name === selected.name)?.title ?? selected.name;
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
        <button type="button" class="small" onClick={() => void detail.footprint(name, threat, area)}>
          Draw
        </button>
      </div>
    </Section>
  );
}

/** What the server tells: sentences, then figures, then rows. */
function Told({ told }: { told: detail.Told }): JSX.Element {
  const sentences: string[] = [];
  const figures: [string, unknown][] = [];
  const tables: [string, Record<string, unknown>[]][] = [];
  for (const [key, value] of Object.entries(told)) {
    if (typeof value === "string") {
      if (value.includes(" ")) sentences.push(value);
      else figures.push([key, value]);
    } else if (Array.isArray(value)) {
      if (value.every((row) => typeof row === "string"))
        sentences.push(...(value as string[]).filter((v) => v.includes(" ")));
      else if (value.length && value.every((row) => row !== null && typeof row === "object"))
        tables.push([key, value as Record<string, unknown>[]]);
    } else if (value !== null && typeof value === "object") {
      figures.push(...Object.entries(value).filter(([, each]) => each === null || typeof each !== "object"));
    } else figures.push([key, value]);
  }
  return (
    <>
      {sentences.map((text) => (
        <p key={text}>{text}</p>
      ))}
      <dl>
        {figures
          .filter(([, value]) => value !== null)
          .map(([key, value]) => (
            <div key={key}>
              <dt>{capitalised(words(key))}</dt>
              <dd>{shownCell(value)}</dd>
            </div>
          ))}
      </dl>
      {tables.map(([key, rows]) => {
        const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((each) =>
          rows.some((row) => row[each] !== null && (typeof row[each] !== "object" || Array.isArray(row[each]))),
        );
        return (
          <DataTable
            key={key}
            name={key}
            title={capitalised(words(key))}
            columns={keys.map((each) => ({ key: each, title: capitalised(words(each)) }))}
            rows={rows.map((row) => keys.map((each) => row[each]))}
          />
        );
      })}
    </>
  );
}
