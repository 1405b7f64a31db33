/** The questions of the study: run one, see its progress, read it as a page with tables and figures; the report. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../actions";
import type { QuestionTable, Run } from "../contract";
import { begin, cancel, fileOf, over, runs } from "../runs";
import * as state from "../state";
import { json } from "../transport";
import { DataTable } from "./data-table";
import { Section } from "./parts";

interface Answer {
  title?: string;
  findings?: unknown[];
  tables?: QuestionTable[] | Record<string, QuestionTable>;
  commands?: unknown[];
  [key: string]: unknown;
}

export const opened = signal<{ run: Run; answer: Answer } | null>(null);

async function ask(name: string): Promise<void> {
  const scene = state.scene.value;
  if (!scene) return;
  try {
    const run = await begin("api/questions", { scenario: scene.scenario.sha256, question: name });
    if (run.state === "done") await open(run);
    else if (run.state === "failed") state.problem.value = run.error ?? "The question could not be answered.";
  } catch (problem) {
    say(problem);
  }
}

async function open(run: Run): Promise<void> {
  const answer = await json<Answer>(`api/runs/${run.id}/result`);
  opened.value = { run, answer };
  state.view.value = "question";
}

export function Questions(): JSX.Element {
  const scene = state.scene.value;
  return (
    <>
      <p class="hint">
        Questions are answered about the scenario as it was opened, by the same calculation as <code>hoplon ask</code>.
        Some take minutes: go on with the map meanwhile.
      </p>
      {scene?.report_path ? (
        <p>
          <a class="button" href={scene.report_path} target="_blank" rel="noopener">
            Open the report of the study
          </a>
        </p>
      ) : null}
      <Section title="Questions of the study">
        {state.questions.value ? null : <p class="hint">Finding out which questions it asks …</p>}
        <ol class="questions">
          {(state.questions.value ?? []).map((row) => {
            const run = runs.value.find((each) => each.kind === "question" && each.asked["question"] === row.name);
            return (
              <li key={row.name}>
                <span class="of">
                  <b>{row.number}</b> {row.title}
                </span>
                {run && !over(run) ? (
                  <Progress run={run} />
                ) : (
                  <span class="buttons">
                    {run?.state === "done" ? (
                      <button type="button" class="small strong" onClick={() => void open(run).catch(say)}>
                        Read
                      </button>
                    ) : null}
                    <button
                      type="button"
                      class="small"
                      aria-label={`Answer ${row.number}: ${row.title}`}
                      onClick={() => void ask(row.name)}
                    >
                      {run?.state === "done" ? "Again" : "Answer"}
                    </button>
                    {run?.state === "failed" ? <span class="bad">{run.error}</span> : null}
                  </span>
                )}
              </li>
            );
          })}
        </ol>
      </Section>
    </>
  );
}

export function Progress({ run }: { run: Run }): JSX.Element {
  return (
    <span class="progress">
      <progress aria-label={run.title} max={Math.max(1, run.total)} {...(run.total > 0 ? { value: run.done } : {})} />
      <span class="quiet">{run.text || (run.state === "waiting" ? "waiting" : "running")}</span>
      <button type="button" class="small" onClick={() => void cancel(run.id).catch(say)}>
        Cancel
      </button>
    </span>
  );
}

function texts(values: unknown): string[] {
  if (!Array.isArray(values)) return [];
  return values.map((value) => {
    if (typeof value === "string") return value;
    const row = value as Record<string, unknown>;
    const text = row["text"] ?? row["sentence"] ?? row["finding"] ?? row["message"];
    return typeof text === "string" ? text : JSON.stringify(value);
  });
}

export function QuestionPage(): JSX.Element {
  const shown = opened.value;
  if (!shown) return <p class="message">Answer a question first: they are under Questions.</p>;
  const { run, answer } = shown;
  const number = state.questions.value?.find((row) => row.name === run.asked["question"])?.number;
  const tables = Array.isArray(answer.tables) ? answer.tables : Object.values(answer.tables ?? {});
  const pictures = run.files.filter((file) => file.media_type === "image/svg+xml" || file.name.endsWith(".svg"));
  const drawn = pictures.length ? pictures : run.files.filter((file) => file.name.endsWith(".png"));
  return (
    <article class="page question">
      <h2>
        {number ? `${number} ` : ""}
        {answer.title ?? run.title}
      </h2>
      {texts(answer.findings).map((text) => (
        <p key={text} class="finding">
          {text}
        </p>
      ))}
      {drawn.map((file) => (
        <figure key={file.name} class="drawing">
          <img
            src={fileOf(run, file.name)}
            alt={file.name.replace(/\.\w+$/, "").replaceAll(/[-_]/g, " ")}
            loading="lazy"
          />
        </figure>
      ))}
      {tables.map((table) => (
        <DataTable key={table.name} name={table.name} title={table.title} columns={table.columns} rows={table.rows} />
      ))}
      <Files run={run} />
    </article>
  );
}

export function Files({ run }: { run: Run }): JSX.Element | null {
  if (!run.files.length) return null;
  return (
    <p class="files">
      <b>Files: </b>
      {run.files.map((file) => (
        <a key={file.name} href={fileOf(run, file.name)} download={file.name}>
          {file.name}
        </a>
      ))}
    </p>
  );
}
