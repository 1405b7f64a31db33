/**
 * A layer of the map that is drawn on canvases of our own. It returns a div: a canvas itself would be taken over by the
 * layers that OpenLayers paints after it.
 */

import Layer from "ol/layer/Layer.js";
import type { FrameState } from "ol/Map.js";

export interface Frame {
  /** Map to pixels of the canvas: x * scale + left, top - y * scale. */
  scale: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** Pixels of the canvas for one of the page. */
  ratio: number;
}

export function frameOf(state: FrameState): Frame {
  const ratio = state.pixelRatio;
  const [width, height] = state.size as [number, number];
  const { center, resolution } = state.viewState;
  const scale = ratio / resolution;
  return {
    scale,
    left: (width / 2) * ratio - center[0]! * scale,
    top: (height / 2) * ratio + center[1]! * scale,
    width: Math.round(width * ratio),
    height: Math.round(height * ratio),
    ratio,
  };
}

export function sameView(a: Frame | null, b: Frame): boolean {
  return (
    a !== null &&
    a.scale === b.scale &&
    a.left === b.left &&
    a.top === b.top &&
    a.width === b.width &&
    a.height === b.height
  );
}

export interface Drawn {
  canvases: number;
  /** Draw on the canvases; `moved` where the view or the size is another than at the last time. */
  draw(contexts: CanvasRenderingContext2D[], frame: Frame, moved: boolean): void;
}

export class Sheet extends Layer {
  private readonly holder = document.createElement("div");
  private readonly contexts: CanvasRenderingContext2D[] = [];
  private before: Frame | null = null;

  constructor(
    private readonly drawn: Drawn,
    zIndex: number,
  ) {
    super({ zIndex });
    this.holder.className = "sheet";
    for (let i = 0; i < drawn.canvases; i++) {
      const canvas = document.createElement("canvas");
      canvas.setAttribute("aria-hidden", "true");
      const context = canvas.getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error("This browser cannot draw on a canvas.");
      this.holder.append(canvas);
      this.contexts.push(context);
    }
  }

  override render(state: FrameState | null): HTMLElement {
    if (!state) return this.holder;
    const frame = frameOf(state);
    const moved = !sameView(this.before, frame);
    if (this.before?.width !== frame.width || this.before.height !== frame.height) {
      for (const { canvas } of this.contexts) {
        canvas.width = frame.width;
        canvas.height = frame.height;
        canvas.style.width = `${String(frame.width / frame.ratio)}px`;
        canvas.style.height = `${String(frame.height / frame.ratio)}px`;
      }
    }
    this.before = frame;
    this.drawn.draw(this.contexts, frame, moved);
    return this.holder;
  }

  /** Draw everything anew at the next frame. */
  again(): void {
    this.before = this.before ? { ...this.before, scale: Number.NaN } : null;
    this.changed();
  }
}
