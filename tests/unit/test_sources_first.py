"""Which posts wait for the first looks at sources, and for how long."""

from spotlight_notify.worker.sources_first import MOST_SECONDS, SourcesFirst


def test_posts_wait_until_every_due_source_was_looked_at() -> None:
    first = SourcesFirst(lambda: 5.0)
    assert first.are_over()
    first.await_all(["site", "table"])
    first.done("site")
    first.done("another")
    assert not first.are_over()
    first.done("table")
    assert first.are_over()


def test_a_source_that_does_not_answer_keeps_posts_back_for_half_a_minute() -> None:
    now = [100.0]
    first = SourcesFirst(lambda: now[0])
    first.await_all(["site"])
    now[0] += MOST_SECONDS - 0.1
    assert not first.are_over()
    now[0] += 0.1
    assert first.are_over()
