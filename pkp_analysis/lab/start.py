"""JupyterLab as planners meet it: in Indonesian, at 00_mulai, without news, and without a word to the
internet.
"""

import os
import subprocess
import sys
from pathlib import Path

from ..paths import PACKAGE, project_root
from ..run.processes import SECRETS

START = "notebooks/00_mulai.ipynb"
SETTINGS = PACKAGE / "lab_settings"


def lab_command(root: Path, browser: bool = True, port: int | None = None) -> list[str]:
    """The command line that starts JupyterLab for the project in `root`.

    Controls answer in the kernel's main thread (no subshells): in a second one, messages of 05 got lost.
    The settings come from the package (lab_settings/overrides.json); a planner's own settings in JupyterLab
    go first.
    """
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{START}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--LabApp.news_url=",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
    if os.name == "posix":
        # Left to itself the server may start a login shell, which forgets where `pkp` is.
        shell = os.environ.get("SHELL") or "sh"
        command.append(f"--ServerApp.terminado_settings=shell_command=[{shell!r}]")
        if os.geteuid() == 0:  # in a container; the server still listens on this machine only
            command.append("--allow-root")
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    return command if browser else [*command, "--no-browser"]


def open_lab(browser: bool = True, port: int | None = None) -> int:
    """Run JupyterLab until it is closed; returns its exit code, or never where it takes the place of this
    process. Raises BadRequestError outside a project folder.
    """
    root = project_root()
    (root / "notebooks" / "saya").mkdir(exist_ok=True)  # where "save as" puts a planner's own; git ignores it
    # A terminal opened in JupyterLab finds `pkp`, also when the environment was never activated.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    inherited = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return become(lab_command(root, browser, port), root, {**inherited, "PKP_ROOT": str(root), "PATH": path})


def become(command: list[str], folder: Path, environment: dict) -> int:
    """Run the command in place of this process, so that whatever ends `pkp lab` ends the server, its kernels and
    its port; Windows cannot, and waits for it.
    """
    if os.name == "posix":
        os.chdir(folder)
        sys.stdout.flush()
        os.execve(command[0], command, environment)
    try:
        return subprocess.call(command, cwd=folder, env=environment)
    except KeyboardInterrupt:  # Ctrl+C is how a server in a terminal is closed
        return 0
