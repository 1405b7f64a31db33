/** The whole page. */

import { useEffect, useState } from "preact/hooks";
import type { ComponentType, JSX } from "preact";
import { playback } from "../detail";
import * as state from "../state";
import { Assumptions } from "./assumptions";
import { Defence } from "./defence";
import { Dock } from "./dock";
import { Header, Headline } from "./header";
import { MapView } from "./map-view";
import { IconButton } from "./parts";
import { QuestionPage, Questions } from "./questions";
import { Player, Raid } from "./raid";
import { Result } from "./result";
import { PlacesTable } from "./places-table";
import { Legend, Toolbar, Zoom } from "./toolbar";
import { Why } from "./why";

const PANELS: { value: state.Panel; label: string; view: ComponentType }[] = [
  { value: "result", label: "Nations", view: Result },
  { value: "defence", label: "Defence", view: Defence },
  { value: "assumptions", label: "Inputs", view: Assumptions },
  { value: "why", label: "Why", view: Why },
  { value: "raid", label: "Raid", view: Raid },
  { value: "questions", label: "Questions", view: Questions },
];

export function App(): JSX.Element {
  const scene = state.scene.value;
  return (
    <>
      <Header />
      <Notices />
      {scene ? (
        <main>
          <div class="stage">
            <Toolbar />
            <Stage />
            {state.panel.value === "raid" && playback.value ? <Player /> : <Dock />}
          </div>
          <div class="side">
            <Headline />
            <Tabs />
          </div>
        </main>
      ) : (
        <main class="opening">
          <p role="status">{state.problem.value ? "The study could not be opened." : "Opening the study …"}</p>
        </main>
      )}
    </>
  );
}

function Stage(): JSX.Element {
  const view = state.view.value;
  return (
    <div class="canvas">
      {view === "table" ? (
        <PlacesTable />
      ) : view === "question" ? (
        <QuestionPage />
      ) : view === "globe" ? (
        <Globe />
      ) : (
        <>
          <MapView />
          <Zoom />
        </>
      )}
      {view === "map" || view === "globe" ? <Legend /> : null}
    </div>
  );
}

/** The globe is a chunk of its own, loaded when it is asked for. */
function Globe(): JSX.Element {
  const [View, setView] = useState<ComponentType | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  useEffect(() => {
    import("../globe/globe-view").then(
      (module) => {
        setView(() => module.GlobeView);
      },
      () => {
        setWhy("The globe's part of the program could not be loaded: is hoplon serve still running? The map works.");
      },
    );
  }, []);
  if (why) return <p class="message">{why}</p>;
  return View ? <View /> : <p class="message">Loading the globe …</p>;
}

function Tabs(): JSX.Element {
  const chosen = PANELS.find((row) => row.value === state.panel.value) ?? PANELS[0]!;
  const View = chosen.view;
  return (
    <div class="tabs">
      <div
        role="tablist"
        aria-label="Panels"
        onKeyDown={(event) => {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (!by) return;
          event.preventDefault();
          const at = (PANELS.indexOf(chosen) + by + PANELS.length) % PANELS.length;
          state.panel.value = PANELS[at]!.value;
          const to = event.currentTarget.children[at];
          if (to instanceof HTMLElement) to.focus();
        }}
      >
        {PANELS.map((row) => (
          <button
            key={row.value}
            type="button"
            role="tab"
            id={`tab-${row.value}`}
            aria-selected={row === chosen}
            aria-controls="panel"
            tabIndex={row === chosen ? 0 : -1}
            onClick={() => {
              state.panel.value = row.value;
            }}
          >
            {row.label}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${chosen.value}`} tabIndex={0}>
        <View />
      </div>
    </div>
  );
}

function Notices(): JSX.Element {
  const { problem, notice } = state;
  return (
    <div class="notices">
      {problem.value ? (
        <div class="notice bad" role="alert">
          <p>{problem.value}</p>
          <IconButton icon="close" label="Close" onClick={() => (problem.value = null)} />
        </div>
      ) : null}
      {notice.value ? (
        <div class="notice" role="status">
          <p>{notice.value}</p>
          <IconButton icon="close" label="Close" onClick={() => (notice.value = null)} />
        </div>
      ) : null}
    </div>
  );
}
