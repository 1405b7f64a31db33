/** A link that holds the state: `#w=` and the state as JSON, deflated, in base64url. The fragment is never sent. */

import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import type { WhatIf } from "./document";

export interface Linked {
  w: WhatIf;
  /** The scenario's name, for whom the checksum does not tell which it is. */
  n?: string;
  /** Colours of the places, level, classes, open panel, selected thing, time of the playback. */
  c?: string;
  l?: string;
  k?: string[] | null;
  a?: string[] | null;
  b?: WhatIf;
  s?: string;
  t?: number;
  /** View of the map: centre and metres a pixel. */
  v?: [number, number, number];
}

const LONGEST = 200_000;

function toText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function toBytes(text: string): Uint8Array {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function encoded(state: Linked): string {
  return `#w=${toText(deflateSync(strToU8(JSON.stringify(state)), { level: 9, mtime: 0 } as never))}`;
}

/** The state of a link; null where the address has none. A link that is cut or foreign throws, in words. */
export function decoded(fragment: string): Linked | null {
  const found = /^#w=(.*)$/.exec(fragment);
  if (!found) return null;
  const code = found[1] ?? "";
  try {
    if (code.length > LONGEST) throw new Error("too long");
    const state = JSON.parse(strFromU8(inflateSync(toBytes(code), { out: new Uint8Array(LONGEST * 4) }))) as Linked;
    if (typeof state.w.scenario !== "string" || typeof state.w.architecture !== "string") throw new Error("no what-if");
    return state;
  } catch {
    throw new Error("The link is damaged or cut short: ask for it again. The study is shown without its changes.");
  }
}
