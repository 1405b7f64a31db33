/** What is judged, on the map: the land in its states, cut at the coast, and places sized by their people. */

import type { Points } from "../points";
import { toMap, type Land } from "./base";
import type { Band, Theme } from "./colours";
import { areaOf, type Grid } from "./grid";
import type { Drawn, Frame } from "./sheet";

const SMALLEST = 0.75;

/** Radius of a place [px] by its people, at the scale of the home view. */
export function radius(people: number): number {
  return Math.max(SMALLEST, Math.min(15, 0.0033 * Math.sqrt(people)));
}

export class PictureSheet implements Drawn {
  readonly canvases = 2;
  points: Points | null = null;
  grid: Grid | null = null;
  land: Land | null = null;
  bands: readonly Band[] = [];
  /** Metres a pixel of the home view. */
  homeResolution = 4000;
  /** Places by people, smallest first, so that the largest lie on top. */
  private order: Int32Array = new Int32Array(0);
  private radii: Float32Array = new Float32Array(0);
  private wanted: Uint8Array | null = null;
  private painted: Uint8Array | null = null;
  private paths: Path2D[] = [];
  private pathsOf: Uint8Array | null = null;
  private whole = true;
  /** Points repainted at the last drawing, for tests and the benchmark. */
  repainted = 0;

  constructor(public theme: Theme) {}

  setPoints(points: Points, grid: Grid): void {
    this.points = points;
    this.grid = grid;
    const places = Array.from({ length: points.n }, (_, i) => i).filter((i) => points.kind[i] === 0);
    places.sort((a, b) => points.people[a]! - points.people[b]!);
    this.order = Int32Array.from(places);
    this.radii = Float32Array.from(points.people, radius);
    this.wanted = null;
    this.painted = null;
    this.whole = true;
  }

  /** Show the band of each point; `whole` repaints all, else what changed. */
  setBands(of: Uint8Array | null, bands: readonly Band[], whole: boolean): void {
    this.whole ||= whole || bands !== this.bands;
    this.wanted = of;
    this.bands = bands;
  }

  draw([area, dots]: CanvasRenderingContext2D[], frame: Frame, moved: boolean): void {
    if (!area || !dots || !this.points || !this.grid) return;
    const all = moved || this.whole || !this.painted || !this.wanted;
    if (!this.wanted) {
      for (const context of [area, dots]) {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, frame.width, frame.height);
      }
      this.painted = null;
      return;
    }
    const changed = all ? null : this.changed(this.painted, this.wanted);
    if (changed?.length === 0) return;
    this.drawArea(area, frame);
    this.drawDots(dots, frame, changed);
    this.painted = this.wanted.slice();
    this.whole = false;
  }

  private changed(before: Uint8Array | null, now: Uint8Array): number[] {
    const out: number[] = [];
    for (let i = 0; i < now.length; i++) if (before?.[i] !== now[i]) out.push(i);
    return out;
  }

  private drawArea(context: CanvasRenderingContext2D, frame: Frame): void {
    const wanted = this.wanted;
    if (!wanted || !this.grid || !this.land) return;
    if (this.pathsOf !== wanted) {
      this.paths = this.bands.slice(1).map((_, i) => areaOf(this.grid!, wanted, i + 1));
      this.pathsOf = wanted;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, frame.width, frame.height);
    context.save();
    toMap(context, frame);
    context.clip(this.land.members, "evenodd");
    context.fillStyle = this.bands[0]?.fill ?? "transparent";
    context.fill(this.land.members, "evenodd");
    this.paths.forEach((path, i) => {
      context.fillStyle = this.bands[i + 1]?.fill ?? "transparent";
      context.fill(path, "evenodd");
    });
    const boundary = this.paths[1];
    if (boundary) {
      context.strokeStyle = this.theme.boundary;
      context.lineWidth = (1.6 * frame.ratio) / frame.scale;
      context.stroke(boundary);
    }
    context.restore();
    toMap(context, frame);
    context.strokeStyle = this.theme.border;
    context.lineWidth = (0.7 * frame.ratio) / frame.scale;
    context.stroke(this.land.members);
  }

  private drawDots(context: CanvasRenderingContext2D, frame: Frame, changed: readonly number[] | null): void {
    const { points, wanted } = this;
    if (!points || !wanted) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (!changed) context.clearRect(0, 0, frame.width, frame.height);
    const zoom = Math.min(2.5, Math.max(0.8, Math.sqrt((frame.scale / frame.ratio) * this.homeResolution)));
    const factor = zoom * frame.ratio;
    const chosen = changed ? this.inOrder(changed) : this.order;
    this.repainted = chosen.length;
    const paths = this.bands.map(() => new Path2D());
    const large: number[] = [];
    for (const i of chosen) {
      const x = points.x[i]! * frame.scale + frame.left;
      const y = frame.top - points.y[i]! * frame.scale;
      const r = this.radii[i]! * factor;
      if (x < -r || y < -r || x > frame.width + r || y > frame.height + r) continue;
      const path = paths[wanted[i]!];
      if (!path) continue;
      if (r < 1.6) path.rect(x - r, y - r, 2 * r, 2 * r);
      else if (r < 5 * frame.ratio) {
        path.moveTo(x + r, y);
        path.arc(x, y, r, 0, 2 * Math.PI);
      } else large.push(i);
    }
    paths.forEach((path, band) => {
      context.fillStyle = this.bands[band]?.dot ?? "transparent";
      context.fill(path);
    });
    context.strokeStyle = this.theme.halo;
    context.lineWidth = frame.ratio;
    for (const i of large) {
      context.beginPath();
      context.arc(
        points.x[i]! * frame.scale + frame.left,
        frame.top - points.y[i]! * frame.scale,
        this.radii[i]! * factor,
        0,
        2 * Math.PI,
      );
      context.fillStyle = this.bands[wanted[i]!]?.dot ?? "transparent";
      context.fill();
      context.stroke();
    }
  }

  private inOrder(changed: readonly number[]): number[] {
    const { points } = this;
    if (!points) return [];
    return changed.filter((i) => points.kind[i] === 0).sort((a, b) => points.people[a]! - points.people[b]!);
  }
}
