# Every target sets up what it needs: Python 3.13 and make are all it takes.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install up down run test test-engine test-localstack lint load bench package deploy destroy fsck lock

PYTHON ?= $(shell command -v python3.13 >/dev/null && python3.13 -c '' 2>/dev/null && echo python3.13 \
	|| ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.13*/bin/python3.13 2>/dev/null | tail -1)
# torch's CPU wheel is for 3.11; it exports models, and no function runs it.
PYTHON311 ?= $(shell command -v python3.11 >/dev/null && python3.11 -c '' 2>/dev/null && echo python3.11 \
	|| ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.11*/bin/python3.11 2>/dev/null | tail -1)
ENGINE ?= $(or $(AWS_ENDPOINT_URL),ministack)
PORT ?= 4566
EMPTY ?=
SCORER ?=
WEIGHTS ?=
TESTS ?=
STAGE ?=
REPAIR ?=
FILE ?=
ARCH ?= x86_64
PY := .venv/bin/python
VERSION := 3.13
NEEDED_MB := 700
VENVS_ministack := .venvs/ministack/.installed
VENVS_localstack-process := .venvs/localstack/.installed .venvs/lambda-runtime/.installed $(VENVS_ministack)
# A container where a Docker engine answers, a process with its environments where none does.
VENVS_localstack = $(if $(shell docker info >/dev/null 2>&1 && echo yes),,$(VENVS_localstack-process))
STACK_OPTIONS = --engine $(ENGINE) --port $(PORT) $(if $(EMPTY),--empty) \
	$(if $(SCORER),--scorer $(SCORER)) $(if $(WEIGHTS),--weights $(WEIGHTS))
# A model folder needs what runs it, a checkpoint what exports it as well.
VENVS_model = $(if $(WEIGHTS),.venvs/onnx/.installed \
	$(if $(wildcard $(WEIGHTS)/manifest.json),,.venvs/scorer/.installed))

help: ## Show the targets.
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 26

# $(call venv,folder,lock file): a venv with exactly what the lock file names.
define venv
	@[ -n "$(PYTHON)" ] || { echo "Python $(VERSION) is needed: python$(VERSION) on PATH, or \`pyenv install $(VERSION)\`"; exit 1; }
	@free=$$(df -Pk . | awk 'NR == 2 {print int($$4 / 1024)}'); \
		[ "$$free" -ge $(NEEDED_MB) ] || { echo "$(NEEDED_MB) MB of disk are needed here, $$free MB are free"; exit 1; }
	@echo "  installing $(2) into $(1)"
	@mkdir -p $(dir $(1))
	@$(PYTHON) -m venv $(1)
	@$(1)/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes \
		-r $(2) | sed -unE 's/^Collecting ([^ ]*).*/    \1/p'
	@touch $(1)/.installed
endef

.venv/.installed: requirements-dev.txt
	$(call venv,.venv,$<)
	@.venv/bin/python -m pip install --disable-pip-version-check --no-input --quiet --no-index \
		--no-deps --no-build-isolation --editable .

.venvs/%/.installed: localstack/%.txt
	$(call venv,.venvs/$*,$<)

.venvs/scorer/.installed: VERSION := 3.11
.venvs/scorer/.installed: NEEDED_MB := 2500
.venvs/scorer/.installed: PYTHON = $(PYTHON311)
.venvs/scorer/.installed: infra/scorer/build.txt
	$(call venv,.venvs/scorer,$<)

# A folder for PYTHONPATH and no venv: it goes beside whatever runs the functions.
.venvs/onnx/.installed: infra/scorer/run.txt .venv/.installed
	@echo "  installing $< into .venvs/onnx"
	@$(PY) -m pip install --disable-pip-version-check --no-input --require-hashes --no-deps -q \
		--upgrade --target .venvs/onnx -r $<
	@touch $@

install: .venv/.installed ## Make .venv, with the command `hausrecht` in it.

