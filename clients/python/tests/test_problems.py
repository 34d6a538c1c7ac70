"""What is refused is an exception that says why."""

import hashlib
import pickle
import threading
import unittest

import numpy as np

import phasor

from .service import SPEECH, URL, OwnService, until


class ProblemsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = phasor.Client(URL)
        cls.addClassCleanup(cls.client.close)

    def problem(self, kind, status, code, call):
        with self.assertRaises(kind) as caught:
            call()
        error = caught.exception
        self.assertEqual((error.status, error.code), (status, code))
        self.assertRegex(error.request_id, "^[0-9a-f]{32}$")
        self.assertEqual(str(error), f"{code}: {error.detail}")
        self.assertEqual(str(pickle.loads(pickle.dumps(error))), str(error))
        return error

    def test_a_name_that_is_nearly_another(self):
        error = self.problem(phasor.BadRequest, 400, "bad_parameter", lambda: self.client.stft(SPEECH, hop_lenght=128))
        self.assertIn("did you mean hop_length?", error.detail)
        self.assertIsInstance(error, ValueError)

    def test_values_that_cannot_be(self):
        nan = np.array([0, np.nan, 0], np.float32)
        error = self.problem(phasor.Unprocessable, 422, "non_finite_input", lambda: self.client.stft(nan))
        self.assertIsInstance(error, phasor.PhasorError)
        z = np.ones((5, 4), np.complex64)
        self.problem(phasor.Unprocessable, 422, "shape_mismatch", lambda: self.client.phase_vjp(z, np.ones((4, 4))))
        self.problem(
            phasor.Unprocessable, 422, "nola", lambda: self.client.istft(z, hop_length=8, window="hann", center=False)
        )

    def test_what_is_no_sound(self):
        self.problem(phasor.BadRequest, 415, "unsupported_media_type", lambda: self.client.stft(b"no sound at all"))

    def test_more_than_one_request_may_send(self):
        silence = np.zeros(75 << 20, np.float32)  # 300 MiB, above phasor.limits.max-upload
        error = self.problem(phasor.TooLarge, 413, "too_large", lambda: self.client.stft(silence))
        self.assertIn("268435456 bytes", error.detail)
        self.assertIsNotNone(self.client.stft(np.zeros(100, np.float32)))

    def test_nobody_listens(self):
        with self.assertRaisesRegex(phasor.Unreachable, "http://127.0.0.1:9 cannot be reached") as caught:
            phasor.Client("http://127.0.0.1:9", retries=1).stft(SPEECH)
        self.assertIsInstance(caught.exception, ConnectionError)

    def test_what_is_no_url(self):
        for url in ("localhost:8080", "ftp://localhost", "http://"):
            with self.assertRaisesRegex(ValueError, "http:// or https://"):
                phasor.Client(url)


class RestrictedTest(unittest.TestCase):
    """A service with a key, a rate and a small upload."""

    KEY = "schlüssel"

    @classmethod
    def setUpClass(cls):
        digest = hashlib.sha256(cls.KEY.encode()).hexdigest()
        cls.service = OwnService(
            f"--phasor.security.keys.test={digest}",
            "--phasor.security.requests-per-minute=60",
            "--phasor.limits.max-upload=2MB",
        )
        cls.addClassCleanup(cls.service.close)

    def test_keys(self):
        for key in (None, "wrong"):
            with self.assertRaises(phasor.Unauthorized) as caught, phasor.Client(self.service.url, key) as client:
                client.phase(np.ones((3, 3), np.complex64))
            self.assertEqual((caught.exception.status, caught.exception.code), (401, "unauthorized"))
            self.assertTrue(str(caught.exception).startswith("unauthorized: "))

    def test_the_size_of_a_body(self):
        client = phasor.Client(self.service.url, self.KEY)
        self.addCleanup(client.close)
        for samples in (1 << 20, 16 << 20):
            with self.assertRaises(phasor.TooLarge):
                client.stft(np.zeros(samples, np.float32))
            with self.assertRaises(phasor.TooLarge):
                client.evaluate(np.zeros(samples, np.float32), np.zeros(samples, np.float32))

    def test_the_rate(self):
        z = np.ones((3, 3), np.complex64)
        with phasor.Client(self.service.url, self.KEY, retries=0) as hasty:
            with self.assertRaises(phasor.TooManyRequests) as caught:
                for _ in range(100):
                    hasty.phase(z)
        self.assertEqual(caught.exception.code, "too_many_requests")
        self.assertGreaterEqual(caught.exception.retry_after, 1)
        with phasor.Client(self.service.url, self.KEY) as patient:
            for _ in range(2):
                self.assertEqual(patient.phase(z).shape, z.shape)


class KilledTest(unittest.TestCase):
    def test_a_service_that_ends_and_comes_back(self):
        service = OwnService()
        self.addCleanup(service.close)
        client = phasor.Client(service.url, retries=1)
        self.addCleanup(client.close)
        magnitude = np.abs(client.stft(SPEECH, n_fft=1024))
        caught = []

        def ask():
            try:
                client.reconstruct(magnitude, algorithm="griffinlim", n_iter=1000)
            except phasor.PhasorError as error:
                caught.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        until("the request", service.computes)
        service.kill()
        thread.join(60)
        self.assertEqual([type(error) for error in caught], [phasor.ConnectionLost])
        # The one where nobody listens any more, the other where the dying process still did.
        self.assertRegex(str(caught[0]), "the connection was lost before the answer|the connection before it answered")
        self.assertIn(service.url, str(caught[0]))
        with self.assertRaises(phasor.Unreachable):
            client.stft(SPEECH)
        service.start()
        np.testing.assert_array_equal(np.abs(client.stft(SPEECH, n_fft=1024)), magnitude)


if __name__ == "__main__":
    unittest.main()
