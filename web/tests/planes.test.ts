import { expect, it } from "vitest";
import { Planes } from "../src/planes";
import { codesOf, spread } from "../src/points";

/** Bytes as the server writes them: length, header padded to eight, planes at multiples of eight. */
function written(planes: object[], body: number[], pad = ""): ArrayBuffer {
  let header = JSON.stringify({ planes, id: "x" }) + pad;
  while ((4 + header.length) % 8) header += " ";
  const bytes = new Uint8Array(4 + header.length + body.length);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(new TextEncoder().encode(header), 4);
  bytes.set(body, 4 + header.length);
  return bytes.buffer;
}

it("reads bits from the lowest on, each row at a whole byte", () => {
  const row = { name: "d", dtype: "bits", offset: 0, length: 4, shape: [2, 9] };
  const answer = new Planes<{ id: string }>(written([row], [0b10000001, 1, 0b00000010, 0]));
  expect([...answer.bits("d", 0)]).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 1]);
  expect([...answer.bits("d", 1)]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0]);
  expect(answer.header.id).toBe("x");
});

it("reads numbers and texts", () => {
  const rows = [
    { name: "n", dtype: "u2", offset: 0, length: 4, shape: [2] },
    { name: "t", dtype: "utf8", offset: 8, length: 5, shape: [2] },
  ];
  const answer = new Planes(written(rows, [1, 0, 0, 1, 0, 0, 0, 0, 0xc3, 0xbc, 10, 97, 98]));
  expect([...answer.u2("n")]).toEqual([1, 256]);
  expect(answer.texts("t")).toEqual(["ü", "ab"]);
});

it("refuses what is cut short or not there", () => {
  const row = { name: "d", dtype: "u1", offset: 0, length: 8, shape: [8] };
  expect(() => new Planes(written([row], [1, 2])).u1("d")).toThrow(/cut short/);
  expect(() => new Planes(written([row], []) as ArrayBuffer).u2("d")).toThrow(/no plane/);
  expect(() => new Planes(new ArrayBuffer(2))).toThrow(/cut short/);
});

it("makes one code a point", () => {
  const threatened = Uint8Array.from([0, 1, 1, 1]);
  const defended = Uint8Array.from([0, 0, 1, 1]);
  const shots = Uint8Array.from([255, 0, 1, 3]);
  expect([...codesOf(threatened, defended, shots)]).toEqual([0, 1, 2, 4]);
  expect([...spread(Uint8Array.from([7, 9]), Int32Array.from([1, 0, 1]))]).toEqual([9, 7, 9]);
});
