# run: the product · test: everything CI runs · check: style, types, contracts, the pages' tests and size · bench: measurements
PYTHON ?= python3
BIN := .venv/bin

# A machine may be set up to keep no compiled Python; then each of the many starts of the program compiles it all again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench lock environment environment-dev clean

run: environment
	@exec $(BIN)/otklik run $(ARGS)

environment:
	@$(PYTHON) deploy/bootstrap.py

environment-dev:
	@$(PYTHON) deploy/bootstrap.py --dev

# Two browsers at once would not have enough of the machine to be heard clearly: tests/conftest.py begins with who listens to one.
test: environment-dev
	@$(BIN)/python -m tests.peers
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder --durations=25
endif

check: environment-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/python hatch_build.py check

bench: environment-dev
	@$(BIN)/python -m tests.peers
	@$(BIN)/python -m bench $(NAME)

# The locks name no index: they work with whatever index the machine is set up for.
lock: environment-dev
	$(BIN)/uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev --extra asr --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --output-file tests/requirements.lock

clean:
	rm -rf .venv ui/node_modules src/otklik/web/static .mypy_cache .ruff_cache .pytest_cache
