"""What a new user writes first; checked by mypy --strict against the installed wheel."""

from pathlib import Path

import hoplon


def defended(architecture: str) -> float | None:
    """Return the share of threatened people who are defended."""
    scenario = hoplon.load("nato-europe")
    result = hoplon.coverage(scenario, architecture)
    return result.summary().population_share


if __name__ == "__main__":
    share = defended("phase-3")
    slower = hoplon.load("nato-europe").set("interceptors.sm3-iia.burnout_speed_km_s", 4.0)
    engagement = hoplon.engage(slower, "phase-3", "tabriz", (44.43, 26.10), "mrbm-2000")
    print(share, engagement.line(), hoplon.__version__)
    leaked = hoplon.raid(slower, "phase-3", "bundled", replications=200, seed=7)
    print(leaked.line(), leaked.as_json())
    nations: list[str] = [str(row["nation"]) for row in hoplon.coverage(slower, "phase-3").rows()]
    for architecture in hoplon.load("nato-europe").architectures:
        print(architecture, nations)
    picture = hoplon.plot(hoplon.coverage(slower, "phase-3"))
    print(picture)
    report = hoplon.study(slower, Path("my-study"))
    print(report.report, report.notes)
    answer = hoplon.ask("nato-europe", "elements")
    print(answer.as_frame("elements"))
