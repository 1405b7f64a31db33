import { expect, it } from "vitest";
import { bandOf, bands, MARGIN_FROM } from "../src/map/colours";
import { along, apart, reached, sector } from "../src/map/geodesy";
import { overlaps, place, type Box } from "../src/map/labels";

it("knows a degree of a great circle, and comes back to where it began", () => {
  expect(apart(0, 0, 0, 1)).toBeCloseTo(111.195, 3);
  expect(apart(89, 0, 89, 180)).toBeCloseTo(2 * 111.195, 2);
  const [lat, lon] = reached(38, 37, 300, 1500);
  expect(apart(38, 37, lat, lon)).toBeCloseTo(1500, 6);
  expect(reached(0, 179.5, 90, 111.195)[1]).toBeCloseTo(-179.5, 4);
});

it("draws a sector with its corner, a whole circle without", () => {
  const part = sector(40, 40, 1000, 120, 60);
  expect(part[0]).toEqual([40, 40]);
  expect(part[part.length - 1]).toEqual([40, 40]);
  for (const [lat, lon] of part.slice(1, -1)) expect(apart(40, 40, lat, lon)).toBeCloseTo(1000, 6);
  expect(sector(40, 40, 1000, null, 60)[0]).not.toEqual([40, 40]);
});

it("finds the place along a path at a time, across the antimeridian too", () => {
  const path = { time_s: [0, 10, 20], lat: [0, 10, 20], lon: [179, -179, -177], altitude_km: [0, 100, 0] };
  expect(along(path, 5)).toMatchObject({ lat: 5, lon: 180, altitude: 50, at: 0 });
  expect(along(path, 20)).toMatchObject({ lat: 20, altitude: 0 });
  expect(along(path, 20.1)).toBeNull();
  expect(along(path, -1)).toBeNull();
});

it("lets no label lie on another, a mark or the edge", () => {
  const within = { left: 0, top: 0, right: 400, bottom: 300 };
  const taken: Box[] = [];
  let random = 7;
  const next = (most: number): number => ((random = (random * 16807) % 2147483647) / 2147483647) * most;
  let left = 0;
  for (let i = 0; i < 60; i++) {
    const label = { x: next(400), y: next(300), width: 60, height: 18, gap: 15 };
    const box = place(label, taken, within);
    if (!box) {
      left++;
      continue;
    }
    expect(taken.some((other) => overlaps(other, box))).toBe(false);
    expect(box.left >= 0 && box.top >= 0 && box.right <= 400 && box.bottom <= 300).toBe(true);
    taken.push(box);
  }
  expect(taken.length).toBeGreaterThan(20);
  expect(left).toBeGreaterThan(0);
});

it("puts margins into their bands", () => {
  const codes = Uint8Array.from([0, 1, 1, 2, 2, 2, 2, 2]);
  const margin = Uint8Array.from([255, 255, 0, 14, 15, 60, 119, 254]);
  expect([...bandOf(codes, "margin", margin)]).toEqual([0, 1, 2, 2, 3, 5, 5, 6]);
  expect(bands("margin", false)).toHaveLength(2 + MARGIN_FROM.length);
  expect([...bandOf(Uint8Array.from([0, 1, 2, 3, 9]), "shots", null)]).toEqual([0, 1, 2, 3, 4]);
  expect([...bandOf(Uint8Array.from([0, 1, 2, 3, 9]), "defended", null)]).toEqual([0, 1, 2, 2, 2]);
});
