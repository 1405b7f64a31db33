"use strict";
const words = cell => cell.dataset.value ?? cell.textContent.trim();
const number = cell => { const text = words(cell).replace(/[\s,\u00a0]/g, ""); return text === "" || text === "–" ? NaN : parseFloat(text.replace(/^over/, "").replace(/^under/, "-")); };
for (const table of document.querySelectorAll("table.sorts")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...body.rows].filter(row => !row.classList.contains("total")), last = [...body.rows].filter(row => row.classList.contains("total"));
      const numeric = rows.some(row => !isNaN(number(row.cells[place]))) && rows.every(row => row.cells[place].matches(".number, [data-value]"));
      const order = numeric ? (a, b) => number(a.cells[place]) - number(b.cells[place]) : (a, b) => words(a.cells[place]).localeCompare(words(b.cells[place]), "en", { numeric: true });
      const known = numeric ? rows.filter(row => !isNaN(number(row.cells[place]))) : rows, none = rows.filter(row => !known.includes(row));
      known.sort((a, b) => up ? order(a, b) : order(b, a));
      body.append(...known, ...none, ...last);
    });
  });
}
const reveal = () => {
  const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  for (let fold = named.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const inside = named.matches(".more") && named.querySelector("details");
  if (inside) inside.open = true;
  named.scrollIntoView();
};
addEventListener("hashchange", reveal);
reveal();
let opened = [];
addEventListener("beforeprint", () => { opened = [...document.querySelectorAll("details:not([open]):not(.screen)")]; opened.forEach(fold => { fold.open = true; }); });
addEventListener("afterprint", () => opened.forEach(fold => { fold.open = false; }));
