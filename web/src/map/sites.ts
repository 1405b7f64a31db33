/** Sites on the map as buttons: dragged by mouse and finger, moved by the arrow keys, chosen by a click or Enter. */

import type { Element } from "../contract";
import { dropped, pressed, rested } from "../gesture";
import { place, type Box } from "./labels";
import { drawing, sign } from "./symbols";

export interface Site {
  /** Names of the elements that stand there, the first one's is the site's. */
  names: string[];
  label: string;
  title: string;
  kind: string | null;
  form: Element["form"];
  alsoRadar: boolean;
  lat: number;
  lon: number;
  on: boolean;
  movable: boolean;
  isMoved: boolean;
  isAdded: boolean;
  partner: boolean;
}

export interface Hand {
  begin(site: Site): void;
  move(site: Site, lat: number, lon: number): void;
  end(site: Site): void;
  cancel(site: Site): void;
  choose(site: Site): void;
  toggle(site: Site): void;
}

interface Marker {
  site: Site;
  button: HTMLButtonElement;
  label: HTMLSpanElement;
  width: number;
  shape: string;
}

type ToPixel = (lat: number, lon: number) => [number, number] | null;
type FromPixel = (x: number, y: number) => [number, number] | null;

const KEY_STEP_KM = 25;
/** [px] half the width of a sign, and of one where there are so many that they would hide each other. */
const HALF = 16;
const HALF_OF_MANY = 11;
const MANY = 18;

export class Sites {
  readonly holder = document.createElement("div");
  private readonly markers = new Map<string, Marker>();
  private readonly measure: CanvasRenderingContext2D | null;
  private keyed: Site | null = null;
  private dragged: { marker: Marker; dx: number; dy: number; x: number; y: number; moved: boolean } | null = null;
  private waitingFrame = 0;

  constructor(
    private readonly toPixel: ToPixel,
    private readonly fromPixel: FromPixel,
    private readonly hand: Hand,
    private readonly onResolution: () => number,
  ) {
    this.holder.className = "sites";
    this.measure = document.createElement("canvas").getContext("2d");
    if (this.measure) this.measure.font = "600 12.5px system-ui, sans-serif";
  }

  set(sites: readonly Site[], chosen: readonly string[]): void {
    const left = new Set(this.markers.keys());
    for (const site of sites) {
      const id = site.names.join(" ");
      left.delete(id);
      const marker = this.markers.get(id) ?? this.make(id, site);
      this.update(marker, site, chosen.includes(site.names[0] ?? "") || site.names.some((n) => chosen.includes(n)));
    }
    this.holder.classList.toggle("many", sites.length > MANY);
    for (const id of left) {
      this.markers.get(id)?.button.remove();
      this.markers.delete(id);
    }
  }

  private make(id: string, site: Site): Marker {
    const button = document.createElement("button");
    button.type = "button";
    const label = document.createElement("span");
    label.className = "site-label";
    const marker: Marker = { site, button, label, width: 0, shape: "" };
    button.addEventListener("pointerdown", (event) => {
      this.down(marker, event);
    });
    button.addEventListener("pointermove", (event) => {
      this.drag(event);
    });
    button.addEventListener("pointerup", () => {
      this.up(false);
    });
    button.addEventListener("pointercancel", () => {
      this.up(true);
    });
    button.addEventListener("keydown", (event) => {
      this.key(marker, event);
    });
    button.addEventListener("blur", () => {
      rested();
    });
    button.addEventListener("click", (event) => {
      if (event.detail === 0) this.hand.choose(marker.site);
    });
    this.holder.append(button);
    this.markers.set(id, marker);
    return marker;
  }

  private update(marker: Marker, site: Site, chosen: boolean): void {
    marker.site = site;
    const of = sign(site.kind, site.form);
    const shape = `${of}${site.alsoRadar ? "+" : ""}|${site.label}`;
    const { button, label } = marker;
    if (marker.shape !== shape) {
      marker.shape = shape;
      button.replaceChildren(drawing(of), label);
      if (site.alsoRadar) {
        const badge = document.createElement("i");
        badge.className = "badge";
        button.append(badge);
      }
      label.textContent = site.label;
      marker.width = Math.ceil(this.measure?.measureText(site.label).width ?? 8 * site.label.length) + 10;
    }
    button.className = [
      "site",
      of,
      site.on ? "" : "off",
      site.movable ? "" : "fixed",
      site.isAdded ? "added" : "",
      site.isMoved ? "moved" : "",
      site.partner ? "partner" : "",
      chosen ? "chosen" : "",
    ].join(" ");
    button.dataset["site"] = site.names[0] ?? "";
    button.setAttribute("aria-pressed", String(chosen));
    const where = `${site.lat.toFixed(2)}, ${site.lon.toFixed(2)}`;
    const told = `${site.title}${site.on ? "" : ", switched off"}, ${where}`;
    button.setAttribute("aria-label", told);
    button.title = site.movable
      ? `${site.title}\nDrag, or press the arrow keys, to move it; Enter says why; O switches it ${site.on ? "off" : "on"}.`
      : `${site.title}\nIt does not move; Enter says why; O switches it ${site.on ? "off" : "on"}.`;
  }

