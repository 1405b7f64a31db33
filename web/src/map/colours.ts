/** Colours of the map, those of the report; every state also differs in lightness. */

import type { Colours } from "../state";

export interface Band {
  label: string;
  fill: string;
  dot: string;
}

export interface Theme {
  sea: string;
  land: string;
  member: string;
  border: string;
  coast: string;
  graticule: string;
  ink: string;
  quiet: string;
  halo: string;
  radar: string;
  launch: string;
  boundary: string;
  shot: string;
  link: string;
}

export const LIGHT: Theme = {
  sea: "#dde8ef",
  land: "#ededea",
  member: "#f4f1e8",
  border: "#8d8a84",
  coast: "#7d858d",
  graticule: "rgba(255,255,255,0.75)",
  ink: "#1d2530",
  quiet: "#515b66",
  halo: "rgba(255,255,255,0.85)",
  radar: "#8f6400",
  launch: "#7a1b1b",
  boundary: "#00564f",
  shot: "#1b2a6b",
  link: "#7b5ea7",
};

export const DARK: Theme = {
  sea: "#0e161f",
  land: "#1c252f",
  member: "#232d37",
  border: "#56616d",
  coast: "#5d6976",
  graticule: "rgba(255,255,255,0.07)",
  ink: "#e8edf2",
  quiet: "#a8b3be",
  halo: "rgba(10,16,22,0.8)",
  radar: "#e8b44c",
  launch: "#ff9a8a",
  boundary: "#7be0cf",
  shot: "#a9bcff",
  link: "#c3a6ee",
};

const NOT_THREATENED = {
  light: { label: "not threatened", fill: "#dcdedf", dot: "#8e959d" },
  dark: { label: "not threatened", fill: "#323c47", dot: "#79848f" },
};
const OPEN = {
  light: { label: "threatened, undefended", fill: "#f6c3a9", dot: "#c63f17" },
  dark: { label: "threatened, undefended", fill: "#6b2c19", dot: "#ff8a5c" },
};

const RAMPS: Record<Colours, { labels: string[]; light: [string, string][]; dark: [string, string][] }> = {
  defended: {
    labels: ["defended"],
    light: [["#9fd5ca", "#00736b"]],
    dark: [["#17564f", "#45cdb8"]],
  },
  shots: {
    labels: ["one shot", "two shots", "three shots or more"],
    light: [
      ["#cdeae4", "#3d9c91"],
      ["#8ccfc4", "#00736b"],
      ["#45a79b", "#00423d"],
    ],
    dark: [
      ["#16443f", "#2fa393"],
      ["#1d6d63", "#5fd8c5"],
      ["#2c978a", "#c4fff5"],
    ],
  },
  margin: {
    labels: ["under 15 s", "15 to 30 s", "30 to 60 s", "60 to 120 s", "120 s or more"],
    light: [
      ["#f5e6a8", "#a67f00"],
      ["#cfdd9f", "#6f8a1c"],
      ["#93cba7", "#27865a"],
      ["#56a9a3", "#0d6a6b"],
      ["#2d7f8d", "#063f4f"],
    ],
    dark: [
      ["#5c4d12", "#f3d65c"],
      ["#47551d", "#bfd873"],
      ["#245a3e", "#6fdc9f"],
      ["#1c6664", "#57d3cd"],
      ["#2a8697", "#b5f2ff"],
    ],
  },
};

/** Seconds at which the bands of the margin begin. */
export const MARGIN_FROM = [0, 15, 30, 60, 120] as const;

/** Bands in the order of their numbers: 0 not threatened, 1 undefended, then defended ever better. */
export function bands(colours: Colours, dark: boolean): Band[] {
  const how = dark ? "dark" : "light";
  const ramp = RAMPS[colours];
  const open = colours === "margin" ? { ...OPEN[how], label: "undefended at any decision time" } : OPEN[how];
  return [
    NOT_THREATENED[how],
    open,
    ...ramp[how].map(([fill, dot], at) => ({ label: ramp.labels[at] ?? "", fill, dot })),
  ];
}

/** The band of each point. */
export function bandOf(codes: Uint8Array, colours: Colours, margin: Uint8Array | null): Uint8Array {
  const out = new Uint8Array(codes.length);
  if (colours === "margin" && margin) {
    for (let i = 0; i < out.length; i++) {
      const most = margin[i]!;
      if (codes[i] === 0) continue;
      let band = 1;
      if (most !== 255) for (const from of MARGIN_FROM) if (most >= from) band++;
      out[i] = band;
    }
    return out;
  }
  const most = colours === "shots" ? 4 : 2;
  for (let i = 0; i < out.length; i++) out[i] = Math.min(codes[i]!, most);
  return out;
}
