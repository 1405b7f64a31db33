import { beforeEach, expect, it, vi } from "vitest";
import type { WhatIf } from "../src/document";
import type { Points } from "../src/points";
import * as state from "../src/state";

/** Requests that wait for their answers, as the server's: each is answered when a test says so. */
interface Waiting {
  body: { set: string; what_if: WhatIf; level: string };
  answer: (defended: boolean) => void;
}
const waiting: Waiting[] = [];

function verdict(body: Waiting["body"], defended: boolean): Response {
  const planes = ["threatened", "defended", "shots"].map((name, i) => {
    return { name, dtype: name === "shots" ? "u1" : "bits", offset: 8 * i, length: 1, shape: [1] };
  });
  const share = defended ? 1 : 0;
  const headline = { population_share: share, threatened_population: 1, defended_population: share, nations: {} };
  const about = body.set === "coarse";
  let text = JSON.stringify({ planes, id: JSON.stringify(body.what_if), about, headline, notes: [], cpu_ms: 1 });
  while ((4 + text.length) % 8) text += " ";
  const bytes = new Uint8Array(4 + text.length + 17);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(new TextEncoder().encode(text), 4);
  bytes.set([1, 0, 0, 0, 0, 0, 0, 0, share, 0, 0, 0, 0, 0, 0, 0, share], 4 + text.length);
  return new Response(bytes);
}

vi.stubGlobal("window", globalThis);
vi.stubGlobal("fetch", (path: string, { body }: { body: string }) => {
  if (!path.endsWith("verdict")) return new Promise(() => undefined);
  return new Promise<Response>((resolve) => {
    const asked = JSON.parse(body) as Waiting["body"];
    waiting.push({
      body: asked,
      answer: (defended) => {
        resolve(verdict(asked, defended));
      },
    });
  });
});
vi.useFakeTimers();
const { watch, forget, decided, marginKey, REST_MS } = await import("../src/verdicts");

const plain: WhatIf = { scenario: "s", architecture: "a" };
const at = (lat: number): WhatIf => ({ ...plain, move: { x: [lat, 0] } });
const one = { n: 1, nations: [], nearest: Int32Array.of(0), nation: Uint16Array.of(0), people: Float64Array.of(1) };
let watched = false;

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(REST_MS + 1);
}

/** Answer the oldest waiting request of a set, and say which latitude it was about. */
async function answer(set: string, defended: boolean): Promise<number> {
  const index = waiting.findIndex((row) => row.body.set === set);
  const [request] = waiting.splice(index, 1);
  if (index < 0 || !request) throw new Error(`no ${set} request waits`);
  request.answer(defended);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  await vi.advanceTimersByTimeAsync(0);
  return request.body.what_if.move?.["x"]?.[0] ?? 0;
}

async function answerAll(defended: boolean): Promise<void> {
  for (let next = waiting[0]; next; next = waiting[0]) await answer(next.body.set, defended);
}

beforeEach(async () => {
  await answerAll(false);
  forget();
  state.level.value = "base";
  state.points.value = one as unknown as Points;
  state.began(plain);
  if (!watched) watch();
  watched = true;
  await settle();
  await answerAll(false);
});

const shown = (): number => {
  const id = JSON.parse(state.picture.value?.id ?? "null") as WhatIf | null;
  return id?.move?.["x"]?.[0] ?? 0;
};

it("shows an exact answer only for what it was asked about", async () => {
  expect([shown(), state.stale.value]).toEqual([0, false]);
  state.settled(at(1));
  await settle();
  state.settled(at(2)); // while the exact answer about 1 is under way
  await settle();
  expect(await answer("exact", true)).toBe(1);
  expect(shown()).not.toBe(1);
  expect(state.stale.value).toBe(true);
  while (waiting.some((row) => row.body.set === "coarse")) await answer("coarse", true);
  expect(await answer("exact", true)).toBe(2);
  expect([shown(), state.picture.value?.exact, state.stale.value]).toEqual([2, true, false]);
});

it("does not put a late coarse answer over the exact picture, nor over what has gone on", async () => {
  state.settled(at(3));
  await settle();
  expect(await answer("exact", true)).toBe(3);
  while (waiting.some((row) => row.body.set === "coarse")) await answer("coarse", false);
  expect([shown(), state.picture.value?.exact]).toEqual([3, true]);
  state.settled(at(4));
  state.settled(at(5));
  expect(await answer("coarse", false)).toBe(4);
  expect(shown()).toBe(3);
});

it("asks anew when the level is another, and takes no number of the other level for it", async () => {
  state.level.value = "low";
  expect(state.stale.value).toBe(true);
  await settle();
  expect(waiting.some((row) => row.body.set === "exact" && row.body.level === "low")).toBe(true);
});

it("knows what it was shown before, without asking", async () => {
  state.settled(at(6));
  await settle();
  await answer("exact", true);
  await answerAll(true);
  state.undo();
  expect([shown(), state.stale.value]).toEqual([0, false]);
  state.redo();
  expect([shown(), state.stale.value, waiting.length]).toEqual([6, false, 0]);
});

it("decides by margins to the second: a place is defended at its margin, and no longer a second later", () => {
  state.margin.value = { key: marginKey(), values: Uint8Array.of(60), exact: true };
  const at = (seconds: number): number | undefined => {
    decided(seconds);
    return state.picture.value?.codes[0];
  };
  expect([59, 60, 61].map(at)).toEqual([2, 2, 1]);
});
