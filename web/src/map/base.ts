/** The ground of the map: sea, land, members, borders and the lines of latitude and longitude. */

import type { Planes } from "../planes";
import type { Theme } from "./colours";
import type { Plane, XY } from "./geodesy";
import type { Drawn, Frame } from "./sheet";

export interface Borders {
  sha256: string;
  countries: { code: string; name: string; member: boolean }[];
}

export interface Land {
  members: Path2D;
  others: Path2D;
  countries: { code: string; name: string; member: boolean; path: Path2D }[];
}

/** Paths in metres of the map, north up: y is turned round when they are drawn. */
export function readLand(answer: Planes<Borders>): Land {
  const start = answer.u4("start");
  const of = answer.u2("country");
  const a = answer.f4("a");
  const b = answer.f4("b");
  const members = new Path2D();
  const others = new Path2D();
  const countries = answer.header.countries.map((row) => ({ ...row, path: new Path2D() }));
  for (let ring = 0; ring + 1 < start.length; ring++) {
    const country = countries[of[ring]!];
    if (!country) continue;
    for (const path of [country.path, country.member ? members : others]) {
      for (let i = start[ring]!; i < start[ring + 1]!; i++) {
        if (i === start[ring]) path.moveTo(a[i]!, b[i]!);
        else path.lineTo(a[i]!, b[i]!);
      }
      path.closePath();
    }
  }
  return { members, others, countries };
}

export function graticule(plane: Plane): Path2D {
  const { graticule_step_deg: step, clip_deg: clip, all } = plane.projection;
  const path = new Path2D();
  const width = all[2] - all[0];
  const line = (places: Iterable<[number, number]>): void => {
    let before: XY | null = null;
    for (const [lat, lon] of places) {
      const at = plane.to(lat, lon);
      if (at && before && Math.hypot(at[0] - before[0], at[1] - before[1]) < width / 4) path.lineTo(...at);
      else if (at) path.moveTo(...at);
      before = at;
    }
  };
  const [west, south, east, north] = clip;
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step)
    line(range(south, north, 1).map((lat) => [lat, lon]));
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step)
    line(range(west, east, 1).map((lon) => [lat, lon]));
  return path;
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

export function toMap(context: CanvasRenderingContext2D, frame: Frame): void {
  context.setTransform(frame.scale, 0, 0, -frame.scale, frame.left, frame.top);
}

export class Base implements Drawn {
  readonly canvases = 1;
  land: Land | null = null;
  lines: Path2D | null = null;
  private drawnTheme: Theme | null = null;
  private drawnLand: Land | null = null;

  constructor(public theme: Theme) {}

  draw([context]: CanvasRenderingContext2D[], frame: Frame, moved: boolean): void {
    if (!context || (!moved && this.drawnTheme === this.theme && this.drawnLand === this.land)) return;
    this.drawnTheme = this.theme;
    this.drawnLand = this.land;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.theme.sea;
    context.fillRect(0, 0, frame.width, frame.height);
    toMap(context, frame);
    context.lineWidth = frame.ratio / frame.scale;
    if (this.lines) {
      context.strokeStyle = this.theme.graticule;
      context.stroke(this.lines);
    }
    if (!this.land) return;
    context.fillStyle = this.theme.land;
    context.fill(this.land.others, "evenodd");
    context.fillStyle = this.theme.member;
    context.fill(this.land.members, "evenodd");
    context.strokeStyle = this.theme.border;
    context.lineWidth = (0.6 * frame.ratio) / frame.scale;
    context.stroke(this.land.others);
  }
}
