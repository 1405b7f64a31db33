"""The Dask cluster that a campaign begins is its own: nobody else of the machine runs code by it or reads its pages."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import distributed
import pytest

from hoplon.campaigns import certificate
from hoplon.campaigns.certificate import temporary_security
from hoplon.campaigns.executors import Dask, Order
from hoplon.errors import OutputError


@dataclass(frozen=True)
class Cell:
    """A cell whose chunk is a file."""

    folder: Path

    def rows(self, first: int, count: int) -> list[int]:
        return list(range(first, first + count))

    def keep(self, number: int, first: int, parts: Sequence[list[int]]) -> None:
        (self.folder / str(number)).write_text(str(parts), encoding="ascii")


def family(process: int) -> set[int]:
    """Return a process and all that it began, and those began."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def listening(processes: set[int]) -> set[tuple[str, int]]:
    """Return the addresses at which processes listen."""
    inodes = set()
    for process in processes:
        for handle in Path(f"/proc/{process}/fd").glob("*"):
            with contextlib.suppress(OSError):
                inodes.add(os.readlink(handle).removeprefix("socket:[").rstrip("]"))
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, *rest = line.split()
        if state == "0A" and rest[5] in inodes:
            host, port = local.split(":")
            found.add((socket.inet_ntoa(bytes.fromhex(host)[::-1]), int(port, 16)))
    return found


# What Dask shows of a cluster, and does to it, over HTTP; a redirect and a list of pages are left, and say nothing.
PAGES = (
    *("/info/main/workers.html", "/json/counts.json", "/json/identity.json", "/json/index.html", "/metrics", "/health"),
    *("/api/v1/get_workers", "/api/v1/retire_workers", "/api/v1/adaptive_target"),
)


def answer_in_the_clear(address: tuple[str, int], page: str) -> bytes:
    """Return what is said to one who asks for a page."""
    with contextlib.suppress(OSError), socket.create_connection(address, 2.0) as line:
        line.settimeout(1.0)
        line.sendall(f"GET {page} HTTP/1.0\r\n\r\n".encode())
        return line.recv(1000)
    return b""


def says_nothing(said: bytes) -> bool:
    """Tell whether an answer is none, a record of TLS (an alert, or its greeting), or that there is no such page."""
    return not said or said[0] in (0x15, 0x16) or said.startswith(b"HTTP/1.1 404 ")


def test_the_cluster_of_this_machine_takes_part_with_nobody_else(tmp_path: Path) -> None:
    tried: list[tuple[str, int]] = []

    def orders() -> Iterator[Order]:
        yield Order(Cell(tmp_path), 0, 0, 3)
        ports = {address for address in listening(family(os.getpid())) if address not in before}
        assert ports
        assert {host for host, _ in ports} == {"127.0.0.1"}
        another = temporary_security(distributed.Security)
        for host, port in ports:
            tried.append((host, port))
            said = {page: answer_in_the_clear((host, port), page) for page in PAGES}
            assert {page: text for page, text in said.items() if not says_nothing(text)} == {}
            for protocol, security in (("tcp", None), ("tls", another)):
                with pytest.raises((OSError, TimeoutError, ValueError, RuntimeError)):
                    distributed.Client(
                        f"{protocol}://{host}:{port}", security=security, timeout="2s", set_as_default=False
                    ).close()
        yield Order(Cell(tmp_path), 1, 3, 3)

    before = listening(family(os.getpid()))
    assert sorted(Dask(1).run(orders(), 2)) == [0, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1"]
    assert len(tried) >= 2  # scheduler and worker


def test_its_key_is_new_each_time_in_no_file_and_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    shown: list[dict[str, Any]] = []

    class Security:
        def __init__(self, **given: Any) -> None:
            shown.append(given)

        @classmethod
        def temporary(cls) -> Any:
            raise ImportError

    for _ in range(2):
        temporary_security(Security)
    one, two = shown
    assert one["require_encryption"] is True
    assert one["tls_client_key"] != two["tls_client_key"]
    assert one["tls_client_key"].startswith("-----BEGIN PRIVATE KEY-----\n")
    assert one["tls_ca_file"] == one["tls_worker_cert"] == one["tls_scheduler_cert"]
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(certificate, "_OPENSSL", ("no-such-program",))
    with pytest.raises(OutputError, match="everybody on it could use the cluster"):
        temporary_security(Security)
