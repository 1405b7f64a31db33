/** Begins the application: loads the scene, shows the page, watches what is asked. */

import { effect } from "@preact/signals";
import { render } from "preact";
import * as actions from "./actions";
import { watchCounted } from "./counted";
import { watchChosen } from "./detail";
import { watchKeys } from "./keys";
import { App } from "./panels/app";
import * as state from "./state";
import { watch } from "./verdicts";
import "./styles/main.css";

const THEME = "hoplon-theme";

function kept(): string | null {
  try {
    return localStorage.getItem(THEME);
  } catch {
    return null;
  }
}

function begin(): void {
  const root = document.getElementById("app");
  if (!root) return;
  const wanted = kept();
  state.dark.value = wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  let first = true;
  effect(() => {
    const theme = state.dark.value ? "dark" : "light";
    document.documentElement.dataset["theme"] = theme;
    if (!first)
      try {
        localStorage.setItem(THEME, theme);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    first = false;
  });
  effect(() => {
    const { picture, stale } = state;
    document.body.dataset["ready"] = picture.value ? (stale.value ? "about" : "exact") : "no";
    document.body.dataset["id"] = picture.value?.id ?? "";
  });
  let timer = 0;
  effect(() => {
    const settled = [
      state.history.value,
      state.colours.value,
      state.level.value,
      state.classes.value,
      state.areas.value,
      state.baseline.value,
      state.panel.value,
    ];
    clearTimeout(timer);
    if (settled.length) timer = window.setTimeout(actions.writeAddress, 120);
  });
  render(<App />, root);
  watchKeys();
  actions.watchAddress();
  actions
    .load(null)
    .then(() => {
      watch();
      watchChosen();
      watchCounted();
    })
    .catch(actions.say);
}

begin();
