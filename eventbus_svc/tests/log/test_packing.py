"""Records that are packed are those that were appended, whatever was dropped meanwhile."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from eventbus.log.packing import TOGETHER, Records
from eventbus.log.port import Record

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 3 * TOGETHER)),
        st.tuples(st.just("drop"), st.integers(1, 2 * TOGETHER)),
        st.tuples(st.just("read"), st.integers(0, 5 * TOGETHER)),
        st.tuples(st.just("since"), st.integers(-1, 6 * TOGETHER)),
    ),
    max_size=12,
)


def record(number: int, size: int = 0) -> Record:
    time = BEGIN + timedelta(microseconds=number * 7 % 1000 + number)
    body = f'{{"subject": "{number} \N{SNOWMAN}"}}'.encode() + b" " * size
    return Record("/posts", f"event-{number}", "PostCreated", f"post-{number}", time, body)


@settings(deadline=None, max_examples=150)
@given(STEPS)
def test_they_are_what_a_list_of_them_would_be(steps: list[tuple[str, int]]) -> None:
    records, model, dropped = Records(), list[Record](), 0
    for what, number in steps:
        if what == "append":
            for _ in range(number):
                model.append(record(len(model)))
                records.append(model[-1], float(len(model)))
        elif what == "drop":
            number = min(number, len(records))
            assert records.drop(number) == model[dropped : dropped + number]
            dropped += number
        elif what == "read":
            assert records.between(dropped + number, dropped + number + 300) == model[dropped + number :][:300]
        else:
            moment = BEGIN + timedelta(microseconds=number)
            later = (index for index in range(dropped, len(model)) if model[index].time >= moment)
            assert records.since(moment) == next(later, len(model))
        assert (records.dropped, len(records)) == (dropped, len(model) - dropped)
        assert list(records.stored_at) == [float(index + 1) for index in range(dropped, len(model))]
    records.drop(len(records))
    assert records.size == 0


def test_large_records_are_packed_few_at_a_time() -> None:
    records = Records()
    for number in range(600):
        records.append(record(number, size=60_000), 0.0)

    assert [one.id for one in records.between(0, 600)] == [f"event-{number}" for number in range(600)]
    assert max(pack.length for pack in records._packs) == 17


def test_packed_records_take_less_than_a_third() -> None:
    records = Records()
    for number in range(10_000):
        records.append(record(number, size=400), 0.0)

    assert records.size < 10_000 * (400 + 40 + 600) / 3
