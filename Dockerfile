# The bot in a container: not root, and content with a read-only root file system. What it keeps is
# in /data. See docs/operations.md.

FROM python:3.12-slim AS build
WORKDIR /app
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
COPY requirements.lock requirements-audio.lock pyproject.toml README.md LICENSE ./
# What builds is as the lock file has it, too, and is not shipped.
RUN awk '/^[a-z]/ { wanted = /^(uv|setuptools)==/ } wanted' requirements.lock > /build.lock \
    && python -m venv /build \
    && /build/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement /build.lock
# The demo songs and Dask; AUDIO=1 adds what listens to attached files, 500 MB.
ARG EXTRAS="--extra local --extra dask"
ARG AUDIO=""
RUN python -m venv --without-pip .venv \
    && /build/bin/uv pip install --python .venv --require-hashes \
        --constraints requirements.lock --requirements pyproject.toml $EXTRAS \
    && if [ -n "$AUDIO" ]; then \
        /build/bin/uv pip install --python .venv --require-hashes \
            --requirements requirements-audio.lock; fi
COPY bot ./bot
COPY cogs ./cogs
COPY musicrec ./musicrec
COPY migrations ./migrations
RUN PYTHONPATH="$(echo /build/lib/python3*/site-packages)" /build/bin/uv pip install \
        --python .venv --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q bot cogs musicrec migrations

FROM python:3.12-slim
# PostgreSQL's programs make and read backups of it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /tmp --no-create-home musicrec \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    NUMBA_CACHE_DIR=/tmp/numba \
    DATA_DIR=/data \
    HEALTH_PORT=8712
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8712/healthz', timeout=8)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
