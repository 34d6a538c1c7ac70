"""A server of scripted bytes, for what a sound service does not do: answers cut, late, or refused for a while."""

import socket
import threading

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def refusal(status, *headers, code="busy"):
    body = b'{"code":"%s","detail":"come again"}' % code.encode()
    lines = [f"HTTP/1.1 {status} No", "Content-Type: application/problem+json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers]).encode() + b"\r\n\r\n" + body


class Close(bytes):
    """The last bytes of a connection."""


class Peer:
    """Answers its requests in order, each once it has come whole, on however many connections.

    None as an answer: nothing, until the client leaves. ``early``: the answer comes when so much of the body has come.
    ``tls``: the context of https.
    """

    def __init__(self, *answers, early=None, tls=None):
        self._answers = list(answers)
        self._early = early
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._tls = tls
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._socket.getsockname()[1]}"
        self.requests = []
        self.connections = 0
        self.left = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            if self._tls is not None:
                try:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                except OSError:
                    continue  # the client does not trust it
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as reader:
            while head := self._head(reader):
                self.requests.append(head)
                length = int(head.get("content-length", 0))
                reader.read(length if self._early is None else self._early)
                answer = self._answers.pop(0)
                if answer is None:
                    if not connection.recv(1):
                        self.left.set()
                    return
                connection.sendall(answer)
                if isinstance(answer, Close):
                    return

    @staticmethod
    def _head(reader):
        lines = []
        while line := reader.readline().strip():
            lines.append(line.decode())
        pairs = (line.partition(": ") for line in lines[1:])
        return {"": lines[0], **{name.lower(): value for name, _, value in pairs}} if lines else {}

    def close(self):
        self._socket.close()
