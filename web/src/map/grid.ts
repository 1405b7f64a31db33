/** A grid over the land, for the area that is defended: each node takes the state of the nearest cell of land. */

import { contours } from "d3-contour";
import type { Points } from "../points";

export interface Grid {
  columns: number;
  rows: number;
  /** West and north edge [m], and the side of a cell. */
  west: number;
  north: number;
  side: number;
  /** For each node the nearest point, -1 far from land. */
  nearest: Int32Array;
}

const MOST_CELLS = 60_000;

export function gridOf(points: Points, extent: [number, number, number, number]): Grid {
  const wide = (extent[2] - extent[0]) * 0.25;
  const high = (extent[3] - extent[1]) * 0.25;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  let side = 0;
  const chosen: number[] = [];
  for (let i = 0; i < points.n; i++) {
    const x = points.x[i]!;
    const y = points.y[i]!;
    if (x < extent[0] - wide || x > extent[2] + wide || y < extent[1] - high || y > extent[3] + high) continue;
    chosen.push(i);
    if (points.kind[i] === 1) side = Math.max(side, points.side[i]!);
    [west, south] = [Math.min(west, x), Math.min(south, y)];
    [east, north] = [Math.max(east, x), Math.max(north, y)];
  }
  if (!chosen.length) return { columns: 0, rows: 0, west: 0, north: 0, side: 1, nearest: new Int32Array(0) };
  side = Math.max(side || 25_000, Math.sqrt(((east - west) * (north - south)) / MOST_CELLS));
  const margin = 4;
  west -= margin * side;
  north += margin * side;
  const columns = Math.ceil((east - west) / side) + margin;
  const rows = Math.ceil((north - south) / side) + margin;
  return { columns, rows, west, north, side, nearest: nearestOf(points, chosen, west, north, side, columns, rows) };
}

/** Nearest point of each node, spread outwards from the points ring by ring; land before places. */
function nearestOf(
  points: Points,
  chosen: number[],
  west: number,
  north: number,
  side: number,
  columns: number,
  rows: number,
): Int32Array {
  const nearest = new Int32Array(columns * rows).fill(-1);
  const distance = new Float64Array(columns * rows).fill(Infinity);
  const seed = (i: number): void => {
    const column = Math.round((points.x[i]! - west) / side - 0.5);
    const row = Math.round((north - points.y[i]!) / side - 0.5);
    for (let dr = -1; dr <= 1; dr++) for (let dc = -1; dc <= 1; dc++) offer(column + dc, row + dr, i);
  };
  const offer = (column: number, row: number, i: number): boolean => {
    if (column < 0 || row < 0 || column >= columns || row >= rows || i < 0) return false;
    const at = row * columns + column;
    const x = west + (column + 0.5) * side - points.x[i]!;
    const y = north - (row + 0.5) * side - points.y[i]!;
    const d = x * x + y * y;
    if (d >= distance[at]!) return false;
    distance[at] = d;
    nearest[at] = i;
    return true;
  };
  for (const i of chosen) if (points.kind[i] === 1) seed(i);
  for (const i of chosen) {
    if (points.kind[i] === 1) continue;
    const column = Math.floor((points.x[i]! - west) / side);
    const row = Math.floor((north - points.y[i]!) / side);
    if (nearest[row * columns + column] === -1) seed(i);
  }
  for (let turn = 0; turn < 3; turn++) {
    const before = nearest.slice();
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let dr = -1; dr <= 1; dr++)
          for (let dc = -1; dc <= 1; dc++) {
            const from = (row + dr) * columns + column + dc;
            if (row + dr < 0 || row + dr >= rows || column + dc < 0 || column + dc >= columns) continue;
            offer(column, row, before[from]!);
          }
  }
  return nearest;
}

/** The area where the band is at least `least`, as a path in metres of the map. */
export function areaOf(grid: Grid, bands: Uint8Array, least: number): Path2D {
  const { columns, rows, nearest } = grid;
  const values = new Float32Array(columns * rows);
  for (let i = 0; i < values.length; i++) {
    const point = nearest[i]!;
    values[i] = point >= 0 && bands[point]! >= least ? 1 : 0;
  }
  const path = new Path2D();
  if (columns < 2 || rows < 2) return path;
  const shape = contours()
    .size([columns, rows])
    .smooth(true)
    .contour(smoothed(values, columns, rows) as unknown as number[], 0.5);
  for (const polygon of shape.coordinates)
    for (const ring of polygon) {
      ring.forEach((at, i) => {
        const x = grid.west + at[0]! * grid.side;
        const y = grid.north - at[1]! * grid.side;
        if (i === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      });
      path.closePath();
    }
  return path;
}

/** Means over three by three nodes, so that a straight edge is drawn straight and not as steps. */
function smoothed(values: Float32Array, columns: number, rows: number): Float32Array {
  const across = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const left = column > 0 ? values[at - 1]! : values[at]!;
      const right = column + 1 < columns ? values[at + 1]! : values[at]!;
      across[at] = (left + 2 * values[at]! + right) / 4;
    }
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const up = row > 0 ? across[at - columns]! : across[at]!;
      const down = row + 1 < rows ? across[at + columns]! : across[at]!;
      out[at] = (up + 2 * across[at]! + down) / 4;
    }
  return out;
}
