/** Under the map: the phases of the plan with what each defends, and the decision time with what it costs. */

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import * as actions from "../actions";
import { curveOf } from "../decision";
import { withDoctrine } from "../document";
import { pressed, rested } from "../gesture";
import { number, percent } from "../format";
import * as state from "../state";
import { marginKey, plansKey, setDeciding } from "../verdicts";

export function Dock(): JSX.Element {
  return (
    <div class="dock">
      <Phases />
      <Decision />
    </div>
  );
}

/** Architectures that are compared with the one shown: those that the server judges together, else the same family. */
function compared(): { name: string; title: string; year: number | null; share: number | null }[] {
  const scene = state.scene.value;
  if (!scene) return [];
  const known = state.plans.value;
  const fresh = known?.key === plansKey();
  const shown = state.shown.value.architecture;
  const family = scene.architectures.find((row) => row.name === shown)?.family;
  const names = known
    ? known.rows.map((row) => row.architecture)
    : scene.architectures.filter((row) => row.family === family && family).map((row) => row.name);
  const list = names.includes(shown) ? names : [...names, shown];
  return list.slice(0, 9).map((name) => {
    const row = scene.architectures.find((each) => each.name === name);
    const plan = fresh ? known.rows.find((each) => each.architecture === name) : undefined;
    const now = name === shown ? state.picture.value?.headline.population_share : undefined;
    return {
      name,
      title: row?.title ?? name,
      year: row?.year ?? null,
      share: now ?? plan?.headline.population_share ?? null,
    };
  });
}

function Phases(): JSX.Element {
  const rows = compared();
  const shown = state.shown.value.architecture;
  const scene = state.scene.value;
  const at = rows.findIndex((row) => row.name === shown);
  const go = (to: number): void => {
    const row = rows[to];
    if (row && row.name !== shown) actions.chooseArchitecture(row.name);
  };
  return (
    <section class="phases" aria-label="Architecture">
      <header>
        <h2>Architecture</h2>
        <label class="field">
          <span class="unseen">All architectures of the study</span>
          <select
            value={shown}
            onChange={(event) => {
              actions.chooseArchitecture(event.currentTarget.value);
            }}
          >
            {scene?.architectures.map((row) => (
              <option key={row.name} value={row.name}>
                {row.title}
                {row.year ? ` (${String(row.year)})` : ""}
              </option>
            ))}
          </select>
        </label>
      </header>
      <div
        class="steps"
        role="radiogroup"
        aria-label="Phases"
        onKeyDown={(event) => {
          const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (!by) return;
          event.preventDefault();
          go(Math.max(0, Math.min(rows.length - 1, at + by)));
          const to = event.currentTarget.children[Math.max(0, Math.min(rows.length - 1, at + by))];
          if (to instanceof HTMLElement) to.focus();
        }}
      >
        {rows.map((row) => (
          <button
            key={row.name}
            type="button"
            role="radio"
            aria-checked={row.name === shown}
            tabIndex={row.name === shown ? 0 : -1}
            title={row.title}
            onClick={() => {
              actions.chooseArchitecture(row.name);
            }}
          >
            <span class="rise" aria-hidden="true">
              <i style={{ height: `${String(100 * (row.share ?? 0))}%` }} />
            </span>
            <b>{percent(row.share, 1)}</b>
            <span class="title">{row.title}</span>
            <span class="quiet">{row.year ?? ""}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

const curve = computed(() => {
  const known = state.margin.value;
  const picture = state.picture.value;
  const points = state.points.value;
  if (!known || !picture || !points || known.key !== marginKey()) return null;
  const counted = points.nations.map((code) => code in picture.headline.nations);
  return curveOf(picture.codes, known.values, points.people, (i) => counted[points.nation[i]!] === true);
});

const WIDE = 254;
let byKey = false;
const HIGH = 54;

function Decision(): JSX.Element | null {
  const scene = state.scene.value;
  const row = scene?.architectures.find((each) => each.name === state.shown.value.architecture);
  if (!row) return null;
  const own = row.doctrine.decision_s.value;
  const given = state.shown.value.doctrine?.["decision_s"];
  const value = typeof given === "number" ? given : own;
  const known = curve.value;
  const line = known
    ? Array.from(known, (share, second) => `${String(second)},${((1 - share) * HIGH).toFixed(1)}`).join(" ")
    : "";
  const set = (seconds: number, done: boolean): void => {
    const document = withDoctrine(state.history.value.present, "decision_s", seconds === own ? null : seconds);
    if (done) state.settled(document);
    else state.tried(document);
  };
  const clamp = Math.max(0, Math.min(WIDE, value));
  return (
    <section class="decision" aria-label="Decision time">
      <header>
        <h2>Time to decide</h2>
        <output>
          <b>{number(value)} s</b>
          {value === own ? " as planned" : ` instead of ${number(own)} s`}
        </output>
      </header>
      <div class="curve">
        <svg viewBox={`0 0 ${String(WIDE)} ${String(HIGH)}`} preserveAspectRatio="none" aria-hidden="true">
          {known ? (
            <>
              <polygon points={`0,${String(HIGH)} ${line} ${String(WIDE)},${String(HIGH)}`} />
              <polyline points={line} />
            </>
          ) : null}
          <line x1={clamp} x2={clamp} y1="0" y2={HIGH} />
        </svg>
        <input
          type="range"
          min={0}
          max={WIDE}
          step={1}
          value={clamp}
          aria-label="Time to decide, seconds"
          aria-valuetext={`${number(value)} seconds`}
          onKeyDown={() => {
            byKey = true;
          }}
          onPointerDown={() => {
            rested();
            byKey = false;
            setDeciding(true);
          }}
          onInput={(event) => {
            setDeciding(true);
            set(event.currentTarget.valueAsNumber, false);
          }}
          onChange={(event) => {
            const seconds = event.currentTarget.valueAsNumber;
            const finish = (): void => {
              set(seconds, true);
              setDeciding(false);
            };
            if (byKey) pressed(finish);
            else finish();
          }}
          onBlur={rested}
        />
        <div class="ticks" aria-hidden="true">
          <span>0</span>
          <span>1 min</span>
          <span>2 min</span>
          <span>3 min</span>
          <span>4 min</span>
        </div>
      </div>
    </section>
  );
}
