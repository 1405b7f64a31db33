import { describe, expect, it } from "vitest";
import * as edit from "../src/document";

const plain: edit.WhatIf = { scenario: "s", architecture: "a" };

describe("a what-if document", () => {
  it("rounds places to a hundredth of a degree, across the antimeridian too", () => {
    expect(edit.rounded(41.00499, 28.995)).toEqual([41, 29]);
    expect(edit.rounded(-0.001, 180)).toEqual([0, 180]);
    expect(edit.rounded(91, -180)).toEqual([90, 180]);
    expect(edit.rounded(10, 181)).toEqual([10, -179]);
    expect(Object.is(edit.rounded(-0.001, -0.001)[0], 0)).toBe(true);
  });

  it("is the same text for the same changes in any order", () => {
    const one = edit.switched(edit.moved(plain, ["x"], 1, 2), ["q", "b"], false);
    const two = edit.moved(edit.switched(edit.switched(plain, ["b"], false), ["q"], false), ["x"], 1.001, 2);
    expect(edit.keyOf(one)).toBe(edit.keyOf(two));
    expect(one.off).toEqual(["b", "q"]);
  });

  it("names one element of a site that moves, however often", () => {
    const twice = edit.moved(edit.moved(plain, ["radar", "battery"], 1, 2), ["battery", "radar"], 3, 4);
    expect(twice.move).toEqual({ battery: [3, 4] });
  });

  it("is empty again when every change is taken back", () => {
    let whatIf = edit.moved(plain, ["x"], 1, 2);
    whatIf = edit.withDoctrine(whatIf, "decision_s", 60);
    whatIf = edit.withType(whatIf, "t", "burnout_speed_km_s", 4);
    whatIf = edit.ofType(whatIf, "x", "u");
    whatIf = edit.added(whatIf, "new", {});
    whatIf = edit.switched(whatIf, ["y"], false);
    whatIf = edit.withYear(whatIf, 2020);
    expect(edit.changes(whatIf)).toBe(7);
    whatIf = edit.putBack(whatIf, ["x"]);
    whatIf = edit.withDoctrine(whatIf, "decision_s", null);
    whatIf = edit.withType(whatIf, "t", "burnout_speed_km_s", null);
    whatIf = edit.ofType(whatIf, "x", null);
    whatIf = edit.removed(whatIf, ["new"]);
    whatIf = edit.switched(whatIf, ["y"], true);
    whatIf = edit.withYear(whatIf, null);
    expect(whatIf).toEqual(plain);
    expect(edit.changes(whatIf)).toBe(0);
  });

  it("forgets what was said of an element that is removed", () => {
    const placed = edit.switched(edit.moved(edit.added(plain, "new", {}), ["new"], 1, 1), ["new"], false);
    expect(edit.removed(placed, ["new"])).toEqual(plain);
  });

  it("is never changed itself", () => {
    const before = JSON.stringify(plain);
    edit.moved(plain, ["x"], 1, 2);
    edit.withDoctrine(plain, "mode", "organic");
    expect(JSON.stringify(plain)).toBe(before);
  });
});
