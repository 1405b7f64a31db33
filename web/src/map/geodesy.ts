/** Places on a sphere and on the map: great circles, sectors, lines that leave the map. */

import proj4 from "proj4";
import type { Projection } from "../contract";

export const RADIUS_KM = 6371.0088;
const RAD = Math.PI / 180;

export type XY = [number, number];

export class Plane {
  private readonly way: { forward(at: XY): XY; inverse(at: XY): XY };

  constructor(readonly projection: Projection) {
    proj4.defs(projection.code, projection.proj4);
    this.way = proj4("EPSG:4326", projection.code) as unknown as { forward(at: XY): XY; inverse(at: XY): XY };
  }

  /** Easting and northing [m]; null beyond the map. */
  to(lat: number, lon: number): XY | null {
    const [x, y] = this.way.forward([lon, Math.max(-89.99, Math.min(89.99, lat))]);
    return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
  }

  /** Latitude and longitude [deg]; null beyond the globe. */
  from(x: number, y: number): [number, number] | null {
    try {
      const [lon, lat] = this.way.inverse([x, y]);
      if (!Number.isFinite(lat) || !Number.isFinite(lon)) return null;
      const again = this.to(lat, lon);
      return again && Math.hypot(again[0] - x, again[1] - y) < 2000 ? [lat, lon] : null;
    } catch {
      return null;
    }
  }
}

/** The place at a ground range [km] and bearing [deg] from another. */
export function reached(lat: number, lon: number, bearing: number, km: number): [number, number] {
  const angle = km / RADIUS_KM;
  const [a, b, c] = [lat * RAD, lon * RAD, bearing * RAD];
  const to = Math.asin(Math.sin(a) * Math.cos(angle) + Math.cos(a) * Math.sin(angle) * Math.cos(c));
  const turn = Math.atan2(Math.sin(c) * Math.sin(angle) * Math.cos(a), Math.cos(angle) - Math.sin(a) * Math.sin(to));
  return [to / RAD, (((((b + turn) / RAD + 540) % 360) + 360) % 360) - 180];
}

export function apart(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const half = Math.sin(((lat2 - lat1) * RAD) / 2) ** 2;
  const turn = Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(((lon2 - lon1) * RAD) / 2) ** 2;
  return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half + turn)));
}

/** The outline of a radar's sector; the whole circle where it looks all round. */
export function sector(
  lat: number,
  lon: number,
  km: number,
  boresight: number | null,
  half: number | null,
): [number, number][] {
  const whole = boresight === null || half === null || half >= 180;
  const from = whole ? 0 : boresight - half;
  const to = whole ? 360 : boresight + half;
  const steps = Math.max(12, Math.ceil((to - from) / 3));
  const out: [number, number][] = whole ? [] : [[lat, lon]];
  for (let i = 0; i <= steps; i++) out.push(reached(lat, lon, from + ((to - from) * i) / steps, km));
  if (!whole) out.push([lat, lon]);
  return out;
}

/** A place along a path of times; null before it begins and after it ends. */
export function along(
  path: { time_s: number[]; lat: number[]; lon: number[]; altitude_km?: number[] },
  time: number,
): { lat: number; lon: number; altitude: number; at: number } | null {
  const times = path.time_s;
  const last = times.length - 1;
  if (last < 0 || time < times[0]! || time > times[last]!) return null;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle;
  }
  const span = times[high]! - times[low]!;
  const share = span > 0 ? (time - times[low]!) / span : 0;
  let turn = path.lon[high]! - path.lon[low]!;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const heights = path.altitude_km;
  return {
    lat: path.lat[low]! + share * (path.lat[high]! - path.lat[low]!),
    lon: path.lon[low]! + share * turn,
    altitude: heights ? heights[low]! + share * (heights[high]! - heights[low]!) : 0,
    at: low,
  };
}
