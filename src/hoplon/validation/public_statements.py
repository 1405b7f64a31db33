"""What was said in public of who would be defended, region by region, against the computed coverage.

A statement is a map of two colours or a sentence. A region counts as defended when three quarters of its threatened
people are, against every class of the study's headline at base values, and as not defended when no more than a quarter
is: the expected value is 1 or 0, the tolerance 0.25.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Final

from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_answer import CoverageAnswer, coverage_answer
from hoplon.analysis.store import Store
from hoplon.questions.comparison.agreement import in_region, share_of
from hoplon.scenario.geography import AimPoints, places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario
from hoplon.scenario.reporting import StatementRegion
from hoplon.validation.case import Case, KnownDifference, absolute, of_model

TWO_COLOURS: Final = absolute(0.25, "a map or a sentence: three quarters of a region's people count as defended")

# COV-01: ten two-stage interceptors in northern Poland, a midcourse radar in the Czech Republic, a forward radar.
_COV_01: Final = (
    "Czech ambassador to NATO, HotNews.ro 2007; United States map reported by SPA, 2007; J. Rood, 2008 "
    "(VOA and the Financial Times of 12 March 2007 list Italy among those in need of short-range cover)"
)
DEFENDED: Final = ("Italy", "Spain", "Portugal", "western Romania")
NOT_DEFENDED: Final = ("Turkey", "Greece", "Bulgaria", "eastern Romania")
# Banat, Crisana and Maramures lie west of 23.5 E; Moldavia and Dobruja east of 26.5 E.
REGIONS: Final = {
    "Italy": StatementRegion(nation="ITA"),
    "Spain": StatementRegion(nation="ESP"),
    "Portugal": StatementRegion(nation="PRT"),
    "Turkey": StatementRegion(nation="TUR"),
    "Greece": StatementRegion(nation="GRC"),
    "Bulgaria": StatementRegion(nation="BGR"),
    "western Romania": StatementRegion(nation="ROU", west_of_deg=23.5),
    "eastern Romania": StatementRegion(nation="ROU", east_of_deg=26.5),
}
RELEASE_DELAY_S: Final = 150  # between the bounds of the scenario, 15 and 200 s; the record holds from 120 to 180 s

_SEOUL: Final = StatementRegion(nation="KOR", north_of_deg=37.2, west_of_deg=127.4)
_SOUTH: Final = StatementRegion(nation="KOR", south_of_deg=36.9)
_YOO: Final = (
    "deputy defence minister Yoo Jeh-seung, CNN in Loop Nauru, July 2016: one half to two thirds of all citizens"
)
_YOO_URL: Final = "http://www.loopnauru.com/content/south-korea-reveals-location-thaad-missile-defense-system"
_JOONGANG: Final = "JoongAng Daily, 14 September 2017: two thirds of the country, not the Seoul area"
_JOONGANG_URL: Final = (
    "https://koreajoongangdaily.joins.com/2017/09/14/politics/PAC2-will-move-to-the-capital-region-by-late-2018/"
    "3038447.html"
)
_AKITA: Final = (
    "South China Morning Post, 1 June 2018: two Aegis Ashore batteries to protect the entire Japanese archipelago"
)
_AKITA_URL: Final = "https://www.scmp.com/news/asia/east-asia/article/2148873/japan-wants-deploy-land-based-us-aegis-missile-shield-akita"
_GUAM: Final = "homeland security adviser of Guam, 9 August 2017, in The New American: protected by THAAD"
_GUAM_URL: Final = (
    "https://www.thenewamerican.com/usnews/foreign-policy/item/26668-official-says-north-korean-missile-has-00001-"
    "percent-chance-of-getting-through-defenses"
)
_EMIRATES: Final = "retired general Khalid Al Buainain in Gulf News, 2008: THAAD would defend the United Arab Emirates"
_EMIRATES_URL: Final = "https://gulfnews.com/uae/government/missile-shield-will-protect-uaes-assets-1.149316"
_OMAN: Final = "Cordesman, Iran and the Need for Missile Defense in the Gulf, CSIS, 2019: Oman has no missile defence"
_ONE_HALF: Final = KnownDifference(
    0.4646,
    absolute(0.005, "a quarter of a million people"),
    "25.2 of the 51.7 million people of the study live in the Seoul area, which another statement of the same year "
    "leaves outside, and so does the model; half of all people would be nearly all the others. Of those 24.0 million "
    "are defended: Jeju and the north-east (Chuncheon, Gangneung) are out of reach, more than the published 200 km "
    "away, and at Mokpo the radar does not follow the intercept",
)


def towns() -> AimPoints:
    """Return the towns of 20,000 people and more of the nations that COV-01 names."""
    points = places(tuple(dict.fromkeys(region.nation for region in REGIONS.values())))
    return points.subset(points.population >= 20_000)


def region_shares(scenario: Scenario, coverage: Coverage) -> dict[str, float]:
    """Return by region of COV-01 the share of its threatened people that are defended."""
    found = {name: share_of(scenario, coverage, in_region(coverage.points, one)) for name, one in REGIONS.items()}
    return {name: float("nan") if share is None else share for name, share in found.items()}


@cache
def _judged(study: str, architecture: str) -> CoverageAnswer:
    scenario = load_scenario(study)
    return coverage_answer(Store(), scenario, architecture, levels="base", what_if=False)


@cache
def _third_site() -> Mapping[str, float]:
    scenario = load_scenario("nato-europe").set("doctrine.decision_s", RELEASE_DELAY_S)
    answer = coverage_answer(Store(), scenario, "programme-of-record", points=towns(), levels="base", what_if=False)
    return region_shares(scenario, answer.base)


def third_site(region: str) -> float:
    """Return the share of a region of COV-01 that the site planned in 2007 defends."""
    return _third_site()[region]


def share(study: str, architecture: str, region: StatementRegion) -> float:
    """Return the share of a region's threatened people that an architecture defends; not a number without any."""
    answer = _judged(study, architecture)
    found = share_of(answer.scenario, answer.base, in_region(answer.base.points, region))
    return float("nan") if found is None else found


