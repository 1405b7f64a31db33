/** Writes public/licences.txt: the licences of the libraries that the built page holds. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const held = [
  "@preact/signals",
  "@preact/signals-core",
  "d3-array",
  "d3-contour",
  "fflate",
  "mgrs",
  "ol",
  "preact",
  "proj4",
  "quickselect",
  "rbush",
  "three",
  "wkt-parser",
];
const texts = held.map((name) => {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const { version, license } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(new URL(file, folder), "utf8").trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(new URL("public/licences.txt", import.meta.url), texts.join(`\n${"-".repeat(80)}\n\n`));
