"""`pkp fetch-bps`: one table of the BPS WebAPI, stored like any file; the token stays in the environment."""

import json
import os
import re
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path

from ...errors import BadRequestError, PkpError
from ...files import write
from ...paths import processed_dir
from .intake import Preview, preview

BASE_URL = "https://webapi.bps.go.id/v1/api"
TOKEN_VARIABLE = "BPS_TOKEN"
TRIES = 5
FIRST_WAIT = 1.0  # seconds, doubled after each failed try
LONGEST_WAIT = 60.0
TIMEOUT = 30
CACHE_SECONDS = 24 * 3600
MOST_BYTES = 50 << 20


class FetchError(PkpError):
    """The BPS WebAPI gave no usable answer."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The address holds the token, so it must not follow to another server."""

    def redirect_request(self, *_):
        return None


def fetch(
    var: str,
    domain: str = "6300",
    cache_dir=None,
    refresh: bool = False,
    base_url: str = BASE_URL,
    sleep=time.sleep,
) -> Path:
    """Path of the answer for one variable and domain, from the cache when it is younger than a day.

    The token is read from the environment variable BPS_TOKEN and never written, logged or shown. Raises
    BadRequestError
    for a missing token or malformed ids, FetchError when the server gives no whole answer after TRIES tries.
    """
    var, domain = str(var), str(domain)
    if not re.fullmatch(r"\d{1,6}", var) or not re.fullmatch(r"\d{4}", domain):
        raise BadRequestError(
            f"--var {var!r} --domain {domain!r}: yang diharapkan id variabel berupa angka dan domain empat"
            " angka, misalnya --var 104 --domain 6300."
        )
    folder = Path(cache_dir) if cache_dir else processed_dir() / "bps"
    path = folder / f"bps_{domain}_{var}.json"
    if not refresh and path.exists() and 0 <= time.time() - path.stat().st_mtime < CACHE_SECONDS:
        return path
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,128}", token):
        raise BadRequestError(
            f"Variabel lingkungan {TOKEN_VARIABLE} belum berisi token WebAPI BPS. Daftar di webapi.bps.go.id,"
            f" lalu: export {TOKEN_VARIABLE}=..."
        )
    write(path, _fetch_whole(f"{base_url}/{table_path(var, domain)}", token, sleep))
    return path


def table_path(var: str, domain: str) -> str:
    """The part of the address that names the table; the token is not in it."""
    return f"list/model/data/lang/ind/domain/{domain}/var/{var}"


def preview_table(var: str, domain: str = "6300", raw_dir=None, **options) -> Preview:
    """Fetches a table and shows what it holds, ready for intake.store(). Options as for fetch()."""
    path = fetch(var, domain, **options)
    return preview(
        path,
        publisher="Badan Pusat Statistik (BPS), WebAPI",
        url=f"{BASE_URL}/{table_path(var, domain)}",
        raw_dir=raw_dir,
    )


def _fetch_whole(address: str, token: str, sleep) -> bytes:
    """The body of a whole JSON answer; tries again after a limit, a server error or a truncated body."""
    opener = urllib.request.build_opener(_NoRedirect)
    problem, wait = "", FIRST_WAIT
    for attempt in range(TRIES):
        if attempt:
            sleep(min(wait, LONGEST_WAIT))
            wait *= 2
        try:
            with opener.open(f"{address}/key/{token}/", timeout=TIMEOUT) as answer:
                body = _redacted(answer.read(MOST_BYTES + 1), token)
            if len(body) > MOST_BYTES:
                raise FetchError(
                    f"WebAPI BPS menjawab lebih dari {MOST_BYTES >> 20} MB. Yang diharapkan: satu tabel."
                    " Pilih variabel yang lebih kecil."
                )
            return _checked(body)
        except urllib.error.HTTPError as error:
            problem = f"HTTP {error.code}"
            wait = max(wait, _asked_wait(error.headers.get("Retry-After", "") if error.headers else ""))
            error.close()
            if error.code not in (408, 425, 429) and error.code < 500:
                break
        except (urllib.error.URLError, HTTPException, OSError) as error:
            problem = f"sambungan gagal ({type(error).__name__})"
        except ValueError:
            problem = "jawaban terpotong, bukan JSON utuh"
    # "from None": the cause holds the address, and the address holds the token
    raise FetchError(
        f"WebAPI BPS tidak memberi tabel ({problem}) untuk {address.partition('/list/')[2]}. Periksa id"
        " variabel, domain, token, dan sambungan, lalu ulangi."
    ) from None


def _redacted(body: bytes, token: str) -> bytes:
    """An answer without the token, in whatever case or spelling it quotes it."""
    spelt = b"".join(
        b"(?:" + re.escape(bytes([byte])) + b"|\\\\u00%02x|%%%02x)" % (byte, byte) for byte in token.encode()
    )
    return re.sub(spelt, b"TOKEN", body, flags=re.IGNORECASE)


def _asked_wait(after: str) -> float:
    """The seconds asked for in Retry-After, a number or a date; 0 where nothing readable stands."""
    if re.fullmatch(r"\d{1,4}", after):
        return float(after)
    try:
        return parsedate_to_datetime(after).timestamp() - time.time()
    except ValueError:
        return 0.0


def _checked(body: bytes) -> bytes:
    answer = json.loads(body)
    if not isinstance(answer, dict) or answer.get("status") != "OK" or not answer.get("datacontent"):
        found = (
            str(answer.get("message") or answer.get("data-availability") or answer.get("status"))[:100]
            if isinstance(answer, dict)
            else "bukan objek JSON"
        )
        raise FetchError(
            f"WebAPI BPS menjawab tanpa data ({found}). Periksa id variabel dan domainnya di"
            " webapi.bps.go.id."
        ) from None
    return body