def _case(
    number: str,
    quantity: str,
    where: tuple[str, str, StatementRegion],
    expected: float,
    source: tuple[str, str],
) -> Case:
    return Case(number, quantity, "1", partial(share, *where), expected, TWO_COLOURS, *source)


_KOREA: Final = ("pacific", "seongju-alone")
_THIRD_SITE_CASES: Final = (
    Case(
        "COV-01",
        f"people of {name} defended by the site planned in 2007, {RELEASE_DELAY_S} s to release",
        "1",
        partial(third_site, name),
        1.0 if name in DEFENDED else 0.0,
        TWO_COLOURS,
        _COV_01,
    )
    for name in REGIONS
)
_STATEMENTS: Final = (
    Case(
        "COV-02",
        "people of the Republic of Korea defended by THAAD at Seongju alone",
        "1",
        partial(share, *_KOREA, StatementRegion(nation="KOR")),
        7.0 / 12.0,
        absolute(1.0 / 12.0, "one half to two thirds, as stated"),
        _YOO,
        _YOO_URL,
        known=_ONE_HALF,
    ),
    _case("COV-02", "the same in the Seoul area", (*_KOREA, _SEOUL), 0.0, (_JOONGANG, _JOONGANG_URL)),
    _case("COV-02", "the same south of 36.9 N", (*_KOREA, _SOUTH), 1.0, (_JOONGANG, _JOONGANG_URL)),
    _case(
        "COV-03",
        "people of Japan defended by Aegis Ashore in Akita and Yamaguchi alone",
        ("pacific", "aegis-ashore-alone", StatementRegion(nation="JPN")),
        1.0,
        (_AKITA, _AKITA_URL),
    ),
    _case(
        "COV-04",
        "people of Guam defended with THAAD there",
        ("pacific", "pacific-2015", StatementRegion(nation="GUM")),
        1.0,
        (_GUAM, _GUAM_URL),
    ),
    _case(
        "COV-05",
        "people of the United Arab Emirates defended with two THAAD batteries",
        ("gulf", "gcc-2016", StatementRegion(nation="ARE")),
        1.0,
        (_EMIRATES, _EMIRATES_URL),
    ),
    _case(
        "COV-05",
        "the same of Oman, without a battery",
        ("gulf", "gcc-2016", StatementRegion(nation="OMN")),
        0.0,
        (_OMAN, ""),
    ),
)
CASES = of_model("coverage", "literature", (*_THIRD_SITE_CASES, *_STATEMENTS))
