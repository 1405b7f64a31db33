/** Long work in processes of the server: begun, watched by events, cancelled; its results and files. */

import { signal } from "@preact/signals";
import type { Run } from "./contract";
import { json, remove } from "./transport";

/** Every run that this page knows, newest first. */
export const runs = signal<readonly Run[]>([]);

function put(run: Run): void {
  const others = runs.value.filter((row) => row.id !== run.id);
  const known = others.length !== runs.value.length;
  runs.value = known ? runs.value.map((row) => (row.id === run.id ? run : row)) : [run, ...others];
}

export const over = (run: Run): boolean => run.state === "done" || run.state === "failed" || run.state === "cancelled";

/** Begin a run and follow it to its end. */
export async function begin(path: "api/raids" | "api/questions" | "api/coverage-files", asked: object): Promise<Run> {
  const run = await json<Run>(path, asked);
  put(run);
  return over(run) ? run : followed(run.id);
}

function followed(id: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const source = new EventSource(`api/runs/${id}/events`);
    const told = (event: MessageEvent<string>): void => {
      const run = JSON.parse(event.data) as Run;
      put(run);
      if (!over(run)) return;
      source.close();
      resolve(run);
    };
    for (const name of ["progress", "done", "failed", "cancelled"]) source.addEventListener(name, told);
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      json<Run>(`api/runs/${id}`).then(
        (run) => {
          put(run);
          if (over(run)) resolve(run);
          else reject(new Error("The connection to hoplon serve was lost."));
        },
        (problem: unknown) => {
          reject(problem instanceof Error ? problem : new Error(String(problem)));
        },
      );
    };
  });
}

export async function cancel(id: string): Promise<void> {
  put(await remove<Run>(`api/runs/${id}`));
}

export function fileOf(run: Run, name: string): string {
  return `api/runs/${run.id}/files/${encodeURIComponent(name)}`;
}
