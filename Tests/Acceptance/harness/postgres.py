"""A PostgreSQL of the tests' own: a cluster in a directory of its own, reached through a socket there."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def binaries():
    """The newest version's programs, where Debian puts them; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def servant():
    """Who runs it where the tests run as root, whom PostgreSQL refuses."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


class Postgres:
    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="cf-pg-", dir="/tmp"))
        self.user = servant()
        if self.user:
            os.chown(self.directory, self.user.pw_uid, self.user.pw_gid)
        self._run("initdb", "-D", "data", "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with open(self.directory / "data/postgresql.conf", "a") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.directory}'\nfsync = off\n")
        self.start()

    def _run(self, program, *arguments):
        def lower():
            if self.user:
                os.setgid(self.user.pw_gid)
                os.setuid(self.user.pw_uid)

        done = subprocess.run(
            [binaries() / program, *arguments], cwd=self.directory, preexec_fn=lower, timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"{program} {arguments}: {done.returncode}"

    def start(self):
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "start")

    def stop(self, how="fast"):
        self._run("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def close(self):
        try:
            self.stop("immediate")
        except AssertionError:
            pass
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def url(self):
        return f"postgres://owner@/postgres?host={self.directory}"
