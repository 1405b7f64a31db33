import { expect, it } from "vitest";
import { Newest } from "../src/transport";

it.each([1, 2])("has %i under way, lets the newest wait, and always answers the last", async (atOnce) => {
  const asked: number[] = [];
  let open: (() => void)[] = [];
  let most = 0;
  let under = 0;
  const mailbox = new Newest<number>(async (value) => {
    asked.push(value);
    most = Math.max(most, ++under);
    await new Promise<void>((resolve) => open.push(resolve));
    under--;
  }, atOnce);
  const settle = async (): Promise<void> => {
    const now = open;
    open = [];
    for (const each of now) each();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  for (let value = 0; value < 60; value++) {
    mailbox.ask(value);
    if (value % 10 === 9) await settle();
  }
  while (mailbox.busy) await settle();
  expect(asked[0]).toBe(0);
  expect(asked[asked.length - 1]).toBe(59);
  expect(asked).toEqual([...asked].sort((a, b) => a - b));
  expect(asked.length).toBeLessThan(8 + 6 * atOnce);
  expect(most).toBe(atOnce);
});
