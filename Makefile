# Every target but help, doctor and clean first brings .venv up to date with requirements.lock.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-ci test-settings test-arm test-versions score mutations nightly lab student check-submissions slides slides-pdf preview present site serve outputs bench sweep reference doctor audit lint lock clean

VENV_PYTHON := .venv/bin/python
# What the notebooks claim are assert statements, which Python leaves out with this variable.
unexport PYTHONOPTIMIZE
# Two processes that use one core each are done sooner than two that share both.
TWO_AT_ONCE := TF_NUM_INTEROP_THREADS=1 $(VENV_PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
COMPILE := $(VENV_PYTHON) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock"
LAB_FOLDER = $(if $(filter 1,$(SOLUTIONS)),notebooks,work)
# To be put behind a command that starts JupyterLab.
OR_SAY_WHY = || { code=$$?; test "$$(id -u)-$$code" != 0-1 || echo "JupyterLab does not start as root: run make as an ordinary \
	user, or, in a container of your own, .venv/bin/python -m jupyterlab --allow-root $(LAB_FOLDER)" >&2; exit $$code; }
SOURCES := course_utils tools tests notebooks conftest.py

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-17s %s\n", $$1, $$2 }'

setup: ## Make .venv from requirements.lock; does nothing if it is up to date
	@sh tools/setup.sh

run: setup ## Run the four notebooks and write them as pages to build/
	@$(VENV_PYTHON) -m tools.publish.run

test: lint ## Check style, course_utils and every stored output of the notebooks
	@$(TWO_AT_ONCE)

test-ci: setup ## Run what only CI waits for: accessibility, hostile submissions, killed sweeps
	@$(TWO_AT_ONCE) -m "ci and not nightly" tests

test-settings: setup ## Validate the notebooks under four settings of threads and instruction sets
	@$(VENV_PYTHON) -m tools.verify.settings

test-arm: setup ## Run what trains nothing, and some updates, on an emulated ARM processor
	@$(VENV_PYTHON) -m tools.machines.emulated arm

test-versions: setup ## Try the wheel with the oldest packages, and with those of hosted notebooks
	@$(VENV_PYTHON) -m tools.machines.versions

score: setup ## Run the notebooks under seven settings and on three Pythons; count what is the same
	@$(VENV_PYTHON) -m tools.machines.score

mutations: setup ## Put a hundred small mistakes into copies of the project; each must be caught
	@$(VENV_PYTHON) -m tools.verify.mutations

nightly: setup ## Try properties on 10,000 cases, and what takes long or needs an index
	@$(VENV_PYTHON) -m pytest -n 2 --dist loadfile --hypothesis-profile=nightly \
		-m "nightly or properties" tests

lab: setup ## Open copies to work in, kept in work/; SOLUTIONS=1 opens the notebooks themselves
	@$(VENV_PYTHON) -m tools.publish.lab $(if $(filter 1,$(SOLUTIONS)),--originals) $(OR_SAY_WHY)

student: setup ## Write copies of the notebooks without solutions to build/student/
	@$(VENV_PYTHON) -m tools.publish.student_copies

check-submissions: setup ## Judge the notebooks in DIR=...; see build/submissions.html and .csv
	@test -n "$(DIR)" || { echo "Say which folder holds them: make check-submissions DIR=path" >&2; exit 2; }
	@$(VENV_PYTHON) -m tools.grade "$(DIR)" $(if $(POINTS),--points "$(POINTS)")

slides: setup ## Write a deck for each notebook, or make slides NB=02, to build/slides/
	@$(VENV_PYTHON) -m tools.publish.decks $(NB)

slides-pdf: setup ## Write the decks and print slides and handouts, with and without answers; needs Chromium
	@$(VENV_PYTHON) -m tools.publish.decks $(NB) --pdf

preview: setup ## Show page and deck in a browser, anew at each save: make preview NB=02
	@$(VENV_PYTHON) -m tools.publish.preview "$(NB)" --port $(or $(PORT),8001)

present: setup ## Give a lecture whose code runs: make present NB=02
	@$(VENV_PYTHON) -m tools.publish.live_talk "$(NB)"

site: setup ## Write pages, decks and student notebooks with an index to build/site/
	@$(VENV_PYTHON) -m tools.publish.site

serve: site ## Write the site and show it at http://127.0.0.1:8000, for this machine only
	@$(VENV_PYTHON) -m http.server --bind 127.0.0.1 --directory build/site $(or $(PORT),8000)

outputs: setup ## Run the four notebooks; store their outputs in them and in the README
	@$(VENV_PYTHON) -m tools.publish.run --store
	@$(VENV_PYTHON) -m tools.publish.solutions
	@$(VENV_PYTHON) -m tools.verify.tables

bench: setup ## Time the kit against Keras and PyTorch, and judge its goals; after make run the course, too
	@$(VENV_PYTHON) -m tools.bench

sweep: setup ## Train the models of all recipes with 20 seeds, some hours; goes on where it was stopped
	@$(VENV_PYTHON) -m tools.sweep

reference: setup ## Train RECIPE=lstm, or another, five times: are they like the stored ones?
	@$(VENV_PYTHON) -m tools.reference "$(RECIPE)" $(if $(FIRST),--first "$(FIRST)")

doctor: ## Compare what is installed and imported with what should be, and say what to do
	@test -x $(VENV_PYTHON) || { echo "There is no .venv yet: run make setup." >&2; exit 1; }
	@$(VENV_PYTHON) -m tools.doctor

audit: setup ## Look the locked packages up in the database of known vulnerabilities
	@$(VENV_PYTHON) -m uv venv --quiet --clear --python $(VENV_PYTHON) build/audit
	@$(VENV_PYTHON) -m uv pip install --quiet --python build/audit --require-hashes -r tools/audit.lock
	@build/audit/bin/pip-audit --strict --disable-pip -r requirements.lock -r tools/audit.lock

lint: setup ## Check the style of the code, in notebooks too
	@$(VENV_PYTHON) -m ruff check $(SOURCES) && $(VENV_PYTHON) -m ruff format --check $(SOURCES)

lock: setup ## Resolve pyproject.toml's packages again for all systems, with hashes
	@$(COMPILE) --extra tensorflow --group dev pyproject.toml -o requirements.lock
	@$(COMPILE) --group pyproject.toml:audit -o tools/audit.lock
	@$(COMPILE) --group pyproject.toml:bench -o tools/bench/torch.lock
	@echo "requirements.lock, tools/audit.lock and tools/bench/torch.lock are up to date with pyproject.toml."

clean: ## Remove build/ and the caches of tools
	@rm -rf build .ruff_cache .hypothesis
	@find course_utils tools tests -name __pycache__ -prune -exec rm -rf {} +
