/** A raid at one moment, on the map: ground tracks behind the missiles, interceptors, messages along links, losses. */

import type { Playback, PlaybackShot } from "../contract";
import type { Theme } from "./colours";
import { along } from "./geodesy";
import { pairs, type Pen } from "./overlay";

/** [s] that a message's pulse and an intercept's ring stay, at least, so that they are seen. */
const PULSE_S = 6;
const RING_S = 20;

export function drawRaid(pen: Pen, theme: Theme, playback: Playback, time: number): void {
  const places = new Map(playback.elements.map((row) => [row.name, row]));
  links(pen, theme, playback, time, places);
  for (const threat of playback.threats) {
    if (time < threat.launched_s) continue;
    const now = along(threat.path, time);
    const { context } = pen;
    context.strokeStyle = theme.launch;
    context.lineWidth = pen.px(1.6);
    context.globalAlpha = now ? 0.8 : 0.28;
    const to = now ? now.at + 1 : threat.path.lat.length;
    const behind = [...pairs(threat.path.lat, threat.path.lon, to)];
    if (now) behind.push([now.lat, now.lon]);
    context.stroke(pen.line(behind));
    context.globalAlpha = 1;
    if (now) head(pen, theme.launch, now.lat, now.lon, 4);
    else if (time >= threat.ends_s)
      end(pen, theme, threat.leaked, threat.path.lat, threat.path.lon, time - threat.ends_s);
    for (const shot of threat.shots) drawShot(pen, theme, shot, time);
  }
  lost(pen, theme, playback, time, places);
}

function head(pen: Pen, colour: string, lat: number, lon: number, size: number): void {
  const at = pen.at(lat, lon);
  if (!at) return;
  pen.context.fillStyle = colour;
  pen.context.beginPath();
  pen.context.arc(at[0], at[1], pen.px(size), 0, 2 * Math.PI);
  pen.context.fill();
}

function end(pen: Pen, theme: Theme, leaked: boolean, lat: number[], lon: number[], since: number): void {
  const at = pen.at(lat[lat.length - 1] ?? 0, lon[lon.length - 1] ?? 0);
  if (!at || !leaked) return;
  const { context } = pen;
  context.strokeStyle = theme.launch;
  context.lineWidth = pen.px(2.5);
  const size = pen.px(6);
  context.beginPath();
  context.moveTo(at[0] - size, at[1] - size);
  context.lineTo(at[0] + size, at[1] + size);
  context.moveTo(at[0] + size, at[1] - size);
  context.lineTo(at[0] - size, at[1] + size);
  context.stroke();
  if (since > RING_S) return;
  context.globalAlpha = 1 - since / RING_S;
  context.beginPath();
  context.arc(at[0], at[1], size + pen.px(since), 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
}

function drawShot(pen: Pen, theme: Theme, shot: PlaybackShot, time: number): void {
  const { path } = shot;
  if (!path || time < shot.launch_s) return;
  const { context } = pen;
  const now = along(path, time);
  if (now) {
    context.strokeStyle = theme.shot;
    context.lineWidth = pen.px(1.8);
    const behind = [...pairs(path.lat, path.lon, now.at + 1), [now.lat, now.lon] as [number, number]];
    context.stroke(pen.line(behind));
    head(pen, theme.shot, now.lat, now.lon, 3);
    return;
  }
  const since = time - shot.intercept_s;
  if (since < 0 || since > RING_S) return;
  const at = pen.at(path.lat[path.lat.length - 1] ?? 0, path.lon[path.lon.length - 1] ?? 0);
  if (!at) return;
  context.strokeStyle = shot.outcome === "kill" || shot.outcome === "killed" ? theme.boundary : theme.quiet;
  context.lineWidth = pen.px(2);
  context.globalAlpha = 1 - since / RING_S;
  context.beginPath();
  context.arc(at[0], at[1], pen.px(4 + since * 0.7), 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
}

type Places = Map<string, { lat: number; lon: number }>;

/** The links that messages of the raid take, and a pulse on each link that one travels along now. */
function links(pen: Pen, theme: Theme, playback: Playback, time: number, places: Places): void {
  const { context } = pen;
  const { messages } = playback;
  const at = messages.names.map((name) => places.get(name));
  const drawn = new Set<number>();
  const pulses = new Set<string>();
  context.strokeStyle = theme.link;
  context.lineWidth = pen.px(1.4);
  for (let i = 0; i < messages.from.length; i++) {
    const [a, b] = [messages.from[i]!, messages.to[i]!];
    const [from, to] = [at[a], at[b]];
    if (!from || !to || a === b) continue;
    const pair = Math.min(a, b) * 65536 + Math.max(a, b);
    if (!drawn.has(pair)) {
      drawn.add(pair);
      context.globalAlpha = 0.55;
      context.stroke(
        pen.line([
          [from.lat, from.lon],
          [to.lat, to.lon],
        ]),
      );
      context.globalAlpha = 1;
    }
    const heard = messages.heard_s[i]!;
    const sent = Math.min(messages.sent_s[i] ?? heard, heard - PULSE_S);
    const share = (time - sent) / (heard - sent);
    if (share < 0 || share > 1) continue;
    const spot = `${String(a)}>${String(b)}@${share.toFixed(1)}`;
    if (pulses.has(spot)) continue;
    pulses.add(spot);
    head(pen, theme.link, from.lat + share * (to.lat - from.lat), from.lon + share * (to.lon - from.lon), 3.2);
  }
}

function lost(pen: Pen, theme: Theme, playback: Playback, time: number, places: Places): void {
  const { context } = pen;
  for (const loss of playback.losses) {
    if (time < loss.begins_s || (loss.ends_s !== null && time >= loss.ends_s)) continue;
    const place = places.get(loss.element);
    const at = place && pen.at(place.lat, place.lon);
    if (!at) continue;
    context.strokeStyle = theme.launch;
    context.lineWidth = pen.px(3);
    context.beginPath();
    context.arc(at[0], at[1], pen.px(19), 0, 2 * Math.PI);
    const reach = pen.px(13);
    context.moveTo(at[0] - reach, at[1] + reach);
    context.lineTo(at[0] + reach, at[1] - reach);
    context.stroke();
  }
}
