"""``hoplon serve`` as a process of its own: its start, its link, its end, what it leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

import hoplon.scenario
from hoplon import api
from hoplon.cli import main
from hoplon.web.start import is_loopback, listening
from web_server import planes

SOURCES = Path(hoplon.scenario.__file__).parents[2]
PATIENCE_S = 120.0
TOY = api.load("toy")
ARCHITECTURE = next(iter(TOY.architectures))
BATTERY = next(name for name, element in TOY.elements.items() if element.battery)


class Serving:
    """A server that runs, and what it said."""

    def __init__(self, *options: str) -> None:
        words = [sys.executable, "-m", "hoplon", "serve", "toy", "--no-browser", *options]
        environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
        self.process = subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )
        assert self.process.stdout is not None
        if "--json" in options:
            found = "".join(iter(self.process.stdout.readline, "}\n")) + "}"
            self.link = json.loads(found)["link"]
        else:
            assert TOY.title in self.process.stdout.readline()
            self.link = self.process.stdout.readline().strip()
        self.base = self.link.partition("/?")[0]

    @contextlib.contextmanager
    def client(self) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self.base, timeout=PATIENCE_S) as made:
            assert made.get(self.link).status_code == 303
            yield made

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out + err


@contextlib.contextmanager
def serving(*options: str) -> Iterator[Serving]:
    made = Serving(*options)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
        made.process.communicate()


def what_if(**changes: Any) -> dict[str, Any]:
    return {"scenario": TOY.sha256, "architecture": ARCHITECTURE, **changes}


def left_behind(process: int) -> list[str]:
    return [entry for entry in os.listdir(tempfile.gettempdir()) if entry.startswith(f"hoplon-web-{process}-")]


def long_raid() -> dict[str, Any]:
    """A scenario with a raid that takes long, and the request for it."""
    threat, area = next(iter(TOY.threats)), next(iter(TOY.launch_areas))
    one = f"{{threat: {threat}, from: {area}, aim: [44.4, 26.1], count: 40, interval_s: 5}}"
    return {"text": f"extends: toy\nname: with-raid\nraids:\n  long:\n    threats: [{one}]\n"}


def begin_long_raid(client: httpx.Client) -> str:
    """Begin a raid and return its number once it computes."""
    digest = client.post("/api/open", json=long_raid()).json()["sha256"]
    asked = {"what_if": {**what_if(), "scenario": digest}, "raid": "long", "replications": 100_000, "play": None}
    begun = client.post("/api/raids", json=asked)
    assert begun.status_code == 202, begun.text
    identity = begun.json()["id"]
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        run = client.get(f"/api/runs/{identity}").json()
        assert run["state"] in ("waiting", "running"), run
        if run["total"] > 0:
            return str(identity)
        time.sleep(0.05)
    raise AssertionError(run)


def below(process: int) -> list[psutil.Process]:
    return psutil.Process(process).children(recursive=True)


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=20.0)
    return not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def test_a_server_answers_two_pages_and_ctrl_c_ends_it_with_all_it_began() -> None:
    with serving("--port", "0", "--json") as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", server.link)
        with httpx.Client(base_url=server.base, timeout=PATIENCE_S) as stranger:
            assert stranger.get("/api/scene").status_code == 401
        with server.client() as client:
            _two_pages_drag(client)
            _an_upload_of_50_mb_is_refused(server, client)
            identity = begin_long_raid(client)
            _events_go_on_where_they_stopped(client, identity)
            children = below(server.process.pid)
            assert children
            assert left_behind(server.process.pid)
        code, said = server.end()
        assert (code, said.splitlines()[-1]) == (0, "hoplon serve: ended")
        assert "Traceback" not in said
        assert server.link.partition("token=")[2] not in said
        assert gone(children)
        assert not left_behind(server.process.pid)


def _two_pages_drag(client: httpx.Client) -> None:
    """Send the drags of two pages at once; each page's last position is answered, and what it paints is its own."""
    answered: dict[str, list[tuple[int, str]]] = {"one": [], "two": []}
    refused: list[str] = []

    def drag(page: str, seq: int) -> None:
        changed = what_if(move={BATTERY: [42.0 + seq / 10, 20.0 if page == "one" else 30.0]})
        body = {"page": page, "seq": seq, "set": "coarse", "hand": [BATTERY], "what_if": changed}
        answer = client.post("/api/verdict", json=body)
        if answer.status_code == 409:
            refused.append(answer.json()["error"]["kind"])
            return
        header, _ = planes(answer.content)
        assert header["page"] == page
        expected = api.WhatIf.of(changed).id(TOY)
        assert header["id"] == expected
        answered[page].append((header["seq"], header["id"]))

    threads = []
    for seq in range(8):
        threads += [threading.Thread(target=drag, args=(page, seq)) for page in ("one", "two")]
    for one in threads:
        one.start()
        time.sleep(0.01)
    for one in threads:
        one.join()
    assert set(refused) <= {"superseded"}
    for page in ("one", "two"):
        drag(page, 99)
        assert answered[page][-1][0] == 99


