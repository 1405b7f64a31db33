import { expect, it } from "vitest";
import { begun, done, redone, undone } from "../src/history";

const same = (a: number, b: number): boolean => a === b;

it("goes back and forth one gesture at a time", () => {
  let history = begun(0);
  for (const value of [1, 2, 3]) history = done(history, value, same);
  history = undone(undone(history));
  expect(history.present).toBe(1);
  history = redone(history);
  expect(history.present).toBe(2);
  history = done(history, 9, same);
  expect(history.future).toEqual([]);
  expect(redone(history)).toBe(history);
  expect(undone(undone(undone(undone(history)))).present).toBe(0);
});

it("takes no step for a gesture that changed nothing", () => {
  const history = done(begun(4), 4, same);
  expect(history.past).toEqual([]);
});

it("keeps two hundred steps", () => {
  let history = begun(0);
  for (let value = 1; value <= 500; value++) history = done(history, value, same);
  expect(history.past).toHaveLength(200);
});
