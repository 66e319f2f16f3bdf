"""The BPS WebAPI client against a local server: answers of recorded shape, errors, limits, cut-off bodies;
the token stays secret.
"""

import json
import logging
import os
import threading
import time
import traceback
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pkp_analysis.data.exchange import bps, intake
from pkp_analysis.errors import BadRequestError, PkpError

from . import raw_files

TOKEN = "rahasia0123456789abcdef"
ANSWER = raw_files.webapi_answer({"630110401210": 70.5, "630310401220": 71.25}).encode()


class Server:
    """Serves a script of (status, body, headers); the last one again and again."""

    def __init__(self):
        self.script, self.requests = [(200, ANSWER, {})], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append(self.path)
                status, body, headers = outer.script.pop(0) if len(outer.script) > 1 else outer.script[0]
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/api"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv(bps.TOKEN_VARIABLE, TOKEN)
    server = Server()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def fetch(server, tmp_path):
    waits = []

    def call(var="104", domain="6300", **options):
        return bps.fetch(
            var, domain, cache_dir=tmp_path / "cache", base_url=server.url, sleep=waits.append, **options
        )

    call.waits = waits
    return call


def test_answer_is_stored_and_cached(server, fetch):
    path = fetch()
    assert path.read_bytes() == ANSWER
    assert server.requests == [f"/v1/api/list/model/data/lang/ind/domain/6300/var/104/key/{TOKEN}/"]
    assert fetch() == path and len(server.requests) == 1, "the second time from the cache"
    fetch(refresh=True)
    assert len(server.requests) == 2


@pytest.mark.parametrize("age, requests", [(3600, 1), (-3600, 2), (-10 * 365 * 86400, 2), (25 * 3600, 2)])
def test_an_answer_is_kept_a_day_and_one_from_the_future_is_fetched_again(server, fetch, age, requests):
    path = fetch()
    os.utime(path, (time.time() - age,) * 2)
    fetch()
    assert len(server.requests) == requests


def test_limits_errors_and_cut_off_bodies_are_tried_again(server, fetch):
    server.script = [
        (429, b"slow down", {"Retry-After": "7"}),
        (503, b"", {}),
        (200, ANSWER[:100], {}),
        (200, ANSWER[:100], {"Content-Length": str(len(ANSWER))}),
        (200, ANSWER, {}),
    ]
    assert fetch().read_bytes() == ANSWER
    assert fetch.waits == [7, 14, 28, 56] and len(server.requests) == 5


@pytest.mark.parametrize(
    "seconds, least, most", [(40, 30, 41), (-40, 0, bps.FIRST_WAIT), (None, 0, bps.FIRST_WAIT)]
)
def test_a_wait_may_be_asked_for_as_a_date(server, fetch, seconds, least, most):
    after = "nanti saja" if seconds is None else formatdate(time.time() + seconds, usegmt=True)
    server.script = [(503, b"", {"Retry-After": after}), (200, ANSWER, {})]
    fetch()
    assert least <= fetch.waits[0] <= most


@pytest.mark.parametrize(
    "script, tries, expected",
    [
        ([(403, b"forbidden", {})], 1, "HTTP 403"),
        ([(500, b"", {})], 5, "HTTP 500"),
        ([(200, b"<html>galat</html>", {})], 5, "terpotong"),
        (
            [(200, json.dumps({"status": "Error", "message": "Parameter tidak ada"}).encode(), {})],
            1,
            "Parameter tidak ada",
        ),
        (
            [(200, json.dumps({"status": "OK", "data-availability": "list-not-available"}).encode(), {})],
            1,
            "list-not-available",
        ),
        ([(302, b"", {"Location": "http://example.org/curi"})], 1, "HTTP 302"),
        ([(200, b"[]", {})], 1, "bukan objek"),
        ([(200, json.dumps({"status": f"key {TOKEN} salah"}).encode(), {})], 1, "key TOKEN salah"),
        ([(200, json.dumps({"message": TOKEN.upper()}).encode(), {})], 1, "TOKEN"),
        ([(200, json.dumps({"message": "a" * 90 + TOKEN}).encode(), {})], 1, "aTOKEN"),
        ([(200, b'{"message": "%s"}' % "".join(f"%{ord(c):02X}" for c in TOKEN).encode(), {})], 1, "TOKEN"),
        ([(400, f"key {TOKEN}".encode(), {"X-Key": TOKEN})], 1, "HTTP 400"),
        ([(200, b'{"data-availability": "' + TOKEN.encode(), {})], 5, "terpotong"),
        ([(200, b'{"message": "%s"}' % "".join(f"\\u{ord(c):04x}" for c in TOKEN).encode(), {})], 1, "TOKEN"),
    ],
)
def test_no_answer_is_a_clear_error_without_the_token(
    server, fetch, tmp_path, caplog, capfd, script, tries, expected
):
    server.script = script
    with caplog.at_level(logging.DEBUG), pytest.raises(PkpError, match=expected) as caught:
        fetch()
    assert len(server.requests) == tries
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + "".join(capfd.readouterr())
    assert TOKEN.lower() not in told.lower() and TOKEN[:10] not in told
    assert caught.value.__cause__ is None
    assert not list(tmp_path.rglob("*.json*"))


def test_unreachable_server(server, fetch):
    server.server.shutdown()
    server.server.server_close()
    with pytest.raises(PkpError, match="sambungan gagal"):
        fetch()


def test_token_in_the_answer_is_taken_out(server, fetch):
    server.script = [(200, ANSWER.replace(b'"note": ""', f'"note": "key {TOKEN}"'.encode()), {})]
    assert TOKEN.encode() not in fetch().read_bytes()


@pytest.mark.parametrize(
    "token", ["", "a b", "../../x", "kurang", "rahasiaé0123456789", "１２３４５６７８９"]
)
def test_missing_or_malformed_token(server, fetch, monkeypatch, token):
    monkeypatch.setenv(bps.TOKEN_VARIABLE, token)
    with pytest.raises(BadRequestError, match=bps.TOKEN_VARIABLE):
        fetch()
    assert not server.requests


@pytest.mark.parametrize("var, domain", [("abc", "6300"), ("104/../", "6300"), ("104", "63"), ("", "6300")])
def test_ids_are_checked(fetch, var, domain):
    with pytest.raises(BadRequestError, match="--var"):
        fetch(var, domain)


def test_fetched_table_is_added_like_any_file(server, fetch, tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    shown = bps.preview_table("104", "6300", raw_dir=raw, cache_dir=tmp_path / "cache", base_url=server.url)
    assert (
        shown.layout == "bps_webapi"
        and shown.indicators == ["sanitasi_layak"]
        and shown.years == [2021, 2022]
    )
    stored = intake.store(shown, raw)
    assert stored.read_bytes() == ANSWER
    row = (raw / "sources.csv").read_text(encoding="utf-8")
    assert "webapi.bps.go.id/v1/api/list/model/data/lang/ind/domain/6300/var/104" in row
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()
