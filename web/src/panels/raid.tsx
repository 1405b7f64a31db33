/** A raid: which, what is lost in it, how it ends, and every event as a table beside the clock. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { say } from "../actions";
import type { Playback, PlaybackEvent, Run } from "../contract";
import * as detail from "../detail";
import { moment, percent } from "../format";
import { eventAt, pause, play, playing, seek, speed, SPEEDS } from "../playback/player";
import { begin, over, runs } from "../runs";
import { readable } from "../names";
import * as state from "../state";
import { json } from "../transport";
import { Files, Progress } from "./questions";
import { IconButton, Section, Select } from "./parts";

const raid = signal("");
const seed = signal(1);
const lost = signal("");
const lostAt = signal(60);
const run = signal<Run | null>(null);
const result = signal<Record<string, unknown> | null>(null);

async function start(name: string): Promise<void> {
  pause();
  try {
    const done = await begin("api/raids", {
      what_if: state.history.value.present,
      raid: name,
      seed: seed.value,
      replications: 64,
      play: 0,
      lose: lost.value ? { [lost.value]: lostAt.value } : {},
      doctrine: null,
      c2: null,
    });
    if (done.state === "failed") {
      state.problem.value = done.error ?? "The raid could not be run.";
      return;
    }
    if (done.state !== "done") return;
    const [answer, playback] = await Promise.all([
      json<Record<string, unknown>>(`api/runs/${done.id}/result`),
      json<Playback>(`api/runs/${done.id}/playback`),
    ]);
    run.value = done;
    result.value = answer;
    detail.playback.value = playback;
    state.clock.value = playback.begins_s;
    if (state.view.value !== "globe") state.view.value = "map";
    play();
  } catch (problem) {
    say(problem);
  }
}

export function Raid(): JSX.Element {
  const scene = state.scene.value;
  const name = raid.value || scene?.raids[0]?.name || "";
  const chosen = scene?.raids.find((row) => row.name === name);
  const under = runs.value.find((row) => row.kind === "raid" && !over(row));
  const playback = detail.playback.value;
  if (!scene?.raids.length) return <p class="hint">This scenario has no raids.</p>;
  return (
    <>
      <Section title="Raid">
        <Select
          label="Raid"
          value={name}
          choices={scene.raids.map((row) => ({ value: row.name, label: `${row.title} (${String(row.missiles)})` }))}
          onChange={(value) => {
            raid.value = value;
          }}
        />
        <div class="row">
          <label class="field">
            <span>Seed</span>
            <input
              type="number"
              min="0"
              step="1"
              value={seed.value}
              onChange={(event) => {
                if (Number.isInteger(event.currentTarget.valueAsNumber)) seed.value = event.currentTarget.valueAsNumber;
              }}
            />
          </label>
          <label class="field">
            <span>Lost in it</span>
            <select
              value={lost.value}
              onChange={(event) => {
                lost.value = event.currentTarget.value;
              }}
            >
              <option value="">nothing</option>
              {state.present.value
                .filter((row) => row.on)
                .map((row) => (
                  <option key={row.name} value={row.name}>
                    {row.title}
                  </option>
                ))}
            </select>
          </label>
          {lost.value ? (
            <label class="field">
              <span>after, s</span>
              <input
                type="number"
                min="0"
                value={lostAt.value}
                onChange={(event) => {
                  if (event.currentTarget.valueAsNumber >= 0) lostAt.value = event.currentTarget.valueAsNumber;
                }}
              />
            </label>
          ) : null}
        </div>
        {under ? (
          <Progress run={under} />
        ) : (
          <button type="button" class="strong" disabled={!chosen} onClick={() => void start(name)}>
            Run it against what is on the map
          </button>
        )}
      </Section>
      {playback && run.value ? <Played playback={playback} run={run.value} /> : null}
    </>
  );
}

function Played({ playback, run }: { playback: Playback; run: Run }): JSX.Element {
  const answer = result.value;
  const mean = figure(answer, "leakers");
  const held = figure(answer, "p_no_leaker");
  return (
    <>
      <Section title="This replication">
        <p class="figures">
          <b>{playback.threats.length}</b> missiles, <b>{playback.shots}</b> interceptors launched,{" "}
          <b class={playback.leakers ? "bad" : ""}>{playback.leakers}</b> leaked.
          {mean === null ? null : <> Mean of the replications: {mean.toFixed(2)} leakers.</>}
          {held === null ? null : <> Nothing leaks in {percent(held)} of them.</>}
        </p>
        <Files run={run} />
      </Section>
      <Section title="Events">
        <Events playback={playback} />
      </Section>
    </>
  );
}

/** The mean of a figure of the replications. */
function figure(answer: Record<string, unknown> | null, key: string): number | null {
  const value = answer?.[key];
  if (value === null || typeof value !== "object") return null;
  const mean = (value as Record<string, unknown>)["mean"];
  return typeof mean === "number" ? mean : null;
}

