/** What is drawn over the picture: radar sectors, launch areas, ground tracks, moves, footprints, and a raid in flight. */

import type { Playback, Track } from "../contract";
import type { Theme } from "./colours";
import { along, type Plane, type XY } from "./geodesy";
import { drawRaid } from "./raid";
import type { Drawn, Frame } from "./sheet";

export interface Sector {
  outline: [number, number][];
  strong: boolean;
}

export interface Overlaid {
  sectors: Sector[];
  launches: { name: string; title: string; lat: number; lon: number; used: boolean }[];
  /** Where moved elements came from, and where they are. */
  moves: { from: [number, number]; to: [number, number] }[];
  tracks: readonly Track[];
  footprints: readonly { rings: [number, number][][]; denied: boolean }[];
  chosen: { lat: number; lon: number } | null;
  raid: { playback: Playback; time: number } | null;
}

export const EMPTY: Overlaid = {
  sectors: [],
  launches: [],
  moves: [],
  tracks: [],
  footprints: [],
  chosen: null,
  raid: null,
};

/** Draws with places in degrees: a line that leaves the map is broken there. */
export class Pen {
  constructor(
    readonly context: CanvasRenderingContext2D,
    readonly plane: Plane,
    readonly frame: Frame,
  ) {}

  at(lat: number, lon: number): XY | null {
    const to = this.plane.to(lat, lon);
    if (!to) return null;
    return [to[0] * this.frame.scale + this.frame.left, this.frame.top - to[1] * this.frame.scale];
  }

  line(places: Iterable<[number, number]>): Path2D {
    const path = new Path2D();
    let before: XY | null = null;
    const far = 4 * Math.max(this.frame.width, this.frame.height);
    for (const [lat, lon] of places) {
      const to = this.at(lat, lon);
      if (to && before && Math.hypot(to[0] - before[0], to[1] - before[1]) < far) path.lineTo(...to);
      else if (to) path.moveTo(...to);
      before = to;
    }
    return path;
  }

  px(value: number): number {
    return value * this.frame.ratio;
  }
}

export function* pairs(lat: readonly number[], lon: readonly number[], to = lat.length): Generator<[number, number]> {
  for (let i = 0; i < to; i++) yield [lat[i]!, lon[i]!];
}

export class OverlaySheet implements Drawn {
  readonly canvases = 1;
  private shown: Overlaid = EMPTY;
  private fresh = true;

  constructor(
    private readonly plane: Plane,
    public theme: Theme,
  ) {}

  set(overlaid: Overlaid): void {
    this.shown = overlaid;
    this.fresh = true;
  }

  draw([context]: CanvasRenderingContext2D[], frame: Frame, moved: boolean): void {
    if (!context || (!moved && !this.fresh)) return;
    this.fresh = false;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, frame.width, frame.height);
    const pen = new Pen(context, this.plane, frame);
    context.lineJoin = "round";
    this.sectors(pen);
    this.footprints(pen);
    this.moves(pen);
    this.tracks(pen);
    this.launches(pen);
    this.chosen(pen);
    if (this.shown.raid) drawRaid(pen, this.theme, this.shown.raid.playback, this.shown.raid.time);
  }

  private sectors(pen: Pen): void {
    const { context } = pen;
    for (const { outline, strong } of this.shown.sectors) {
      const path = pen.line(outline);
      context.strokeStyle = this.theme.radar;
      context.fillStyle = this.theme.radar;
      if (strong) {
        context.globalAlpha = 0.07;
        context.fill(path);
      }
      const many = this.shown.sectors.length > 14;
      context.globalAlpha = strong ? 1 : many ? 0.5 : 0.85;
      context.lineWidth = pen.px(strong ? 2.2 : many ? 1 : 1.3);
      context.setLineDash([pen.px(6), pen.px(4)]);
      context.stroke(path);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  private footprints(pen: Pen): void {
    const { context } = pen;
    for (const { rings, denied } of this.shown.footprints)
      for (const ring of rings) {
        const path = pen.line(ring);
        context.strokeStyle = denied ? this.theme.link : this.theme.shot;
        context.lineWidth = pen.px(2.2);
        context.setLineDash(denied ? [pen.px(9), pen.px(3)] : []);
        context.stroke(path);
      }
    context.setLineDash([]);
  }

  private moves(pen: Pen): void {
    const { context } = pen;
    for (const { from, to } of this.shown.moves) {
      const begin = pen.at(...from);
      if (!begin) continue;
      context.strokeStyle = this.theme.ink;
      context.globalAlpha = 0.65;
      context.lineWidth = pen.px(1.4);
      context.setLineDash([pen.px(2), pen.px(4)]);
      context.stroke(pen.line([from, to]));
      context.setLineDash([]);
      context.beginPath();
      context.arc(begin[0], begin[1], pen.px(6), 0, 2 * Math.PI);
      context.stroke();
      context.globalAlpha = 1;
    }
  }

  private tracks(pen: Pen): void {
    const { context } = pen;
    context.strokeStyle = this.theme.launch;
    for (const track of this.shown.tracks) {
      context.globalAlpha = 0.75;
      context.lineWidth = pen.px(1.3);
      context.stroke(pen.line(pairs(track.lat, track.lon)));
      const burnout = along(track, track.burnout_s);
      const at = burnout && pen.at(burnout.lat, burnout.lon);
      if (!at) continue;
      context.fillStyle = this.theme.launch;
      context.beginPath();
      context.arc(at[0], at[1], pen.px(2.4), 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  private launches(pen: Pen): void {
    const { context } = pen;
    for (const { lat, lon, used } of this.shown.launches) {
      const at = pen.at(lat, lon);
      if (!at) continue;
      const size = pen.px(6);
      context.beginPath();
      context.moveTo(at[0], at[1] - size);
      context.lineTo(at[0] + size, at[1] + 0.75 * size);
      context.lineTo(at[0] - size, at[1] + 0.75 * size);
      context.closePath();
      context.lineWidth = pen.px(1.5);
      context.strokeStyle = used ? this.theme.halo : this.theme.launch;
      context.fillStyle = used ? this.theme.launch : this.theme.halo;
      context.fill();
      context.stroke();
    }
  }

  private chosen(pen: Pen): void {
    const { chosen } = this.shown;
    const at = chosen && pen.at(chosen.lat, chosen.lon);
    if (!at) return;
    const { context } = pen;
    for (const [colour, width] of [
      [this.theme.halo, 5],
      [this.theme.ink, 2],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = pen.px(width);
      context.beginPath();
      context.arc(at[0], at[1], pen.px(11), 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
