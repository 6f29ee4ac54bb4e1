"""Where heavy work runs: worker processes of this machine, or of a Dask cluster.

Fitting, scoring and drawing take seconds; on the event loop they would freeze every listener.
Only plain values and top-level functions cross the border.
"""

from musicrec.workers.alone import Limits, LoneWorker
from musicrec.workers.base import InParts, JobOutcome, JobRun, Workers
from musicrec.workers.pool import LocalWorkers

__all__ = ["InParts", "JobOutcome", "JobRun", "Limits", "LocalWorkers", "LoneWorker", "Workers"]
