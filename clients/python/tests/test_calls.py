"""Every call says what raw HTTP says, in every form of input."""

import copy
import errno
import io
import json
import pickle
import tempfile
import unittest
import wave
from pathlib import Path

import numpy as np

import phasor

from .service import AUDIO, SPEECH, URL, npy, npz, raw, raw_array

TRANSFORM = {"n_fft": 512, "hop_length": 128}


class CallsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = phasor.Client(URL)
        cls.addClassCleanup(cls.client.close)
        with wave.open(str(SPEECH)) as file:
            cls.speech = np.frombuffer(file.readframes(16000), "<i2").astype(np.float32) / 32768
        cls.z = np.asarray(cls.client.stft(cls.speech, **TRANSFORM))

    def same(self, answer, expected):
        array, report = expected
        self.assertIsInstance(answer, phasor.Array)
        self.assertEqual(answer.dtype, array.dtype)
        np.testing.assert_array_equal(answer, array)
        for told in (answer.report, report):
            self.assertGreater(told.pop("milliseconds"), 0)
        self.assertEqual(answer.report, report)

    def test_stft(self):
        self.same(
            self.client.stft(self.speech, **TRANSFORM),
            raw_array("/v1/stft", npy(self.speech), "application/x-npy", **TRANSFORM),
        )

    def test_stft_of_a_power_in_other_words(self):
        self.same(
            self.client.stft(
                self.speech, output="power", window="hamming", center=False, sr=8000, win_length=400, n_fft=512
            ),
            raw_array(
                "/v1/stft", npy(self.speech), "application/x-npy",
                output="power", window="hamming", center="false", sample_rate=8000, win_length=400, n_fft=512,
            ),
        )

    def test_istft(self):
        audio = self.client.istft(self.z, hop_length=128, length=16000, sample_rate=16000)
        self.assertEqual(audio.sample_rate, 16000)
        np.testing.assert_allclose(audio, self.speech, atol=1e-6)
        self.same(
            audio,
            raw_array("/v1/istft", npy(self.z), "application/x-npy", hop_length=128, length=16000, sample_rate=16000),
        )

    def test_phase(self):
        phase = self.client.phase(self.z)
        np.testing.assert_allclose(phase, np.angle(self.z), atol=1e-6)
        self.same(phase, raw_array("/v1/phase", npy(self.z), "application/x-npy"))

    def test_phase_vjp(self):
        cotangent = np.angle(self.z)
        self.same(
            self.client.phase_vjp(self.z, cotangent, gradient_policy="regularized", floor=1e-3),
            raw_array(
                "/v1/phase/vjp", npz(spectrogram=self.z, cotangent=cotangent), "application/x-npz",
                gradient_policy="regularized", floor=1e-3,
            ),
        )

    def test_diagnose(self):
        silent = np.concatenate([self.speech, np.zeros(4000, np.float32)])
        _, _, body = raw("/v1/phase/diagnose", npy(silent), "application/x-npy", "application/json", limit=3)
        told, expected = self.client.diagnose(silent, limit=3), json.loads(body)
        del told["milliseconds"], expected["milliseconds"]
        self.assertEqual(told, expected)
        with self.assertRaises(phasor.Unprocessable) as caught:
            self.client.diagnose(silent, fail_on_anomaly=True)
        self.assertEqual(caught.exception.code, "anomaly")

    def test_reconstruct_of_a_magnitude(self):
        magnitude = np.abs(self.z)
        parameters = {"hop_length": 128, "algorithm": "fast_griffinlim", "n_iter": 5, "init": "random", "seed": 7}
        audio = self.client.reconstruct(magnitude, momentum=np.float64(0.9), **parameters)
        self.assertIsNone(audio.sample_rate)
        self.same(
            audio,
            raw_array("/v1/reconstruct", npy(magnitude), "application/x-npy", momentum=0.9, **parameters),
        )

    def test_reconstruct_of_a_phase_and_a_magnitude(self):
        magnitude = np.abs(self.z) / 2
        self.same(
            self.client.reconstruct(spectrogram=self.z, magnitude=magnitude, hop_length=128),
            raw_array(
                "/v1/reconstruct", npz(spectrogram=self.z, magnitude=magnitude), "application/x-npz", hop_length=128
            ),
        )

    def test_reconstruct_from_what_is_known(self):
        mask = np.zeros(self.z.shape, np.float32)
        mask[:, :20] = 1
        given = {"magnitude": np.abs(self.z), "phase": np.angle(self.z), "mask": mask}
        self.same(
            self.client.reconstruct(**given, hop_length=128, init="given", n_iter=4),
            raw_array("/v1/reconstruct", npz(**given), "application/x-npz", hop_length=128, init="given", n_iter=4),
        )

    def test_reconstruct_vjp(self):
        magnitude = np.abs(self.z)
        target = self.speech[:15872]
        step = self.client.reconstruct_vjp(
            self.z, magnitude=magnitude, target=target, loss="multi_resolution_stft", hop_length=128
        )
        status, headers, body = raw(
            "/v1/reconstruct/vjp", npz(spectrogram=self.z, magnitude=magnitude, target=target), "application/x-npz",
            "application/x-npz", loss="multi_resolution_stft", hop_length=128,
        )
        self.assertEqual(status, 200)
        with np.load(io.BytesIO(body)) as arrays:
            np.testing.assert_array_equal(step.audio, arrays["audio"])
            np.testing.assert_array_equal(step.gradient, arrays["gradient"])
            np.testing.assert_array_equal(step.magnitude_gradient, arrays["magnitude_gradient"])
            self.assertAlmostEqual(step.loss, float(arrays["loss"]), places=6)
        self.assertEqual(step.loss, json.loads(headers["Phasor-Report"])["loss"])

    def test_reconstruct_vjp_of_a_cotangent(self):
        step = self.client.reconstruct_vjp(self.z, cotangent=self.speech, hop_length=128)
        self.assertIsNone(step.loss)
        self.assertIsNone(step.magnitude_gradient)
        self.assertEqual(step.gradient.shape, self.z.shape)
        self.assertEqual(step.audio.shape, self.speech.shape)

    def test_reconstruct_vjp_through_iterations(self):
        magnitude = abs(self.z)
        step = self.client.reconstruct_vjp(
            magnitude, target=self.speech, loss="mse", algorithm="griffinlim", n_iter=3, hop_length=128
        )
        self.assertEqual(step.gradient.shape, magnitude.shape)
        self.assertEqual(step.report["through"], "unrolled")

    def test_reconstruct_vjp_of_a_mel(self):
        mel = self.client.mel(self.speech[:8000], "whisper")
        given = {"target": self.speech[:8000], "loss": "mel", "algorithm": "agla", "n_iter": 3}
        step = self.client.reconstruct_vjp(mel=mel, preset="whisper", **given)
        self.assertEqual(step.gradient.shape, mel.shape)
        self.assertIsNone(step.magnitude_gradient)
        audio = self.client.reconstruct(mel=mel, preset="whisper", length=8000, algorithm="agla", n_iter=3)
        np.testing.assert_array_equal(step.audio, audio)
        unnamed = self.client.reconstruct_vjp(mel, preset="whisper", **given)
        np.testing.assert_array_equal(unnamed.gradient, step.gradient)
        with self.assertRaisesRegex(FileNotFoundError, "preset='whisper'"):
            self.client.reconstruct_vjp(mel="whisper", **given)

    def test_the_loss_of_a_preset(self):
        step = self.client.reconstruct_vjp(
            self.speech[:8000], target=self.speech[8000:16000], loss="mel", preset="whisper", input="audio"
        )
        self.assertEqual(step.report["mel"], "whisper")
        self.assertEqual(step.gradient.shape, (8000,))
        there = self.client.reconstruct_vjp(
            self.speech[:8000], target=self.speech[8000:16000], loss="multi_scale_mel", sample_rate=16000
        )
        self.assertGreater(there.loss, 0)

    def test_mel_vjp(self):
        audio = self.speech[:8000]
        cotangent = np.ones_like(self.client.mel(audio, "whisper"))
        self.same(
            self.client.mel_vjp(audio, cotangent, "whisper"),
            raw_array("/v1/mel/vjp", npz(audio=audio, cotangent=cotangent), "application/x-npz", mel="whisper"),
        )

    def test_separate(self):
        sources = np.stack([self.speech[:8000], self.speech[8000:16000]])
        magnitude = self.client.stft(sources, n_fft=512, output="magnitude")
        mixture = sources.sum(0)
        found = self.client.separate(mixture, magnitude=magnitude, reference=sources, n_iter=5)
        self.same(
            found,
            raw_array(
                "/v1/separate",
                npz(audio=mixture, magnitude=magnitude, reference=sources),
                "application/x-npz",
                n_iter=5,
            ),
        )
        self.assertLess(found.report["mixing_error_db"], -120)
        self.assertEqual(len(found.report["si_sdr_db"]), 2)
        gradient = self.client.separate_vjp(mixture, found, magnitude=magnitude, n_iter=5)
        self.assertEqual(gradient.shape, magnitude.shape)

    def test_stretch(self):
        found = self.client.stretch(self.speech, rate=1.25, n_iter=3)
        self.same(found, raw_array("/v1/stretch", npz(audio=self.speech), "application/x-npz", rate=1.25, n_iter=3))
        self.assertEqual(len(found), round(len(self.speech) / 1.25))
        moved = self.client.stretch(self.speech, time_map=np.array([[0, 0], [0.5, 1]], np.float32), sample_rate=16000)
        self.assertEqual(len(moved), 16000)

    def test_evaluate(self):
        other = self.speech + np.float32(0.01)
        told = self.client.evaluate(self.speech, other, n_fft=512)
        _, _, body = raw(
            "/v1/evaluate", npz(audio=self.speech, reference=other), "application/x-npz", "application/json", n_fft=512
        )
        expected = json.loads(body)
        del told["milliseconds"], expected["milliseconds"]
        self.assertEqual(told, expected)
        told = self.client.evaluate(self.speech, magnitude=abs(self.z), hop_length=128)
        self.assertLess(told["spectral_convergence_db"], -100)

    def test_mel(self):
        try:
            presets = self.client.mels()["mels"]
        except phasor.NotFound as none:
            self.skipTest(f"this service has no mels: {none.detail}")
        self.assertEqual(presets["hifigan"]["n_fft"], 1024)
        # The rate of the preset, so that nothing is resampled.
        second = np.asarray(self.speech)
        mel = self.client.mel(second, "hifigan", sample_rate=22050)
        self.same(mel, raw_array("/v1/mel", npy(second), "application/x-npy", mel="hifigan", sample_rate=22050))
        self.assertEqual(mel.dtype, np.float32)
        audio = self.client.reconstruct(mel=mel, preset="hifigan", n_iter=8)
        self.assertEqual(audio.ndim, 1)
        self.assertTrue(np.isfinite(audio).all())

    def test_leading_axes_and_orders(self):
        stereo = np.stack([self.speech, -self.speech])
        self.assertEqual(self.client.stft(stereo, **TRANSFORM).shape, (2, *self.z.shape))
        fortran = np.asfortranarray(self.z)
        for same in (fortran, self.z[::1], np.repeat(self.z, 2, axis=1)[:, ::2], self.z.astype(np.complex128)):
            np.testing.assert_array_equal(self.client.phase(same), self.client.phase(self.z))

    def test_lists_and_integers(self):
        tone = (1000 * np.sin(np.arange(2000))).astype(np.int16)
        as_list = [float(sample) / 32768 for sample in tone]
        np.testing.assert_allclose(self.client.stft(tone), self.client.stft(as_list), atol=1e-6)

    def test_what_is_no_array(self):
        with self.assertRaisesRegex(TypeError, "cotangent must be an array of numbers"):
            self.client.phase_vjp(self.z, [None])
        with self.assertRaisesRegex(TypeError, "response_format"):
            self.client.stft(self.speech, response_format="wav")
        with self.assertRaises(FileNotFoundError):
            self.client.stft("no_such.wav")
        with self.assertRaises(IsADirectoryError):
            self.client.stft(AUDIO)
        with open(__file__) as text, self.assertRaisesRegex(TypeError, "mode 'rb'"):
            self.client.stft(text)


class FilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = phasor.Client(URL)
        cls.addClassCleanup(cls.client.close)
        cls.expected, cls.report = raw_array("/v1/stft", SPEECH.read_bytes(), "audio/wav")

    def test_wav_by_path_file_and_bytes(self):
        with SPEECH.open("rb") as file:
            nameless = io.BytesIO(SPEECH.read_bytes())
            for value in (SPEECH, str(SPEECH), file, nameless, SPEECH.read_bytes(), bytearray(SPEECH.read_bytes())):
                answer = self.client.stft(value)
                np.testing.assert_array_equal(answer, self.expected)
                self.assertEqual(answer.report["sample_rate"], 16000)

    def test_flac_npy_and_npz(self):
        with tempfile.TemporaryDirectory() as folder:
            flac, array, arrays = (Path(folder, f"speech.{ending}") for ending in ("flac", "npy", "npz"))
            answer = self.client.post("reconstruct", {"file": SPEECH}, {"encoding": "pcm16"}, "audio/flac")
            flac.write_bytes(answer.body)
            np.testing.assert_allclose(self.client.stft(flac), self.expected, atol=2e-2)
            samples = self.client.reconstruct(SPEECH)
            np.save(array, samples)
            np.testing.assert_array_equal(self.client.stft(array), self.client.stft(samples))
            np.savez(arrays, audio=samples)
            np.testing.assert_array_equal(self.client.stft(arrays), self.client.stft(samples))

    def test_a_form_of_a_file_and_an_array(self):
        z = self.client.stft(SPEECH)
        samples = self.client.istft(z, length=113600)
        told = self.client.evaluate(SPEECH, samples)
        self.assertLess(told["spectral_convergence_db"], -100)

    def test_save(self):
        stereo = self.client.reconstruct(AUDIO / "edge_float32_over_fullscale_stereo_44k.wav")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "saved.wav")
            stereo.save(path)
            back = self.client.reconstruct(path)
            self.assertEqual(back.sample_rate, 44100)
            self.assertGreater(np.abs(back).max(), 1)
            np.testing.assert_allclose(back, stereo, atol=1e-6)
            expected = self.client.stft(np.asarray(stereo), sample_rate=44100)
            np.testing.assert_array_equal(self.client.stft(path), expected)
            stereo[:, :1000].save(Path(folder, "part.npy"))
            self.assertEqual(np.load(Path(folder, "part.npy")).shape, (2, 1000))
            with self.assertRaisesRegex(ValueError, "must end in"):
                stereo.save(Path(folder, "saved.mp3"))
            with self.assertRaisesRegex(ValueError, "sample rate"):
                self.client.istft(self.expected).save(path)
            self.client.istft(self.expected).save(path, sample_rate=16000)
            whole = path.read_bytes()
            with self.assertRaisesRegex(ValueError, "WAV holds"):
                stereo[None].save(path)
            self.assertEqual(path.read_bytes(), whole)

    @unittest.skipUnless(Path("/dev/full").exists(), "no device that is full")
    def test_a_disk_that_is_full_is_no_lost_connection(self):
        with open("/dev/full", "wb", buffering=0) as full, self.assertRaises(OSError) as raised:
            self.client.post("stft", {"file": SPEECH}, {}, "application/x-npy", full)
        self.assertEqual(raised.exception.errno, errno.ENOSPC)

    def test_a_url_has_no_secret(self):
        with self.assertRaisesRegex(ValueError, "no user or password") as raised:
            phasor.Client("http://user:secret@localhost:8080")
        self.assertNotIn("secret", str(raised.exception))


class AnswersTest(unittest.TestCase):
    """The report goes with views and copies, and not with what is computed of them."""

    @classmethod
    def setUpClass(cls):
        with phasor.Client(URL) as client:
            cls.audio = client.reconstruct(SPEECH)

    def test_views_and_copies(self):
        for same in (self.audio[100:], self.audio.copy(), copy.deepcopy(self.audio), self.audio.astype(np.float64),
                     pickle.loads(pickle.dumps(self.audio))):
            self.assertIsInstance(same, phasor.Audio)
            self.assertEqual(same.report, self.audio.report)
            self.assertEqual(same.sample_rate, 16000)

    def test_arithmetic(self):
        for other in (self.audio * 2, np.abs(self.audio), self.audio + self.audio):
            self.assertIs(type(other), np.ndarray)
        self.assertIsInstance(self.audio.max(), np.float32)
        self.assertIsInstance(np.sum(self.audio), np.float32)


if __name__ == "__main__":
    unittest.main()
