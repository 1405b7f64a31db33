import { expect, it } from "vitest";
import { decoded, encoded, type Linked } from "../src/link";

const state: Linked = {
  w: {
    scenario: "a".repeat(64),
    architecture: "phase-3",
    move: { kurecik: [38.35, 37.79] },
    off: ["a", "b"],
    doctrine: { decision_s: 60 },
  },
  c: "margin",
  t: 120,
};

it("holds the whole state", () => {
  expect(decoded(encoded(state))).toEqual(state);
});

it("is deflate and base64url, as another program reads it", async () => {
  const code = encoded(state).slice(3);
  expect(code).toMatch(/^[A-Za-z0-9_-]+$/);
  const plain = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  expect(await new Response(stream).json()).toEqual(state);
  expect(code.length).toBeLessThan(260);
});

it("is none where the address has none, and refused in words where it is damaged", () => {
  expect(decoded("")).toBeNull();
  expect(decoded("#other")).toBeNull();
  for (const bad of ["#w=", "#w=!!", `#w=${encoded(state).slice(3, 60)}`, "#w=AAAA", `#w=${"A".repeat(300_000)}`])
    expect(() => decoded(bad)).toThrow(/damaged or cut short/);
});

it("is refused where it holds no what-if", () => {
  expect(() => decoded(encoded({ w: {} } as unknown as Linked))).toThrow(/damaged/);
});
