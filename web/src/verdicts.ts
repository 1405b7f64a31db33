/** Asks the server for what is on the map: coarse while something moves, exact when it rests, then what else is shown. */

import { effect, untracked } from "@preact/signals";
import type {
  ArchitectureRow,
  DrawnElements,
  FirstOut,
  Headline,
  NationShare,
  PlanRow,
  SetName,
  VerdictHeader,
} from "./contract";
import { keyOf, onArchitecture, type WhatIf } from "./document";
import { codesOf, spread } from "./points";
import type { Planes } from "./planes";
import * as state from "./state";
import { json, Newest, outdated, planes, Refusal } from "./transport";

/** [ms] without a change after which the exact picture is asked for. */
export const REST_MS = 150;
/** [ms] the same while something is held, so that a hand that hesitates is not kept waiting by an exact answer. */
const HELD_REST_MS = 400;
/** [ms] of rest after an exact picture before what is not on the map is asked for. */
const IDLE_MS = 350;
const MOST_KEPT = 32;

/** Which page asks: of two with one name, one would take the other's place. */
export const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
  byte.toString(16).padStart(2, "0"),
).join("");
let seq = 0;
const kept = new Map<string, state.Picture>();
const coarseHeadlines = new Map<string, Headline>();
let restTimer = 0;
let idleTimer = 0;
/** Last exact picture, to which changes of the coarse set are added. */
let reference: state.Picture | null = null;

/** What an exact answer, and what is asked for beside the map, is given up by: something is moved or changed anew. */
let exactUnderWay = new AbortController();
let extrasUnderWay = new AbortController();

interface Asked {
  /** When it was asked for [ms]. */
  at: number;
  document: WhatIf;
  hand: readonly string[];
  key: string;
}

function remember(picture: state.Picture): void {
  kept.delete(picture.key);
  kept.set(picture.key, picture);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
}

function body(document: WhatIf): Record<string, unknown> {
  return { page, level: state.level.value, classes: state.classes.value, what_if: document };
}

async function verdict(
  asked: Asked,
  set: SetName,
  signal?: AbortSignal,
): Promise<{ header: VerdictHeader; codes: Uint8Array } | null> {
  state.working.value++;
  try {
    const answer: Planes<VerdictHeader> = await planes<VerdictHeader>(
      "api/verdict",
      { ...body(asked.document), areas: state.areas.value, seq: seq++, set, hand: asked.hand },
      signal,
    );
    const codes = codesOf(answer.bits("threatened"), answer.bits("defended"), answer.u1("shots"));
    return { header: answer.header, codes };
  } catch (problem) {
    if (!outdated(problem)) await fail(problem, asked);
    return null;
  } finally {
    state.working.value--;
  }
}

/** Called where a scenario is no longer open at the server; gives it the text again. */
let reopen: () => Promise<boolean> = () => Promise.resolve(false);
export function onClosedScenario(action: () => Promise<boolean>): void {
  reopen = action;
}

async function fail(problem: unknown, asked: Asked | null): Promise<void> {
  if (problem instanceof Refusal && problem.kind === "scenario") {
    try {
      if (await reopen()) refresh();
    } catch (again) {
      state.problem.value = again instanceof Error ? again.message : String(again);
    }
    return;
  }
  if (problem instanceof Refusal && (problem.kind === "gone" || problem.kind === "no_token")) void waitForServer();
  if (asked && asked.key !== state.key.value) return;
  const told = problem instanceof Error ? problem.message : String(problem);
  const mended = problem instanceof Refusal && (problem.kind === "input" || problem.kind === "invalid");
  state.problem.value =
    asked && mended && state.history.value.past.length ? `${told} Undo takes the change back.` : told;
}

let waiting = false;
/** Ask every two seconds whether the server is back, then go on where the page was. */
async function waitForServer(): Promise<void> {
  if (waiting) return;
  waiting = true;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    try {
      await json("api/alive");
      break;
    } catch (problem) {
      if (problem instanceof Refusal && problem.status !== 0) {
        state.problem.value = problem.message;
        // A server that was started anew knows this page again once its own link is opened in this browser.
        if (problem.status !== 401) break;
      }
    }
  }
  waiting = false;
  refresh();
}

