"""The asyncio twin: the same answers, many at once, and a cancelled call that stops its work."""

import asyncio
import inspect
import unittest

import numpy as np

import phasor

from .peer import OK, Peer, refusal
from .service import URL, until


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    async def test_many_at_once(self):
        signals = [np.random.default_rng(i).standard_normal(3000).astype(np.float32) for i in range(40)]
        async with phasor.AsyncClient(URL, retries=20) as client:
            answers = await asyncio.gather(*(client.stft(signal, n_fft=256) for signal in signals))
        await asyncio.to_thread(self.compare, signals, answers)

    def compare(self, signals, answers):
        with phasor.Client(URL) as client:
            for signal, answer in zip(signals, answers):
                np.testing.assert_array_equal(answer, client.stft(signal, n_fft=256))
                self.assertEqual(answer.report["n_fft"], 256)

    async def test_a_problem(self):
        async with phasor.AsyncClient(URL) as client:
            with self.assertRaisesRegex(phasor.BadRequest, "did you mean n_fft"):
                await client.stft(np.zeros(100, np.float32), n_ftt=4)

    async def test_the_same_methods(self):
        for name, method in inspect.getmembers(phasor.Client, inspect.isfunction):
            if not name.startswith("_") and name != "close":
                twin = getattr(phasor.AsyncClient, name)
                self.assertTrue(inspect.iscoroutinefunction(twin), name)
                self.assertEqual(inspect.signature(twin), inspect.signature(method))
                self.assertEqual(twin.__doc__, method.__doc__)

    async def test_jobs(self):
        magnitude = np.abs(np.random.default_rng(1).standard_normal((129, 40))).astype(np.float32)
        async with phasor.AsyncClient(URL, retries=20, concurrency=1) as client:
            job = await client.jobs.submit("reconstruct", magnitude, hop_length=64, sample_rate=8000, n_iter=4)
            again = client.jobs.get(job.id)
            one, other = await asyncio.gather(job.result(60), again.result(60))
            np.testing.assert_array_equal(one, other)
            self.assertEqual(one.report["iterations"], 4)
            self.assertEqual((await job.status())["state"], "done")
            endless = await client.jobs.submit("reconstruct", magnitude, hop_length=64, sample_rate=8000, n_iter=10000)
            with self.assertRaisesRegex(TimeoutError, endless.id):
                await endless.wait(0.1, 0.02)
            await endless.cancel()
            self.assertEqual((await endless.wait(60))["state"], "cancelled")
            await job.forget()
            with self.assertRaises(phasor.NotFound):
                await again.status()

    async def test_jobs_have_the_same_methods(self):
        for ours, theirs in ((phasor.aio.AsyncJob, phasor.Job), (phasor.aio.AsyncJobs, phasor.Jobs)):
            for name, _ in inspect.getmembers(theirs, inspect.isfunction):
                if not name.startswith("_"):
                    self.assertTrue(callable(getattr(ours, name)), name)

    async def test_a_cancelled_call_closes_its_connection(self):
        peer = Peer(None, OK)
        self.addCleanup(peer.close)
        async with phasor.AsyncClient(peer.url) as client:
            call = asyncio.create_task(client.diagnose(np.zeros(4, np.float32)))
            await asyncio.to_thread(until, "the request", lambda: peer.requests)
            call.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await call
            self.assertTrue(await asyncio.to_thread(peer.left.wait, 10), "the connection stays open")
            self.assertEqual(await client.diagnose(np.zeros(4, np.float32)), {})
        self.assertEqual(len(peer.requests), 2)

    async def test_a_cancelled_wait_asks_no_more(self):
        peer = Peer(refusal(503, "Retry-After: 20"), OK)
        self.addCleanup(peer.close)
        client = phasor.AsyncClient(peer.url, concurrency=1)
        call = asyncio.create_task(client.diagnose(np.zeros(4, np.float32)))
        await asyncio.to_thread(until, "the request", lambda: peer.requests)
        call.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await call
        self.assertEqual(await asyncio.wait_for(client.diagnose(np.zeros(4, np.float32)), 10), {})
        await client.aclose()


if __name__ == "__main__":
    unittest.main()
