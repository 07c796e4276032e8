# csrbook. Needs make and Python 3.11 or newer; everything else goes into .venv, as requirements.lock says.

PY ?= python3
V := .venv
PYTHON := $(V)/bin/python
PIP := $(PYTHON) -m pip install --disable-pip-version-check --no-input
CSRBOOK := $(PYTHON) -m csrbook

.PHONY: help run serve publish pdf test lab notebooks weights bench torture lock clean setup environment chromium systemd-analyze
.NOTPARALLEL:

help:
	@echo 'make run  [SEEDS=folder] [OUT=folder] [ARGS=...]   read the documents, fill outputs/latest'
	@echo 'make serve [PORT=8765] [OUT=folder]                show outputs/latest in the browser, on this machine alone'
	@echo 'make publish [SITE=outputs/site] [OUT=folder] [ARGS=--with-texts]  make a site of outputs/latest for any host'
	@echo 'make pdf [PDF=brief.pdf] [OUT=folder]              print the brief, where there is a Chromium'
	@echo 'make test [ARGS=...]                               every test that CI runs'
	@echo 'make lab                                           open JupyterLab on the latest run: filter, look up, correct'
	@echo 'make notebooks                                     run and store the notebooks, renew the pictures of the README'
	@echo 'make weights                                       fit the weights of choices anew on tests/training, and say how well they do'
	@echo 'make bench [PEERS=1] [ARGS=--quick]                  measure speed and memory, try a million short strings'
	@echo 'make torture [ARGS=...]                            be hard on it: kills, full disks, 2,000 damaged documents; writes docs/RELIABILITY.md'
	@echo 'make lock                                          lock dependencies anew, after a change in pyproject.toml'
	@echo 'make clean                                         remove .venv, .venv-peers and caches; runs stay in outputs'

# Values reach the shell through the environment, so that folders may have spaces and quotes in their names.
run: setup
	@$(CSRBOOK) run $${SEEDS:+--seeds "$$SEEDS"} $${OUT:+--out "$$OUT"} $(ARGS)

serve: setup
	@$(CSRBOOK) serve $${PORT:+--port "$$PORT"} $${OUT:+--out "$$OUT"} $(ARGS)

publish: setup
	@$(CSRBOOK) publish --to "$${SITE:-outputs/site}" $${OUT:+--out "$$OUT"} $(ARGS)

pdf: setup
	@$(CSRBOOK) pdf $${PDF:+--to "$$PDF"} $${OUT:+--out "$$OUT"} $(ARGS)

test: setup chromium systemd-analyze
	@code=0; $(PYTHON) -m pytest -n auto --dist loadfile $(ARGS) || code=$$?; \
	if [ $$code = 0 ]; then echo 'make test: everything passed'; else echo "make test: FAILED (exit $$code)"; exit 1; fi

# A first run where there is none yet. What JupyterLab keeps of news and updates is set in .venv alone.
lab: setup
	@[ -e outputs/latest ] || { echo 'no run yet: this first one takes a minute'; $(CSRBOOK) run; }
	@mkdir -p $(V)/share/jupyter/lab/settings
	@echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
	  > $(V)/share/jupyter/lab/settings/overrides.json
	@$(PYTHON) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
	  --Scheduler.execution_manager_class=csrbook.lab_jobs.WorkbookJobs \
	  $$([ "$$(id -u)" = 0 ] && echo --allow-root) $(ARGS) notebooks/explore.ipynb

notebooks: setup
	@rm -rf outputs/work
	@$(CSRBOOK) notebooks
	@$(PYTHON) tests/explored.py
	@$(PYTHON) tests/pictures.py

weights: setup
	@$(PYTHON) tests/training/fit.py --write $(ARGS)

# Two hours on two cores, most of them tests/bench/large.py; the tables are kept in outputs/bench.md. PEERS=1 measures existing extractors as well.
bench: setup $(if $(PEERS),$(V)-peers/.installed)
	@$(PYTHON) tests/bench/run.py $(if $(PEERS),--peers) $(ARGS)

