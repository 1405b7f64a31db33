/** The map: OpenLayers for view, zoom and pan, with canvases of our own and sites as buttons. */

import OlMap from "ol/Map.js";
import View from "ol/View.js";
import ScaleLine from "ol/control/ScaleLine.js";
import { defaults as interactions } from "ol/interaction/defaults.js";
import { get as projectionOf } from "ol/proj.js";
import { register } from "ol/proj/proj4.js";
import proj4 from "proj4";
import type { Projection } from "../contract";
import type { Points } from "../points";
import { Base, graticule, type Land } from "./base";
import { DARK, LIGHT, type Band, type Theme } from "./colours";
import { Plane, type XY } from "./geodesy";
import { gridOf } from "./grid";
import { overlaps, place, type Box } from "./labels";
import { OverlaySheet, type Overlaid } from "./overlay";
import { PictureSheet } from "./picture";
import { Sheet, type Frame } from "./sheet";
import { Sites, type Hand, type Site } from "./sites";

const MOST_CITIES = 26;

export interface Picked {
  index: number;
  lat: number;
  lon: number;
}

export class ChangeMap {
  readonly plane: Plane;
  readonly sites: Sites;
  private readonly map: OlMap;
  private readonly base: Base;
  private readonly picture: PictureSheet;
  private readonly overlay: OverlaySheet;
  private readonly sheets: { base: Sheet; picture: Sheet; overlay: Sheet; names: Sheet };
  private points: Points | null = null;
  private cities: number[] = [];
  private taken: Box[] = [];
  /** Whether what the names give way to has moved; the names that are drawn, and where; widths of texts [px]. */
  private namesMoved = true;
  private names = "";
  private widths = new Map<string, number>();
  private launches: Overlaid["launches"] = [];
  private cells = new Map<number, number[]>();
  private readonly afterFrame = new MessageChannel();
  private drawn: (() => void)[] = [];
  /** Called in the frame in which the bands are drawn; what it returns, once that frame is painted. */
  onDraw: () => () => void = () => () => undefined;

