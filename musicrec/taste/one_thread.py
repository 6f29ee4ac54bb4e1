"""Keep numerical libraries to one thread.

Small fits and predictions lose more to threads that wait for each other than they gain, all the
more where several trainings share the machine: processes are the unit of parallel work here.
"""

# threadpoolctl leaves its arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@contextmanager
def one_thread() -> Generator[None]:
    """Limit BLAS and OpenMP to one thread inside the context; the limit is the process's."""
    with _controller().limit(limits=1):
        yield


@cache
def _controller() -> ThreadpoolController:
    """Find the loaded libraries, which takes milliseconds, only once."""
    return ThreadpoolController()
