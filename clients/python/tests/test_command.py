"""The command, as a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

import phasor

from .service import AUDIO, SPEECH, URL


def run(*words, url=URL):
    environment = {**os.environ, "PHASOR_URL": url}
    ended = subprocess.run(
        [sys.executable, "-m", "phasor", *map(str, words)], env=environment, capture_output=True, text=True, timeout=300
    )
    return ended.returncode, ended.stdout, ended.stderr


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_magnitudes_to_sound(self):
        magnitude, found = self.folder / "magnitude.npy", self.folder / "found.wav"
        self.assertEqual(
            run("stft", SPEECH, "-o", magnitude, "--n-fft", 1024, "--hop-length=256", "--output", "magnitude"),
            (0, "", ""),
        )
        transform = "--hop-length", 256, "--sample-rate", 16000
        code, printed, told = run("reconstruct", magnitude, "-o", found, *transform, "--n-iter", 8, "--report")
        self.assertEqual((code, told), (0, ""))
        report = json.loads(printed)
        self.assertEqual((report["file"], report["algorithm"]), (str(magnitude), "coarse_to_fine"))
        with phasor.Client(URL) as client:
            expected = client.reconstruct(np.load(magnitude), hop_length=256, sample_rate=16000, n_iter=8)
            np.testing.assert_array_equal(client.stft(found), client.stft(expected))
        self.assertEqual([file.name for file in sorted(self.folder.iterdir())], ["found.wav", "magnitude.npy"])
        self.assertEqual(found.stat().st_mode & 0o044, 0o044 & ~self.umask())

    @staticmethod
    def umask():
        mask = os.umask(0)
        os.umask(mask)
        return mask

    def test_a_spectrogram_there_and_back(self):
        z, phase, back = (self.folder / name for name in ("z.npz", "phase.npy", "back.flac"))
        self.assertEqual(run("stft", SPEECH, "-o", z)[0], 0)
        self.assertEqual(run("phase", z, "-o", phase)[0], 0)
        self.assertEqual(np.load(phase).dtype, np.float32)
        self.assertEqual(run("istft", z, "-o", back, "--sample-rate", 16000)[0], 0)
        self.assertEqual(back.read_bytes()[:4], b"fLaC")

    def test_figures(self):
        code, printed, _ = run("diagnose", SPEECH, "--limit", 0)
        self.assertEqual((code, json.loads(printed)["first"]), (0, []))
        code, printed, _ = run("evaluate", SPEECH, SPEECH)
        self.assertEqual((code, json.loads(printed)["snr_db"]), (0, 200))

    def test_a_folder(self):
        recordings = self.folder / "in"
        recordings.mkdir()
        for file in AUDIO.glob("*.wav"):
            (recordings / file.name).write_bytes(file.read_bytes())
        code, printed, told = run("reconstruct", recordings, "-o", self.folder / "out", "--jobs", 3)
        self.assertEqual((code, printed), (0, ""))
        self.assertIn("edge_float32_over_fullscale_stereo_44k.wav: clips: ", told)
        names = sorted(file.name for file in recordings.iterdir())
        self.assertEqual(sorted(file.name for file in (self.folder / "out").iterdir()), names)
        code, printed, _ = run("evaluate", recordings, self.folder / "out")
        self.assertEqual(code, 0)
        self.assertEqual(len(printed.splitlines()), len(names))

    def test_a_folder_with_a_file_that_is_refused(self):
        inputs = self.folder / "in" / "deep"
        inputs.mkdir(parents=True)
        (inputs / "good.wav").write_bytes(SPEECH.read_bytes())
        (inputs / "bad.wav").write_bytes(b"RIFF")
        (inputs / "notes.txt").write_text("not taken")
        code, _, told = run("phase", self.folder / "in", "-o", self.folder / "out", "--response-format", "npz")
        self.assertEqual(code, 1)
        self.assertRegex(told, r"^phasor: \S+bad\.wav: malformed_wav: .* \(request [0-9a-f]{32}\)\n$")
        files = [file.relative_to(self.folder / "out") for file in (self.folder / "out").rglob("*") if file.is_file()]
        self.assertEqual(files, [Path("deep", "good.npz")])

    def test_two_files_that_would_be_one(self):
        (self.folder / "a.wav").write_bytes(SPEECH.read_bytes())
        (self.folder / "a.flac").write_bytes(b"")
        code, _, told = run("stft", self.folder, "-o", self.folder / "out")
        self.assertEqual(code, 2)
        self.assertIn("would both become", told)

    def test_what_is_refused(self):
        code, printed, told = run("stft", SPEECH, "-o", self.folder / "z.npy", "--n-ftt", 3)
        self.assertEqual((code, printed), (1, ""))
        self.assertIn("bad_parameter: ", told)
        self.assertIn("did you mean n_fft?", told)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_command_itself(self):
        for words in (
            [],
            ["stft"],
            ["play", SPEECH],
            ["stft", SPEECH],
            ["evaluate", SPEECH],
            ["diagnose", SPEECH, "-o", "x.json"],
            ["stft", "no_such.wav", "-o", "x.npy"],
            ["stft", SPEECH, "-o", "x.mp3"],
            ["stft", SPEECH, SPEECH, "-o", "x.npy"],
            ["stft", SPEECH, "-o", "x.npy", "--url", "nowhere"],
        ):
            code, printed, told = run(*words)
            self.assertEqual((code, printed), (2, ""), words)
            self.assertTrue(told, words)
        self.assertIn("exit codes", run("--help")[1])

    def test_a_flag_before_the_output(self):
        code, _, told = run("mel", SPEECH, "--mel", "whisper", "--drop-last-frame", "-o", self.folder / "mel.npy")
        self.assertEqual(code, 0, told)

    def test_an_operation_has_its_own_help(self):
        code, printed, _ = run("mel", "--help")
        self.assertEqual(code, 0)
        self.assertIn("phasor mel IN -o OUT --mel hifigan", printed)
        self.assertNotIn("phasor stretch", printed)

    def test_an_address_without_a_scheme_is_named_as_it_was_given(self):
        words = "stft", SPEECH, "-o", self.folder / "z.npy"
        self.assertIn("PHASOR_URL must begin with http://", run(*words, url="localhost:8080")[2])
        self.assertIn(" url must begin with http://", run(*words, "--url", "localhost:8080")[2])

    def test_a_service_that_is_not_there(self):
        code, _, told = run("stft", SPEECH, "-o", self.folder / "z.npy", "--retries", 0, url="http://127.0.0.1:9")
        self.assertEqual(code, 3)
        self.assertIn("http://127.0.0.1:9 cannot be reached", told)

    def test_mel(self):
        code, _, told = run("mel", SPEECH, "-o", self.folder / "mel.npy", "--n-mels", 40)
        if "not_found" in told:
            self.skipTest("this service has no mels: " + told)
        self.assertEqual(code, 0, told)
        self.assertEqual(np.load(self.folder / "mel.npy").shape[0], 40)


if __name__ == "__main__":
    unittest.main()
