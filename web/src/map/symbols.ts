/** Signs of sites, as paths of a square of 24. */

export type Sign = "radar" | "land" | "sea" | "lower" | "node";

const PATHS: Record<Sign, string> = {
  radar: "M5 19h8M9 19v-4M3.5 8.5a7.8 7.8 0 0 0 11 7zM9.5 9.5l4-4M14.5 3.5a6 6 0 0 1 6 6M13.5 7a3.4 3.4 0 0 1 3.4 3.4",
  land: "M12 4l3.4 6v8H8.6v-8zM5 20.5h14M8.6 14.5L5.6 18M15.4 14.5l3 3.5",
  sea: "M3 14.5h18l-3 5.5H6zM7 14.5V10h6v4.5M15.5 14.5V5l2.4 3.2M10 10V6.5",
  lower: "M4.5 17.5L17 7l2.5 3L8 19.5zM4 21h16",
  node: "M12 3.5l7.5 4.3v8.4L12 20.5l-7.5-4.3V7.8zM12 9.2v5.6M9.2 12h5.6",
};

export function sign(kind: string | null, form: string): Sign {
  if (form === "radar" || kind === "radar" || kind === "partner_radar") return "radar";
  if (kind === "sea_battery") return "sea";
  if (kind === "lower_battery") return "lower";
  if (form === "node") return "node";
  return "land";
}

export function drawing(of: Sign): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[of]);
  svg.append(path);
  return svg;
}

export function pathOf(of: Sign): string {
  return PATHS[of];
}
