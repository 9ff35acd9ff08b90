"""The tasks of shards on Apache Spark: it gives them out and repeats them; what is done in one is as everywhere.

The folder of the dataset must be one that the driver and every executor have under the same path.
"""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import HarmonizeError, InputError, InternalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark import SparkContext


@dataclass(frozen=True)
class SparkEngine:
    """A Spark application."""

    context: SparkContext

    def run(self, function: str, tasks: Sequence[Any]) -> Iterator[Any]:
        """See Engine. Each task is a partition of its own, so that Spark gives it to whoever is free and, where an
        executor is lost, again."""
        items = [pickle.dumps((function, task)) for task in tasks]
        if not items:
            return
        for done in self.context.parallelize(items, len(items)).map(_in_task).collect():
            good, result = pickle.loads(done)
            if not good:
                raise result
            yield result


def _in_task(item: bytes) -> bytes:
    """Run a task. What is wrong with the delivery comes back as a result: to try again would not help."""
    function, task = pickle.loads(item)
    module, _, name = function.partition(":")
    try:
        return pickle.dumps((True, getattr(import_module(module), name)(task)))
    except HarmonizeError as problem:
        return pickle.dumps((False, problem))


@contextmanager
def spark_engine(master: str | None) -> Iterator[SparkEngine]:
    """The engine of a session of Spark: the one that is active, else a new one, which ends with the block.

    Raises InputError where pyspark or Java is missing.
    """
    try:
        from pyspark.errors.exceptions.base import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as problem:
        raise InputError(
            "--engine spark needs pyspark.", "Install it with: pip install 'midrc-harmonize[spark]'"
        ) from problem
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    active = SparkSession.getActiveSession()
    try:
        session = active or _session(SparkSession.builder.appName("harmonize"), master)
    except (PySparkRuntimeError, FileNotFoundError) as problem:
        raise InputError("Spark does not start.", "It needs Java 17 (JAVA_HOME, or java on the PATH).") from problem
    try:
        yield SparkEngine(session.sparkContext)
    finally:
        if active is None:
            session.stop()


def _session(builder: Any, master: str | None) -> Any:
    """A new session. `spark-submit` and spark-defaults.conf say the rest; without a master it works on this machine."""
    if master is not None:
        builder = builder.master(master)
    elif "MASTER" not in os.environ and "SPARK_ENV_LOADED" not in os.environ:
        builder = builder.master("local[*]")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    if session is None:
        raise InternalError("Spark gave no session.")
    session.sparkContext.setLogLevel("ERROR")
    return session
