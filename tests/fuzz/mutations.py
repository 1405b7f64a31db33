"""What can go wrong in a scenario: one value or key of its tree changed, or some bytes of its text."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from .trees import Raw, Table

NUMBERS: Final = (
    *(0, -0.0, 1, -1, 2, 0.5, 1e-9, 1e-300, 5e-324, 1e6, 1e9, 1e15, 1e18, 1e300, 1.7976931348623157e308, -1e300),
    *(2**31 - 1, 2**31, 2**53 + 1, 2**63, 2**64, 10**30, 90, 180, 360, -90, -180.0000001, 6371, 6_371_000, 299792458),
    *(0.9999999999999999, 1.0000000000000002, 100, 1000, 32767, 32768, 65536, 127, 128, 255, 256),
)
WRITTEN: Final = (
    *(".nan", ".inf", "-.inf", ".NaN", "nan", "inf", "1e999", "-1e999", "1e-999", "0x1F", "0o17", "0b11", "1_000"),
    *("+5", "5.", ".5", "1e3", "1E+3", "--1", "1,5", "12:30:00", "2012-05-20", "~", "null", "yes", "NO", "True"),
    *("!!python/object/apply:os.system [ls]", "!!binary aGk=", "!!float 1", "! 3", "&a 3", "*a", "*nowhere", "<<"),
    *("{<<: {a: 1}}", "? a", "|\n  text", ">-\n  text", "'", '"', "[", "]", "{", "}", "#", "@", "`", "%", "\t"),
    *("0" * 400, "9" * 400, "1" + "0" * 5000, "0." + "1" * 5000, "0x" + "f" * 16, "0x" + "f" * 17),
)
TEXTS: Final = (
    *("", " ", "a", "NO", "null", "true", "1", "1e3", "-", ".", "..", "../..", "/etc/passwd", "C:\\x", "a/b", "~", "*"),
    *("nato-europe", "toy", "hub", "USA", "usa", "XXX", "ATA", "low", "base", "high", "X", "UHF", "land", "what-if"),
    *(
        "\0",
        "\x1b[31m",
        "\r\n",
        "\t",
        "\u202etxt",
        "\ufeff",
        "\u2028",
        "e\u0301",
        "ﬁ",
        "İ",
        "ß",
        "\U0001f680",
        "\ud7ff",
    ),
    *("<script>alert(1)</script>", "=cmd|'/c calc'!A1", "{{7*7}}", "%s%n", "${HOME}", "__class__", "elements.*.at"),
    *("x" * 300, "é" * 5000, "a" * 100_000, "a.b[0]", "[0]", "NaN", "Infinity", "None", "\u0661\u0662", "١٢", "1\n2"),
)
_MOST_VALUES: Final = 3_000


class Mutations:
    """Changes of a tree.

    Parameters
    ----------
    donors : list
        Trees from which values are taken.
    """

    def __init__(self, donors: list[Any]) -> None:
        self._donors = [[value for _, _, value in places(donor)] for donor in donors]
        keys = {str(holder.pairs[key][0]) for donor in donors for holder, key, _ in places(donor) if is_table(holder)}
        self._keys = sorted(keys)
        self._ways: dict[Callable[[Any, Any, Any], None], int] = {
            self.nudge: 20, self.number: 6, self.unit: 5, self.text: 4, self.raw: 3, self.delete: 5, self.twice: 1,
            self.swap: 2, self.graft: 5, self.rename: 3, self.add: 4, self.wrap: 3, self.unwrap: 1, self.bounds: 4,
            self.nothing: 2, self.many: 1, self.shuffle: 2, self.extend: 1, self.alias: 1, self.flag: 1,
        }  # fmt: skip

    def of(self, tree: Any, random: Random) -> Any:
        """Return a tree with one to four values changed, as the generator draws."""
        self._random = random
        self._tree = changed = copied(tree)
        for _ in range(self._random.choice((1, 1, 1, 1, 1, 1, 2, 2, 3, 4))):
            self._found = places(changed)
            if not self._found:
                break
            way = self._random.choices(list(self._ways), list(self._ways.values()))[0]
            if way in (self.nudge, self.unit):  # numbers far from numbers would change nothing
                numbers = [place for place in self._found if is_number(place[2])]
                way(*self._random.choice(numbers or self._found))
            else:
                way(*self._random.choice(self._found))
        return changed

    def nudge(self, holder: Any, key: Any, value: Any) -> None:
        """Change a number a little, so that most of the rules still hold."""
        if is_number(value):
            factor = self._random.choice((0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 2.0))
            put(holder, key, round(value * factor) if isinstance(value, int) else value * factor)

    def number(self, holder: Any, key: Any, _: Any) -> None:
        put(holder, key, self._random.choice(NUMBERS))

    def unit(self, holder: Any, key: Any, value: Any) -> None:
        if is_number(value):
            put(holder, key, value * self._random.choice((1000.0, 0.001, -1.0, 57.29577951, 0.01745329, 1.852, 1e6)))

    def text(self, holder: Any, key: Any, _: Any) -> None:
        put(holder, key, self._random.choice(TEXTS))

    def raw(self, holder: Any, key: Any, _: Any) -> None:
        put(holder, key, Raw(self._random.choice(WRITTEN)))

    def delete(self, holder: Any, key: Any, _: Any) -> None:
        del items(holder)[key]

    def twice(self, holder: Any, key: Any, _: Any) -> None:
        items(holder).insert(self._random.randrange(len(items(holder)) + 1), copied(items(holder)[key]))

    def swap(self, holder: Any, key: Any, value: Any) -> None:
        other, at, taken = self._random.choice(self._found)
        inside = {id(node) for _, _, node in places(value)} | {id(node) for _, _, node in places(taken)}
        if id(holder) not in inside and id(other) not in inside and taken is not holder and value is not other:
            put(holder, key, taken)
            put(other, at, value)

    def graft(self, holder: Any, key: Any, _: Any) -> None:
        put(holder, key, copied(self._random.choice(self._random.choice(self._donors))))

    def rename(self, holder: Any, key: Any, _: Any) -> None:
        if is_table(holder):
            old = str(holder.pairs[key][0])
            cut = self._random.randrange(len(old) + 1)
            names = (
                old[:cut] + old[cut + 1 :],
                old.upper(),
                self._random.choice(TEXTS),
                self._random.choice(self._keys),
            )
            holder.pairs[key][0] = self._random.choice(names)

    def add(self, holder: Any, key: Any, value: Any) -> None:
        donated = copied(self._random.choice(self._random.choice(self._donors)))
        where = value if isinstance(value, (Table, list)) else holder
        items(where).append([self._random.choice(self._keys), donated] if is_table(where) else donated)

    def wrap(self, holder: Any, key: Any, value: Any) -> None:
        cited = Table([["value", value], ["low", value], ["high", value], ["kind", "assumed"]])
        put(holder, key, self._random.choice(([value], [value, value], Table([["a", value]]), cited, cited)))

    def unwrap(self, holder: Any, key: Any, value: Any) -> None:
        inside = places(value, deep=False)
        if inside:
            put(holder, key, self._random.choice(inside)[2])

    def bounds(self, holder: Any, key: Any, value: Any) -> None:
        if not is_number(value):
            return
        factors = self._random.choice(
            ((0.9, 1.1), (0.5, 2.0), (1.0, 1.0), (1.1, 0.9), (0.0, 1.0), (-1.0, 10.0), (1e-9, 1e9))
        )
        low, high = (value * factor for factor in factors)
        put(holder, key, Table([["value", value], ["low", low], ["high", high]]))

    def nothing(self, holder: Any, key: Any, _: Any) -> None:
        put(holder, key, self._random.choice((None, [], Table(), [[]], [None])))

    def many(self, holder: Any, key: Any, value: Any) -> None:
        size = 1 + len(places(value))
        times = min(self._random.choice((3, 50, 1000)), _MOST_VALUES // size)
        if isinstance(value, list) and value:
            put(holder, key, value * times)
        elif isinstance(value, Table) and value.pairs:
            put(holder, key, Table([[f"{name}-{n}", item] for n in range(times) for name, item in value.pairs]))

    def shuffle(self, holder: Any, key: Any, value: Any) -> None:
        self._random.shuffle(items(value if isinstance(value, (Table, list)) else holder))

    def extend(self, holder: Any, key: Any, _: Any) -> None:
        """Let an architecture, or the file, extend one that may be itself or extend it in turn."""
        names = (*TEXTS[:16], "toy", "s.yaml", "./s.yaml", "other.yaml", "../s.yaml", "nato-europe")
        architectures = next((item for name, item in self._tree.pairs if name == "architectures"), None)
        if is_table(architectures) and architectures.pairs and self._random.random() < 0.8:
            one, other = (self._random.choice(architectures.pairs) for _ in range(2))
            if is_table(one[1]):
                one[1].pairs.append(["extends", other[0]])
        else:
            self._tree.pairs.append(["extends", self._random.choice(names)])

    def alias(self, holder: Any, key: Any, value: Any) -> None:
        """Repeat a value by its anchor, perhaps within itself."""
        put(holder, key, Raw("&a [*a]") if self._random.random() < 0.3 else Raw("*a"))
        other, at, taken = self._random.choice(self._found)
        if isinstance(taken, (int, float, str)):
            put(other, at, Raw(f"&a {taken}"))

    def flag(self, holder: Any, key: Any, _: Any) -> None:
        put(holder, key, self._random.random() < 0.5)


def bytes_changed(random: Random, content: bytes, others: list[bytes]) -> bytes:
    """Return a text with some bytes of it changed: cut, repeated, replaced, turned, or taken from another."""
    changed = content
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        start, length = random.randrange(len(changed) + 1), random.choice((0, 1, 1, 2, 8, 40, 400))
        before, middle, after = changed[:start], changed[start : start + length], changed[start + length :]
        other = random.choice(others)
        at = random.randrange(len(other) + 1)
        piece = random.choice(
            (
                b"", random.randbytes(length), middle * random.choice((2, 3, 500)), other[at : at + length],
                random.choice(WRITTEN).encode(), random.choice(TEXTS).encode("utf-8", "replace"), middle[::-1],
                bytes(byte ^ (1 << random.randrange(8)) for byte in middle), b"\n", b"  ", b": ", b"- ", b"\xff\xfe",
                middle.replace(b"\n", b"\r\n"), middle.upper(), b"&a ", b"*a", b"---\n", b"...\n", b"[" * length,
            )
        )  # fmt: skip
        changed = before + piece + after
    return changed


def copied(tree: Any) -> Any:
    """Return a tree of its own."""
    if isinstance(tree, Table):
        return Table([[key, copied(item)] for key, item in tree.pairs])
    return [copied(item) for item in tree] if isinstance(tree, list) else tree


def places(tree: Any, deep: bool = True) -> list[tuple[Any, int, Any]]:
    """Return every value of a tree with what holds it and where."""
    found: list[tuple[Any, int, Any]] = []
    ahead = [tree]
    while ahead:
        node = ahead.pop()
        if isinstance(node, Table):
            inside = [item for _, item in node.pairs]
        elif isinstance(node, list):
            inside = node
        else:
            continue
        found += [(node, key, item) for key, item in enumerate(inside)]
        if not deep:
            break
        ahead += inside
    return found


def items(holder: Any) -> Any:
    return holder.pairs if isinstance(holder, Table) else holder


def put(holder: Any, key: int, value: Any) -> None:
    if isinstance(holder, Table):
        holder.pairs[key][1] = value
    else:
        holder[key] = value


def is_table(value: Any) -> bool:
    return isinstance(value, Table)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