function painted(header: VerdictHeader, codes: Uint8Array, asked: Asked, headline: Headline): state.Picture {
  return {
    key: asked.key,
    askedAt: asked.at,
    exact: !header.about,
    codes,
    headline,
    id: header.id,
    cpuMs: header.cpu_ms,
    method: header.method,
    why: header.why,
    notes: header.notes,
  };
}

/** Of coarse answers that were painted, when the newest was asked for: none is replaced by an older one. */
let newestPainted = 0;
let learning: Promise<void> | null = null;

/** One is computed while the answer before it is drawn. */
const coarseMailbox = new Newest<Asked>(async (asked) => {
  const set = state.points.value;
  if (!set?.nearest) return;
  if (reference && !coarseHeadlines.has(reference.key) && referenceAsked) {
    learning ??= learnReference(asked);
    await learning;
    learning = null;
  }
  const answer = await verdict(asked, "coarse");
  if (!answer || asked.at < newestPainted) return;
  const codes = spread(answer.codes, set.nearest);
  const sum = withShare(answer.header.headline, codes);
  coarseHeadlines.set(asked.key, sum);
  // An exact picture of what is shown is never replaced by a coarse one; while it moves, the newest answer is painted.
  const now = state.picture.value;
  if (now?.exact && now.key === state.key.value) return;
  if (asked.key !== state.key.value && state.hand.value.length === 0) return;
  const base = reference ? coarseHeadlines.get(reference.key) : undefined;
  const headline = reference && base ? changed(reference.headline, base, sum) : sum;
  newestPainted = asked.at;
  state.picture.value = painted(answer.header, codes, asked, headline);
}, 2);

let referenceAsked: Asked | null = null;

/** Before the first step of a gesture: the coarse headline of where it begins, to which the change is taken. */
async function learnReference(next: Asked): Promise<void> {
  const from = referenceAsked;
  if (!from || !reference || from.key !== reference.key) return;
  const answer = await verdict({ ...from, hand: next.hand }, "coarse");
  const nearest = state.points.value?.nearest;
  if (answer && nearest)
    coarseHeadlines.set(from.key, withShare(answer.header.headline, spread(answer.codes, nearest)));
}

/** The last exact headline and the change that the coarse set sees since then. */
export function changed(exact: Headline, before: Headline, after: Headline): Headline {
  const add = (value: number | null, from: number | null, to: number | null): number | null =>
    value === null || from === null || to === null ? (to ?? value) : Math.max(0, Math.min(1, value + to - from));
  const nations: Record<string, NationShare> = {};
  for (const [code, row] of Object.entries(exact.nations)) {
    const from = before.nations[code];
    const to = after.nations[code];
    nations[code] =
      from && to
        ? {
            ...row,
            population_share: add(row.population_share, from.population_share, to.population_share),
            area_share: add(row.area_share, from.area_share, to.area_share),
          }
        : row;
  }
  const share = add(exact.population_share, before.population_share, after.population_share);
  return {
    ...exact,
    population_share: share,
    area_share: add(exact.area_share, before.area_share, after.area_share),
    defended_population: (share ?? 0) * exact.threatened_population,
    nations,
  };
}

const exactMailbox = new Newest<Asked>(async (asked) => {
  const known = kept.get(asked.key);
  const { signal } = exactUnderWay;
  if (known) {
    show(known, asked);
  } else {
    const answer = await verdict(asked, "exact", signal);
    if (!answer) return;
    const picture = painted(answer.header, answer.codes, asked, answer.header.headline);
    remember(picture);
    show(picture, asked);
  }
  await learnBaseline(signal);
});

function show(picture: state.Picture, asked: Asked): void {
  if (asked.key !== state.key.value) return;
  reference = picture;
  referenceAsked = asked;
  state.picture.value = { ...picture, askedAt: asked.at };
  state.problem.value = null;
  if (keyOf(state.baseline.value) === keyOf(asked.document)) state.baselineHeadline.value = picture.headline;
  idle();
}

async function learnBaseline(signal: AbortSignal): Promise<void> {
  const document = state.baseline.value;
  if (!document.scenario || state.baselineHeadline.value) return;
  const key = state.questionKey(document);
  let headline = kept.get(key)?.headline;
  const asked: Asked = { at: performance.now(), document, hand: [], key };
  if (!headline) headline = (await verdict(asked, "exact", signal))?.header.headline;
  if (headline && key === state.questionKey(state.baseline.value)) state.baselineHeadline.value = headline;
}

