/** Assumptions that one may vary: mode, decision time, handover error, support, year, burnout speeds, levels, classes. */

import { useRef } from "preact/hooks";
import type { JSX } from "preact";
import { withDoctrine, withType, withYear } from "../document";
import type { Cited } from "../contract";
import { pressed, rested } from "../gesture";
import { capitalised, number, words } from "../format";
import * as state from "../state";
import { Section, Segments, Select } from "./parts";

export function Assumptions(): JSX.Element | null {
  const scene = state.scene.value;
  const row = scene?.architectures.find((each) => each.name === state.shown.value.architecture);
  if (!scene || !row) return null;
  const present = state.history.value.present;
  const doctrine = state.shown.value.doctrine ?? {};
  const given = (key: string, otherwise: number): number =>
    typeof doctrine[key] === "number" ? doctrine[key] : otherwise;
  const types = new Set(
    state.present.value.filter((each) => each.form === "battery" && each.on).map((each) => each.type),
  );
  return (
    <>
      <Section title="How it is fought">
        <Select
          label="Mode"
          value={typeof doctrine["mode"] === "string" ? doctrine["mode"] : row.mode}
          choices={scene.modes.map((mode) => ({ value: mode, label: capitalised(words(mode)) }))}
          onChange={(mode) => {
            state.settled(withDoctrine(present, "mode", mode === row.mode ? null : mode));
          }}
        />
        <div class="field">
          <span>Support of the intercept</span>
          <Segments
            label="Support of the intercept"
            value={typeof doctrine["support"] === "string" ? doctrine["support"] : row.doctrine.support}
            choices={scene.supports.map((support) => ({
              value: support,
              label: support === "held" ? "Track held" : "Track predicted",
              disabled: support === "predicted" && !row.doctrine.handover_error_km,
              ...(support === "predicted" && !row.doctrine.handover_error_km
                ? { title: "A predicted track needs a handover error, and the scenario gives none." }
                : {}),
            }))}
            onChange={(support) => {
              state.settled(withDoctrine(present, "support", support === row.doctrine.support ? null : support));
            }}
          />
        </div>
        <Slider
          label="Decision time"
          cited={row.doctrine.decision_s}
          least={0}
          most={254}
          step={1}
          value={given("decision_s", row.doctrine.decision_s.value)}
          onInput={(value) => {
            state.tried(withDoctrine(present, "decision_s", value));
          }}
          onChange={(value) => {
            state.settled(withDoctrine(present, "decision_s", value === row.doctrine.decision_s.value ? null : value));
          }}
        />
        <Slider
          label="Handover time"
          cited={row.doctrine.handover_s}
          least={0}
          most={120}
          step={1}
          value={given("handover_s", row.doctrine.handover_s.value)}
          onInput={(value) => {
            state.tried(withDoctrine(present, "handover_s", value));
          }}
          onChange={(value) => {
            state.settled(withDoctrine(present, "handover_s", value === row.doctrine.handover_s.value ? null : value));
          }}
        />
        {row.doctrine.handover_error_km ? (
          <Slider
            label="Handover error"
            cited={row.doctrine.handover_error_km}
            least={0}
            most={20}
            step={0.5}
            value={given("handover_error_km", row.doctrine.handover_error_km.value)}
            onInput={(value) => {
              state.tried(withDoctrine(present, "handover_error_km", value));
            }}
            onChange={(value) => {
              const own = row.doctrine.handover_error_km?.value;
              state.settled(withDoctrine(present, "handover_error_km", value === own ? null : value));
            }}
          />
        ) : null}
        <label class="field">
          <span>
            Year {state.shown.value.year ? "" : `(the plan's: ${row.year === null ? "any" : String(row.year)})`}
          </span>
          <input
            type="number"
            min="1990"
            max="2060"
            value={state.shown.value.year ?? row.year ?? ""}
            onChange={(event) => {
              const year = event.currentTarget.valueAsNumber;
              const known = Number.isInteger(year) && year >= 1900 && year <= 2200;
              if (!known && !Number.isNaN(year)) {
                state.notice.value = "A year from 1900 to 2200 was expected; the year stays as it was.";
                event.currentTarget.value = String(state.shown.value.year ?? row.year ?? "");
                return;
              }
              state.settled(withYear(present, known && year !== row.year ? year : null));
            }}
          />
        </label>
      </Section>
      <Section title="Burnout speed of interceptors">
        {scene.interceptors
          .filter((type) => types.has(type.name))
          .map((type) => {
            const own = type.burnout_speed_km_s.value;
            const row = state.shown.value.type?.[type.name];
            const now = typeof row === "object" ? row["burnout_speed_km_s"] : undefined;
            return (
              <Slider
                key={type.name}
                label={type.title || type.name}
                cited={type.burnout_speed_km_s}
                least={Math.floor((type.burnout_speed_km_s.low ?? own) - 1)}
                most={Math.ceil((type.burnout_speed_km_s.high ?? own) + 1)}
                step={0.1}
                value={now ?? own}
                onInput={(value) => {
                  state.tried(withType(present, type.name, "burnout_speed_km_s", value));
                }}
                onChange={(value) => {
                  state.settled(withType(present, type.name, "burnout_speed_km_s", value === own ? null : value));
                }}
              />
            );
          })}
      </Section>
      <Section title="What it is judged by">
        <div class="field">
          <span>Disputed inputs</span>
          <Segments
            label="Disputed inputs"
            value={state.level.value}
            choices={scene.levels.map((level) => ({
              value: level,
              label: { low: "Worse bound", base: "Base values", high: "Better bound" }[level] ?? level,
            }))}
            onChange={(level) => {
              state.level.value = level;
            }}
          />
        </div>
        <Checks
          title="Missile classes that count"
          all={scene.classes.map((row) => ({ value: row.name, label: row.title }))}
          chosen={state.classes.value ?? scene.headline.classes}
          onChange={(chosen) => {
            const own = [...scene.headline.classes].sort().join();
            state.classes.value = [...chosen].sort().join() === own || !chosen.length ? null : chosen;
          }}
        />
        <Checks
          title="Launch areas that count"
          all={scene.launch_areas.map((row) => ({ value: row.name, label: row.title }))}
          chosen={state.areas.value ?? scene.launch_areas.map((row) => row.name)}
          onChange={(chosen) => {
            state.areas.value = chosen.length === scene.launch_areas.length || !chosen.length ? null : chosen;
          }}
        />
      </Section>
    </>
  );
}

