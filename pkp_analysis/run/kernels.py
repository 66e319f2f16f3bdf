"""Warm kernels: the kernel `pkp` starts as a fork of a process that has already imported what notebooks need.

Each notebook keeps a process, namespace, environment and death of its own. Where forking is missing or unsafe
(Windows,
macOS), or fails, the ordinary kernel is started with the same environment and gives the same outputs.
"""

import contextlib
import logging
import os
import sys
from pathlib import Path

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from . import kernel_servers
from .kernel_servers import FIXED, WarmProcess
from .sockets import remove_sockets, use_private_sockets

log = logging.getLogger(__name__)


class WarmProvisioner(LocalProvisioner):
    """Starts kernels by fork over private IPC sockets; everything else is the local provisioner's."""

    has_sockets = False

    async def pre_launch(self, **kwargs):
        """Sockets and connection file in a folder of this kernel's own, environment fixed; then as usual."""
        manager = self.parent
        if manager and manager.transport == "tcp" and not manager.has_kernel:
            with contextlib.suppress(OSError):  # no room for a folder: ports will do
                use_private_sockets(manager)
                self.has_sockets = True
        kwargs["env"] = {**os.environ, **FIXED, **kwargs.get("env", {})}
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd, **kwargs):
        """The connection of a forked kernel, or of an ordinary one when that fails."""
        place = cmd.index("ipykernel_launcher") if "ipykernel_launcher" in cmd else 0
        if (
            kernel_servers.CAN_FORK
            and cmd[:place] == [sys.executable, "-m"]
            and not {"stdout", "stderr", "stdin"} & kwargs.keys()
        ):
            try:
                self.process = kernel_servers.server_for(kwargs["env"]).start(
                    cmd[place + 1 :], str(kwargs.get("cwd") or Path.cwd()), kwargs["env"]
                )
            except (OSError, ValueError) as error:
                log.warning("Kernel hangat gagal (%s); kernel biasa dipakai.", error)
            else:
                self.pid = self.pgid = self.process.pid
                self.cwd = kwargs.get("cwd", Path.cwd())
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)

    async def kill(self, restart: bool = False) -> None:
        """Ended when this returns: jupyter_client looks only every tenth of a second."""
        await super().kill(restart)
        if isinstance(self.process, WarmProcess):
            self.process.ended.wait(1)

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing of a kernel that ended stays on disk."""
        await super().cleanup(restart)
        if self.has_sockets and not restart:
            remove_sockets(self.parent)
