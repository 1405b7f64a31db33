/** Nations with their shares and the change against the baseline. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../actions";
import { keyOf } from "../document";
import { percent } from "../format";
import { begin, over, runs } from "../runs";
import * as state from "../state";
import { page } from "../verdicts";
import { Change, Section } from "./parts";
import { Files, Progress } from "./questions";

type Order = "share" | "name" | "change" | "people";
const order = signal<Order>("share");
const rising = signal(true);

export function Result(): JSX.Element {
  const picture = state.picture.value;
  const before = state.baselineHeadline.value;
  const names = new Map(state.scene.value?.nations.map((row) => [row.code, row.name]) ?? []);
  const rows = Object.entries(picture?.headline.nations ?? {})
    .filter(([, row]) => row.threatened_population > 0)
    .map(([code, row]) => ({
      code,
      name: names.get(code) ?? code,
      share: row.population_share ?? 0,
      threatened: row.threatened_population,
      before: before?.nations[code]?.population_share ?? null,
    }));
  const value = (row: (typeof rows)[number]): number | string => {
    if (order.value === "name") return row.name;
    if (order.value === "people") return row.threatened;
    return order.value === "change" ? row.share - (row.before ?? row.share) : row.share;
  };
  rows.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    const sign = x < y ? -1 : x > y ? 1 : a.name < b.name ? -1 : 1;
    return rising.value ? sign : -sign;
  });
  const same = keyOf(state.baseline.value) === keyOf(state.shown.value);
  const all = rows.filter((row) => row.share > 0.9995).length;
  const none = rows.filter((row) => row.share < 0.0005).length;
  return (
    <>
      <Section
        title="People by nation"
        aside={
          <span class="quiet">
            {all} whole, {rows.length - all - none} in part{none ? `, ${String(none)} not` : ""}
          </span>
        }
      >
        <div class={state.stale.value ? "about" : ""}>
          <table class="nations">
            <thead>
              <tr>
                <Head of="name" label="Nation" />
                <Head of="share" label="Defended" />
                <Head of="change" label="Change" />
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.code} class={row.code === selectedNation() ? "chosen" : ""}>
                  <th scope="row">
                    <button
                      type="button"
                      class="as-text"
                      title={`Why ${row.name} is defended or not`}
                      onClick={() => {
                        state.selected.value = { kind: "nation", code: row.code };
                        state.panel.value = "why";
                      }}
                    >
                      {row.name}
                    </button>
                  </th>
                  <td>
                    <span class="bar" aria-hidden="true">
                      <i style={{ width: `${String(100 * row.share)}%` }} />
                      {row.before !== null ? <b style={{ left: `${String(100 * row.before)}%` }} /> : null}
                    </span>
                    <span class="number">{percent(row.share)}</span>
                  </td>
                  <td class="number">{same ? null : <Change now={row.share} before={row.before} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Export />
    </>
  );
}

/** The coverage of the what-if as files, by the writers of the command line, in a process beside the map. */
function Export(): JSX.Element {
  const run = runs.value.find((row) => row.kind === "coverage");
  const asked = JSON.stringify([
    state.level.value,
    state.classes.value,
    state.areas.value,
    state.history.value.present,
  ]);
  const current = run?.state === "done" && madeOf.value === asked;
  return (
    <Section title="Files of this coverage">
      {run && !over(run) ? (
        <Progress run={run} />
      ) : current ? (
        <Files run={run} />
      ) : (
        <p class="hint">
          Every place with its shots (CSV, GeoJSON, CZML) and the map of the report (SVG, PNG), of what is shown.{" "}
          <button type="button" class="small" onClick={() => void make(asked)}>
            Make files
          </button>
        </p>
      )}
    </Section>
  );
}

const madeOf = signal("");

async function make(asked: string): Promise<void> {
  madeOf.value = asked;
  try {
    const run = await begin("api/coverage-files", {
      page,
      what_if: state.history.value.present,
      level: state.level.value,
      classes: state.classes.value,
      areas: state.areas.value,
    });
    if (run.state === "failed") state.problem.value = run.error ?? "The files could not be made.";
  } catch (problem) {
    say(problem);
  }
}

function selectedNation(): string | null {
  const selected = state.selected.value;
  return selected?.kind === "nation" ? selected.code : null;
}

function Head({ of, label }: { of: Order; label: string }): JSX.Element {
  const chosen = order.value === of;
  return (
    <th scope="col" aria-sort={chosen ? (rising.value ? "ascending" : "descending") : "none"}>
      <button
        type="button"
        class="sorts"
        onClick={() => {
          if (chosen) rising.value = !rising.value;
          else {
            order.value = of;
            rising.value = of === "name" || of === "share";
          }
        }}
      >
        {label}
        <span aria-hidden="true">{chosen ? (rising.value ? " ▲" : " ▼") : ""}</span>
      </button>
    </th>
  );
}
