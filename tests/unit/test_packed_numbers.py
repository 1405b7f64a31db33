"""Where a kernel keeps several numbers in one, each has room: the greatest that can come stays below its share."""

from dataclasses import replace

import pyproj

from hoplon.analysis.raid.inputs import LONGEST_FLIGHT, raid_flights
from hoplon.analysis.raid.sensors import LEAST_UPDATE, key_of_name
from hoplon.backbone import kernel, looks, messages, raid_model
from hoplon.defence import tables
from hoplon.scenario.containers import MOST_ENTRIES
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Place, Raid

SIGNED = 63  # bits of a whole number of 64 that leave its sign alone


def test_the_rank_of_an_event_orders_by_destination_then_source_then_sequence() -> None:
    last = kernel.MOST_ELEMENTS
    sequence = (1 << 38) - 1
    ranks = [(0, 0, 0), (0, 0, sequence), (0, 1, 0), (0, last, sequence), (1, 0, 0), (last, last, sequence)]
    numbers = [kernel.rank_of(*rank) for rank in ranks]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] < 1 << SIGNED


def test_a_bit_for_each_battery_radar_and_node_leaves_the_sign_alone() -> None:
    assert raid_model.MOST_BATTERIES < SIGNED
    assert 1 << tables.BITS == SIGNED + 1  # words of the sets of defences are unsigned


def test_both_ends_of_a_window_of_support_fit_an_order() -> None:
    assert LONGEST_FLIGHT + 1 < messages.WINDOW


def test_the_looks_of_one_stay_in_cover_fit_their_numbers() -> None:
    assert LONGEST_FLIGHT / LEAST_UPDATE < looks.EPOCH


def test_a_flight_too_long_for_its_looks_is_refused() -> None:
    toy = load_scenario("toy")
    group = next(iter(toy.raids.values())).threats[0]
    launch, far = toy.launch_areas[group.from_].at, 12_000e3
    longitude, latitude, _ = pyproj.Geod(ellps="WGS84").fwd(launch.longitude_deg, launch.latitude_deg, 200.0, far)
    threat = toy.threats[group.threat]
    most = replace(threat.max_range_km, value=15_000.0)
    reasons = {}
    for loft in (0.0, 36.0):  # 36 degrees above the flight of least energy it is up for three hours
        threats = {group.threat: replace(threat, max_range_km=most, lofts_deg=(loft,))}
        raid = Raid(threats=(replace(group, aim=Place(float(latitude), float(longitude))),))
        reasons[loft] = raid_flights(replace(toy, threats={**toy.threats, **threats}), raid, None).refused
    assert reasons[0.0] == ()
    assert reasons[36.0][0].endswith("s; a raid holds 10,000 s at most")


def test_the_key_of_a_missile_holds_its_group_and_its_number_in_it() -> None:
    assert kernel.MOST_ELEMENTS < 1 << 16  # missiles of all groups together
    assert max(MOST_ENTRIES, kernel.MOST_ELEMENTS) << 16 < raid_model._SECOND_NUMBER
    assert 0 <= key_of_name("any") < 1 << 31  # two of them make the key of a link


def test_the_key_of_a_message_holds_kind_radar_and_round() -> None:
    sent_by_links = (messages.ALERT, messages.CUE, messages.TRACK_ON, messages.TRACK_OFF, messages.UPDATE)
    sent_by_links += (messages.ORDER, messages.ACCEPTED, messages.REFUSED, messages.SUPPORT)
    assert max(sent_by_links) < 32
    assert 32 * (raid_model.MOST_BATTERIES + 1) < 8192