  constructor(
    target: HTMLElement,
    projection: Projection,
    hand: Hand,
    dark: boolean,
    private readonly picked: (at: Picked | null, place: [number, number] | null) => void,
    private readonly viewed: () => void,
  ) {
    const theme: Theme = dark ? DARK : LIGHT;
    this.plane = new Plane(projection);
    register(proj4);
    const olProjection = projectionOf(projection.code);
    if (!olProjection) throw new Error(`The map projection ${projection.code} is not known.`);
    olProjection.setExtent(projection.all);
    this.base = new Base(theme);
    this.base.lines = graticule(this.plane);
    this.picture = new PictureSheet(theme);
    this.overlay = new OverlaySheet(this.plane, theme);
    const names = { canvases: 1, draw: this.drawNames.bind(this) };
    this.sheets = {
      base: new Sheet(this.base, 0),
      picture: new Sheet(this.picture, 1),
      overlay: new Sheet(this.overlay, 2),
      names: new Sheet(names, 3),
    };
    const [west, south, east, north] = projection.all;
    const wide = Math.max(east - west, north - south);
    this.map = new OlMap({
      target,
      layers: Object.values(this.sheets),
      controls: [new ScaleLine({ className: "scale", minWidth: 90 })],
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false, keyboard: true }),
      view: new View({
        projection: olProjection,
        center: [(projection.extent[0] + projection.extent[2]) / 2, (projection.extent[1] + projection.extent[3]) / 2],
        resolution: (projection.extent[2] - projection.extent[0]) / 1000,
        minResolution: 80,
        maxResolution: wide / 400,
        extent: [west - wide / 3, south - wide / 3, east + wide / 3, north + wide / 3],
        constrainOnlyCenter: true,
        enableRotation: false,
      }),
    });
    this.sites = new Sites(
      (lat, lon) => this.pixel(lat, lon),
      (x, y) => this.located(x, y),
      hand,
      () => this.resolution(),
    );
    target.append(this.sites.holder);
    this.map.on("click", (event) => {
      this.picked(this.nearest(event.pixel as XY, 14), this.located(...(event.pixel as XY)));
    });
    this.map.on("moveend", () => {
      this.viewed();
    });
    this.afterFrame.port1.onmessage = () => {
      for (const painted of this.drawn.splice(0)) painted();
    };
    this.home();
  }

  private view(): View {
    return this.map.getView();
  }

  resolution(): number {
    return this.view().getResolution() ?? 1;
  }

  pixel(lat: number, lon: number): XY | null {
    const at = this.plane.to(lat, lon);
    return at ? this.pixelOf(at[0], at[1]) : null;
  }

  private pixelOf(x: number, y: number): XY | null {
    const size = this.map.getSize();
    const centre = this.view().getCenter();
    if (!size || !centre) return null;
    const resolution = this.resolution();
    return [(x - centre[0]!) / resolution + size[0]! / 2, (centre[1]! - y) / resolution + size[1]! / 2];
  }

  located(x: number, y: number): [number, number] | null {
    const size = this.map.getSize();
    const centre = this.view().getCenter();
    if (!size || !centre) return null;
    const resolution = this.resolution();
    return this.plane.from(centre[0]! + (x - size[0]! / 2) * resolution, centre[1]! + (size[1]! / 2 - y) * resolution);
  }

  home(): void {
    const { extent } = this.plane.projection;
    this.map.updateSize();
    this.view().fit(extent, { padding: [6, 6, 6, 6] });
    this.picture.homeResolution = this.resolution();
  }

  zoom(by: number): void {
    this.view().animate({ zoom: (this.view().getZoom() ?? 3) + by, duration: 180 });
  }

  centreOn(lat: number, lon: number): void {
    const at = this.plane.to(lat, lon);
    if (!at) return;
    const pixel = this.pixelOf(...at);
    const size = this.map.getSize();
    if (pixel && size && pixel[0] > 20 && pixel[1] > 20 && pixel[0] < size[0]! - 20 && pixel[1] < size[1]! - 20) return;
    this.view().animate({ center: at, duration: 220 });
  }

  getView(): [number, number, number] {
    const centre = this.view().getCenter() ?? [0, 0];
    return [Math.round(centre[0]!), Math.round(centre[1]!), Math.round(this.resolution())];
  }

  setView([x, y, resolution]: [number, number, number]): void {
    this.view().setCenter([x, y]);
    this.view().setResolution(resolution);
  }

  resized(): void {
    this.map.updateSize();
  }

  setTheme(dark: boolean): void {
    const theme = dark ? DARK : LIGHT;
    this.base.theme = theme;
    this.picture.theme = theme;
    this.overlay.theme = theme;
    for (const sheet of Object.values(this.sheets)) sheet.again();
  }

  setLand(land: Land): void {
    this.base.land = land;
    this.picture.land = land;
    this.sheets.base.again();
    this.sheets.picture.again();
  }

  setPoints(points: Points): void {
    this.points = points;
    this.picture.setPoints(points, gridOf(points, this.plane.projection.extent));
    this.cities = Array.from({ length: points.n }, (_, i) => i)
      .filter((i) => points.kind[i] === 0 && points.people[i]! >= 300_000)
      .sort((a, b) => points.people[b]! - points.people[a]!);
    this.cells = new Map();
    for (let i = 0; i < points.n; i++) {
      const cell = this.cell(points.x[i]!, points.y[i]!);
      const held = this.cells.get(cell);
      if (held) held.push(i);
      else this.cells.set(cell, [i]);
    }
    this.namesMoved = true;
    this.sheets.picture.again();
  }

  setBands(of: Uint8Array | null, bands: readonly Band[], whole: boolean): void {
    this.picture.setBands(of, bands, whole);
    this.sheets.picture.changed();
    if (!of) return;
    requestAnimationFrame(() => {
      this.drawn.push(this.onDraw());
      this.afterFrame.port2.postMessage(null);
    });
  }

  setOverlay(overlaid: Overlaid): void {
    this.overlay.set(overlaid);
    this.launches = overlaid.launches;
    this.namesMoved = true;
    this.sheets.overlay.changed();
  }

  setSites(sites: readonly Site[], chosen: readonly string[]): void {
    this.sites.set(sites, chosen);
    this.namesMoved = true;
    this.sheets.names.changed();
  }

  private cell(x: number, y: number): number {
    return Math.floor(x / 50_000) * 4096 + Math.floor(y / 50_000);
  }

  /** The place under a pixel; land where no place is near. */
  nearest(pixel: XY, within: number): Picked | null {
    const { points } = this;
    const size = this.map.getSize();
    const centre = this.view().getCenter();
    if (!points || !size || !centre) return null;
    const resolution = this.resolution();
    const x = centre[0]! + (pixel[0] - size[0]! / 2) * resolution;
    const y = centre[1]! + (size[1]! / 2 - pixel[1]) * resolution;
    const reach = Math.ceil((within * resolution) / 50_000) + 1;
    let best = -1;
    let least = Infinity;
    for (let dx = -reach; dx <= reach; dx++)
      for (let dy = -reach; dy <= reach; dy++)
        for (const i of this.cells.get(this.cell(x + dx * 50_000, y + dy * 50_000)) ?? []) {
          const apart = Math.hypot(points.x[i]! - x, points.y[i]! - y);
          const land = points.kind[i] === 1;
          if (land ? apart > 0.75 * points.side[i]! : apart > within * resolution) continue;
          // A place before the land about it, and a large one a little before a small one.
          const weighed = land ? 1e7 + apart : apart / (1 + Math.log10(1 + points.people[i]! / 1e4));
          if (weighed < least) [best, least] = [i, weighed];
        }
    return best < 0 ? null : { index: best, lat: points.lat[best]!, lon: points.lon[best]! };
  }

  /** Names of launch areas and of the largest cities, where sites leave room; drawn anew where that changes them. */
  private drawNames([context]: CanvasRenderingContext2D[], frame: Frame, moved: boolean): void {
    if (!context || !(moved || this.namesMoved)) return;
    this.namesMoved = false;
    const width = frame.width / frame.ratio;
    const height = frame.height / frame.ratio;
    this.taken = this.sites.arrange(width, height);
    context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    const within = { left: 2, top: 2, right: width - 2, bottom: height - 2 };
    const { theme } = this.overlay;
    const placed: { text: string; box: Box; font: string; colour: string }[] = [];
    const write = (text: string, at: XY, gap: number, font: string, colour: string): void => {
      const label = { x: at[0], y: at[1], width: this.widthOf(context, text, font) + 4, height: 14, gap };
      const box = place(label, this.taken, within);
      if (!box) return;
      this.taken.push(box);
      placed.push({ text, box, font, colour });
    };
    const seen: [string, XY][] = [];
    for (const launch of this.launches) {
      const at = this.pixel(launch.lat, launch.lon);
      if (!at || !overlaps({ left: at[0], top: at[1], right: at[0] + 1, bottom: at[1] + 1 }, within)) continue;
      this.taken.push({ left: at[0] - 7, top: at[1] - 7, right: at[0] + 7, bottom: at[1] + 7 });
      seen.push([launch.title.replace(/ area$/, ""), at]);
    }
    for (const [title, at] of seen) write(title, at, 8, "italic 600 11.5px system-ui, sans-serif", theme.launch);
    const { points } = this;
    if (points) {
      let shown = 0;
      for (const i of this.cities) {
        const at = this.pixelOf(points.x[i]!, points.y[i]!);
        if (!at || at[0] < 0 || at[1] < 0 || at[0] > width || at[1] > height) continue;
        write(points.names[i] ?? "", at, 8, "11px system-ui, sans-serif", theme.ink);
        if (++shown >= MOST_CITIES) break;
      }
    }
    const now = JSON.stringify(placed);
    if (!moved && now === this.names) return;
    this.names = now;
    context.clearRect(0, 0, width, height);
    context.lineWidth = 3;
    context.strokeStyle = theme.halo;
    context.lineJoin = "round";
    context.textBaseline = "middle";
    for (const { text, box, font, colour } of placed) {
      context.font = font;
      context.strokeText(text, box.left + 2, box.top + 7);
      context.fillStyle = colour;
      context.fillText(text, box.left + 2, box.top + 7);
    }
  }

  private widthOf(context: CanvasRenderingContext2D, text: string, font: string): number {
    const known = this.widths.get(font + text);
    if (known !== undefined) return known;
    context.font = font;
    const { width } = context.measureText(text);
    this.widths.set(font + text, width);
    return width;
  }
}
