"""The Dask cluster that a campaign begins is its own: nobody else of the machine runs code by it or reads its pages."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import distributed
import pytest

from hoplon.campaigns import certificate, executors
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


def answer_under(address: tuple[str, int], shown: Path | None) -> bytes:
    """Return the first word of Dask to one who shows a certificate, or none, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if shown is not None:
        context.load_cert_chain(shown)
    with (
        contextlib.suppress(OSError),
        socket.create_connection(address, 5.0) as line,
        context.wrap_socket(line) as over,
    ):
        return over.recv(100)
    return b""


def test_the_cluster_of_this_machine_takes_part_with_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    def kept(security: Any) -> Any:
        made.append(temporary_security(security))
        return made[-1]

    monkeypatch.setattr(executors, "temporary_security", kept)
    own, another, folder = tmp_path / "own.pem", tmp_path / "another.pem", tmp_path / "chunks"
    folder.mkdir()
    tried: list[bool] = []

    def orders() -> Iterator[Order]:
        yield Order(Cell(folder), 0, 0, 3)
        for path, security in ((own, made[0]), (another, temporary_security(distributed.Security))):
            path.write_text(security.tls_client_key + security.tls_client_cert, encoding="ascii")
        addresses = listening(family(os.getpid())) - before
        assert {host for host, _ in addresses} == {"127.0.0.1"}
        for address in addresses:
            said = {page: answer_in_the_clear(address, page) for page in PAGES}
            assert {page: text for page, text in said.items() if not says_nothing(text)} == {}
        with ThreadPoolExecutor(3 * len(addresses)) as at_once:  # an answer that never comes is waited for
            under = {
                shown: [at_once.submit(answer_under, address, shown) for address in addresses]
                for shown in (another, None, own)
            }
        assert {word.result() for shown in (another, None) for word in under[shown]} == {b""}
        tried.extend(word.result() != b"" for word in under[own])
        yield Order(Cell(folder), 1, 3, 3)

    before = listening(family(os.getpid()))
    assert sorted(Dask(1).run(orders(), 2)) == [0, 1]
    assert sorted(path.name for path in folder.iterdir()) == ["0", "1"]
    assert sum(tried) >= 2  # scheduler and worker, which speak to their own


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
