"use strict";
const byId = name => document.getElementById(name);
const canvas = byId("map"), pen = canvas.getContext("2d"), tip = byId("tip");
const number = value => value.toLocaleString("en");
const STATE = ["none", "open", "defended"], KM = 10;

const start = data => {
  const points = data.points, count = points.x.length;
  const shown = { 0: true, 1: true, 2: true, land: true, sites: true, launches: true };
  const order = [...Array(count).keys()].sort((a, b) => points.people[b] - points.people[a]);
  const land = order.filter(i => points.land[i]), places = order.filter(i => !points.land[i]);
  const most = places.length ? Math.max(1, points.people[places[0]]) : 1;
  let width = 1, height = 1, centre = [0, 0], scale = 1, first = 1, nation = -1, picked = null, colour = {}, waiting = false;

  const outline = member => {
    const path = new Path2D();
    for (const country of data.borders) {
      if (country.member !== member) continue;
      for (const ring of country.rings) {
        let x = 0, y = 0;
        for (let i = 0; i < ring.length; i += 2) {
          x += ring[i]; y += ring[i + 1];
          if (i) path.lineTo(x, y); else path.moveTo(x, y);
        }
        path.closePath();
      }
    }
    return path;
  };
  const members = outline(true), others = outline(false);
  const toX = x => width / 2 + (x - centre[0]) * scale, toY = y => height / 2 - (y - centre[1]) * scale;
  const radius = i => data.people ? Math.max(1.1, Math.min(12, width / 70) * Math.sqrt(points.people[i] / most) * Math.min(3, Math.sqrt(scale / first))) : 4;
  const visible = i => shown[points.state[i]] && (!points.land[i] || shown.land);

  const later = () => { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; draw(); }); } };
  const paints = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ink", "paper", "sea", "land", "member", "border", "defended", "open", "none", "site", "radar", "partner", "launch", "halo"]) colour[name] = style.getPropertyValue(`--${name}`).trim();
    for (const sample of document.querySelectorAll("canvas.kind")) {
      const small = sample.getContext("2d");
      small.clearRect(0, 0, 18, 18);
      symbol(small, sample.dataset.kind, 9, 9);
    }
  };
  const fit = (box, room = 1.04) => {
    centre = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    scale = Math.min(width / Math.max(box[2] - box[0], 400), height / Math.max(box[3] - box[1], 400)) / room;
  };
  const boxOf = chosen => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const i of chosen) { box[0] = Math.min(box[0], points.x[i]); box[1] = Math.min(box[1], points.y[i]); box[2] = Math.max(box[2], points.x[i]); box[3] = Math.max(box[3], points.y[i]); }
    return box;
  };
  const home = () => { fit(data.view); first = scale; };
  const size = () => {
    const dots = window.devicePixelRatio || 1, before = [width, height];
    width = canvas.clientWidth; height = canvas.clientHeight;
    canvas.width = Math.round(width * dots); canvas.height = Math.round(height * dots);
    if (before[0] === 1) home();
    later();
  };

  function symbol(to, kind, x, y) {
    to.beginPath();
    to.lineWidth = 1.4; to.strokeStyle = colour.halo; to.fillStyle = colour.site;
    if (kind === "land_battery") { to.moveTo(x, y - 7); to.lineTo(x + 6.5, y + 5); to.lineTo(x - 6.5, y + 5); }
    else if (kind === "sea_battery") { to.moveTo(x - 8, y); to.lineTo(x - 2, y); to.lineTo(x - 2, y - 4); to.lineTo(x, y - 7); to.lineTo(x + 1, y - 4); to.lineTo(x + 3, y - 4); to.lineTo(x + 3, y); to.lineTo(x + 8, y); to.lineTo(x + 5.5, y + 5); to.lineTo(x - 6, y + 5); }
    else if (kind === "lower_battery") { to.moveTo(x - 5, y - 4); to.lineTo(x + 5, y - 4); to.lineTo(x, y + 5); }
    else if (kind === "radar" || kind === "partner_radar") {
      to.fillStyle = kind === "radar" ? colour.radar : colour.paper; to.strokeStyle = kind === "radar" ? colour.ink : colour.partner;
      to.moveTo(x, y - 6); to.lineTo(x + 6, y); to.lineTo(x, y + 6); to.lineTo(x - 6, y);
    } else {
      to.fillStyle = kind === "regional" ? colour.paper : colour.ink; to.strokeStyle = kind === "regional" ? colour.ink : colour.halo;
      if (kind === "hub") for (let k = 0; k < 10; k++) { const r = k % 2 ? 3 : 7.5, a = Math.PI * (k / 5 - 0.5); to.lineTo(x + r * Math.cos(a), y + r * Math.sin(a)); }
      else to.rect(x - 4, y - 4, 8, 8);
    }
    to.closePath(); to.fill(); to.stroke();
  }
  const font = bold => `${bold ? "600 " : ""}12px system-ui, "DejaVu Sans", sans-serif`;
  const label = (text, x, y, bold) => {
    pen.font = font(bold);
    pen.lineWidth = 3; pen.lineJoin = "round"; pen.strokeStyle = colour.halo; pen.fillStyle = bold ? colour.launch : colour.ink;
    pen.strokeText(text, x, y); pen.fillText(text, x, y);
  };

  const draw = () => {
    const dots = window.devicePixelRatio || 1;
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.fillStyle = colour.sea; pen.fillRect(0, 0, width, height);
    pen.save();
    pen.translate(width / 2 - centre[0] * scale, height / 2 + centre[1] * scale); pen.scale(scale, -scale);
    pen.lineWidth = 0.8 / scale; pen.strokeStyle = colour.border;
    pen.fillStyle = colour.land; pen.fill(others, "evenodd"); pen.stroke(others);
    pen.fillStyle = colour.member; pen.fill(members, "evenodd"); pen.stroke(members);
    pen.restore();
    const alongCoasts = () => {
      pen.save();
      if (!data.coasts) return;
      pen.translate(width / 2 - centre[0] * scale, height / 2 + centre[1] * scale); pen.scale(scale, -scale);
      pen.clip(members, "evenodd");
      pen.setTransform(dots, 0, 0, dots, 0, 0);
    };
    const paint = (chosen, state, faint, drawn) => {
      pen.beginPath();
      for (const i of chosen) {
        if (points.state[i] !== state || (nation >= 0 && points.nation[i] !== nation) !== faint) continue;
        const x = toX(points.x[i]), y = toY(points.y[i]);
        if (x < -60 || y < -60 || x > width + 60 || y > height + 60) continue;
        drawn(i, x, y);
      }
      pen.fillStyle = colour[STATE[state]]; pen.fill();
    };
    for (const faint of nation >= 0 ? [true, false] : [false]) {
      alongCoasts();
      for (const state of [0, 2, 1]) {
        if (!shown[state]) continue;
        pen.globalAlpha = faint ? 0.08 : 0.3;
        if (shown.land) paint(land, state, faint, (i, x, y) => { const side = Math.max(1.5, points.side[i] * scale); pen.rect(x - side / 2, y - side / 2, side, side); });
      }
      pen.restore();
      for (const state of [0, 2, 1]) {
        if (!shown[state]) continue;
        pen.globalAlpha = faint ? 0.1 : 0.8;
        paint(places, state, faint, (i, x, y) => {
          const r = radius(i);
          if (r < 1.6) pen.rect(x - r, y - r, 2 * r, 2 * r); else { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 2 * Math.PI); }
        });
      }
    }
    pen.globalAlpha = 1;
    const taken = [];
    const name = (text, x, y, bold, side) => {
      pen.font = font(bold);
      const wide = pen.measureText(text).width + 2;
      for (const [left, base] of [[x + side + 2, y + 4], [x - side - 2 - wide, y + 4], [x - wide / 2, y - 11], [x - wide / 2, y + 20]]) {
        if (left < 2 || left + wide > width - 2) continue;
        const box = [left, base - 11, left + wide, base + 3];
        if (taken.some(o => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3])) continue;
        taken.push(box); label(text, left, base, bold);
        return;
      }
    };
    const inside = item => { const x = toX(item.x), y = toY(item.y); return x > -20 && y > -20 && x < width + 20 && y < height + 20; };
    const launches = shown.launches ? data.launches.filter(inside) : [], sites = shown.sites ? data.sites.filter(inside) : [];
    const half = item => 8 + 6 * ((item.kinds || [0]).length - 1);
    for (const item of [...launches, ...sites]) taken.push([toX(item.x) - half(item), toY(item.y) - 8, toX(item.x) + half(item), toY(item.y) + 8]);
    for (const item of launches) {
      pen.beginPath(); pen.arc(toX(item.x), toY(item.y), 5.5, 0, 2 * Math.PI); pen.lineWidth = 2.4; pen.strokeStyle = colour.launch; pen.fillStyle = colour.paper; pen.fill(); pen.stroke();
    }
    for (const site of sites) site.kinds.forEach((kind, k) => symbol(pen, kind, toX(site.x) + 12 * (k - (site.kinds.length - 1) / 2), toY(site.y)));
    for (const item of launches) name(item.label, toX(item.x), toY(item.y), true, 8);
    for (const site of sites) name(site.label, toX(site.x), toY(site.y), false, half(site));
    if (picked !== null) {
      const where = picked.site || { x: points.x[picked.point], y: points.y[picked.point] };
      pen.beginPath(); pen.arc(toX(where.x), toY(where.y), picked.site ? 12 : radius(picked.point) + 4, 0, 2 * Math.PI);
      pen.lineWidth = 4; pen.strokeStyle = colour.halo; pen.stroke(); pen.lineWidth = 2; pen.strokeStyle = colour.ink; pen.stroke();
    }
    const bar = byId("scale"), wanted = 110 / scale / KM, power = 10 ** Math.floor(Math.log10(wanted));
    const round = power * (wanted / power >= 5 ? 5 : wanted / power >= 2 ? 2 : 1);
    bar.style.width = `${round * KM * scale}px`; bar.firstElementChild.textContent = `${number(round)} km`;
  };

  const nearest = (x, y, reach) => {
    let best = null, least = Infinity;
    const marks = [...(shown.sites ? data.sites : []), ...(shown.launches ? data.launches : [])];
    for (const site of marks) {
      const away = Math.hypot(toX(site.x) - x, toY(site.y) - y);
      if (away < Math.min(Math.max(9, reach), 14) && away < least) { least = away; best = { site }; }
    }
    if (best) return best;
    for (const i of places) {
      if (!visible(i) || (nation >= 0 && points.nation[i] !== nation)) continue;
      const away = Math.hypot(toX(points.x[i]) - x, toY(points.y[i]) - y) - radius(i);
      if (away < reach && away < least) { least = away; best = { point: i }; }
    }
    if (best) return best;
    for (const i of land) {
      if (!visible(i) || (nation >= 0 && points.nation[i] !== nation)) continue;
      const half = Math.max(3, points.side[i] * scale / 2), away = Math.max(Math.abs(toX(points.x[i]) - x), Math.abs(toY(points.y[i]) - y));
      if (away < half && away < least) { least = away; best = { point: i }; }
    }
    return best;
  };
  const degrees = (value, letters) => `${(Math.abs(value) / 100).toFixed(2)}° ${letters[value < 0 ? 1 : 0]}`;
  const known = what => {
    if (what.site) {
      const kinds = (what.site.kinds || []).map(kind => data.kinds[kind]);
      return [what.site.label, kinds.length ? [["Holds", kinds.join("; ")], ["Elements", what.site.elements.join(", ")]] : [["What", "launch area (generic)"]]];
    }
    const i = what.point, rows = [["State", data.states[points.state[i]]]];
    if (data.nations[points.nation[i]]) rows.push(["Nation", data.nations[points.nation[i]]]);
    if (data.people && !points.land[i]) rows.push(["People", number(points.people[i])]);
    if (points.state[i]) {
      rows.push(["Shots, fewest", points.state[i] === 2 ? `${points.shots[i]} or more` : number(points.shots[i])]);
      rows.push(["Hardest class", data.classes[points.class[i]]], ["from", data.areas[points.area[i]]]);
      if (data.causes[points.cause[i]]) rows.push(["Cause", data.causes[points.cause[i]]]);
    }
    rows.push(["Place", `${degrees(points.lat[i], "NS")}, ${degrees(points.lon[i], "EW")}`]);
    return [points.name[i] || (points.land[i] ? "Land" : "Point"), rows];
  };
  const node = (kind, text) => { const made = document.createElement(kind); made.textContent = text; return made; };
  const tell = what => {
    const [title, rows] = known(what), list = document.createElement("dl");
    for (const [key, value] of rows) list.append(node("dt", key), node("dd", value));
    byId("told").replaceChildren(node("h2", title), list);
  };
  const pick = what => { picked = what; if (what) tell(what); later(); };
  const hint = (what, x, y) => {
    tip.hidden = !what;
    if (!what) return;
    const [title, rows] = known(what);
    tip.replaceChildren(node("b", title), ...rows.slice(0, -1).map(([key, value]) => node("div", `${key}: ${value}`)));
    tip.style.left = `${Math.max(4, Math.min(x + 14, width - tip.offsetWidth - 6))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight > height ? Math.max(4, y - tip.offsetHeight - 12) : y + 18}px`;
  };
  const zoom = (factor, x = width / 2, y = height / 2) => {
    const next = Math.min(Math.max(scale * factor, first / 6), first * 400), east = centre[0] + (x - width / 2) / scale, north = centre[1] - (y - height / 2) / scale;
    centre = [east - (x - width / 2) / next, north + (y - height / 2) / next]; scale = next;
    tip.hidden = true; later();
  };
  const move = (right, down) => { centre = [centre[0] + right / scale, centre[1] - down / scale]; tip.hidden = true; later(); };

  const held = new Map();
  let moved = 0;
  const at = event => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.addEventListener("pointerdown", event => { canvas.setPointerCapture(event.pointerId); held.set(event.pointerId, at(event)); if (held.size === 1) moved = 0; });
  canvas.addEventListener("pointermove", event => {
    const now = at(event), before = held.get(event.pointerId);
    if (!before) { hint(nearest(...now, 6), ...now); return; }
    const rest = [...held].find(([id]) => id !== event.pointerId);
    if (rest) {
      const apart = place => Math.hypot(place[0] - rest[1][0], place[1] - rest[1][1]);
      zoom(apart(now) / Math.max(apart(before), 1), (now[0] + rest[1][0]) / 2, (now[1] + rest[1][1]) / 2);
    } else move(before[0] - now[0], before[1] - now[1]);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    held.set(event.pointerId, now);
  });
  const release = event => { if (held.delete(event.pointerId) && moved < 5 && event.type === "pointerup") pick(nearest(...at(event), event.pointerType === "touch" ? 14 : 6)); };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  canvas.addEventListener("wheel", event => { event.preventDefault(); zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...at(event)); }, { passive: false });
  canvas.addEventListener("keydown", event => {
    const step = 60, keys = {
      ArrowLeft: () => move(-step, 0), ArrowRight: () => move(step, 0), ArrowUp: () => move(0, -step), ArrowDown: () => move(0, step),
      "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), "0": () => { home(); later(); }, Enter: () => pick(nearest(width / 2, height / 2, Infinity)),
    };
    if (keys[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); keys[event.key](); }
  });
  byId("in").addEventListener("click", () => zoom(1.6));
  byId("out").addEventListener("click", () => zoom(1 / 1.6));
  const alone = chosen => {
    nation = chosen;
    for (const other of document.querySelectorAll("[data-nation]")) other.setAttribute("aria-pressed", String(Number(other.dataset.nation) === nation));
    if (nation < 0) home(); else fit(boxOf(order.filter(i => points.nation[i] === nation)), 1.3);
    later();
  };
  byId("reset").addEventListener("click", () => { picked = null; alone(-1); });
  for (const button of document.querySelectorAll("[data-nation]")) button.addEventListener("click", () => alone(Number(button.dataset.nation) === nation ? -1 : Number(button.dataset.nation)));
  for (const box of document.querySelectorAll("[data-layer]")) box.addEventListener("change", () => { shown[box.dataset.layer] = box.checked; later(); });
  const plain = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  byId("find").addEventListener("input", event => {
    const wanted = plain(event.target.value.trim()), found = [];
    if (wanted.length > 1) {
      for (const site of [...data.sites, ...data.launches]) if (plain([site.label, ...(site.elements || [])].join(" ")).includes(wanted)) found.push({ site });
      for (const begins of [true, false]) for (const i of places) {
        if (found.length > 7) break;
        const name = plain(points.name[i]);
        if (begins ? name.startsWith(wanted) : !name.startsWith(wanted) && name.includes(wanted)) found.push({ point: i });
      }
    }
    byId("found").replaceChildren(...found.slice(0, 8).map(what => {
      const button = node("button", what.site ? what.site.label : `${points.name[what.point]}, ${data.nations[points.nation[what.point]]}`), row = document.createElement("li");
      button.type = "button";
      button.addEventListener("click", () => {
        const where = what.site || { x: points.x[what.point], y: points.y[what.point] };
        centre = [where.x, where.y]; scale = Math.max(scale, first * 4);
        pick(what);
      });
      row.append(button);
      return row;
    }));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { paints(); later(); });
  new ResizeObserver(size).observe(canvas);
  paints();
  size();
};

const packed = Uint8Array.from(atob(byId("data").textContent.trim()), letter => letter.charCodeAt(0));
if (typeof DecompressionStream === "undefined") byId("failed").hidden = false;
else new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).json().then(start);
