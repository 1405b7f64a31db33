import { expect, it } from "vitest";
import { curveOf, lastGood } from "../src/decision";
import { change, moment, people, percent } from "../src/format";
import { compared, csv } from "../src/panels/data-table";
import { eventAt } from "../src/playback/player";

it("writes shares and changes with a true minus", () => {
  expect(percent(0.95832)).toBe("95.8 %");
  expect(percent(null)).toBe("–");
  expect(change(0.91, 0.9)).toBe("+1.0");
  expect(change(0.9, 0.91)).toBe("−1.0");
  expect(change(0.9, 0.9)).toBe("0");
  expect(change(0.9, null)).toBe("");
  expect(people(546_000_000)).toBe("546 million");
  expect(people(36_134)).toBe("36\u202f134");
  expect(moment(125.4)).toBe("2:05");
});

it("adds up whom each second of the decision costs", () => {
  const codes = Uint8Array.from([2, 2, 1, 0, 2]);
  const margin = Uint8Array.from([10, 254, 255, 255, 0]);
  const curve = curveOf(codes, margin, Float64Array.from([10, 20, 30, 1000, 40]));
  expect(curve[0]).toBeCloseTo(70 / 100, 12);
  expect(curve[1]).toBeCloseTo(30 / 100, 12);
  expect(curve[10]).toBeCloseTo(30 / 100, 12);
  expect(curve[11]).toBeCloseTo(20 / 100, 12);
  expect(curve[254]).toBeCloseTo(20 / 100, 12);
  expect(lastGood(curve, 0.45)).toBe(10);
  expect(curveOf(codes, margin, Float64Array.from([10, 20, 30, 1000, 40]), (i) => i < 2)[11]).toBeCloseTo(20 / 30, 12);
});

it("sorts numbers as numbers and what is missing last", () => {
  expect([10, 9, null, 100].sort(compared)).toEqual([9, 10, 100, null]);
  expect(["b", "a"].sort(compared)).toEqual(["a", "b"]);
});

it("quotes what CSV wants quoted, and rounds nothing", () => {
  const text = csv(
    [
      { key: "a", title: "A" },
      { key: "b", title: "B" },
    ],
    [
      ['x,"y"', 0.123456789],
      [null, true],
    ],
  );
  expect(text).toBe('a,b\r\n"x,""y""",0.123456789\r\n,yes\r\n');
});

it("finds the event of a moment", () => {
  const events = [1, 5, 5, 9].map((time_s) => ({ time_s }));
  expect([0, 1, 5, 8, 9, 99].map((time) => eventAt(events, time))).toEqual([-1, 0, 2, 2, 3, 3]);
});
