"""Read MySQL and MariaDB as other databases are read: times by zone, within limits, and never writing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

MYSQL = ("mysql", "mariadb")
PYMYSQL = ("mysql+pymysql", "mariadb+pymysql")


def pymysql_arguments(lock: timedelta, longest: timedelta) -> dict[str, Any]:
    """Return what the driver is told: how long to wait, and what a TIMESTAMP is.

    Those have a zone, that of the session (UTC by ``mysql_settings``), which the driver does not tell.
    """
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions, convert_datetime

    def aware(stored: str) -> object:
        found = convert_datetime(stored)
        return found.replace(tzinfo=UTC) if isinstance(found, datetime) else found

    return {
        "connect_timeout": max(2, round(lock.total_seconds())),
        # The server is to stop a long question; this is for one that has fallen silent.
        "read_timeout": round(longest.total_seconds()) + 30,
        "charset": "utf8mb4",
        "conv": conversions | {FIELD_TYPE.TIMESTAMP: aware},
    }


def only_read(connection: Any, _record: object) -> None:
    """Have a new connection refuse to write."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")


def mysql_settings(connection: Connection, lock: timedelta, longest: timedelta) -> None:
    """Set the limits of a session, and its time zone."""
    seconds = longest.total_seconds()
    maria = getattr(connection.dialect, "is_mariadb", False)
    limit = f"max_statement_time = {seconds}" if maria else f"max_execution_time = {seconds * 1000:.0f}"
    waits = max(1, round(lock.total_seconds()))
    setting = f"SET SESSION {limit}, lock_wait_timeout = {waits}, innodb_lock_wait_timeout = {waits}"
    connection.execute(text(f"{setting}, time_zone = '+00:00'"))
