/** Requests to the server that the page came from, and to nobody else. */

import type { Finding } from "./contract";
import { Planes } from "./planes";

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    message: string,
    readonly findings: Finding[] = [],
  ) {
    super(message);
  }
}

let start = "";
let version = "";
let restarted: (otherVersion: boolean) => void = () => undefined;

/** Call this when the server's start id is another than before: it was started anew, perhaps in another version. */
export function onRestart(listener: (otherVersion: boolean) => void): void {
  restarted = listener;
}

function seen(answer: Response): void {
  const id = answer.headers.get("X-Hoplon-Start") ?? "";
  if (!id) return;
  const [before, versionBefore] = [start, version];
  start = id;
  version = answer.headers.get("X-Hoplon-Version") ?? "";
  if (before && before !== id) restarted(version !== versionBefore);
}

async function asked(path: string, body?: unknown, signal?: AbortSignal, method?: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
      ...(signal ? { signal } : {}),
      credentials: "same-origin",
    });
  } catch (problem) {
    if (problem instanceof DOMException && problem.name === "AbortError") throw problem;
    throw new Refusal(0, "gone", "hoplon serve does not answer. Start it again; what you have set up here stays.");
  }
  seen(answer);
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => ({}))) as {
    error?: { kind?: string; message?: string; findings?: Finding[] | null };
  };
  const message = told.error?.message ?? `The server refused the request (${String(answer.status)}).`;
  throw new Refusal(answer.status, told.error?.kind ?? "unknown", message, told.error?.findings ?? []);
}

export async function json<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  return (await (await asked(path, body, signal)).json()) as T;
}

export async function planes<H extends object>(path: string, body?: unknown, signal?: AbortSignal): Promise<Planes<H>> {
  return new Planes<H>(await (await asked(path, body, signal)).arrayBuffer());
}

export async function remove<T>(path: string): Promise<T> {
  return (await (await asked(path, undefined, undefined, "DELETE")).json()) as T;
}

/** Whether a failure is only that a newer request took its place. */
export function outdated(problem: unknown): boolean {
  if (problem instanceof DOMException) return problem.name === "AbortError";
  return problem instanceof Refusal && problem.kind === "superseded";
}

/**
 * One request under way, or a few, and the newest waits: what comes meanwhile takes the place of what waited. The last
 * one asked for is always answered.
 */
export class Newest<T> {
  private running = 0;
  private waiting: { value: T } | null = null;

  constructor(
    private readonly run: (value: T) => Promise<void>,
    private readonly most = 1,
  ) {}

  get busy(): boolean {
    return this.running > 0 || this.waiting !== null;
  }

  ask(value: T): void {
    this.waiting = { value };
    if (this.running < this.most) void this.loop();
  }

  drop(): void {
    this.waiting = null;
  }

  private async loop(): Promise<void> {
    this.running++;
    try {
      while (this.waiting) {
        const { value } = this.waiting;
        this.waiting = null;
        await this.run(value);
      }
    } finally {
      this.running--;
    }
  }
}
