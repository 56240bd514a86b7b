# Claviger: `make run` serves, `make test` is the whole gate.

.PHONY: run test soak bench format clean help
.DEFAULT_GOAL := help

help: ## Shows what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

run: ## Builds server and agent for use and starts the server on 127.0.0.1:8787
	@Scripts/run

test: ## Runs the whole gate: checks, build, unit and system tests, static agent
	@Scripts/gate

soak: ## Tests the optimised programs, upgrades from the earlier commit; repeats faults (20 rounds), histories (5 minutes each), scale (10,000 agents)
	@Scripts/soak

bench: ## Measures the figures of docs/benchmarks.md
	@Benchmarks/run

format: ## Formats the Swift sources
	@swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

clean: ## Removes everything built here; keeps the server's data
	@rm -rf .build .build-release .venv dist
