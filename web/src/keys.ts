/** Keys of the whole page. */

import * as state from "./state";

export function watchKeys(): void {
  document.addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof HTMLInputElement && event.target.type !== "range" && event.target.type !== "checkbox";
    if (!(event.ctrlKey || event.metaKey) || event.altKey || typing) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) state.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) state.redo();
    else return;
    event.preventDefault();
  });
}
