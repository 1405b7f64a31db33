"""An independent, brute-force build of the model page, to hold the real one against.

Plain NumPy, no compiled code, nothing imported from the package under test. Written from the model page
(``docs/model.md``) alone, as literally as a program can be: one-second time grid, limits inclusive, roots by
bisection on dense grids. It is slow on purpose.

Sections built: 1 (Earth and frames), 2.1 (kinematic tier), 3 (sensors, without detection probability),
5 (interceptor fly-out), 7 (engagement, ``support: held``) and 8 for a list of points.

Where the page is silent or can be read in two ways, and what was chosen here
-----------------------------------------------------------------------------
Flight
 1. *The least root of T* is looked for every five seconds up to one turn of the Earth, then bisected; a time without an
    arc counts as one whose arc takes for ever. Two roots closer than five seconds are missed.
 2. *Below the ground before the aim.* Judged on 4,000 equal steps of the free flight, ends left out, at less than -1
    m above the ellipsoid: at the aim itself the altitude is zero but for rounding.
 3. *The short way when the burnout point lies beyond the aim* (``min_range_km`` < ``burnout_ground_range_km``): taken
    literally, the arc then flies back. Azimuth of an aim at the launch point itself: north.
 4. *Denominator of the hit equation not positive*: no solution (v^2 would be negative or infinite). Escape speed
    means v^2 >= 2 mu / |r1|.
 5. ``apogee_km`` is the greatest altitude of the whole flight; for a flight that descends from burnout it is the
    burnout altitude.
 6. The boost path is tied to the Earth: its great circle is on the mean sphere in ECEF longitude.
Sensors
 7. *Time grid.* t = 0, 1, ..., floor(flight time); impact itself is not on the grid unless it is a whole second. A
    track interval [on, off] has on and off on the grid: off is the last second inside track cover.
 8. *Missing limits.* No ``elevation_deg``: 0 to 90. No ``max_range_km``: none. No ``track``: as ``search``. No
    ``acquisition_s`` or ``cued_acquisition_s``: 0. A class without a cross-section in the band: never in cover. No
    ``detect_s``: 0.
 9. *Wait.* A wait that began at s is over at s + wait, and the track begins at the first grid time t with
    s + wait <= t (a whole-second wait of 10 that begins at 100 is over at 110). A cue arrival need not be on the grid.
    The page's grid is for "reference answers"; a build may let a track begin between two seconds, when the wait is
    over: ``Architecture.on_grid = False`` gives that reading, and the comparison accepts it. They differ only where
    an alert, a latency or a wait is not whole.
10. *Search wait within one track cover* starts again whenever search cover breaks; the cued wait starts again only
    when track cover breaks. One track interval per unbroken track cover.
11. *Least fixed point.* Read as the causal one: no cue is assumed before something has reported. Only with zero
    latency and zero waits could another fixed point (two radars cueing each other out of nothing) exist.
12. *Several satellites.* The earliest alert + latency over those whose ``detect_s`` the burn outlasts.
13. *Partner elements* are read-only feeds: never cued (``cue_s`` null), so a partner radar with ``requires_cue``
    never tracks; their tracks and alerts count as networked ones.
14. ``organic``: own radars of one battery do not cue each other either ("no cue"). ``cue_s`` is null for all.
15. *No refraction, the Earth in the way*: with a negative lower elevation limit a line of sight that passes through
    the ellipsoid does not count.
Engagement
16. x(t) is the mean-sphere distance from the battery to the geodetic sub-point, h(t) the ellipsoidal altitude; the
    battery's own altitude is not used.
17. *Support, "plus latency".* on + support_s + latency <= t; the hold in [t - handover_s, t] is not shifted by
    latency. Latency from own radars is zero in every mode.
18. *Eyes for a look.* No latency; the radars admitted for commit; [on, off] meets [intercept, intercept + kill
    assessment].
19. ``shots`` counts opportunities (salvos), shots * salvo <= count; a magazine smaller than one salvo gives none.
    ``last_intercept_s`` does not depend on the magazine or on ``look``.
20. A missing ``count`` is no limit. Defaults: support_s 10, salvo 1, shots_required 1, look true, lofts [0], mode
    organic.
21. ``from`` is the first year, ``until`` the first year without (what ends in 2012 is gone in 2012); without a
    ``year`` everything is active and every class exists. A class is refused before the ``value`` of its ``from``.
22. *A loft that is not in the class's* ``lofts_deg`` is refused, even when asked for by hand.
23. *Battery that is itself* ``partner``: not tasked, so left out.
24. Firm time may be off the grid (burn time not whole); nothing is rounded.
25. *Warning time* with several satellites: from the earliest alert + latency; null without an alert, or in
    ``organic`` mode (no alert there); the comparison leaves the organic one open.
31. *A tracking satellite's interval.* Held at each second at or after burnout + ``acquisition_s`` at which the body is
    at ``min_altitude_km`` or higher: one still below it, rising, is not followed until it is there, and one that never
    rises so high is never followed.
32. *Eyes of a satellite.* Its track counts as a networked radar's, for the look after a shot too.
33. *Roles.* That of a battery's own radar counts as well: in ``organic`` and ``launch_on_remote`` an own radar whose
    type does not support intercepts commits, and supports none.
Coverage
26. Shots of one flight = the most that any single battery has (the page asks for *some* battery with
    ``shots_required``). ``shots_min`` is the least over the flights that reach the point. A loft without a solution
    does not reach it. Years of the classes are not applied: the caller names the classes.
Fly-out
27. x is measured in the direction of the launch, 0 <= x <= pi R; passing the point from the far side (a coast of more
    than half a turn) does not count. Hyperbolic coasts are allowed and only rise.
28. t = burn time itself counts as coast: the burnout point can be hit at exactly that time.
29. Only e = 90 reaches x = 0.
30. ``min_burnout_speed_km_s`` is one number for low, base and high, or the burnout speed of a bound that is below it.
"""

from .engagement import Architecture, engage, resolve
from .fan import flyout, flyout_solutions, flyout_times
from .flight import Flight, NoFlightError, fly, trajectory
from .scenario import load
from .territory import coverage

__all__ = [
    "Architecture",
    "Flight",
    "NoFlightError",
    "coverage",
    "engage",
    "fly",
    "flyout",
    "flyout_solutions",
    "flyout_times",
    "load",
    "resolve",
    "trajectory",
]
