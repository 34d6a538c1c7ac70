"""The service under attack, as a process, a container or an address: shared by benchmarks/hostile and the attacks."""

import http.client
import re
import shlex
import subprocess
import tempfile
import time
from urllib.parse import urlsplit

from service import Service, ports

# On the host's network: behind a published port all clients have the gateway's address, and there is no other client to be fair to.
LOCKED_DOWN = "--detach --read-only --cap-drop ALL --user 10001 --network host --env SERVER_ADDRESS=127.0.0.1 --env MANAGEMENT_SERVER_ADDRESS=127.0.0.1"


class Target:
    """A running service. `timeout` is the longest that a request may take, in seconds."""

    timeout = 300.0

    @property
    def address(self):
        return self.host, self.port

    @property
    def admin(self):
        return self.host, self.management

    def new_log(self):
        """The lines that were written since the last call."""
        lines = self.log_lines()
        self.read, new = len(lines), lines[self.read :]
        return new

    def born(self):
        """When the process began; None where it does not answer."""
        try:
            return next(iter(self.metrics("process_start_time_seconds").values()), None)
        except (OSError, http.client.HTTPException):
            return None


class Process(Target, Service):
    """Started by a command."""

    host = "127.0.0.1"

    def __init__(self, start, port, *settings):
        self.log, self.read = tempfile.mktemp(prefix="phasor-hostile-", suffix=".log"), 0
        self.grpc = self.host, port + 200
        Service.__init__(self, start, port, self.log, *settings, grpc=self.grpc[1])

    def log_lines(self):
        return open(self.log, errors="replace").read().splitlines()

    def ended(self):
        """The exit code of a process that is no more."""
        return self.process.poll()

    def terminate(self):
        self.process.terminate()


class Container(Target, Service):
    """Started from an image, locked down as a cluster would."""

    host = "127.0.0.1"

    def __init__(self, image, options, port, *settings):
        self.read, self.port, self.management, self.grpc = 0, port, port + 1, (self.host, port + 200)
        self.container = docker("run", *LOCKED_DOWN.split(), *options, image, *ports(port, port + 200), *settings)
        began = time.monotonic()
        while self.born() is None or self.get("/readyz", self.port)[0] != 200:
            if self.ended() is not None:
                said = "\n".join(self.log_lines()[-5:])
                self.stop()
                raise SystemExit(f"the container did not start:\n{said}")
            time.sleep(0.1)
        self.ready_seconds = time.monotonic() - began

    def log_lines(self):
        return docker("logs", self.container).splitlines()

    def ended(self):
        running, code = docker("inspect", "--format", "{{.State.Running}} {{.State.ExitCode}}", self.container).split()
        return None if running == "true" else int(code)

    def terminate(self):
        docker("kill", "--signal", "TERM", self.container)

    def stop(self):
        docker("rm", "--force", "--volumes", self.container)

    kill = stop


class Remote(Target, Service):
    """Started by somebody else. It has no log here, and cannot be started anew."""

    def __init__(self, url, management):
        self.host, self.port = urlsplit(url).hostname, urlsplit(url).port
        self.management, self.read = urlsplit(management).port, 0

    def get(self, path, port=None):
        connection = http.client.HTTPConnection(self.host, port or self.management, timeout=30)
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()

    def log_lines(self):
        return []

    def ended(self):
        return None

    def stop(self):
        pass

    kill = stop


class Starts:
    """How a target is started, with a heap and settings of its own."""

    def __init__(self, command=None, image=None, port=9180):
        self.command, self.image, self.port = command, image, port

    def start(self, *settings, heap="1g", java=(), disk=None, ahead=0):
        """
        heap: the largest heap, as -Xmx has it; java: options of the JVM; disk: (folder, bytes) of a small file system that is
        mounted for it; ahead: ports of this one behind the first.
        """
        if self.image:
            options = ["--memory", "1536m", "--env", "PHASOR_SECURITY_OPEN=true", "--env",
                "JDK_JAVA_OPTIONS=" + " ".join(["-Dspring.aot.enabled=true", f"-Xmx{heap}", *java])]
            options += ["--tmpfs", f"{disk[0]}:size={disk[1]},mode=1777"] if disk else []
            return Container(self.image, options, self.port + 2 * ahead, *settings)
        first, *rest = shlex.split(re.sub(r"-Xmx\S+", f"-Xmx{heap}", self.command))
        return Process(shlex.join([first, *java, *rest]), self.port + 2 * ahead, *settings)


def docker(*arguments):
    return subprocess.run(("docker", *arguments), check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.strip()
