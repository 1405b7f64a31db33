/** The time line of an engagement: when each radar holds the track, when it is committed, who meets it when. */

import type { JSX } from "preact";

export interface Flight {
  threat: string;
  from: string;
  reachable: boolean;
  reason: string | null;
  flight_time_s: number;
  radars: Record<string, { cue_s: number | null; track_s: [number, number][] }>;
  batteries: Record<
    string,
    {
      commit_s: number | null;
      shots: number;
      intercepts: { launch_s: number; intercept_s: number; altitude_km: number }[];
      margin_s: number | null;
      cause: string | null;
      explanation: string;
    }
  >;
}

const ROW = 19;
const WIDE = 330;
const NAME = 118;

export function Timeline({ flight, titleOf }: { flight: Flight; titleOf: (name: string) => string }): JSX.Element {
  const end = Math.max(1, flight.flight_time_s);
  const x = (seconds: number): number => NAME + ((WIDE - NAME - 4) * Math.min(seconds, end)) / end;
  const radars = Object.entries(flight.radars).filter(([, row]) => row.track_s.length);
  const batteries = Object.entries(flight.batteries).filter(([, row]) => row.shots > 0 || row.margin_s !== null);
  batteries.sort(([, a], [, b]) => (b.margin_s ?? -1e9) - (a.margin_s ?? -1e9));
  const shown = batteries.slice(0, 5);
  const high = (radars.length + shown.length) * ROW + 22;
  const step = end > 900 ? 300 : end > 360 ? 120 : 60;
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const short = (name: string): string => {
    const title = titleOf(name);
    return title.length > 19 ? `${title.slice(0, 18)}…` : title;
  };
  const commit = shown.find(([, row]) => row.commit_s !== null)?.[1].commit_s ?? null;
  return (
    <svg
      class="timeline"
      viewBox={`0 0 ${String(WIDE)} ${String(high)}`}
      role="img"
      aria-label="Time line of the hardest flight, seconds after launch; the same numbers stand in the table below"
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="tick" x1={x(tick)} x2={x(tick)} y1="0" y2={high - 16} />
          <text class="axis" x={x(tick)} y={high - 4} text-anchor={tick === 0 ? "start" : "middle"}>
            {tick === 0 ? (ticks[1] !== undefined && x(ticks[1]) - x(0) < 62 ? "0" : "launch") : `${String(tick)} s`}
          </text>
        </g>
      ))}
      {radars.map(([name, row], i) => (
        <g key={name}>
          <text x="0" y={i * ROW + 13}>
            {short(name)}
          </text>
          {row.track_s.map(([from, to]) => (
            <rect
              key={from}
              class="held"
              x={x(from)}
              width={Math.max(2, x(to) - x(from))}
              y={i * ROW + 4}
              height={11}
              rx={3}
            >
              <title>{`${titleOf(name)} holds the track from ${String(Math.round(from))} to ${String(Math.round(to))} s`}</title>
            </rect>
          ))}
        </g>
      ))}
      {commit !== null ? <line class="commit" x1={x(commit)} x2={x(commit)} y1="0" y2={high - 16} /> : null}
      {shown.map(([name, row], i) => {
        const y = (radars.length + i) * ROW;
        return (
          <g key={name}>
            <text x="0" y={y + 13}>
              {short(name)}
            </text>
            {row.intercepts.map((shot) => (
              <g key={shot.launch_s}>
                <line class="flyout" x1={x(shot.launch_s)} x2={x(shot.intercept_s)} y1={y + 9.5} y2={y + 9.5} />
                <circle class="intercept" cx={x(shot.intercept_s)} cy={y + 9.5} r={4.5}>
                  <title>{`Intercept at ${String(Math.round(shot.intercept_s))} s, ${String(Math.round(shot.altitude_km))} km high`}</title>
                </circle>
              </g>
            ))}
            {row.intercepts.length ? null : (
              <text class="late" x={Math.max(NAME, x(row.commit_s ?? 0) + 4)} y={y + 13}>
                {REASONS[row.cause ?? ""] ?? "not met"}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

const REASONS: Record<string, string> = {
  never_seen: "never seen",
  seen_too_late: "seen too late",
  out_of_reach: "out of reach",
  too_low: "flight is too low",
  too_high: "flight is too high",
  no_support: "no radar supports it",
};
