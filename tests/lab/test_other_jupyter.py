"""The environment as a kernel of another Jupyter server, spoken to as editors do: over HTTP and a WebSocket."""

import json
import os
import re
import subprocess
import sys
from urllib.request import Request, urlopen
from uuid import uuid4

import nbformat
import pytest
import websocket

from tests.run.runner_project import kill, listens, wait_for

pytestmark = pytest.mark.slow
WIDGET, SHOWN = "application/vnd.jupyter.widget-view+json", "application/vnd.pkp.shown+json"


@pytest.fixture
def server(project, tmp_path):
    """The address of a plain server without settings of ours, in the project, that knows the kernel README installs."""
    kernel = ["ipykernel", "install", "--prefix", str(tmp_path), "--name", "pkp"]
    subprocess.run([sys.executable, "-m", *kernel], check=True, capture_output=True)
    environment = os.environ | {
        "HOME": str(tmp_path),
        "JUPYTER_PATH": str(tmp_path / "share" / "jupyter"),
        "JUPYTER_TOKEN": "uji",
    }
    environment.pop("PKP_ROOT", None)
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--ServerApp.port=0"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=project, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: re.search(r"127\.0\.0\.1:\d+/", (tmp_path / "log").read_text()))
        address = re.search(r"127\.0\.0\.1:\d+", (tmp_path / "log").read_text())[0]
        wait_for(lambda: listens(int(address.split(":")[1])))
        yield address
    finally:
        kill(process, 15)


def begin(server: str, path: str) -> str:
    """Starts a notebook's session with the installed kernel; the kernel's id."""
    wanted = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "pkp"}}
    request = Request(
        f"http://{server}/api/sessions", json.dumps(wanted).encode(), {"Authorization": "token uji"}
    )
    with urlopen(request, timeout=120) as answer:
        return json.load(answer)["kernel"]["id"]


def execute(channel, source: str) -> dict[str, dict]:
    """The last message of each type that a cell gives until it is done."""
    header = {
        "msg_id": uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": "uji",
        "version": "5.3",
    }
    content = {
        "code": source,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
    }
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    channel.send(json.dumps(message))
    found = {}
    # the reply comes on a channel of its own, before or after any status
    while (
        not found.keys() >= {"execute_reply", "status"}
        or found["status"]["content"]["execution_state"] != "idle"
    ):
        message = json.loads(channel.recv())
        if message["parent_header"].get("msg_id") == header["msg_id"]:
            found[message["msg_type"]] = message
    return found


@pytest.mark.parametrize(
    ("notebook", "kinds"),
    [("00_mulai", {WIDGET, SHOWN}), ("05_jelajah_interaktif", {WIDGET}), ("08_olah_sendiri", {SHOWN})],
)
def test_every_cell_runs_in_the_kernel_of_another_server(server, project, notebook, kinds):
    path = f"notebooks/{notebook}.ipynb"
    address = f"ws://{server}/api/kernels/{begin(server, path)}/channels?token=uji"
    channel = websocket.create_connection(address, timeout=180)
    shown = []
    for cell in nbformat.read(project / path, as_version=4).cells:
        if cell.cell_type == "code":
            messages = execute(channel, cell.source)
            answer = messages["execute_reply"]["content"]
            assert answer["status"] == "ok", answer
            shown += [kind for one in messages.values() for kind in one["content"].get("data", {})]
    channel.close()
    assert kinds <= set(shown)
