"""The store: scores and table rows on disk, under the digest of everything that they depend on.

One SQLite file (or one per process, in a folder) holds two tables: the probabilities of coalitions, by case and coalition, and the
rows of long runs, by key. Another image, model, prompt or setting has another key, so one store can serve any number of runs,
threads and processes at the same time. A batch is committed as soon as it is scored: a process that is killed loses at most the
batch in flight.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import StoreError
from ..inputs.files import to_json

APPLICATION = 0x45414731
"""SQLite's application id of a store ("EAG1"): a file with another one is not touched."""

TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""

_CHUNK = 400  # SQLite limits the number of variables in a statement
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS scores (scored TEXT, coalition BLOB, probabilities BLOB, "
    "PRIMARY KEY (scored, coalition)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID",
)


class Store:
    """Scores and rows by key, in memory or on disk.

    Parameters
    ----------
    path : path, optional
        A file, shared by any number of threads and processes on one machine; or an existing folder (or a path that ends with
        a slash), in which every process writes a file of its own and reads all of them. Use a folder on a shared file
        system, where SQLite's locks are not reliable. None keeps everything in memory.

    Attributes
    ----------
    path : pathlib.Path or None
        The file or folder.

    Raises
    ------
    StoreError
        (a ValueError) If the path is another kind of file, or cannot be written.

    Examples
    --------
    >>> store = Store()
    >>> store.put_row("key", {"insertion_auc": 0.5})
    >>> store.get_row("key")
    {'insertion_auc': 0.5}
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = None if path is None else Path(path).expanduser()
        self._folder = self.path is not None and (os.fspath(path or "").endswith(("/", os.sep)) or self.path.is_dir())
        self._lock = threading.RLock()
        self._local = threading.local()
        self._memory: sqlite3.Connection | None = None
        self._readers: dict[Path, sqlite3.Connection] = {}
        self._owner = os.getpid()
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}.db"
        with self._errors():
            self._connection()

    def __repr__(self) -> str:
        return f"Store({'in memory' if self.path is None else repr(str(self.path))})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the path alone: another process opens its own connection."""
        if self.path is None:
            raise TypeError("a store in memory cannot be sent to another process; give it a path")
        return Store, (f"{self.path}{os.sep}" if self._folder else str(self.path),)

    # -- scores -------------------------------------------------------------------------------------

    def get_scores(self, case: str, coalitions: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Return the stored probabilities of coalitions.

        Parameters
        ----------
        case : str
            Digest of everything that the probabilities depend on.
        coalitions : sequence of bytes
            Keys as of `eagle_nb.scoring.coalitions.coalition_keys`.

        Returns
        -------
        dict of bytes to ndarray of float32, (T,)
            Only the coalitions that are stored.
        """
        scores: dict[bytes, np.ndarray] = {}
        keys = list(coalitions)
        with self._errors(), self._lock:
            for start in range(0, len(keys), _CHUNK):
                part = keys[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                query = f"SELECT coalition, probabilities FROM scores WHERE scored = ? AND coalition IN ({marks})"
                for connection in self._sources():
                    for key, row in connection.execute(query, (case, *part)):
                        scores.setdefault(bytes(key), np.frombuffer(row, "<f4").copy())
        return scores

    def put_scores(self, case: str, scores: Mapping[bytes, np.ndarray]) -> None:
        """Store the probabilities of coalitions and commit them.

        Parameters
        ----------
        case : str
            Digest of everything that the probabilities depend on.
        scores : mapping of bytes to ndarray, (T,)
            Probabilities by coalition key. A coalition that is stored already is left as it is.
        """
        records = [(case, key, np.asarray(row, "<f4").tobytes()) for key, row in scores.items()]
        self._write("INSERT OR IGNORE INTO scores VALUES (?, ?, ?)", records)

    # -- rows ---------------------------------------------------------------------------------------

    def get_row(self, key: str) -> dict[str, Any] | None:
        """Return a stored row.

        Parameters
        ----------
        key : str
            Digest of everything that the row depends on.

        Returns
        -------
        dict or None
            The row; None if it is not stored.
        """
        with self._errors(), self._lock:
            for connection in self._sources():
                record = connection.execute("SELECT content FROM rows WHERE key = ?", (key,)).fetchone()
                if record is not None:
                    row: dict[str, Any] = json.loads(record[0])
                    return row
        return None

    def put_row(self, key: str, row: Mapping[str, Any]) -> None:
        """Store a row and commit it; a row with the same key is replaced.

        Parameters
        ----------
        key : str
            Digest of everything that the row depends on.
        row : mapping of str to value
            Anything that JSON can hold; NumPy's numbers and arrays come back as Python's own.
        """
        self._write("INSERT OR REPLACE INTO rows VALUES (?, ?)", [(key, to_json(row))])

    def keys(self) -> list[str]:
        """Return the keys of all stored rows, sorted.

        Returns
        -------
        list of str
            Keys.
        """
        with self._errors(), self._lock:
            keys = {key for connection in self._sources() for (key,) in connection.execute("SELECT key FROM rows")}
        return sorted(keys)

    # -- connections --------------------------------------------------------------------------------

    def _write(self, statement: str, records: Sequence[tuple[Any, ...]]) -> None:
        """Write records in one transaction."""
        if not records:
            return
        with self._errors(), self._lock:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.executemany(statement, records)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    def _connection(self) -> sqlite3.Connection:
        """Return the connection that this thread of this process writes with."""
        if self.path is None:
            if self._memory is None:
                self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
                for statement in _SCHEMA:
                    self._memory.execute(statement)
            return self._memory
        if os.getpid() != self._owner:  # a forked child must not use its parent's connections
            self._local, self._readers, self._owner = threading.local(), {}, os.getpid()
            self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}.db"
            self._lock = threading.RLock()
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            file = self.path / self._name if self._folder else self.path
            file.parent.mkdir(parents=True, exist_ok=True)
            connection = _opened(file, shared=self._folder)
            self._local.connection = connection
        return connection

    def _sources(self) -> Iterator[sqlite3.Connection]:
        """Yield the connections to read from: this process's own, and in a folder those of all other files."""
        yield self._connection()
        if self.path is None or not self._folder:
            return
        for file in sorted(self.path.glob("*.db")):
            if file.name == self._name:
                continue
            if file not in self._readers:
                reader = sqlite3.connect(
                    f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=TIMEOUT, check_same_thread=False
                )
                try:
                    reader.execute("SELECT 1 FROM scores, rows LIMIT 1")
                except sqlite3.Error:  # its owner has not finished creating it
                    reader.close()
                    continue
                self._readers[file] = reader
            yield self._readers[file]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn errors of SQLite and of the file system into a StoreError that names the path."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the store {str(self.path)!r} cannot be used: {error}; choose another path") from error


