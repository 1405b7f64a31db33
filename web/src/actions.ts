/** What a user does: open, link, save, choose an architecture, undo. Each leads to one document that is shown. */

import { batch } from "@preact/signals";
import type { Borders } from "./map/base";
import { readLand, type Land } from "./map/base";
import type { Opened, Question, Saved, Scene, SetName } from "./contract";
import { changes, onArchitecture, removed, switched, type WhatIf } from "./document";
import { decoded, encoded, type Linked } from "./link";
import { readPoints } from "./points";
import * as state from "./state";
import { json, onRestart, planes, Refusal } from "./transport";
import { forget, onClosedScenario, refresh } from "./verdicts";

/** Set once the map is there: borders drawn on it, and its view for links. */
export const mapped: {
  land: Land | null;
  getView: () => [number, number, number] | null;
  setView: (view: [number, number, number]) => void;
} = { land: null, getView: () => null, setView: () => undefined };

/** Texts of uploaded scenarios by their checksum: the server may have closed them meanwhile. */
const texts = new Map<string, string>();
let pendingView: [number, number, number] | null = null;

export function takeView(): [number, number, number] | null {
  const view = pendingView;
  pendingView = null;
  return view;
}

function linked(): Linked | null {
  try {
    return decoded(location.hash);
  } catch (problem) {
    state.notice.value = problem instanceof Error ? problem.message : String(problem);
    return null;
  }
}

/** Load the scene of a scenario, by default the server's, with its points and borders. */
export async function load(sha256: string | null, from: Linked | null = linked()): Promise<void> {
  let link = from;
  let scene: Scene;
  const wanted = link?.w.scenario ?? sha256;
  try {
    scene = await json<Scene>(wanted ? `api/scene?scenario=${wanted}` : "api/scene");
  } catch (problem) {
    if (!(problem instanceof Refusal) || problem.kind !== "scenario" || !wanted) throw problem;
    if (await openedAgain(wanted, link?.n)) {
      scene = await json<Scene>(`api/scene?scenario=${wanted}`);
    } else if (link) {
      scene = await json<Scene>("api/scene");
      const named = link.n ?? "another scenario";
      state.notice.value = `The link is about ${named}, which is not open here, or in another version. Open that file first, then the link.`;
      link = null;
    } else throw problem;
  }
  const of = `?scenario=${scene.scenario.sha256}`;
  const [points, borders] = await Promise.all([
    planes<{ set: SetName; sha256: string; n: number; nations: string[] }>(`api/points/exact${of}`).then(readPoints),
    planes<Borders>(`api/borders${of}&form=map`),
  ]);
  mapped.land = readLand(borders);
  const first: WhatIf = { scenario: scene.scenario.sha256, architecture: scene.architecture };
  forget();
  batch(() => {
    state.points.value = points;
    state.scene.value = scene;
    state.selected.value = null;
    state.classes.value = link?.k ?? null;
    state.areas.value = link?.a ?? null;
    state.level.value = link?.l && scene.levels.includes(link.l) ? link.l : "base";
    state.began(link ? link.w : first);
    state.baseline.value = link?.b ?? { ...first, architecture: (link?.w ?? first).architecture };
    state.baselineHeadline.value = null;
    if (link?.c === "shots" || link?.c === "margin" || link?.c === "defended") state.colours.value = link.c;
    if (link?.s) state.panel.value = link.s as state.Panel;
    state.clock.value = link?.t ?? 0;
  });
  if (link?.v) {
    pendingView = link.v;
    mapped.setView(link.v);
  }
  document.title = `${scene.scenario.title} · hoplon`;
  void json<{ questions: Question[] }>(`api/questions${of}`).then(
    (answer) => {
      if (state.scene.value === scene) state.questions.value = answer.questions;
    },
    () => undefined,
  );
}

/** Open a scenario again that the server no longer has: by its text, or as a bundled one; false where neither is it. */
async function openedAgain(sha256: string, name: string | undefined): Promise<boolean> {
  const text = texts.get(sha256);
  const bundled = state.scene.value?.bundled ?? (await json<Scene>("api/scene")).bundled;
  if (text === undefined && !bundled.some((row) => row.name === name)) return false;
  const opened = await json<Opened>("api/open", text === undefined ? { name } : { text });
  return opened.sha256 === sha256;
}