# One environment under the five names by which ../shared/peers.py knows them.
$(V)-peers/.installed: tests/bench/peers.txt
	@"$(PY)" -m venv --clear $(V)-peers/all
	@echo 'existing extractors, about 370 MB'
	@$(V)-peers/all/bin/python -m pip install --disable-pip-version-check --no-input --quiet -r tests/bench/peers.txt
	@for name in jionlp natasha quantulum recogold yargy; do ln -sfn all $(V)-peers/$$name; done; touch $@

# Ten minutes on two cores, as root where disks are to be mounted; what was done with the same library is not done again.
torture: setup
	@$(PYTHON) tests/torture/run.py $(ARGS)

# Known versions stay: they are read from the lock that is there. Addresses of registries never enter it.
lock: setup
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-emit-index-url --no-header pyproject.toml --output-file requirements.lock $(ARGS)

clean:
	rm -rf $(V) $(V)-peers outputs/work outputs/.part .pytest_cache .hypothesis build lib/csrbook.egg-info
	find lib tests -name __pycache__ -type d -exec rm -rf {} +

# What is installed is known by content, not by time: a fresh checkout or a copied folder asks no network.
setup:
	@[ "$$(cat $(V)/.installed 2>/dev/null)" = "$$(cksum < requirements.lock)" ] && $(PYTHON) -c '' 2>/dev/null \
	  || $(MAKE) --no-print-directory environment
	@[ "$$(cat $(V)/.project 2>/dev/null)" = "$$PWD $$(cksum < pyproject.toml)" ] || { \
	  $(PIP) --quiet --no-build-isolation --no-deps --no-index --editable . && \
	  echo "$$PWD $$(cksum < pyproject.toml)" > $(V)/.project; }

environment:
	@"$(PY)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'csrbook needs Python 3.11 or newer; if you have one under another name: make run PY=python3.12' >&2; exit 2; }
	@"$(PY)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'This Python cannot make environments. Once, as root: apt-get install -y python3-venv' >&2; exit 2; }
	@rm -f $(V)/.installed $(V)/.project
	@echo "1/3 environment $(V), $$('$(PY)' --version 2>&1)"
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || "$(PY)" -m venv --clear $(V)
	@echo '2/3 installer'
	@sed -n '/^uv==/,/^    # via/p' requirements.lock > $(V)/uv.txt
	@sed '/^uv==/,/^    # via/d' requirements.lock > $(V)/all.txt
	@$(PIP) --quiet --require-hashes -r $(V)/uv.txt || echo 'no uv to be had: pip does it, in a minute or two'
	@echo "3/3 $$(grep -c '^[a-z].*==' $(V)/all.txt) locked packages, about 1.1 GB"
	@$(PYTHON) -m uv --version >/dev/null 2>&1 && $(PYTHON) -m uv pip install --python $(PYTHON) --link-mode copy \
	  --require-hashes -r $(V)/all.txt || $(PIP) --require-hashes -r $(V)/all.txt
	@cksum < requirements.lock > $(V)/.installed

# For the tests that look at pages; never needed to run the workbook.
chromium:
	@[ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo 'installing chromium for the browser tests'; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium >/dev/null; \
	  else echo 'no chromium: as root, apt-get install -y chromium; until then browser tests are skipped'; fi; } \
	  || echo 'chromium could not be installed: browser tests are skipped, and fail where CI=true'

# For the tests that check units.
systemd-analyze:
	@command -v systemd-analyze >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then export DEBIAN_FRONTEND=noninteractive; \
	    apt-get -qq update && apt-get -qq install -y --no-install-recommends systemd >/dev/null; \
	  else echo 'no systemd-analyze: units are not checked'; fi; } \
	  || echo 'systemd could not be installed: tests of its units are skipped, and fail where CI=true'
