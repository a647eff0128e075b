"""Neighbourhoods are solved by other processes: those of a Dask cluster, through its executor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from distributed import Client, LocalCluster
from small import week

from unsched import Effort, Progress, solve
from unsched.solver import climb
from unsched.solver import solve as solving


class Passing(Executor):
    """Passes everything on, and keeps what came of it."""

    def __init__(self, to: Executor) -> None:
        self.to = to
        self.futures: list[Future[Any]] = []

    def submit(self, *args: Any, **named: Any) -> Future[Any]:
        future = self.to.submit(*args, **named)
        self.futures.append(future)
        return future


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_a_cluster_of_processes_gives_the_schedule_that_threads_give(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(climb, "_LARGE", 0)
    monkeypatch.setattr(climb, "survey", lambda flat, places: None)  # walks are not for the cluster
    problem = week(16, days=3, priced=True)
    seen: list[Progress] = []
    far = Passing(client.get_executor())
    result = solve(problem, stop=Effort(0.5), seed=5, workers=2, executor=far, on_progress=seen.append)
    assert result.schedule is not None
    assert not [breach for breach in result.schedule.breaches(problem) if breach.hard]
    assert any(progress.source.startswith("neighbourhood") for progress in seen)
    done = [future for future in far.futures if future.done() and not future.cancelled()]
    assert len(done) > 5
    assert all(future.result().effort >= 0 for future in done)
    processes = set(client.run(os.getpid).values())
    assert len(processes - {os.getpid()}) == 2
    near = solve(problem, stop=Effort(0.5), seed=5, workers=2)
    assert near.schedule == result.schedule
    assert near.tiers == result.tiers
