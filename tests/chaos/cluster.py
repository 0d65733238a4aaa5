"""A PostgreSQL of one's own, thrown away afterwards: it may be knocked over without anybody else noticing."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

NAME = "chaos"


class NoPostgreSQL(Exception):
    """The server's programs are not on this machine."""


def _programs():
    """The folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    path = found[-1] if found else shutil.which("initdb")
    if not path:
        raise NoPostgreSQL("initdb is neither under /usr/lib/postgresql nor on the PATH")
    return Path(path).resolve().parent


class Cluster:
    """`with Cluster() as cluster`: `cluster.url` is an empty database; `restart()` is a blow, not a goodbye."""

    def __enter__(self):
        self._bin = _programs()
        # The server refuses to run as root: then it is run as who is meant to run it.
        self._as = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="chaos-pg-"))
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data = self.folder / "data"
        try:
            self._run("initdb", "-D", self.data, "-U", NAME, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
            with open(self.data / "postgresql.auto.conf", "a") as conf:
                conf.write(f"port={self.port}\nlisten_addresses='127.0.0.1'\n")
                conf.write(f"unix_socket_directories='{self.folder}'\nmax_connections=120\n")
            self._control("start")
            self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", NAME, NAME)
        except BaseException:
            self.__exit__()
            raise
        self.url = f"postgres://{NAME}@127.0.0.1:{self.port}/{NAME}"
        return self

    def __exit__(self, *_error):
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self):
        """As if the machine had lost its power: nobody is told, nothing is written out first."""
        self._control("restart", "-m", "immediate")

    def _control(self, *words):
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", *words)

    def _run(self, program, *words):
        # Its children keep what it is given as output open: pg_ctl would never seem to end.
        with open(self.folder / "said", "w+b") as said:
            ended = subprocess.run(
                [self._bin / program, *map(str, words)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                **self._as,
            )
            said.seek(0)
            if ended.returncode:
                raise NoPostgreSQL(f"{program}: {said.read().decode(errors='replace')}")