up: .venv/.installed $(VENVS_$(ENGINE)) $(VENVS_model) ## Start everything, seed it, return (EMPTY=1: no seed).
	@$(PY) -m localstack.up $(STACK_OPTIONS)

down: .venv/.installed ## Stop what `make up` started; the data stays.
	@$(PY) -m localstack.down $(STACK_OPTIONS)

run: .venv/.installed $(VENVS_$(ENGINE)) $(VENVS_model) ## The same in the foreground, with the functions' logs.
	@exec $(PY) -m localstack.run $(STACK_OPTIONS)

test: .venv/.installed $(VENVS_$(ENGINE)) ## Run every test: the fast rings here, contract and end-to-end on ENGINE too.
	@for each in scorer onnx; do $(MAKE) --no-print-directory .venvs/$$each/.installed \
		|| echo "  LEFT OUT: the ring of the model, for want of .venvs/$$each"; done
	@$(PY) -m pytest -q -m "not e2e and not corpus" -n 2 --dist loadfile --engine memory --engine $(ENGINE)
	@$(PY) -m localstack.ring --engine $(ENGINE) --without-contract

test-localstack: ## Run the contract and end-to-end rings on LocalStack, in Docker or without.
	@$(MAKE) --no-print-directory ENGINE=localstack test-engine

test-engine: .venv/.installed $(VENVS_$(ENGINE))
	@$(PY) -m localstack.ring --engine $(ENGINE) $(TESTS)

lint: .venv/.installed ## Check style, types, imports and the template.
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@$(PY) -m infra.build >/dev/null && .venv/bin/cfn-lint build/x86_64/template.json

load: .venv/.installed ## Post the texts of FILE (JSON lines, .gz too) as many customers.
	@[ -n "$(FILE)" ] || { echo "which texts? make load FILE=texts.jsonl.gz"; exit 1; }
	@$(PY) -m localstack.load $(FILE)

bench: package ## Take every figure of docs/performance.md and write .local/bench.json.
	@$(PY) -m tests.perf.bench

package: .venv/.installed ## Build the functions' zip and the template into build/.
	@$(PY) -m infra.build --arch $(ARCH)

deploy: .venv/.installed ## Deploy STAGE (infra/stages/STAGE.json) onto AWS; shows the changes first.
	@[ -n "$(STAGE)" ] || { echo "which stage? make deploy STAGE=prod"; exit 1; }
	@$(PY) -m localstack.aws deploy $(STAGE) $(if $(filter command line,$(origin ARCH)),--arch $(ARCH))

destroy: .venv/.installed ## Delete STAGE with all its data, after asking.
	@[ -n "$(STAGE)" ] || { echo "which stage? make destroy STAGE=test"; exit 1; }
	@$(PY) -m localstack.aws destroy $(STAGE)

fsck: .venv/.installed ## Examine the audit log, here or of STAGE on AWS (REPAIR=1: mend what can be derived).
	@$(PY) -m functions.cli fsck $(if $(REPAIR),--repair) $(if $(STAGE),--stack hausrecht-$(STAGE),\
		--stack hausrecht-local --endpoint http://127.0.0.1:$(PORT))

lock: .venv/.installed ## Renew the lock files from what pyproject.toml and the *.in files ask for.
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.13 \
		pyproject.toml --group dev -o requirements-dev.txt
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.13 \
		infra/requirements.in -c requirements-dev.txt -o infra/requirements.txt
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.13 \
		localstack/ministack.in -o localstack/ministack.txt
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.13 \
		localstack/localstack.in -o localstack/localstack.txt
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.13 \
		localstack/lambda-runtime.in -o localstack/lambda-runtime.txt
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 \
		infra/scorer/build.in -o infra/scorer/build.txt
	@! grep -q '^nvidia-' infra/scorer/build.txt || { echo "torch's CPU wheel was not found: \
		UV_FIND_LINKS or UV_EXTRA_INDEX_URL say where it is"; exit 1; }
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.13 \
		--no-deps infra/scorer/run.in -o infra/scorer/run.txt