function Events({ playback }: { playback: Playback }): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      state.clock.subscribe((seconds) => {
        const scroll = holder.current;
        if (!scroll) return;
        const at = eventAt(playback.events, seconds);
        const rows = scroll.querySelectorAll("tbody tr");
        const before = scroll.querySelector("tr.now");
        const row = rows[at];
        if (row === before) return;
        before?.classList.remove("now");
        if (!(row instanceof HTMLElement)) return;
        row.classList.add("now");
        if (playing.value) scroll.scrollTop = row.offsetTop - scroll.clientHeight / 2;
      }),
    [playback],
  );
  return (
    <div class="scroll events" ref={holder} tabIndex={0} role="region" aria-label="Events of the raid">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
          </tr>
        </thead>
        <tbody>
          {playback.events.map((event, i) => (
            <tr key={i}>
              <td>
                <button
                  type="button"
                  class="as-text"
                  onClick={() => {
                    pause();
                    seek(event.time_s);
                  }}
                >
                  {moment(event.time_s)}
                </button>
              </td>
              <td>
                <b>{readable(event.who)}</b>: {readable(event.text)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The clock under the map. */
export function Player(): JSX.Element | null {
  const playback = detail.playback.value;
  if (!playback) return null;
  const at = eventAt(playback.events, state.clock.value);
  return (
    <div class="dock player" role="group" aria-label="Playback">
      <IconButton
        icon="back"
        label="To the beginning"
        onClick={() => {
          seek(playback.begins_s);
        }}
      />
      <IconButton
        icon={playing.value ? "pause" : "play"}
        label={playing.value ? "Pause" : "Play"}
        onClick={playing.value ? pause : play}
      />
      <output class="clock">{moment(state.clock.value)}</output>
      <label class="scrub">
        <span class="unseen">Time after the first launch</span>
        <input
          type="range"
          min={playback.begins_s}
          max={playback.ends_s}
          step="1"
          value={state.clock.value}
          aria-valuetext={moment(state.clock.value)}
          onInput={(event) => {
            seek(event.currentTarget.valueAsNumber);
          }}
        />
        <svg class="marks" viewBox={`0 0 1000 10`} preserveAspectRatio="none" aria-hidden="true">
          {playback.threats.map((threat) => (
            <line key={threat.number} class={threat.leaked ? "leak" : "end"} {...mark(playback, threat.ends_s)} />
          ))}
          {playback.losses.map((loss) => (
            <line key={loss.element} class="loss" {...mark(playback, loss.begins_s)} />
          ))}
        </svg>
        <span class="now">{told(playback.events[at])}</span>
      </label>
      <Select
        label="Speed"
        hideLabel
        value={String(speed.value)}
        choices={SPEEDS.map((value) => ({ value: String(value), label: `${String(value)}× ` }))}
        onChange={(value) => {
          speed.value = Number(value);
        }}
      />
    </div>
  );
}

function mark(playback: Playback, seconds: number): { x1: number; x2: number; y1: number; y2: number } {
  const x = (1000 * (seconds - playback.begins_s)) / Math.max(1, playback.ends_s - playback.begins_s);
  return { x1: x, x2: x, y1: 0, y2: 10 };
}

function told(event: PlaybackEvent | undefined): string {
  return event ? `${readable(event.who)}: ${readable(event.text)}` : "First launch";
}