  /** Put the buttons where the map has them, and their labels where there is room. */
  arrange(width: number, height: number): Box[] {
    const half = this.markers.size > MANY ? HALF_OF_MANY : HALF;
    const within = { left: 4, top: 4, right: width - 4, bottom: height - 4 };
    const seen: { marker: Marker; x: number; y: number }[] = [];
    const taken: Box[] = [];
    for (const marker of this.markers.values()) {
      const at = this.toPixel(marker.site.lat, marker.site.lon);
      const inside = at && at[0] > -half && at[1] > -half && at[0] < width + half && at[1] < height + half;
      marker.button.classList.toggle("outside", !inside);
      if (!at || !inside) continue;
      marker.button.style.transform = `translate(${at[0].toFixed(1)}px, ${at[1].toFixed(1)}px)`;
      seen.push({ marker, x: at[0], y: at[1] });
      taken.push({ left: at[0] - half, top: at[1] - half, right: at[0] + half, bottom: at[1] + half });
    }
    const weight = ({ marker }: { marker: Marker }): number =>
      (marker.button.classList.contains("chosen") ? 0 : 4) + (marker.site.on ? 0 : 2) + (marker.site.partner ? 1 : 0);
    seen.sort((a, b) => weight(a) - weight(b));
    for (const { marker, x, y } of seen) {
      const box = place({ x, y, width: marker.width, height: 19, gap: half + 3 }, taken, within);
      marker.label.classList.toggle("hidden", !box);
      if (!box) continue;
      taken.push(box);
      marker.label.style.transform = `translate(${(box.left - x).toFixed(1)}px, ${(box.top - y).toFixed(1)}px)`;
    }
    return taken;
  }

  focus(name: string): void {
    for (const { site, button } of this.markers.values()) if (site.names.includes(name)) button.focus();
  }

  private down(marker: Marker, event: PointerEvent): void {
    if (event.button !== 0) return;
    rested();
    const at = this.toPixel(marker.site.lat, marker.site.lon);
    if (!at) return;
    marker.button.focus();
    marker.button.setPointerCapture(event.pointerId);
    this.dragged = {
      marker,
      dx: at[0] - event.clientX,
      dy: at[1] - event.clientY,
      x: event.clientX,
      y: event.clientY,
      moved: false,
    };
    event.preventDefault();
    event.stopPropagation();
  }

  private drag(event: PointerEvent): void {
    const { dragged } = this;
    if (!dragged) return;
    event.stopPropagation();
    const { marker } = dragged;
    if (!dragged.moved) {
      const far = Math.hypot(event.clientX - dragged.x, event.clientY - dragged.y) > 3;
      if (!far || !marker.site.movable) return;
      dragged.moved = true;
      marker.button.classList.add("held");
      this.hand.begin(marker.site);
    }
    dragged.x = event.clientX;
    dragged.y = event.clientY;
    if (!this.waitingFrame)
      this.waitingFrame = requestAnimationFrame(() => {
        this.follow();
      });
  }

  private follow(): void {
    if (this.waitingFrame) cancelAnimationFrame(this.waitingFrame);
    this.waitingFrame = 0;
    const { dragged } = this;
    if (!dragged?.moved) return;
    const to = this.fromPixel(dragged.x + dragged.dx, dragged.y + dragged.dy);
    if (to) this.hand.move(dragged.marker.site, ...to);
  }

  private up(cancelled: boolean): void {
    const { dragged } = this;
    if (!dragged) return;
    if (!cancelled) this.follow();
    this.dragged = null;
    dragged.marker.button.classList.remove("held");
    if (!dragged.moved) this.hand.choose(dragged.marker.site);
    else if (cancelled) this.hand.cancel(dragged.marker.site);
    else this.hand.end(dragged.marker.site);
  }

  private key(marker: Marker, event: KeyboardEvent): void {
    const { site } = marker;
    if (event.key === "Escape") {
      if (this.dragged) this.up(true);
      else if (this.keyed) {
        dropped();
        this.keyed = null;
        this.hand.cancel(site);
      }
      return;
    }
    if ((event.key === "o" || event.key === "O") && !event.ctrlKey && !event.metaKey) {
      this.hand.toggle(site);
      return;
    }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (!site.movable) return;
    const km = KEY_STEP_KM * (event.shiftKey ? 4 : event.altKey ? 0.2 : 1);
    const pixels = (km * 1000) / this.onResolution();
    const at = this.toPixel(site.lat, site.lon);
    const to = at && this.fromPixel(at[0] + step[0]! * pixels, at[1] + step[1]! * pixels);
    if (!to) return;
    if (!this.keyed) {
      this.keyed = site;
      this.hand.begin(site);
    }
    this.hand.move(site, ...to);
    pressed(() => {
      this.endKeys();
    });
  }

  private endKeys(): void {
    const site = this.keyed;
    this.keyed = null;
    if (site) this.hand.end(site);
  }
}
