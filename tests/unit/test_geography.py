"""Places, land and borders against figures published elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario import geography

MEMBERS = (*geography.EUROPE, *geography.NORTH_AMERICA)

# Total areas [km2], CIA World Factbook (France: in Europe; Norway: with Svalbard and Jan Mayen).
AREAS_KM2 = {
    "POL": 312_685,
    "DEU": 357_022,
    "TUR": 783_562,
    "FRA": 551_500,
    "ESP": 505_370,
    "ITA": 301_340,
    "GBR": 243_610,
    "NOR": 385_207,
    "SWE": 450_295,
    "FIN": 338_145,
    "ROU": 238_391,
    "GRC": 131_957,
    "BGR": 110_879,
    "HUN": 93_028,
    "PRT": 92_090,
    "ISL": 103_000,
}

# Eurostat, table demo_pjan, 1 January 2018, as read in 2019; France in Europe: INSEE, the same day.
PEOPLE = {
    "DEU": 82_792_351,
    "TUR": 80_810_525,
    "POL": 37_976_687,
    "ITA": 60_483_973,
    "NOR": 5_295_619,
    "LUX": 602_005,
    "GBR": 66_273_576,
}
FRANCE_IN_EUROPE = 64_738_000


@pytest.fixture(scope="module")
def all_places() -> geography.AimPoints:
    return geography.places(MEMBERS)


@pytest.fixture(scope="module")
def land() -> geography.AimPoints:
    return geography.land_grid(MEMBERS)


def test_the_alliance_of_2024_has_thirty_members_in_europe_and_two_in_america() -> None:
    assert len(geography.EUROPE) == 30
    assert set(geography.NORTH_AMERICA) == {"USA", "CAN"}
    assert len(set(MEMBERS)) == 32


def test_the_places_of_each_nation_sum_to_its_official_total(all_places: geography.AimPoints) -> None:
    for nation, people in PEOPLE.items():
        assert all_places.population[all_places.nation == nation].sum() == pytest.approx(people, rel=1e-9)


def test_overseas_people_are_taken_off_the_total_of_france(all_places: geography.AimPoints) -> None:
    people = all_places.population[all_places.nation == "FRA"].sum()
    assert people == pytest.approx(FRANCE_IN_EUROPE, rel=1e-4)


def test_nato_europe_of_2024_has_591_million_people(all_places: geography.AimPoints) -> None:
    # Eurostat, 1 January 2019 [million]: the Union of 27, less Austria, Ireland, Cyprus and Malta
    union = 446.8 - (8.9 + 4.9 + 0.9 + 0.5)
    # and: United Kingdom, Turkey, Norway, Iceland, Albania, Montenegro, North Macedonia; less overseas France
    others = 66.6 + 82.0 + 5.3 + 0.4 + 2.9 + 0.6 + 2.1 - 2.2
    european = ~np.isin(all_places.nation, geography.NORTH_AMERICA)
    assert all_places.population[european].sum() == pytest.approx((union + others) * 1e6, rel=0.01)


@pytest.mark.parametrize(("nation", "area_km2"), AREAS_KM2.items())
def test_land_cells_add_up_to_the_area_of_a_nation(land: geography.AimPoints, nation: str, area_km2: float) -> None:
    assert land.area_km2[land.nation == nation].sum() == pytest.approx(area_km2, rel=0.03)


def test_european_cells_are_squares_of_25_km_and_american_ones_of_100_km(land: geography.AimPoints) -> None:
    american = np.isin(land.nation, geography.NORTH_AMERICA)
    assert set(land.area_km2[~american]) == {625.0}
    assert set(land.area_km2[american]) == {10_000.0}
    assert not land.population.any()


def test_a_finer_grid_gives_the_area_of_a_small_nation() -> None:
    land = geography.land_grid(["LUX"], spacing_km=2.0)
    assert land.area_km2.sum() == pytest.approx(2_586, rel=0.02)  # CIA World Factbook


def test_a_small_nation_is_in_the_default_grid(land: geography.AimPoints) -> None:
    assert set(land.nation) == set(MEMBERS)


# Total areas [km2], CIA World Factbook (Antarctica without its ice shelves: SCAR, Antarctic Digital Database; Fiji, New
# Zealand and Russia cross the antimeridian), with the side of their cells [km].
ELSEWHERE = {
    "RUS": (17_098_242, 100.0, 0.02),
    "AUS": (7_741_220, 100.0, 0.02),
    "CHN": (9_596_960, 100.0, 0.03),
    "ATA": (12_295_000, 100.0, 0.02),
    "SAU": (2_149_690, 50.0, 0.12),  # its outline leaves out what Yemen and the Emirates long disputed
    "IRN": (1_648_195, 50.0, 0.02),
    "JPN": (377_915 - 5_003, 25.0, 0.03),  # without the southern Kurils
    "NZL": (268_838, 25.0, 0.03),
    "KOR": (99_720, 25.0, 0.04),
    "ISR": (21_937, 25.0, 0.15),
    "FJI": (18_274, 25.0, 0.1),
    "SGP": (719, 10.0, 0.45),
}


@pytest.mark.parametrize("nation", ELSEWHERE)
def test_land_cells_of_any_nation_add_up_to_its_area(nation: str) -> None:
    area_km2, side_km, share = ELSEWHERE[nation]
    land = geography.land_grid([nation])
    assert land.area_km2.sum() == pytest.approx(area_km2, rel=share)
    assert set(land.area_km2) == {side_km**2}
    assert np.isfinite(land.latitude_deg).all()
    assert np.abs(land.longitude_deg).max() <= 180.0


@pytest.mark.parametrize("nation", ["RUS", "AUS", "ATA", "JPN", "FJI", "BRA"])
def test_the_cells_of_a_nation_anywhere_are_squares(nation: str) -> None:
    land = geography.land_grid([nation])
    north, east = np.radians(land.latitude_deg), np.radians(land.longitude_deg)
    unit = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)
    apart_km = 6371.0 * np.arccos(np.clip(unit @ unit.T, -1.0, 1.0)) + np.where(np.eye(len(land)), np.inf, 0.0)
    # An equal-area projection shortens one way what it lengthens the other: 6 % at 40 degrees from its middle.
    assert np.median(apart_km.min(axis=1)) == pytest.approx(np.sqrt(land.area_km2[0]), rel=0.07)


def test_land_beyond_the_antimeridian_and_about_the_pole_is_there() -> None:
    for nation, side_km in (("RUS", None), ("FJI", None), ("NZL", 10.0)):  # the Chathams are 1.5 cells of 25 km
        land = geography.land_grid([nation], side_km)
        assert (land.longitude_deg < -170.0).any()
        assert (land.longitude_deg > 170.0).any()
    assert geography.land_grid(["ATA"]).latitude_deg.min() < -89.0


def test_every_nation_has_land_and_one_smaller_than_a_cell_has_a_point_in_it() -> None:
    from shapely.geometry import Point

    every = list(geography.country_names())
    land = geography.land_grid(every)
    assert set(land.nation) == set(every)
    vatican = land.subset(land.nation == "VAT")
    assert len(vatican) == 1
    assert vatican.area_km2[0] == pytest.approx(0.44, abs=0.2)  # CIA World Factbook; the outline is coarse
    outline = next(shape for code, _, shape in geography.borders() if code == "VAT")
    assert outline.contains(Point(vatican.longitude_deg[0], vatican.latitude_deg[0]))


def test_only_members_of_the_treaty_are_cut_off_at_its_southern_edge() -> None:
    land = geography.land_grid(["FRA", "USA", "MEX", "AUS", "SAU"])
    south = {nation: bool((land.latitude_deg[land.nation == nation] < 23.0).any()) for nation in set(land.nation)}
    assert south == {"FRA": False, "USA": False, "MEX": True, "AUS": True, "SAU": True}


def test_no_land_cell_is_counted_twice(land: geography.AimPoints) -> None:
    centres = {(round(lat, 6), round(lon, 6)) for lat, lon in zip(land.latitude_deg, land.longitude_deg, strict=True)}
    assert len(centres) == len(land)


def test_nothing_lies_south_of_the_tropic_of_cancer(all_places: geography.AimPoints, land: geography.AimPoints) -> None:
    tropic_deg = 23.43  # Astronomical Almanac, rounded down
    assert all_places.latitude_deg.min() > tropic_deg
    assert land.latitude_deg.min() > tropic_deg
    assert "Honolulu" not in all_places.name
    assert not ((land.nation == "FRA") & (land.longitude_deg < -10)).any()  # no Antilles, no Guiana


def test_islands_of_the_treaty_area_are_in_and_greenland_is_out(
    all_places: geography.AimPoints, land: geography.AimPoints
) -> None:
    assert {"Las Palmas de Gran Canaria", "Funchal", "Ponta Delgada", "Tromsø"} <= set(all_places.name)
    assert ((land.nation == "NOR") & (land.latitude_deg > 77)).any()  # Svalbard
    assert "GRL" not in land.nation
    assert not ((land.nation == "DNK") & (land.longitude_deg < 0)).any()


def test_land_on_both_sides_of_the_antimeridian_belongs_to_the_united_states() -> None:
    land = geography.land_grid(["USA"], spacing_km=15.0)
    assert ((land.longitude_deg > 172) & (land.longitude_deg < 180)).any()  # Attu and its neighbours
    assert ((land.longitude_deg > -180) & (land.longitude_deg < -165)).any()
    assert np.abs(land.longitude_deg).max() <= 180
    # Land and inland water without Hawaii [km2]: US Census Bureau, State Area Measurements (2010)
    assert land.area_km2.sum() == pytest.approx(9_147_593 - 16_635 + 222_855, rel=0.02)


def test_every_member_has_one_capital_and_norway_and_france_keep_their_codes() -> None:
    capitals = geography.capitals(MEMBERS)
    assert set(capitals) == set(MEMBERS)
    assert geography.capitals()["JPN"][0] == "Tokyo"
    assert capitals["NOR"][0] == "Oslo"
    assert capitals["FRA"][0] == "Paris"
    name, latitude_deg, longitude_deg = capitals["TUR"]
    assert name == "Ankara"
    assert (latitude_deg, longitude_deg) == pytest.approx((39.93, 32.86), abs=0.05)


def test_a_comma_in_a_name_does_not_shift_the_columns(all_places: geography.AimPoints) -> None:
    washington = all_places.subset(all_places.name == "Washington, D.C.")
    assert len(washington) == 1
    assert washington.latitude_deg[0] == pytest.approx(38.9, abs=0.1)


def test_borders_hold_the_countries_of_the_world_in_degrees() -> None:
    from shapely.geometry import Point

    borders = {code: shape for code, _, shape in geography.borders()}
    assert len(geography.borders()) == 242
    assert set(MEMBERS) <= set(borders)
    assert borders["FRA"].contains(Point(-53.0, 4.0))  # nothing is cut off for maps: French Guiana
    assert borders["NOR"].contains(Point(10.0, 60.5))


def test_places_lie_in_their_nation_or_on_its_shore(all_places: geography.AimPoints) -> None:
    import shapely

    borders = {code: shape for code, _, shape in geography.borders()}
    for nation in MEMBERS:
        own = all_places.subset(all_places.nation == nation)
        inside = shapely.contains_xy(borders[nation], own.longitude_deg, own.latitude_deg)
        off = own.subset(~inside)
        stray_deg = shapely.distance(shapely.points(off.longitude_deg, off.latitude_deg), borders[nation])
        assert inside.mean() > 0.7  # ports fall outside a coarse outline: five of Iceland's eighteen
        assert (stray_deg > 0.3).sum() <= 2  # islets that the 1:50m outline leaves out


def test_points_join_and_part_by_mask_and_by_index(all_places: geography.AimPoints, land: geography.AimPoints) -> None:
    both = all_places.concat(land)
    assert len(both) == len(all_places) + len(land)
    assert set(both.kind) == {"place", "land"}
    again = both.subset(both.kind == "land")
    assert np.array_equal(again.latitude_deg, land.latitude_deg)
    assert list(both.subset(np.array([0])).name) == [all_places.name[0]]


def test_an_unknown_nation_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown nation 'POLL'"):
        geography.places(["DEU", "POLL"])


def test_a_spacing_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        geography.land_grid(["POL"], spacing_km=0.0)


def test_no_nations_give_no_points() -> None:
    assert len(geography.places([])) == 0
    assert len(geography.land_grid([])) == 0


def test_the_attribution_that_the_licence_asks_for_is_at_hand() -> None:
    assert "GeoNames" in geography.GEONAMES_ATTRIBUTION
    assert "creativecommons.org/licenses/by/4.0" in geography.GEONAMES_ATTRIBUTION


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("latitude_deg", [50.0, np.nan], r"latitude_deg\[1\]: must be from -90 to 90 degrees north, got nan"),
        ("longitude_deg", [386.1, 0.0], r"longitude_deg\[0\]: must be from -180 to 180 degrees east, got 386"),
        ("population", [1.0, -5.0], r"population\[1\]: must be from 0"),
        ("population", [np.inf, 1.0], r"population\[0\]: must be from 0"),
        ("population", [True, False], "population: numbers in one row"),
        ("population", ["1", "2"], "population: numbers in one row"),
        ("population", [[1.0, 2.0]], "population: numbers in one row"),
        (
            "area_km2",
            np.ma.array([1.0, 2.0], mask=[True, False]),
            "area_km2: numbers in one row were expected, none masked",
        ),
        ("area_km2", [1.0], "area_km2: 2 values were expected, one a name, got 1"),
        ("name", [1, 2], "name: texts"),
    ],
)
def test_points_made_in_python_are_held_to_the_limits_of_a_file(column: str, values: object, said: str) -> None:
    given: dict[str, object] = {
        "name": np.array(["a", "b"], dtype=object),
        "nation": ["ROU", ""],
        **{key: [1, 2] for key in ("latitude_deg", "longitude_deg", "population", "area_km2")},
        "kind": ["place", "place"],
    }
    assert geography.AimPoints(**given).population.tolist() == [1.0, 2.0]
    with pytest.raises(InputError, match=f"points: {said}"):
        geography.AimPoints(**given | {column: values})


def test_the_points_of_a_scenario_which_answers_share_cannot_be_changed() -> None:
    both = geography.places(("LUX",)).concat(geography.land_grid(("LUX",)))
    for points in (both, both.subset(both.kind == "place")):
        for column in points.columns():
            with pytest.raises(ValueError, match="read-only"):
                column[0] = column[1]