function Checks(props: {
  title: string;
  all: { value: string; label: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}): JSX.Element {
  const chosen = new Set(props.chosen);
  return (
    <fieldset class="checks">
      <legend>{props.title}</legend>
      {props.all.map(({ value, label }) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.has(value)}
            onChange={(event) => {
              const next = props.all
                .map((row) => row.value)
                .filter((name) => (name === value ? event.currentTarget.checked : chosen.has(name)));
              if (next.length) props.onChange(next);
              else event.currentTarget.checked = true;
            }}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** A number with the bounds in dispute marked, and where it comes from. */
export function Slider(props: {
  label: string;
  cited: Cited;
  least: number;
  most: number;
  step: number;
  value: number;
  onInput: (value: number) => void;
  onChange: (value: number) => void;
}): JSX.Element {
  const { cited, least, most } = props;
  const byKey = useRef(false);
  const share = (value: number): string => `${String((100 * (value - least)) / (most - least))}%`;
  const unit = cited.unit ? ` ${cited.unit}` : "";
  return (
    <label class="slider">
      <span class="of">{props.label}</span>
      <output>
        {number(props.value)}
        {unit}
        {props.value === cited.value ? null : <small> (was {number(cited.value)})</small>}
      </output>
      <span class="rail">
        {cited.low !== null && cited.high !== null ? (
          <i
            title={`In dispute: ${number(cited.low)} to ${number(cited.high)}${unit}`}
            style={{
              left: share(Math.max(least, cited.low)),
              right: `${String((100 * (most - Math.min(most, cited.high))) / (most - least))}%`,
            }}
          />
        ) : null}
        <input
          type="range"
          min={least}
          max={most}
          step={props.step}
          value={props.value}
          aria-valuetext={`${number(props.value)}${unit}`}
          onKeyDown={() => {
            byKey.current = true;
          }}
          onPointerDown={() => {
            rested();
            byKey.current = false;
          }}
          onInput={(event) => {
            props.onInput(event.currentTarget.valueAsNumber);
          }}
          onChange={(event) => {
            const value = event.currentTarget.valueAsNumber;
            const finish = (): void => {
              props.onChange(value);
            };
            if (byKey.current) pressed(finish);
            else finish();
          }}
          onBlur={rested}
        />
      </span>
    </label>
  );
}