def _an_upload_of_50_mb_is_refused(server: Serving, client: httpx.Client) -> None:
    """Refuse it before it has come, whether its length is said or not."""
    host, port = server.base.removeprefix("http://").split(":")
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    for length in ("Content-Length: 50000000", "Transfer-Encoding: chunked"):
        with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as line:
            head = f"POST /api/open HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n{length}\r\n"
            head += "Content-Type: application/json\r\n\r\n"
            line.sendall(head.encode())
            sent = 0
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                while "chunked" in length and sent < 50_000_000:
                    line.sendall(b"10000\r\n" + 65536 * b"x" + b"\r\n")
                    sent += 65536
            with contextlib.suppress(ConnectionResetError):
                assert line.recv(4096).startswith(b"HTTP/1.1 413 ")
            assert sent < 20_000_000  # what the machine's buffers take besides


def _events_go_on_where_they_stopped(client: httpx.Client, identity: str) -> None:
    path = f"/api/runs/{identity}/events"

    def first(headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        with client.stream("GET", path, headers=headers) as stream:
            number = 0
            for line in stream.iter_lines():
                if line.startswith("id: "):
                    number = int(line[4:])
                if line.startswith("data: "):
                    return number, json.loads(line[6:])
        raise AssertionError

    number, run = first({})
    assert run["state"] == "running"
    again, later = first({"Last-Event-ID": str(number)})
    assert again > number
    assert later["done"] >= run["done"]


def test_a_server_that_is_killed_leaves_no_process_and_one_that_starts_anew_knows_no_old_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving("--port", "0") as server:
        with server.client() as client:
            begin_long_raid(client)
            children = below(server.process.pid)
            start, cookies = client.get("/api/alive").json()["start"], client.cookies
            server.process.kill()
            server.process.communicate()
            with pytest.raises(httpx.TransportError):
                client.get("/api/alive")
        assert gone(children)
        port = server.base.rpartition(":")[2]
        with serving("--port", port, "--address", "0.0.0.0") as again:
            assert again.process.stderr is not None
            assert "other machines" in again.process.stderr.readline()
            assert again.base == server.base
            assert not left_behind(server.process.pid)
            with httpx.Client(base_url=again.base, cookies=cookies, timeout=PATIENCE_S) as old_page:
                answer = old_page.get("/api/alive")
                assert (answer.status_code, answer.json()["error"]["kind"]) == (401, "no_token")
                assert answer.headers["x-hoplon-start"] != start
                assert old_page.get(server.link).status_code == 401
                assert old_page.get("/", headers={"Host": f"rebound.example:{port}"}).status_code == 421
                assert old_page.get("/", headers={"Host": f"192.168.1.20:{port}"}).status_code == 401
            assert main(["serve", "toy", "--no-browser", "--port", port]) == 1
            assert f"port {port}" in capsys.readouterr().err
            code, said = again.end(signal.SIGTERM)
            assert (code, said.splitlines()[-1]) == (0, "hoplon serve: ended")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["serve", "nowhere.yaml"], 1, "no such file"),
        (["serve", "toy", "--architecture", "none"], 1, "unknown architecture"),
        (["serve", "toy", "--address", "example.org"], 1, "an address in numbers"),
        (["serve", "toy", "--address", "203.0.113.7"], 1, "cannot listen"),
        (["serve", "toy", "--study", "/nonexistent"], 1, "there is no report.html"),
        (["serve", "toy", "--port", "70000"], 2, "from 0 to 65535"),
        (["serve", "toy", "nato-europe"], 2, "unrecognized arguments"),
    ],
)
def test_what_cannot_be_served_is_said_before_anything_is(
    words: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        found = main([*words, "--no-browser"])
    except SystemExit as error:
        found = int(error.code or 0)
    assert found == code
    assert told in capsys.readouterr().err


def test_an_answer_does_not_wait_until_its_headers_are_acknowledged() -> None:
    with listening("127.0.0.1", 0) as server, socket.create_connection(server.getsockname()):
        accepted = server.accept()[0]
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_only_the_loopback_addresses_are_this_machines_alone() -> None:
    for address in ("127.0.0.1", "127.8.8.8", "::1"):
        assert is_loopback(address)
    for address in ("0.0.0.0", "::", "192.168.1.20"):
        assert not is_loopback(address)
