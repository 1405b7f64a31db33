/** The aim points of a set, as columns. */

import type { SetName } from "./contract";
import type { Planes } from "./planes";

export interface Points {
  set: SetName;
  sha256: string;
  n: number;
  nations: string[];
  x: Float32Array;
  y: Float32Array;
  lat: Float64Array;
  lon: Float64Array;
  people: Float64Array;
  area: Float32Array;
  nation: Uint16Array;
  /** 0 a populated place, 1 a cell of land. */
  kind: Uint8Array;
  side: Float32Array;
  names: string[];
  /** For each point of the exact set the nearest of the coarse one. */
  nearest: Int32Array | null;
}

export function readPoints(answer: Planes<{ set: SetName; sha256: string; n: number; nations: string[] }>): Points {
  const { set, sha256, n, nations } = answer.header;
  return {
    set,
    sha256,
    n,
    nations,
    x: answer.f4("x"),
    y: answer.f4("y"),
    lat: answer.f8("lat"),
    lon: answer.f8("lon"),
    people: answer.f8("people"),
    area: answer.f4("area_km2"),
    nation: answer.u2("nation"),
    kind: answer.u1("kind"),
    side: answer.f4("side_m"),
    names: answer.texts("name"),
    nearest: set === "exact" ? answer.i4("nearest") : null,
  };
}

/** One value for each point of the exact set from one for each of the coarse one. */
export function spread(values: Uint8Array, nearest: Int32Array): Uint8Array {
  const out = new Uint8Array(nearest.length);
  for (let i = 0; i < out.length; i++) out[i] = values[nearest[i]!]!;
  return out;
}

/** Codes of a picture from the planes of a verdict. */
export function codesOf(threatened: Uint8Array, defended: Uint8Array, shots: Uint8Array): Uint8Array {
  const out = new Uint8Array(threatened.length);
  for (let i = 0; i < out.length; i++) {
    if (!threatened[i]) continue;
    out[i] = defended[i] ? 1 + Math.max(1, Math.min(shots[i]!, 200)) : 1;
  }
  return out;
}
