"""What Ledger promises about pictures: kept once, by what they hold, to the byte, and never too large."""

from contextlib import closing
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import MINUTE, NOW, make_picture, run_sql, snapshot
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import LedgerError

MOST = 4 * 1024 * 1024


def test_a_picture_is_kept_by_the_sha256_of_its_bytes(ledger: SqlLedger, url: str) -> None:
    picture = make_picture(bytes(range(256)) * 40, media_type="image/jpeg", width=1, height=4096)
    digest = ledger.keep_picture(picture, NOW)
    assert digest == sha256(picture.content).hexdigest()
    assert ledger.kept_picture(digest) == picture
    with closing(open_ledger(url)) as another:
        assert another.kept_picture(digest) == picture
    ((kept_at,),) = run_sql(url, "SELECT kept_at FROM picture")
    assert str(kept_at).startswith("2026-11-23")


def test_a_picture_that_is_kept_already_stays_as_it_is(ledger: SqlLedger, url: str) -> None:
    digest = ledger.keep_picture(make_picture(), NOW)
    before = snapshot(url)
    assert ledger.keep_picture(make_picture(), NOW + MINUTE) == digest
    assert ledger.keep_picture(make_picture(width=7, media_type="image/jpeg"), NOW) == digest
    assert snapshot(url) == before


def test_pictures_that_differ_in_one_byte_are_two(ledger: SqlLedger) -> None:
    pictures = [make_picture(b"\x00\x01"), make_picture(b"\x00\x02"), make_picture(b"\x00\x01\x00")]
    digests = [ledger.keep_picture(each, NOW) for each in pictures]
    assert len(set(digests)) == 3
    assert [ledger.kept_picture(digest) for digest in digests] == pictures


def test_a_digest_of_nothing_kept_gives_nothing(ledger: SqlLedger) -> None:
    digest = ledger.keep_picture(make_picture(), NOW)
    for unknown in ("0" * 64, "", digest.upper(), digest[:-1], "%"):
        assert ledger.kept_picture(unknown) is None, unknown


def test_a_picture_of_four_megabytes_is_kept(ledger: SqlLedger) -> None:
    largest = make_picture(bytes(range(256)) * (MOST // 256))
    assert ledger.kept_picture(ledger.keep_picture(largest, NOW)) == largest


@pytest.mark.parametrize("size", [0, MOST + 1, 3 * MOST])
def test_a_picture_of_another_size_is_refused_and_nothing_is_kept(ledger: SqlLedger, size: int) -> None:
    content = b"\x00" * size
    with pytest.raises(LedgerError, match=rf"a picture of {size} bytes .* 1 to {MOST} bytes"):
        ledger.keep_picture(make_picture(content), NOW)
    assert ledger.kept_picture(sha256(content).hexdigest()) is None


@pytest.mark.parametrize("size", [0, MOST + 1])
def test_the_database_itself_refuses_such_a_size(ledger: SqlLedger, url: str, size: int) -> None:
    zeros = f"zeroblob({size})" if "sqlite" in url else f"decode(repeat('00', {size}), 'hex')"
    with pytest.raises(Exception, match="ck_picture_content"):
        run_sql(
            url,
            "INSERT INTO picture (digest, media_type, width, height, kept_at, content)"
            f" VALUES ('0', 'image/png', 1, 1, '{NOW.isoformat()}', {zeros})",
        )
    assert run_sql(url, "SELECT count(*) FROM picture") == [(0,)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes_come_back(ledger: SqlLedger, content: bytes) -> None:
    picture = make_picture(content)
    assert ledger.kept_picture(ledger.keep_picture(picture, NOW)) == picture
