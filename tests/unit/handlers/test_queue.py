"""The queue of keys: each once, none by two at a time, each failure delayed alone."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from joch.handlers.queue import LONGEST_RETRY, KeyedQueue, work
from joch.observe.api_server import ApiError, Conflict, NotFound, Unavailable
from tests.unit.handlers.virtual_time import run

Seen = list[tuple[str, float]]


def now() -> float:
    return asyncio.get_running_loop().time()


@contextlib.asynccontextmanager
async def worked(
    queue: KeyedQueue, reconcile: Callable[[str], Awaitable[None]], workers: int = 1
) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(work(queue, reconcile)) for _ in range(workers)]
    try:
        yield
    finally:
        queue.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_a_key_added_often_is_worked_on_once() -> None:
    async def main() -> None:
        queue = KeyedQueue("q")
        for key in ("a", "b", "a", "a"):
            queue.add(key)
        assert len(queue) == 2
        assert [await queue.take(), await queue.take()] == ["a", "b"]
        queue.done("a")
        queue.done("b")
        assert queue.idle

    run(main())


def test_a_key_added_while_it_is_worked_on_is_worked_on_once_more_afterwards() -> None:
    async def main() -> None:
        queue = KeyedQueue("q")
        queue.add("a")
        await queue.take()
        queue.add("a")
        queue.add("a")
        assert len(queue) == 0
        queue.done("a")
        assert len(queue) == 1
        await queue.take()
        queue.done("a")
        assert queue.idle

    run(main())


def test_no_two_workers_have_the_same_key_at_a_time() -> None:
    async def main() -> None:
        queue, busy, seen = KeyedQueue("q"), set[str](), Seen()

        async def reconcile(key: str) -> None:
            assert key not in busy
            busy.add(key)
            seen.append((key, now()))
            await asyncio.sleep(1)
            busy.discard(key)

        async with worked(queue, reconcile, workers=4):
            for _ in range(3):
                queue.add("a")
                queue.add("b")
                await asyncio.sleep(0.1)
            await asyncio.sleep(5)

        assert sorted(seen) == [("a", 0.0), ("a", 1.0), ("b", 0.0), ("b", 1.0)]

    run(main())


async def due(*delays: float, then: Callable[[KeyedQueue], None] | None = None) -> Seen:
    """When a key is worked on that was added with these delays."""
    queue, seen = KeyedQueue("q"), Seen()

    async def reconcile(key: str) -> None:
        seen.append((key, now()))

    async with worked(queue, reconcile):
        for delay in delays:
            queue.add_after("a", delay)
        if then is not None:
            then(queue)
        await asyncio.sleep(100)
    return seen


@pytest.mark.parametrize("delays", [(5.0, 9.0), (9.0, 5.0)])
def test_of_two_delays_the_sooner_counts(delays: tuple[float, float]) -> None:
    assert run(due(*delays)) == [("a", 5.0)]


def test_a_key_added_now_needs_no_later_turn() -> None:
    assert run(due(5.0, then=lambda queue: queue.add("a"))) == [("a", 0.0)]


def test_a_key_that_is_queued_already_is_due_sooner_than_any_delay() -> None:
    async def main() -> Seen:
        queue, seen = KeyedQueue("q"), Seen()

        async def reconcile(key: str) -> None:
            seen.append((key, now()))

        queue.add("a")
        queue.add_after("a", 5)
        async with worked(queue, reconcile):
            await asyncio.sleep(10)
        return seen

    assert run(main()) == [("a", 0.0)]


def test_a_key_may_ask_for_a_later_look_while_it_is_worked_on() -> None:
    async def main() -> Seen:
        queue, seen = KeyedQueue("q"), Seen()

        async def reconcile(key: str) -> None:
            seen.append((key, now()))
            if len(seen) < 3:
                queue.add_after(key, 30)

        async with worked(queue, reconcile):
            queue.add("a")
            await asyncio.sleep(100)
        return seen

    assert run(main()) == [("a", 0.0), ("a", 30.0), ("a", 60.0)]


def test_nothing_comes_later_once_the_queue_is_closed() -> None:
    assert run(due(5.0, then=KeyedQueue.close)) == []


def test_the_backoff_doubles_up_to_its_cap_and_starts_anew_after_a_success() -> None:
    queue = KeyedQueue("q")

    pauses = [queue.backoff("a") for _ in range(2_000)]

    for failures, pause in enumerate(pauses[:10]):
        assert 0.8 <= pause / (0.2 * 2**failures) <= 1.2
    assert all(0.8 * LONGEST_RETRY <= pause <= 1.2 * LONGEST_RETRY for pause in pauses[11:])
    assert queue.backoff("b") < 1
    queue.forget("a")
    assert queue.backoff("a") < 1


FAILURES = {
    "a silent server": Unavailable("no answer"),
    "a conflict": Conflict("changed"),
    "a defect": RuntimeError("unexpected"),
}


@pytest.mark.parametrize("sentence", FAILURES)
def test_a_failing_key_is_tried_again_and_holds_no_other_up(sentence: str) -> None:
    async def main() -> tuple[Seen, bool]:
        queue, seen = KeyedQueue("q"), Seen()

        async def reconcile(key: str) -> None:
            seen.append((key, now()))
            if key == "sick" and len(seen) < 6:
                raise FAILURES[sentence]

        async with worked(queue, reconcile):
            for key in ("sick", "b", "c"):
                queue.add(key)
            await asyncio.sleep(60)
            return seen, queue.idle

    seen, idle = run(main())

    assert [key for key, at in seen if at == 0] == ["sick", "b", "c"]
    assert [key for key, at in seen if at > 0] == ["sick", "sick", "sick"]
    assert idle


def test_a_server_that_asks_for_a_pause_gets_it() -> None:
    async def main() -> Seen:
        queue, seen = KeyedQueue("q"), Seen()

        async def reconcile(key: str) -> None:
            seen.append((key, now()))
            if len(seen) == 1:
                raise Unavailable("429", retry_after=17)

        async with worked(queue, reconcile):
            queue.add("a")
            await asyncio.sleep(60)
        return seen

    assert run(main()) == [("a", 0.0), ("a", 17.0)]


def test_news_of_a_failing_key_is_acted_on_at_once() -> None:
    async def main() -> Seen:
        queue, seen = KeyedQueue("q"), Seen()

        async def reconcile(key: str) -> None:
            seen.append((key, now()))
            if len(seen) == 1:
                raise Unavailable("429", retry_after=50)

        async with worked(queue, reconcile):
            queue.add("a")
            await asyncio.sleep(3)
            queue.add("a")
            await asyncio.sleep(100)
        return seen

    assert run(main()) == [("a", 0.0), ("a", 3.0)]


@pytest.mark.parametrize("error", [Conflict("409 it was modified"), NotFound("404 it is gone")])
def test_an_object_that_changed_or_went_meanwhile_is_told_only_when_it_fails_again(
    error: ApiError, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    told: list[int] = []

    async def main() -> None:
        queue = KeyedQueue("q")
        third = asyncio.Event()

        async def fail(key: str) -> None:
            told.append(len(caplog.records))
            if len(told) == 3:
                third.set()
            raise error

        async with worked(queue, fail):
            queue.add("a")
            await third.wait()

    run(main())
    assert told == [0, 0, 1]