/** Ask for the exact picture of what is shown, whatever is known. */
export function refresh(): void {
  const document = state.shown.value;
  if (!document.scenario || !state.points.value) return;
  exactMailbox.ask({ at: performance.now(), document, hand: [], key: state.key.value });
}

function idle(): void {
  clearTimeout(idleTimer);
  idleTimer = window.setTimeout(() => {
    void extras();
  }, IDLE_MS);
}

/** What is shown beside the map, one after the other, as long as nothing changes. */
async function extras(): Promise<void> {
  const key = state.key.value;
  extrasUnderWay = new AbortController();
  const { signal } = extrasUnderWay;
  const still = (): boolean => state.key.value === key && state.hand.value.length === 0 && !state.stale.value;
  const each = async (work: () => Promise<void>): Promise<void> => {
    if (!still()) return;
    try {
      await work();
    } catch (problem) {
      if (!outdated(problem)) await fail(problem, null);
    }
  };
  await each(() => learnElements(key, signal));
  await each(() => learnMargin(key, "coarse", signal));
  if (state.colours.value === "margin") await each(() => learnMargin(key, "exact", signal));
  if (state.panel.value === "defence") await each(() => learnFirstOut(key, signal));
  await each(() => learnPlans(key, signal));
}

async function learnElements(key: string, signal: AbortSignal): Promise<void> {
  const document = state.shown.value;
  const asked = { level: state.level.value, what_if: document };
  const answer = await json<DrawnElements>("api/elements", asked, signal);
  if (state.key.value === key) state.drawn.value = answer;
}

async function learnMargin(key: string, set: SetName, signal: AbortSignal): Promise<void> {
  const now = state.margin.value;
  if (now?.key === marginKey() && (now.exact || set === "coarse")) return;
  const asked = marginKey();
  const answer = await planes<{ n: number }>("api/margin", { ...body(state.shown.value), set }, signal);
  const nearest = state.points.value?.nearest;
  if (state.key.value !== key || !nearest) return;
  const values = answer.u1("margin");
  state.margin.value = {
    key: asked,
    values: set === "exact" ? values : spread(values, nearest),
    exact: set === "exact",
  };
}

/** What a margin depends on: everything but the decision time itself. */
export function marginKey(): string {
  const document = state.shown.value;
  const doctrine = Object.entries(document.doctrine ?? {}).filter(([name]) => name !== "decision_s");
  const rest = { ...document, doctrine: Object.fromEntries(doctrine) };
  return `${keyOf(rest)}|${state.level.value}|${JSON.stringify(state.classes.value)}`;
}

export function plansKey(): string {
  const document = { ...state.shown.value, architecture: "" };
  return `${keyOf(document)}|${state.level.value}|${JSON.stringify(state.classes.value)}`;
}

async function learnPlans(key: string, signal: AbortSignal): Promise<void> {
  if (state.plans.value?.key === plansKey()) return;
  const document = state.shown.value;
  const asked = plansKey();
  const question = { ...body(document), set: "exact" };
  const answer = await planes<{ n: number; plans: PlanRow[] }>("api/plans", question, signal);
  if (state.key.value !== key) return;
  const rows = answer.header.plans;
  if (state.areas.value === null) {
    const shots = answer.u1("shots");
    rows.forEach((row, at) => {
      const plan = onArchitecture(document, row.architecture);
      const codes = codesOf(
        answer.bits("threatened", at),
        answer.bits("defended", at),
        shots.subarray(at * answer.header.n, (at + 1) * answer.header.n),
      );
      const known = state.questionKey(plan);
      if (kept.has(known)) return;
      const { id, method, why, headline } = row;
      remember({ key: known, exact: true, codes, headline, id, cpuMs: 0, method, why, notes: [], askedAt: 0 });
    });
  }
  state.plans.value = { key: asked, rows };
}

async function learnFirstOut(key: string, signal: AbortSignal): Promise<void> {
  if (state.firstOut.value?.key === key) return;
  const answer = await json<FirstOut>("api/first-out", { ...body(state.shown.value), set: "exact" }, signal);
  if (state.key.value === key) state.firstOut.value = { key, answer };
}

/** Forget what was known: the server or the scenario is another. */
export function forget(): void {
  kept.clear();
  coarseHeadlines.clear();
  reference = null;
  referenceAsked = null;
  state.baselineHeadline.value = null;
}

