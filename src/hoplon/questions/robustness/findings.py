"""Sentences of question 13."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoplon.analysis.architectures import sentence_title
from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.analysis.robustness.decision import DECIDED, PairChoice, Rate
from hoplon.analysis.robustness.indices import FactorIndex
from hoplon.analysis.robustness.switching import Switch
from hoplon.presentation.wording import listed, percent, points
from hoplon.questions.question import Finding
from hoplon.questions.study import Study

_QUESTION = "Q13"
_MOST_NAMED = 3  # inputs, or pairs, in one sentence
_OF_A_FACTOR = {
    "rcs": "the radar cross-sections of the missiles",
    "threat_boost": "the boost of the missiles",
    "threat_range": "the ranges of the missiles",
    "floor": "the lowest intercept altitudes",
    "ceiling": "the highest intercept altitudes",
    "alert": "the delay of the first alert",
    "network.latency_s": "the latency of the network",
    "doctrine.decision_s": "the time to decide",
    "doctrine.reaction_s": "the reaction time",
    "doctrine.firm_track_s": "the time to a firm track",
    "doctrine.handover_s": "the time before an intercept at which the track is handed over",
}
_OF_A_TYPE = {
    "radar_range": "the range of the radar {}",
    "burnout_speed": "the burnout speed of {}",
    "burn_time": "the burn time of {}",
}


_OF_A_NUMBER = {
    "min_elevation_deg": "the least launch elevation of {}",
    "min_burnout_speed_km_s": "the least burnout speed of {}",
    "max_flight_time_s": "the longest flight of {}",
    "boresights_deg": "the azimuth of {}",
    "acquisition_s": "the acquisition time of {}",
    "min_altitude_km": "the lowest altitude that {} tracks at",
}


def findings(study: Study, answer: RobustnessAnswer) -> list[Finding]:
    """Return whether one can decide before the inputs are settled, what it may cost, and what would turn it."""
    if answer.choice.winner is None or not answer.samples.counted.any():
        text = "Nothing is threatened in any sample of the uncertain inputs, so that there is nothing to choose by."
        return [Finding(_QUESTION, text, {}, lead=True)]
    told = _Told(study, answer)
    found = [told.lead(), told.claim(), told.contained(), told.regret(), told.inputs(), *told.open_pairs()]
    return [one for one in (*found, told.trust()) if one is not None]


@dataclass(frozen=True)
class _Told:
    """Says what an answer holds."""

    study: Study
    answer: RobustnessAnswer

    def _title(self, name: str) -> str:
        return sentence_title(self.study.scenario, name)

    @property
    def _inputs(self) -> int:
        return len(self.answer.samples.factors) - 1

    def _place(self, name: str) -> int:
        return self.answer.choice.architectures.index(name)

    def _pair(self, a: str, b: str) -> tuple[int, PairChoice]:
        return next((at, one) for at, one in enumerate(self.answer.choice.pairs) if {one.a, one.b} == {a, b})

    def _better(self, first: str, second: str) -> Rate:
        _, pair = self._pair(first, second)
        return pair.a_better if pair.a == first else pair.b_better

    def lead(self) -> Finding:
        """Say in how many samples the better of the two best alternatives is so."""
        answer, choice = self.answer, self.answer.choice
        counted = int(answer.samples.counted.sum())
        assert answer.led_by is not None
        first, second = answer.led_by
        rate, (_, pair) = self._better(first, second), self._pair(first, second)
        numbers = {**_numbers("better", rate), "samples": float(counted), "inputs": float(self._inputs)}
        verdict = (
            "one can decide between them before the details are settled"
            if pair.decided
            else ("the samples do not decide between them before the details are settled")
        )
        kind = "neither of which contains the other, " if not answer.contained[self._pair(first, second)[0]] else ""
        text = (
            f"Between {self._title(first)} and {self._title(second)}, {kind}{verdict}: the first defends more people "
            f"in {_rate(rate)} of {counted:,} samples, in which all {self._inputs} uncertain inputs are drawn within "
            "their bounds."
        )
        winner = str(choice.winner)
        if winner not in (first, second):
            best = choice.share_best[self._place(winner)]
            text += f" Of all {len(choice.architectures)}, {self._title(winner)} is best in {_rate(best)}."
            numbers |= _numbers("share_best", best)
        return Finding(_QUESTION, text, numbers, lead=True)

    def claim(self) -> Finding:
        """Answer whether one can decide before the details are settled, pair by pair."""
        answer = self.answer
        apart = [one for one, within in zip(answer.choice.pairs, answer.contained, strict=True) if not within]
        within = [one for one, held in zip(answer.choice.pairs, answer.contained, strict=True) if held]
        decided = [one for one in apart if one.decided]
        undecided = [one for one in apart if not one.decided]
        numbers = {"pairs_apart": float(len(apart)), "decided_apart": float(len(decided))}
        numbers |= {"pairs_contained": float(len(within)), "decided_contained": float(sum(o.decided for o in within))}
        share = percent(DECIDED)
        if not apart:
            text = "Every alternative here contains another, so that there is nothing to decide between them."
        elif not undecided:
            text = (
                f"One can decide before the details are settled: in all {len(apart)} pairs of which neither contains "
                f"the other, one is better in at least {share} of what the inputs may be, with 95 % confidence."
            )
        else:
            names = [f"{self._title(one.a)} and {self._title(one.b)}" for one in undecided]
            shown = "; ".join(names[:_MOST_NAMED]) + (
                f"; and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            )
            whole = "cannot" if not decided else "can in part"
            text = (
                f"One {whole} decide before the details are settled: of {len(apart)} pairs of which neither contains "
                f"the other, {len(decided)} are decided (one is better in at least {share} of what the inputs may be, "
                f"with 95 % confidence), and {len(undecided)} are not: {shown}."
            )
        return Finding(_QUESTION, text, numbers, rank=0)

    def contained(self) -> Finding | None:
        """Say that what contains another defends no less, which is no finding."""
        held = [one for one, within in zip(self.answer.choice.pairs, self.answer.contained, strict=True) if within]
        if not held:
            return None
        against = [
            one for one in held if (one.b_better if one.winner == one.a else one.a_better).mean not in (None, 0.0)
        ]
        names = [f"{self._title(one.a)} and {self._title(one.b)}" for one in held]
        shown = "; ".join(names[:_MOST_NAMED]) + (
            f"; and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        )
        text = (
            f"{len(held)} of {len(self.answer.choice.pairs)} pairs are of architectures of which one fields all that "
            f"the other fields ({shown}): that the larger one defends more is no finding, for more can hardly defend "
            "less."
        )
        if against:
            text += f" In {len(against)} of them some samples say otherwise."
        return Finding(_QUESTION, text, {"pairs": float(len(held)), "otherwise": float(len(against))}, rank=1)

    def regret(self) -> Finding:
        """Say what the choice may cost: what the best of each sample has more."""
        choice = self.answer.choice
        order = sorted(choice.architectures, key=lambda name: choice.regrets[self._place(name)].mean or 0.0)
        parts: list[str] = []
        numbers: dict[str, float] = {}
        for name in order[:_MOST_NAMED]:
            spread = choice.regrets[self._place(name)]
            assert spread.mean is not None
            assert spread.p95 is not None
            parts.append(
                f"{self._title(name)} {points(spread.mean)} on average and {points(spread.p95)} or more in one sample "
                "of twenty"
            )
            numbers |= {f"{name}_mean": spread.mean, f"{name}_p95": spread.p95}
        text = f"What a choice gives up against the best of each sample (regret), least first: {'; '.join(parts)}."
        return Finding(_QUESTION, text, numbers, rank=1)

    def inputs(self) -> Finding | None:
        """Say which inputs decide between the two that lead, and where the better one changes."""
        answer = self.answer
        assert answer.led_by is not None
        first, second = answer.led_by
        at, _ = self._pair(first, second)
        counted = _counted(answer.pair_indices[at])
        if not counted:
            text = (
                f"No input alone moves the difference between {self._title(first)} and {self._title(second)} by more "
                "than samples do by chance."
            )
            return Finding(_QUESTION, text, {}, rank=1)
        numbers = {f"{one.factor}_index": one.index or 0.0 for one in counted[:_MOST_NAMED]}
        named = [f"{input_words(one.factor)} ({percent(one.index)} of its variance)" for one in counted[:_MOST_NAMED]]
        text = (
            f"The difference between {self._title(first)} and {self._title(second)} turns most on {listed(named)}; "
            f"{self._switched(answer.switches[at], first, second)}"
        )
        return Finding(_QUESTION, text, numbers, rank=1)

    def _switched(self, switches: Sequence[Switch], first: str, second: str) -> str:
        flips = [one for one in switches if one.at is not None]
        if not flips:
            return "none of the inputs that count turns the order alone within its bounds."
        parts = [f"{input_words(one.factor)}, at {numbers_words(one)}" for one in flips[:_MOST_NAMED]]
        return f"with all else at base, the better of the two changes with {listed(parts)}."

    def open_pairs(self) -> list[Finding]:
        """Say of each pair that is not decided how often either is better, and what would settle it."""
        answer = self.answer
        found = []
        for at, (pair, within) in enumerate(zip(answer.choice.pairs, answer.contained, strict=True)):
            if within or pair.decided or {pair.a, pair.b} == set(answer.led_by or ()):
                continue
            a, b = self._title(pair.a), self._title(pair.b)
            counted = _counted(answer.pair_indices[at])
            rates = f"{_rate(pair.a_better)} of samples, the second in {_rate(pair.b_better)}"
            text = f"{a} and {b}: the first is better in {rates}"
            if counted:
                text += f"; most of it turns on {input_words(counted[0].factor)}; "
                text += self._switched(answer.switches[at], pair.a, pair.b)
            else:
                text += "."
            numbers = {**_numbers("a_better", pair.a_better), **_numbers("b_better", pair.b_better)}
            found.append(Finding(_QUESTION, text, numbers, rank=2))
        return found

    def trust(self) -> Finding:
        """Say what the indices are worth: the input that moves nothing, invalid samples, the points judged."""
        answer = self.answer
        by_level = [error for errors in answer.samples.subset.errors.values() for error in errors.values()]
        errors = [abs(error) for error in by_level if error is not None]
        numbers = {"invalid": float(answer.invalid), "points": float(answer.samples.subset.points)}
        parts = []
        if answer.dummy_index is not None and answer.noise_floor is not None:
            numbers |= {"dummy_index": answer.dummy_index, "noise_floor": answer.noise_floor}
            word = "below" if answer.sound else "above"
            end = "" if answer.sound else ", so that no index here is to be believed"
            parts.append(
                f"an input that moves nothing has an index of {answer.dummy_index:.3f}, {word} the noise floor of "
                f"{answer.noise_floor:.3f}{end}"
            )
        if errors:
            numbers["subset_error"] = max(errors)
            parts.append(
                f"{answer.samples.subset.points:,} points stand for {answer.samples.subset.of:,}, at most "
                f"{points(max(errors))} off"
            )
        if answer.invalid:
            parts.append(f"{answer.invalid:,} samples do not count, for bounds cross in them or nothing is threatened")
        return Finding(
            _QUESTION, f"How far to trust this: {'; '.join(parts) or 'every sample counts'}.", numbers, rank=3
        )


def _counted(indices: Sequence[FactorIndex]) -> list[FactorIndex]:
    """Return the indices of the inputs that count, the strongest first."""
    return sorted((one for one in indices if one.counts), key=lambda one: -(one.index or 0.0))


def _rate(rate: Rate) -> str:
    """Return a rate with its interval: ``97 % (94 % to 99 %)``."""
    return f"{percent(rate.mean)} ({percent(rate.low)} to {percent(rate.high)})"


def _numbers(name: str, rate: Rate) -> dict[str, float]:
    ends = {"mean": rate.mean, "low": rate.low, "high": rate.high}
    return {f"{name}_{end}": value for end, value in ends.items() if value is not None}


def input_words(factor: str) -> str:
    """Return what a sentence calls the inputs that move together under a name."""
    stem, _, kind = factor.partition(".")
    if stem in _OF_A_TYPE and kind:
        return _OF_A_TYPE[stem].format(kind)
    _, _, rest = factor.partition(".")
    name, _, last = rest.rpartition(".")
    words = _OF_A_NUMBER.get(last.partition("[")[0])
    return words.format(name) if words and name else _OF_A_FACTOR.get(factor, f"`{factor}`")


def numbers_words(switch: Switch) -> str:
    """Return the numbers at which a choice switches, the first of many: ``threats.x.rcs_m2.X = 0.031``."""
    path, value = next(iter(switch.numbers.items()))
    more = f" and {len(switch.numbers) - 1} more with it" if len(switch.numbers) > 1 else ""
    return f"`{path}` {value:.3g}{more}"
