# Two commands are all a newcomer needs: `make run` and `make test`. Both set everything up.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# Some systems make environments without pip; then the one beside $(PYTHON) installs into ours.
PIP = { $(BIN)/python -m pip --version >/dev/null 2>&1 && pip="$(BIN)/python -m pip" || \
	pip="$(PYTHON) -m pip --python $(BIN)/python"; } && \
	$$pip install --quiet --disable-pip-version-check
WORKERS ?= auto

.PHONY: run test check format bench soak install clean lock

run: install
	@$(BIN)/throughline serve

test: .venv/tests-installed check
	$(BIN)/python -m pytest -n $(WORKERS)

check: .venv/tests-installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/tests-installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/tests-installed
	$(BIN)/python -m tests.bench

soak: .venv/tests-installed
	$(BIN)/python -m tests.soak

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Throughline needs Python 3.11 or newer."; exit 1; }
	@echo "Installing, once; this takes up to a minute."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv >/dev/null 2>&1 \
		|| $(PYTHON) -m venv --clear --without-pip .venv
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/tests-installed: .venv/installed tests/requirements.lock
	@$(PIP) --require-hashes -r tests/requirements.lock
	@touch $@

# Needs uv, and only who changes a dependency needs it.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --group dev -c requirements.lock pyproject.toml -o tests/requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache *.egg-info