/** The address that shows what is shown. */
export function link(): string {
  const scene = state.scene.value;
  const linked: Linked = { w: state.history.value.present };
  if (scene) linked.n = scene.scenario.name;
  if (state.colours.value !== "defended") linked.c = state.colours.value;
  if (state.level.value !== "base") linked.l = state.level.value;
  if (state.classes.value) linked.k = [...state.classes.value];
  if (state.areas.value) linked.a = [...state.areas.value];
  if (changes(state.baseline.value) || state.baseline.value.architecture !== linked.w.architecture)
    linked.b = state.baseline.value;
  if (state.panel.value !== "result") linked.s = state.panel.value;
  if (state.clock.value) linked.t = Math.round(state.clock.value);
  const view = mapped.getView();
  if (view) linked.v = view;
  return encoded(linked);
}

let ownFragment = "";

/** Keep the address up to date, so that a reload or a bookmark shows the same. */
export function writeAddress(): void {
  if (!state.scene.value) return;
  ownFragment = link();
  window.history.replaceState(null, "", ownFragment);
}

export function watchAddress(): void {
  window.addEventListener("hashchange", () => {
    if (location.hash === ownFragment) return;
    const found = linked();
    if (found) void load(found.w.scenario, found).catch(say);
  });
  onRestart((otherVersion) => {
    state.notice.value = otherVersion
      ? "hoplon serve was started anew in another version, and this page is of the old one: reload it. The address keeps what you have set up."
      : "hoplon serve was started anew. What you have set up here stays.";
    refresh();
  });
  onClosedScenario(async () => {
    const open = await openedAgain(state.shown.value.scenario, state.scene.value?.scenario.name);
    if (!open)
      state.problem.value =
        "The server no longer has this study, and its file was not opened on this page: open the file again, then this page's address. What you have set up stays in the address.";
    return open;
  });
}

export function say(problem: unknown): void {
  state.problem.value = problem instanceof Error ? problem.message : String(problem);
}

export async function copyLink(): Promise<void> {
  writeAddress();
  const address = location.href;
  try {
    await navigator.clipboard.writeText(address);
    state.notice.value = `Link copied: ${String(address.length)} characters that hold the architecture and its changes.`;
  } catch {
    state.notice.value = "The link is in the address bar: copy it from there.";
  }
}

export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

export async function save(): Promise<void> {
  try {
    const saved = await json<Saved>("api/save", { what_if: state.history.value.present, name: null });
    download(saved.name, saved.yaml, "text/yaml");
    const notes = saved.notes.length ? ` ${saved.notes.join(" ")}` : "";
    state.notice.value = `Saved as ${saved.name}. The same numbers at the command line: ${saved.command}${notes}`;
  } catch (problem) {
    say(problem);
  }
}

export async function openText(text: string): Promise<void> {
  try {
    const opened = await json<Opened>("api/open", { text });
    texts.set(opened.sha256, text);
    await opening(opened);
  } catch (problem) {
    if (problem instanceof Refusal && problem.findings.length) {
      const further = problem.findings.filter((row) => !problem.message.includes(row.message));
      const lines = further.slice(0, 6).map((row) => {
        const line = row.line ? `line ${String(row.line)}: ` : row.where ? `${row.where}: ` : "";
        return line + row.message;
      });
      state.problem.value = [problem.message, ...lines].join("; ");
    } else say(problem);
  }
}

export async function openNamed(name: string): Promise<void> {
  try {
    await opening(await json<Opened>("api/open", { name }));
  } catch (problem) {
    say(problem);
  }
}

export async function openAgain(sha256: string): Promise<void> {
  try {
    leaveStep();
    await load(sha256, null);
  } catch (problem) {
    say(problem);
  }
}

/** The browser's Back leads from another study to what was shown before. */
function leaveStep(): void {
  writeAddress();
  window.history.pushState(null, "", location.href);
}

async function opening(opened: Opened): Promise<void> {
  leaveStep();
  await load(opened.sha256, null);
  if (opened.warnings.length) state.notice.value = opened.warnings.map((row) => row.message).join(" ");
}

export function chooseArchitecture(name: string): void {
  state.settled(onArchitecture(state.history.value.present, name));
}

/** The architecture as the scenario has it. */
export function reset(): void {
  const { scenario, architecture } = state.history.value.present;
  state.settled({ scenario, architecture });
}

export function toggle(names: readonly string[]): void {
  const present = state.history.value.present;
  const off = new Set(present.off);
  state.settled(
    switched(
      present,
      names,
      names.every((name) => off.has(name)),
    ),
  );
}

export function take(names: readonly string[]): void {
  state.settled(removed(state.history.value.present, names));
}
