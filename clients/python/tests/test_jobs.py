"""Jobs: the same answers, later."""

import io
import json
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

import numpy as np

import phasor

from .service import SPEECH, URL

TRANSFORM = {"n_fft": 512, "hop_length": 128}


class JobsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = phasor.Client(URL)
        cls.addClassCleanup(cls.client.close)

    def test_the_answer_of_the_operation(self):
        job = self.client.jobs.submit("stft", SPEECH, **TRANSFORM)
        answer = self.client.jobs.get(job.id).result(timeout=60)
        np.testing.assert_array_equal(answer, self.client.stft(SPEECH, **TRANSFORM))
        self.assertEqual(answer.report["n_fft"], 512)
        self.assertEqual(job.status()["state"], "done")
        job.forget()
        with self.assertRaises(phasor.NotFound):
            job.status()

    def test_sound_and_refusals(self):
        magnitude = np.abs(self.client.stft(SPEECH, **TRANSFORM))
        job = self.client.jobs.submit("reconstruct", {"magnitude": magnitude}, n_iter=8, hop_length=128, sample_rate=16000)
        self.assertIsInstance(job.result(timeout=60), phasor.Audio)
        with self.assertRaises(phasor.BadRequest):
            self.client.jobs.submit("stft", SPEECH, hop_lenght=3)
        with self.assertRaises(phasor.BadRequest):
            self.client.jobs.submit("stft", np.array([1, np.nan, 2])).result(timeout=60)

    def test_what_is_no_array_is_saved(self):
        job = self.client.jobs.submit("stft", SPEECH, accept="application/x-npz", **TRANSFORM)
        with self.assertRaisesRegex(TypeError, "answers application/x-npz"):
            job.result(timeout=60)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "answer.npz")
            job.save(path)
            with np.load(path) as arrays:
                np.testing.assert_array_equal(arrays["spectrogram"], self.client.stft(SPEECH, **TRANSFORM))
            whole = path.read_bytes()
            job.forget()
            with self.assertRaises(phasor.NotFound):
                job.save(path)
            self.assertEqual(path.read_bytes(), whole)
            self.assertEqual([file.name for file in Path(folder).iterdir()], ["answer.npz"])

    def test_one_key_is_one_job(self):
        first = self.client.jobs.submit("stft", SPEECH, idempotency_key="twice", **TRANSFORM)
        self.assertEqual(self.client.jobs.submit("stft", SPEECH, idempotency_key="twice", **TRANSFORM).id, first.id)

    def test_a_batch(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "some.zip"
            with zipfile.ZipFile(path, "w") as archive:
                archive.write(SPEECH, "a.wav")
                archive.writestr("b.wav", b"nothing")
            answers = Path(folder) / "answers.zip"
            batch = self.client.jobs.submit("stft", path, **TRANSFORM)
            batch.save(answers, timeout=60)
            self._look(answers)
            results = batch.results()
            np.testing.assert_array_equal(results["a.wav"], self.client.stft(SPEECH, **TRANSFORM))
            self.assertEqual(results["a.wav"].report["n_fft"], 512)
            self.assertEqual(results["b.wav"].status, 415)
            with self.assertRaisesRegex(TypeError, "results"):
                batch.result()

    def test_a_cancelled_batch(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "some.zip"
            with zipfile.ZipFile(path, "w") as archive:
                archive.write(SPEECH, "a.wav")
                archive.write(SPEECH, "b.wav")
            batch = self.client.jobs.submit("reconstruct", path, algorithm="griffinlim", n_iter=9000, **TRANSFORM)
            end = time.monotonic() + 60
            while not batch.status().get("iterations") and time.monotonic() < end:
                time.sleep(0.05)
            batch.cancel()
            results = batch.results(timeout=60)
            self.assertTrue(results["a.wav"].report["cancelled"])
            self.assertEqual(results["b.wav"].code, "cancelled")

    def _look(self, answers):
        with zipfile.ZipFile(answers) as archive:
            manifest = json.loads(archive.read("manifest.json"))["files"]
            self.assertEqual([line["status"] for line in manifest], [200, 415])
            np.testing.assert_array_equal(
                np.load(io.BytesIO(archive.read("a.npy"))), self.client.stft(SPEECH, **TRANSFORM)
            )


if __name__ == "__main__":
    unittest.main()
