"""Connections that are kept, requests that are asked again, and what happens where they are not."""

import copy
import io
import os
import pickle
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import numpy as np

import phasor

from .peer import OK, Close, Peer, refusal
from .service import SPEECH, URL, npy

VALUES = np.zeros(4, np.float32)


class RetriesTest(unittest.TestCase):
    def ask(self, *answers, value=VALUES, early=None, **settings):
        self.peer = Peer(*answers, early=early)
        self.addCleanup(self.peer.close)
        self.client = phasor.Client(self.peer.url, **settings)
        self.addCleanup(self.client.close)
        began = time.monotonic()
        try:
            return self.client.diagnose(value)
        finally:
            self.seconds = time.monotonic() - began

    def test_busy_then_not(self):
        self.assertEqual(self.ask(refusal(503, "Retry-After: 1"), refusal(429, "Retry-After: 0"), OK), {})
        self.assertGreaterEqual(self.seconds, 1)
        self.assertLess(self.seconds, 5)
        self.assertEqual(len(self.peer.requests), 3)
        self.assertEqual(self.peer.connections, 1)
        self.assertEqual(len({request["x-request-id"] for request in self.peer.requests}), 1)

    def test_busy_without_a_time(self):
        self.assertEqual(self.ask(refusal(503), refusal(503), OK), {})
        self.assertGreaterEqual(self.seconds, 0.3)

    def test_busy_for_ever(self):
        with self.assertRaises(phasor.Unavailable) as caught:
            self.ask(*[refusal(503, "Retry-After: 0")] * 3, retries=2)
        self.assertEqual(len(self.peer.requests), 3)
        self.assertEqual((caught.exception.code, caught.exception.retry_after), ("busy", 0))

    def test_busy_until_tomorrow(self):
        with self.assertRaises(phasor.TooManyRequests) as caught:
            self.ask(refusal(429, "Retry-After: 86400", code="quota_exceeded"))
        self.assertEqual(caught.exception.retry_after, 86400)
        self.assertLess(self.seconds, 5)

    def test_what_would_be_refused_again(self):
        for refused, kind in (
            (refusal(400), phasor.BadRequest),
            (refusal(500), phasor.Problem),
            (refusal(503, "Retry-After: 1", code="timeout"), phasor.Unavailable),
        ):
            with self.assertRaises(kind):
                self.ask(refused, OK)
            self.assertEqual(len(self.peer.requests), 1)

    def test_a_page_of_a_proxy(self):
        page = b"<html>Bad Gateway</html>"
        with self.assertRaises(phasor.Problem) as caught:
            self.ask(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page))
        self.assertEqual((caught.exception.status, caught.exception.code), (502, ""))
        self.assertEqual(str(caught.exception), "502: 502 Bad Gateway <html>Bad Gateway</html>")

    def test_a_connection_that_the_service_closed_while_idle(self):
        self.assertEqual(self.ask(Close(OK), OK), {})
        self.assertEqual(self.client.diagnose(VALUES), {})
        self.assertEqual(self.peer.connections, 2)

    def test_a_used_connection_without_an_answer(self):
        self.assertEqual(self.ask(OK, Close(b""), OK), {})
        self.assertEqual(self.client.diagnose(VALUES), {})
        self.assertEqual((self.peer.connections, len(self.peer.requests)), (2, 3))

    def test_a_new_connection_without_an_answer(self):
        with self.assertRaisesRegex(phasor.ConnectionLost, "before it answered /v1/phase/diagnose"):
            self.ask(Close(b""), OK)
        self.assertEqual(len(self.peer.requests), 1)

    def test_an_answer_that_is_cut(self):
        for cut in (OK[:-1], OK.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")[:-2] + b"5\r\n{"):
            with self.assertRaisesRegex(phasor.ConnectionLost, "within its answer"):
                self.ask(Close(cut), OK)
            self.assertEqual(len(self.peer.requests), 1)

    def test_an_answer_that_is_cut_on_its_way_into_a_file(self):
        peer = Peer(Close(OK[:-1]))
        self.addCleanup(peer.close)
        with phasor.Client(peer.url) as client, self.assertRaisesRegex(phasor.ConnectionLost, "within its answer"):
            client.post("stft", {"file": VALUES}, {}, "application/x-npy", io.BytesIO())

    def test_no_answer_in_time(self):
        with self.assertRaisesRegex(phasor.TimedOut, "did nothing for 0.2 s about /v1/phase/diagnose") as caught:
            self.ask(None, timeout=0.2)
        self.assertIsInstance(caught.exception, TimeoutError)
        self.assertTrue(self.peer.left.wait(10), "the connection stays open")

    def test_a_large_body_is_announced(self):
        large = np.zeros(1 << 19, np.float32)
        with self.assertRaises(phasor.TooLarge):
            self.ask(Close(refusal(413, code="too_large")), value=large, early=0)
        self.assertEqual(self.peer.requests[0]["expect"], "100-continue")
        self.assertLess(self.seconds, 1)
        self.assertEqual(self.ask(OK, value=large), {}, "by one that does not know Expect")

    def test_a_refusal_in_the_middle_of_a_body(self):
        with self.assertRaises(phasor.TooLarge):
            self.ask(Close(refusal(413, code="too_large")), value=np.zeros(8 << 20, np.float32), early=1 << 20)


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed, which makes the certificate")
class TlsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
            + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        cls.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.server.load_cert_chain(certificate, key)
        cls.trusting = ssl.create_default_context(cafile=certificate)

    def peer(self, *answers, early=None):
        peer = Peer(*answers, early=early, tls=self.server)
        self.addCleanup(peer.close)
        return peer

    def test_a_connection_is_kept(self):
        peer = self.peer(OK, OK, OK)
        with phasor.Client(peer.url, context=self.trusting) as client:
            for samples in (4, 1 << 20, 4):
                self.assertEqual(client.diagnose(np.zeros(samples, np.float32)), {})
        self.assertEqual(peer.connections, 1)

    def test_a_stranger(self):
        peer = self.peer(OK)
        with phasor.Client(peer.url) as client, self.assertRaisesRegex(phasor.Unreachable, "CERTIFICATE_VERIFY_FAILED"):
            client.diagnose(VALUES)
        self.assertEqual(peer.requests, [])

    def test_a_refusal_in_the_middle_of_a_body(self):
        peer = self.peer(Close(refusal(413, code="too_large")), early=1 << 20)
        with phasor.Client(peer.url, context=self.trusting) as client, self.assertRaises(phasor.PhasorError) as caught:
            client.diagnose(np.zeros(8 << 20, np.float32))
        self.assertIsInstance(caught.exception, (phasor.TooLarge, phasor.ConnectionLost))


def _write(sink, data):
    with open(sink, "wb") as pipe:
        pipe.write(data)


class SettingsTest(unittest.TestCase):
    def test_a_key_of_a_file_ends_with_its_line(self):
        peer = Peer(OK)
        self.addCleanup(peer.close)
        with phasor.Client(peer.url, key="secret\n") as client:
            client.diagnose(VALUES)
        self.assertEqual(peer.requests[0]["authorization"], "Bearer secret")

    def test_what_is_no_key_is_not_told(self):
        for key in ("se\ncret", "se\0cret", b"secret", 7):
            with self.assertRaisesRegex(ValueError, "key must be") as caught:
                phasor.Client(URL, key=key)
            self.assertNotIn("cret", str(caught.exception))

    def test_no_time(self):
        for timeout in (0, -1, float("nan")):
            with self.assertRaisesRegex(ValueError, "timeout must be above 0"):
                phasor.Client(URL, timeout=timeout)


class PoolTest(unittest.TestCase):
    def test_threads_share_a_client(self):
        with phasor.Client(URL, retries=20) as client:
            rng = np.random.default_rng(0)
            signals = [rng.standard_normal(4000 + 7 * i).astype(np.float32) for i in range(32)]
            expected = [np.asarray(client.stft(signal, n_fft=256)) for signal in signals]
            start = threading.Barrier(32)
            wrong = []

            def ask(i):
                start.wait(60)
                for k in range(8):
                    at = (i + k) % 32
                    try:
                        np.testing.assert_array_equal(client.stft(signals[at], n_fft=256), expected[at])
                    except Exception as error:
                        wrong.append(error)

            threads = [threading.Thread(target=ask, args=(i,)) for i in range(32)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
            self.assertEqual(wrong, [])

    def test_a_connection_is_kept(self):
        peer = Peer(*[OK] * 5)
        self.addCleanup(peer.close)
        with phasor.Client(peer.url) as client:
            for _ in range(5):
                client.diagnose(VALUES)
        self.assertEqual(peer.connections, 1)

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork")
    def test_a_child_has_connections_of_its_own(self):
        peer = Peer(*[OK] * 3)
        self.addCleanup(peer.close)
        with phasor.Client(peer.url) as client:
            client.diagnose(VALUES)
            child = os.fork()
            if child == 0:
                try:
                    client.diagnose(VALUES)
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            client.diagnose(VALUES)
        self.assertEqual((peer.connections, len(peer.requests)), (2, 3))

    def test_a_copy_has_connections_of_its_own(self):
        with phasor.Client(URL) as client:
            wanted = client.phase(np.ones((3, 4), np.complex64))
            for other in (copy.deepcopy(client), pickle.loads(pickle.dumps(client))):
                with other:
                    np.testing.assert_array_equal(other.phase(np.ones((3, 4), np.complex64)), wanted)

    def test_a_pipe_is_read(self):
        source, sink = os.pipe()
        with open(SPEECH, "rb") as file:
            writer = threading.Thread(target=_write, args=(sink, file.read()))
        writer.start()
        with phasor.Client(URL) as client:
            np.testing.assert_array_equal(client.stft(f"/dev/fd/{source}"), client.stft(SPEECH))
        writer.join()
        os.close(source)

    def test_what_is_no_request(self):
        with phasor.Client(URL) as client, self.assertRaisesRegex(ValueError, "nothing to send"):
            client.stft(None)

    def test_a_path_before_the_service(self):
        peer = Peer(OK, OK)
        self.addCleanup(peer.close)
        with phasor.Client(peer.url + "/sound/", "a key") as client:
            client.diagnose(VALUES, limit=np.int64(3), fail_on_anomaly=np.True_, eps=None)
        self.assertEqual(
            peer.requests[0][""], "POST /sound/v1/phase/diagnose?limit=3&fail_on_anomaly=true HTTP/1.1"
        )
        self.assertEqual(peer.requests[0]["authorization"], "Bearer a key")

    def test_a_preset_of_mels(self):
        answer = npy(np.zeros((80, 3), np.float32))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-npy\r\nContent-Length: %d\r\n\r\n" % len(answer)
        presets = b'{"mels":[]}'
        listed = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(presets)
        peer = Peer(listed + presets, head + answer, head + answer)
        self.addCleanup(peer.close)
        with phasor.Client(peer.url) as client:
            self.assertEqual(client.mels(), {"mels": []})
            mel = client.mel(SPEECH, "hifigan", fmax=None, n_mels=80)
            client.reconstruct(mel=mel, preset="hifigan", n_iter=8)
        self.assertEqual(
            [request[""].split()[:2] for request in peer.requests],
            [
                ["GET", "/v1/mels"],
                ["POST", "/v1/mel?mel=hifigan&n_mels=80"],
                ["POST", "/v1/reconstruct?mel=hifigan&n_iter=8"],
            ],
        )
        self.assertTrue(peer.requests[2]["content-type"].startswith("multipart/form-data"))

    def test_what_the_environment_says(self):
        peer = Peer(OK)
        self.addCleanup(peer.close)
        os.environ["PHASOR_KEY"] = "from outside"
        self.addCleanup(os.environ.pop, "PHASOR_KEY")
        before = os.environ.get("PHASOR_URL")
        os.environ["PHASOR_URL"] = peer.url
        try:
            with phasor.Client() as client:
                client.diagnose(SPEECH)
        finally:
            if before is None:
                del os.environ["PHASOR_URL"]
            else:
                os.environ["PHASOR_URL"] = before
        self.assertEqual(peer.requests[0]["authorization"], "Bearer from outside")
        self.assertEqual(peer.requests[0]["content-type"], "audio/wav")


if __name__ == "__main__":
    unittest.main()
