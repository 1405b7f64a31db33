/** Labels that do not collide: each takes the first free place beside its mark, or is left out. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Labelled {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Distance from the middle of the mark. */
  gap: number;
}

export function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

/** Where the label goes; null where none of the places beside the mark is free and inside the map. */
export function place(label: Labelled, taken: readonly Box[], within: Box): Box | null {
  const { x, y, width: w, height: h, gap } = label;
  const across = gap * 0.75;
  const spots: [number, number][] = [
    [x + gap, y - h / 2],
    [x - gap - w, y - h / 2],
    [x - w / 2, y + gap],
    [x - w / 2, y - gap - h],
    [x + across, y + across],
    [x - across - w, y + across],
    [x + across, y - across - h],
    [x - across - w, y - across - h],
  ];
  for (const [left, top] of spots) {
    const box = { left, top, right: left + w, bottom: top + h };
    if (box.left < within.left || box.right > within.right || box.top < within.top || box.bottom > within.bottom)
      continue;
    if (!taken.some((other) => overlaps(other, box))) return box;
  }
  return null;
}
