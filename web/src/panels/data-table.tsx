/** A table that sorts by a click on its heads and downloads as CSV. */

import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { download } from "../actions";
import { number } from "../format";
import { IconButton } from "./parts";

export interface Column {
  key: string;
  title: string;
  unit?: string | null;
}

export function shownCell(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(shownCell).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : `${value as string}`;
}

export function compared(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  return shownCell(a).localeCompare(shownCell(b), "en");
}

export function csv(columns: readonly Column[], rows: readonly unknown[][]): string {
  const cell = (value: unknown): string => {
    const text =
      value === null || value === undefined ? "" : typeof value === "number" ? String(value) : shownCell(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.map((column) => column.key), ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

const MOST = 400;

export function DataTable(props: {
  name: string;
  title: string;
  columns: readonly Column[];
  rows: readonly unknown[][];
  onRow?: (row: readonly unknown[]) => void;
  most?: number;
}): JSX.Element {
  const [order, setOrder] = useState<{ at: number; rising: boolean } | null>(null);
  const { columns } = props;
  const sorted = order
    ? [...props.rows].sort((a, b) => (order.rising ? 1 : -1) * compared(a[order.at], b[order.at]))
    : props.rows;
  const most = props.most ?? MOST;
  const numeric = columns.map((_, i) => props.rows.some((row) => typeof row[i] === "number"));
  return (
    <figure class="data">
      <figcaption>
        <b>{props.title}</b>
        <span class="quiet">
          {props.rows.length > most ? `the first ${String(most)} of ${String(props.rows.length)} rows` : ""}
        </span>
        <IconButton
          icon="down"
          label="CSV"
          text
          onClick={() => {
            download(`${props.name}.csv`, csv(columns, sorted), "text/csv");
          }}
        />
      </figcaption>
      <div class="scroll" tabIndex={0} role="region" aria-label={props.title}>
        <table>
          <thead>
            <tr>
              {columns.map((column, i) => (
                <th
                  key={column.key}
                  scope="col"
                  class={numeric[i] ? "number" : ""}
                  aria-sort={order?.at === i ? (order.rising ? "ascending" : "descending") : "none"}
                >
                  <button
                    type="button"
                    class="sorts"
                    onClick={() => {
                      setOrder({ at: i, rising: order?.at === i ? !order.rising : true });
                    }}
                  >
                    {column.title}
                    {column.unit ? `, ${column.unit}` : ""}
                    <span aria-hidden="true">{order?.at === i ? (order.rising ? " ▲" : " ▼") : ""}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, most).map((row, i) => (
              <tr key={i}>
                {columns.map((column, j) => (
                  <td key={column.key} class={numeric[j] ? "number" : ""}>
                    {j === 0 && props.onRow ? (
                      <button type="button" class="as-text" onClick={() => props.onRow?.(row)}>
                        {shownCell(row[j])}
                      </button>
                    ) : (
                      shownCell(row[j])
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
