/** The head of the page: which study, the headline number with its change, undo, link, file. */

import { useRef } from "preact/hooks";
import type { JSX } from "preact";
import * as actions from "../actions";
import { changes, keyOf } from "../document";
import { people, percent } from "../format";
import { readable } from "../names";
import * as state from "../state";
import { architectureTitle } from "../verdicts";
import { Change, IconButton } from "./parts";

export function Header(): JSX.Element {
  const { past, future } = state.history.value;
  const scene = state.scene.value;
  const file = useRef<HTMLInputElement>(null);
  const chosen = `open:${scene?.scenario.sha256 ?? ""}`;
  return (
    <header class="top">
      <h1 class="unseen">hoplon: {scene?.scenario.title ?? "opening the study"}</h1>
      <a class="brand" href="./" aria-label="hoplon, begin anew">
        hoplon
      </a>
      <label class="field study">
        <span class="unseen">Study</span>
        <select
          value={chosen}
          title={scene?.scenario.title ?? ""}
          onChange={(event) => {
            const [kind, name = ""] = event.currentTarget.value.split(":");
            if (kind === "file") file.current?.click();
            else if (kind === "open") void actions.openAgain(name);
            else void actions.openNamed(name);
            event.currentTarget.value = chosen;
          }}
        >
          {scene?.open.map((row) => (
            <option key={row.sha256} value={`open:${row.sha256}`}>
              {row.title || row.name}
            </option>
          ))}
          {scene?.bundled
            .filter((row) => !scene.open.some((other) => other.name === row.name))
            .map((row) => (
              <option key={row.name} value={`bundled:${row.name}`}>
                Open {row.title || row.name}
              </option>
            ))}
          <option value="file:">Open a file …</option>
        </select>
      </label>
      <input
        ref={file}
        class="unseen"
        type="file"
        accept=".yaml,.yml,.json"
        tabIndex={-1}
        aria-label="Scenario file"
        onChange={(event) => {
          const [first] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (!first) return;
          if (first.size > 3_900_000) {
            state.problem.value = `${first.name} has ${(first.size / 1e6).toFixed(1)} MB; a scenario file has at most 3.9 MB.`;
            return;
          }
          void first.text().then(actions.openText);
        }}
      />
      <div class="tools" role="toolbar" aria-label="What-if">
        <IconButton icon="undo" label="Undo" disabled={!past.length} onClick={state.undo} />
        <IconButton icon="redo" label="Redo" disabled={!future.length} onClick={state.redo} />
        <IconButton
          icon="reset"
          label="Take back all changes"
          disabled={!changes(state.shown.value)}
          onClick={actions.reset}
        />
        <IconButton icon="link" label="Copy link" onClick={() => void actions.copyLink()} />
        <IconButton icon="save" label="Save as scenario file" onClick={() => void actions.save()} />
        <IconButton icon="open" label="Open a scenario file" onClick={() => file.current?.click()} />
        <IconButton
          icon={state.dark.value ? "sun" : "moon"}
          label={state.dark.value ? "Light colours" : "Dark colours"}
          onClick={() => {
            state.dark.value = !state.dark.value;
          }}
        />
      </div>
    </header>
  );
}

/** The headline with its change against the pinned baseline, and whether it is exact. */
export function Headline(): JSX.Element {
  const picture = state.picture.value;
  const before = state.baselineHeadline.value;
  const row = state.architecture.value;
  const stale = state.stale.value;
  const count = changes(state.shown.value);
  const same = keyOf(state.baseline.value) === keyOf(state.history.value.present);
  const scene = state.scene.value;
  return (
    <section class="headline" aria-label="Headline">
      <h2>
        {row?.title ?? "…"}
        {count ? <small> with {count === 1 ? "1 change" : `${String(count)} changes`}</small> : null}
      </h2>
      <p class={stale ? "figure about" : "figure"}>
        <span class="value" data-testid="share">
          {picture ? percent(picture.headline.population_share) : "…"}
        </span>
        {picture && before && !same ? (
          <Change now={picture.headline.population_share} before={before.population_share} />
        ) : null}
        <span class="what">
          of the people {scene ? `of ${scene.headline.title}` : ""} under threat are defended
          {picture ? (
            <>
              : {people(picture.headline.defended_population)} of {people(picture.headline.threatened_population)}
            </>
          ) : null}
        </span>
      </p>
      <p class="how">
        <span class={stale ? "badge-about" : "badge-exact"} data-testid="exactness" title={method(picture, stale)}>
          {picture ? (stale ? "about" : "exact") : "computing"}
        </span>
        <span class="against">
          against {same ? "itself" : describe()}
          <button
            type="button"
            class="small"
            disabled={same || state.stale.value}
            title="Show every change against what is on the map now"
            onClick={state.pin}
          >
            Pin this
          </button>
        </span>
      </p>
      {picture?.notes.map((note) => (
        <p key={note} class="note">
          {readable(note)}
        </p>
      ))}
      <p class="unseen" role="status" aria-live="polite">
        {picture && !stale ? `${percent(picture.headline.population_share)} of the people are defended` : ""}
      </p>
    </section>
  );
}

function describe(): string {
  const document = state.baseline.value;
  const count = changes(document);
  const title = architectureTitle(document.architecture);
  return count ? `${title} with ${String(count)} ${count === 1 ? "change" : "changes"}` : `${title} as planned`;
}

/** How the number was come by, for whom it matters. */
function method(picture: state.Picture | null, stale: boolean): string {
  if (!picture) return "";
  if (stale) return "The last exact number, and the change that a coarser set of places sees; the exact one follows.";
  const how =
    picture.why ??
    (picture.method === "bound" ? "only flights that the rest of the defence leaves open were judged" : "");
  return `Every place is judged; the digits are those of the command line. ${String(Math.round(picture.cpuMs))} ms of processor time. ${how}`;
}