/** A picture of a decision time, from what is known of every point: no request. */
export function decided(seconds: number): void {
  const known = state.margin.value;
  const before = reference;
  if (known?.key !== marginKey() || !before) return;
  const codes = new Uint8Array(before.codes.length);
  for (let i = 0; i < codes.length; i++) {
    const was = before.codes[i]!;
    const most = known.values[i]!;
    codes[i] = was === 0 ? 0 : most !== 255 && most >= seconds ? Math.max(2, was) : 1;
  }
  const headline = withShare(before.headline, codes);
  const [key, askedAt] = [state.key.value, performance.now()];
  state.picture.value = { ...before, key, exact: false, codes, headline, askedAt };
}

/** The headline with shares summed over all points, each with its people, of the nations that it counts. */
function withShare(headline: Headline, codes: Uint8Array): Headline {
  const set = state.points.value;
  if (!set) return headline;
  const size = set.nations.length;
  const threatened = new Float64Array(size);
  const defended = new Float64Array(size);
  for (let i = 0; i < set.n; i++) {
    if (!codes[i]) continue;
    const nation = set.nation[i]!;
    threatened[nation]! += set.people[i]!;
    if (codes[i]! > 1) defended[nation]! += set.people[i]!;
  }
  const nations: Record<string, NationShare> = {};
  let all = 0;
  let met = 0;
  set.nations.forEach((code, i) => {
    const row = headline.nations[code];
    if (!row) return;
    const share = threatened[i] ? defended[i]! / threatened[i]! : null;
    nations[code] = { ...row, population_share: share, threatened_population: threatened[i]! };
    all += threatened[i]!;
    met += defended[i]!;
  });
  return {
    ...headline,
    population_share: all ? met / all : null,
    threatened_population: all,
    defended_population: met,
    nations,
  };
}

/** Watch what is shown, and ask. */
export function watch(): void {
  let last = "";
  effect(() => {
    const key = state.key.value;
    const ready = state.points.value !== null && state.shown.value.scenario !== "";
    if (!ready || key === last) return;
    last = key;
    untracked(() => {
      changedTo(key);
    });
  });
  let held = false;
  effect(() => {
    const released = held && state.hand.value.length === 0;
    held = state.hand.value.length > 0;
    if (held) return;
    untracked(() => {
      if (!state.picture.value || !state.stale.value) return;
      clearTimeout(restTimer);
      restTimer = window.setTimeout(refresh, released ? 0 : REST_MS);
    });
  });
  let asked = "";
  effect(() => {
    const how = `${state.level.value}|${JSON.stringify(state.classes.value)}|${JSON.stringify(state.areas.value)}`;
    const of = `${how}|${keyOf(state.baseline.value)}`;
    if (of === asked) return;
    asked = of;
    untracked(() => {
      const known = kept.get(state.questionKey(state.baseline.value));
      state.baselineHeadline.value = known?.headline ?? null;
      if (!known && state.picture.value?.exact) refresh();
    });
  });
  effect(() => {
    const wanted = `${state.panel.value}|${state.colours.value}`;
    if (wanted && state.picture.peek()?.exact) idle();
  });
}

let decidesItself = false;
/** While the decision slider moves, pictures come from the margins. */
export function setDeciding(on: boolean): void {
  decidesItself = on;
}

function changedTo(key: string): void {
  clearTimeout(restTimer);
  clearTimeout(idleTimer);
  exactUnderWay.abort();
  exactUnderWay = new AbortController();
  extrasUnderWay.abort();
  const document = state.shown.value;
  const known = kept.get(key);
  const asked: Asked = { at: performance.now(), document, hand: state.hand.value, key };
  if (known) {
    coarseMailbox.drop();
    show(known, asked);
    return;
  }
  const seconds = document.doctrine?.["decision_s"];
  const fromMargins =
    decidesItself && typeof seconds === "number" && state.margin.value?.key === marginKey() && !state.hand.value.length;
  if (fromMargins) decided(seconds);
  else coarseMailbox.ask(asked);
  restTimer = window.setTimeout(refresh, asked.hand.length ? HELD_REST_MS : REST_MS);
}

export function architectureTitle(name: string): string {
  const row: ArchitectureRow | undefined = state.scene.value?.architectures.find((each) => each.name === name);
  return row?.title ?? name;
}