def as_store(store: Store | str | os.PathLike[str] | None) -> Store | None:
    """Return what ``store=`` accepts as a Store.

    Parameters
    ----------
    store : Store, path or None
        A store, the path of one, or nothing.

    Returns
    -------
    Store or None
        The store.

    Raises
    ------
    StoreError
        If the path cannot be used as a store.
    """
    return store if store is None or isinstance(store, Store) else Store(store)


def _opened(file: Path, shared: bool) -> sqlite3.Connection:
    """Open a store's file, creating its tables if it is new."""
    # The file must not be opened other than by SQLite: closing it would release the locks of this process's other connections.
    connection = sqlite3.connect(file, timeout=TIMEOUT, isolation_level=None, check_same_thread=False)
    try:
        _patiently(connection, "BEGIN IMMEDIATE")
    except sqlite3.DatabaseError as error:
        connection.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise StoreError(f"{str(file)!r} is not a store of eagle_nb; choose another path") from error
        raise
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != APPLICATION and tables:
            raise StoreError(f"{str(file)!r} is a database of something else; choose another path")
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        connection.close()
        raise
    if not shared:  # the write-ahead log lets readers go on while another process writes, but needs shared memory
        _patiently(connection, "PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Execute a statement that SQLite may refuse at once, without waiting, while another process holds the file."""
    until = time.monotonic() + TIMEOUT
    while True:
        try:
            connection.execute(statement).fetchall()
            return
        except sqlite3.OperationalError as error:
            if ("locked" not in str(error) and "busy" not in str(error)) or time.monotonic() > until:
                raise
            time.sleep(0.01)
