/** A what-if: what differs from one architecture of one scenario. Documents are never changed; each edit makes a new one. */

export interface Addition {
  [key: string]: unknown;
}

export interface WhatIf {
  scenario: string;
  architecture: string;
  move?: Record<string, [number, number]>;
  off?: string[];
  add?: Record<string, Addition>;
  /** By type the numbers that it has instead; by element the type that it becomes. */
  type?: Record<string, Record<string, number> | string>;
  doctrine?: Record<string, number | string>;
  threat?: Record<string, Record<string, number>>;
  year?: number;
}

/** A place to a hundredth of a degree, as the server rounds it; -0 is 0, and -180 degrees of longitude are 180. */
export function rounded(lat: number, lon: number): [number, number] {
  const east = Math.round((((((lon + 180) % 360) + 360) % 360) - 180) * 100) / 100 + 0;
  return [Math.round(Math.max(-90, Math.min(90, lat)) * 100) / 100 + 0, east === -180 ? 180 : east];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

function empty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/** The document with keys sorted, places rounded and empty parts left out: equal what-ifs are equal texts. */
export function canonical(document: WhatIf): WhatIf {
  const kept = Object.entries(document).filter(([, value]) => !empty(value));
  const whole = Object.fromEntries(kept) as unknown as WhatIf;
  if (whole.move)
    whole.move = Object.fromEntries(Object.entries(whole.move).map(([name, [a, b]]) => [name, rounded(a, b)]));
  if (whole.off) whole.off = [...new Set(whole.off)].sort();
  for (const part of ["type", "threat"] as const) {
    const rows = Object.entries(whole[part] ?? {}).filter(([, row]) => !empty(row));
    if (rows.length) Object.assign(whole, { [part]: Object.fromEntries(rows) });
    else Reflect.deleteProperty(whole, part);
  }
  return sorted(whole) as WhatIf;
}

export function keyOf(document: WhatIf): string {
  return JSON.stringify(canonical(document));
}

/** The document with a site elsewhere: its first element is named, and what stands at the same site goes along. */
export function moved(document: WhatIf, names: readonly string[], lat: number, lon: number): WhatIf {
  const [first] = names;
  if (first === undefined) return document;
  const { move = {} } = putBack(document, names);
  return canonical({ ...document, move: { ...move, [first]: rounded(lat, lon) } });
}

/** The document with elements back where the scenario has them. */
export function putBack(document: WhatIf, names: readonly string[]): WhatIf {
  const move = Object.fromEntries(Object.entries(document.move ?? {}).filter(([name]) => !names.includes(name)));
  return canonical({ ...document, move });
}

export function switched(document: WhatIf, names: readonly string[], on: boolean): WhatIf {
  const off = new Set(document.off);
  for (const name of names) {
    if (on) off.delete(name);
    else off.add(name);
  }
  return canonical({ ...document, off: [...off] });
}

export function withDoctrine(document: WhatIf, key: string, value: number | string | null): WhatIf {
  const doctrine = { ...document.doctrine };
  if (value === null) Reflect.deleteProperty(doctrine, key);
  else doctrine[key] = value;
  return canonical({ ...document, doctrine });
}

export function withType(document: WhatIf, type: string, key: string, value: number | null): WhatIf {
  const given = document.type?.[type];
  const row = typeof given === "object" ? { ...given } : {};
  if (value === null) Reflect.deleteProperty(row, key);
  else row[key] = value;
  return canonical({ ...document, type: { ...document.type, [type]: row } });
}

/** The document in which an element is of another type; null for its own. */
export function ofType(document: WhatIf, element: string, type: string | null): WhatIf {
  const rows = { ...document.type };
  if (type === null) Reflect.deleteProperty(rows, element);
  else rows[element] = type;
  return canonical({ ...document, type: rows });
}

export function withYear(document: WhatIf, year: number | null): WhatIf {
  const rest = { ...document };
  delete rest.year;
  return canonical(year === null ? rest : { ...rest, year });
}

export function added(document: WhatIf, name: string, addition: Addition): WhatIf {
  return canonical({ ...document, add: { ...document.add, [name]: addition } });
}

/** The document without elements that it adds; what it says of them elsewhere goes too. */
export function removed(document: WhatIf, names: readonly string[]): WhatIf {
  const add = Object.fromEntries(Object.entries(document.add ?? {}).filter(([name]) => !names.includes(name)));
  const off = (document.off ?? []).filter((name) => !names.includes(name));
  return putBack({ ...document, add, off }, names);
}

/** Another architecture with the same changes, as far as they name what is there. */
export function onArchitecture(document: WhatIf, architecture: string): WhatIf {
  return canonical({ ...document, architecture });
}

/** How many changes a document makes, in words for a button or a heading. */
export function changes(document: WhatIf): number {
  const count = (part: object | undefined): number => Object.keys(part ?? {}).length;
  const rows = (part: Record<string, object | string> | undefined): number =>
    Object.values(part ?? {}).reduce((sum: number, row) => sum + (typeof row === "string" ? 1 : count(row)), 0);
  return (
    count(document.move) +
    (document.off?.length ?? 0) +
    count(document.add) +
    rows(document.type) +
    count(document.doctrine) +
    rows(document.threat) +
    (document.year === undefined ? 0 : 1)
  );
}
