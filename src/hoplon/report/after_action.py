"""The after-action page of one replication: each threat from launch to outcome, and who knew what when."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from hoplon.presentation import colours
from hoplon.presentation.raid_wording import FORM_TITLES
from hoplon.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.raid.playback import Moment, Playback, ThreatStory

_LEFT, _RIGHT, _WIDTH, _ROW = 300, 120, 1180, 26  # [px]
_MARKS: Final = {
    "alert": ("#B8860B", "alert: a satellite's warning reaches a node"),
    "track": ("#4C7EA8", "first radar track"),
    "firm": ("#1B2A6B", "track firm: decision begins"),
    "assigned": ("#7B5EA7", "assigned to a battery"),
    "order": ("#5A6470", "order accepted by the battery"),
    "launch": ("#00736B", "interceptor launched"),
    "intercept": ("#D1491F", "intercept"),
    "assessment": ("#7A1B1B", "kill assessment"),
    "leak": ("#000000", "reaches its aim"),
}
_STYLE: Final = """
body{font:15px/1.45 system-ui,"DejaVu Sans",sans-serif;color:#1D2530;max-width:1200px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .4rem}.quiet{color:#5A6470;font-size:.87rem}
svg{width:100%;height:auto;display:block}svg text{font:11.5px "DejaVu Sans",system-ui,sans-serif}
table{border-collapse:collapse;font-size:.85rem;margin:.5rem 0}td,th{padding:.16rem .7rem .16rem 0;text-align:left;
border-bottom:1px solid #E4E7EB;vertical-align:top}td:first-child,th:first-child{text-align:right;
font-variant-numeric:tabular-nums}details{border-top:1px solid #C3C8CF;padding:.35rem 0}
summary{cursor:pointer}.leaked{color:#B03512;font-weight:600}.killed{color:#00736B;font-weight:600}
.chart{overflow-x:auto}.chart svg{min-width:46rem}
ul.key{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.1rem 1.3rem;font-size:.83rem}
@media print{details{break-inside:avoid}.chart svg{min-width:0}}
"""


def after_action_page(played: Playback, scenario_name: str, scenario_sha256: str) -> str:
    """Return the page as HTML that needs nothing but itself.

    Parameters
    ----------
    played : Playback
    scenario_name, scenario_sha256 : str
        For the line of provenance.
    """
    title = f"After action: {played.raid} against {played.architecture}"
    killed = len(played.threats) - played.leakers
    lead = (
        f"{_flown(played)} threats, {killed} killed, {played.leakers} leaked; {played.shots} interceptors "
        f"launched. "
        f"Command and control: {FORM_TITLES.get(played.c2, played.c2)}. Times in seconds after the first launch."
    )
    lost = "".join(
        f"<li>{escape(moment.who)} {escape(moment.text)} at {moment.time_s:.0f} s</li>" for moment in played.lost
    )
    left_out = "".join(f"<li>{escape(line)}</li>" for line in played.refused)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>",
        f"<h2>Groups of the raid that do not fly</h2><ul>{left_out}</ul>" if left_out else "",
        f"<h2>Elements out of action</h2><ul>{lost}</ul>" if lost else "",
        f"<h2>Every threat from launch to outcome</h2>{_legend()}{overview(played)}",
        "<h2>Who knew what when</h2>",
        *(_detail(played, threat) for threat in played.threats),
        '<p class="quiet">One replication of many: it shows how things come about, not how likely they are. A mark '
        "stands at the time at which the element itself knew. Kill probabilities, delays and errors are assumed.</p>",
        f'<p class="quiet">hoplon {VERSION} · scenario {escape(scenario_name)} {scenario_sha256[:12]} · seed '
        f"{played.seed} · replication {played.replication} · {played.events} events</p></body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _flown(played: Playback) -> str:
    """Return how many missiles fly, of how many of the raid where some do not."""
    threats = len(played.threats)
    return f"{threats}" if threats == played.threats_of_raid else f"{threats} of the raid's {played.threats_of_raid}"


def _legend() -> str:
    items = "".join(
        f'<li><svg viewBox="0 0 16 16" style="width:14px;display:inline-block;vertical-align:-2px">'
        f"{_mark(stage, 8, 8)}</svg> {escape(text)}</li>"
        for stage, (_, text) in _MARKS.items()
    )
    return f'<ul class="key">{items}</ul>'


def _mark(stage: str, x: float, y: float, title: str = "") -> str:
    colour = _MARKS[stage][0]
    told = f"<title>{escape(title)}</title>" if title else ""
    if stage in ("launch", "intercept"):
        lean = -1 if stage == "launch" else 1
        points = f"{x - 5:.1f},{y - 4 * lean:.1f} {x + 5:.1f},{y - 4 * lean:.1f} {x:.1f},{y + 5 * lean:.1f}"
        return f'<polygon points="{points}" fill="{colour}">{told}</polygon>'
    if stage == "leak":
        lines = f"M{x - 5:.1f},{y - 5:.1f}L{x + 5:.1f},{y + 5:.1f}M{x - 5:.1f},{y + 5:.1f}L{x + 5:.1f},{y - 5:.1f}"
        return f'<path d="{lines}" stroke="{colour}" stroke-width="2.4">{told}</path>'
    if stage in ("order", "assigned"):
        paint = f'fill="{colour}"' if stage == "order" else f'fill="white" stroke="{colour}" stroke-width="1.8"'
        return f'<rect x="{x - 3.6:.1f}" y="{y - 3.6:.1f}" width="7.2" height="7.2" {paint}>{told}</rect>'
    if stage == "assessment":
        points = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 5:.1f} {x - 5:.1f},{y:.1f}"
        return f'<polygon points="{points}" fill="white" stroke="{colour}" stroke-width="1.8">{told}</polygon>'
    paint = f'fill="white" stroke="{colour}" stroke-width="1.8"' if stage == "alert" else f'fill="{colour}"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3.4 if stage == "alert" else 4}" {paint}>{told}</circle>'


def _axis(begins: float, ends: float, top: float, bottom: float) -> tuple[str, float]:
    """Return a grid of round times, and pixels per second."""
    scale = (_WIDTH - _LEFT - _RIGHT) / max(ends - begins, 1.0)
    step = next(size for size in (10, 20, 30, 60, 120, 300, 600, 1200, 3600, 1e9) if (ends - begins) / size <= 14)
    lines, tick = [], int(-(-begins // step)) * step
    while tick <= ends:
        x = _LEFT + (tick - begins) * scale
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="#E4E7EB"/>')
        lines.append(f'<text x="{x:.1f}" y="{top - 6}" text-anchor="middle" fill="{colours.QUIET}">{tick:.0f}</text>')
        tick += step
    lines.append(f'<text x="{_WIDTH - 8}" y="{top - 6}" text-anchor="end" fill="{colours.QUIET}">s</text>')
    return "".join(lines), scale


def _outcome(threat: ThreatStory) -> tuple[str, str]:
    return ("leaked", "#B03512") if threat.leaked else ("killed", "#00736B")


def overview(played: Playback) -> str:
    """Return the chart of all threats as SVG: a bar of flight with tracks and events on it."""
    top, ends = 34, max(_last(threat) for threat in played.threats)
    bottom = top + _ROW * len(played.threats)
    grid, scale = _axis(0.0, ends, top, bottom)
    rows = [grid]
    for row, threat in enumerate(played.threats):
        y = top + _ROW * (row + 0.5)
        start, end = _LEFT + threat.launched_s * scale, _LEFT + threat.ends_s * scale
        word, colour = _outcome(threat)
        rows.append(f'<text x="{_LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{escape(threat.name)}</text>')
        rows.append(f'<rect x="{start:.1f}" y="{y - 2}" width="{max(end - start, 1):.1f}" height="4" fill="#C9CED6"/>')
        for begins, until in _union([(track.begins_s, track.ends_s) for track in threat.tracks]):
            until = min(until, threat.ends_s)
            rows.append(
                f'<rect x="{_LEFT + begins * scale:.1f}" y="{y - 5}" width="{max(until - begins, 0) * scale:.1f}" '
                'height="10" fill="#4C7EA8" opacity="0.32"/>'
            )
        for moment in threat.moments:
            first = threat.first(moment.stage)
            if moment.stage in _MARKS and (first is moment or moment.stage in ("launch", "intercept")):
                rows.append(_mark(moment.stage, _LEFT + moment.time_s * scale, y, _words(moment)))
        rows.append(
            f'<text x="{_LEFT + _last(threat) * scale + 11:.1f}" y="{y + 4:.1f}" fill="{colour}" font-weight="600">'
            f"{word}</text>"
        )
    return (
        f'<div class="chart"><svg viewBox="0 0 {_WIDTH} {bottom + 8}" role="img" aria-label="Timeline of every threat">'
        f"{''.join(rows)}</svg></div>"
        '<p class="quiet">Grey: in flight. Blue band: some radar holds a track. First mark of each kind; every launch '
        "and every intercept.</p>"
    )


def _last(threat: ThreatStory) -> float:
    """Return the time of the last event of a threat, its kill assessment after its end included [s]."""
    return max(threat.ends_s, *(moment.time_s for moment in threat.moments))


def _union(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], ends)
        else:
            merged.append((begins, ends))
    return merged


def _words(moment: Moment) -> str:
    return f"{moment.time_s:.1f} s, {moment.who}: {moment.text}"


def _detail(played: Playback, threat: ThreatStory) -> str:
    word, _ = _outcome(threat)
    rows = "".join(
        f"<tr><td>{moment.time_s:.1f}</td><td>{escape(moment.who)}</td><td>{escape(moment.text)}</td></tr>"
        for moment in threat.moments
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("s", "who", "what"))
    shots = f"{len(threat.shots)} interceptor{'' if len(threat.shots) == 1 else 's'}"
    opened = " open" if threat.number == 0 or threat.leaked else ""
    return (
        f"<details{opened}><summary>{escape(threat.name)} to {escape(threat.aim)}: "
        f'<span class="{word}">{word}</span> at {threat.ends_s:.0f} s, {shots}</summary>{lanes(threat)}'
        f"<table><tr>{heads}</tr>{rows}</table></details>"
    )


def lanes(threat: ThreatStory) -> str:
    """Return the chart of one threat as SVG: a lane for each radar, node and battery involved."""
    actors: dict[str, None] = {}
    for track in threat.tracks:
        actors.setdefault(track.radar)
    for moment in threat.moments:
        if moment.who != threat.name:
            actors.setdefault(moment.who)
    names = [threat.name, *actors]
    top = 34
    bottom = top + _ROW * len(names)
    grid, scale = _axis(threat.launched_s, _last(threat), top, bottom)
    parts = [grid]

    def at(time: float) -> float:
        return _LEFT + (time - threat.launched_s) * scale

    lane = {name: top + _ROW * (place + 0.5) for place, name in enumerate(names)}
    for name, y in lane.items():
        weight = ' font-weight="600"' if name == threat.name else ""
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 4:.1f}" text-anchor="end"{weight}>{escape(name)}</text>')
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="#E4E7EB"/>')
    y = lane[threat.name]
    parts.append(f'<rect x="{_LEFT}" y="{y - 2}" width="{at(threat.ends_s) - _LEFT:.1f}" height="4" fill="#8D949E"/>')
    for track in threat.tracks:
        width = max(at(track.ends_s) - at(track.begins_s), 1.5)
        parts.append(
            f'<rect x="{at(track.begins_s):.1f}" y="{lane[track.radar] - 6}" width="{width:.1f}" height="12" '
            f'fill="#4C7EA8" opacity="0.45"><title>{escape(track.radar)} holds the track, {track.begins_s:.0f} to '
            f"{track.ends_s:.0f} s</title></rect>"
        )
    for shot in threat.shots:
        x, end = at(shot.launch_s), at(shot.intercept_s)
        parts.append(
            f'<line x1="{x:.1f}" x2="{end:.1f}" y1="{lane[shot.battery]}" y2="{lane[shot.battery]}" '
            'stroke="#00736B" stroke-width="2.4"/>'
            f'<line x1="{end:.1f}" x2="{end:.1f}" y1="{lane[shot.battery]}" y2="{y}" stroke="#D1491F" '
            'stroke-dasharray="2 3"/>'
        )
    for moment in threat.moments:
        if moment.stage in _MARKS:
            parts.append(_mark(moment.stage, at(moment.time_s), lane[moment.who], _words(moment)))
    word, colour = _outcome(threat)
    parts.append(
        f'<text x="{at(_last(threat)) + 12:.1f}" y="{y + 4:.1f}" fill="{colour}" font-weight="600">{word}</text>'
    )
    label = escape(f"Timeline of {threat.name}")
    chart = f'<svg viewBox="0 0 {_WIDTH} {bottom + 8}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    return f'<div class="chart">{chart}</div>'
