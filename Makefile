# Two commands are enough: `make run` to try Perron, `make test` to know that it holds.
# Each does its own set-up on a Debian machine that has Rust and Node.

.PHONY: help run test check bench fmt

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build and serve the demo of Wanze on http://127.0.0.1:8080 (LISTEN, DATA and DATABASE change it)
	@scripts/run.sh

test: ## everything that must hold before a change lands, in fail-fast order
	@scripts/test.sh

check: ## the quick part of it: format, lints, unit tests
	@scripts/check.sh

bench: ## the figures of the design, in release mode
	cargo bench --locked --bench figures

fmt: ## put the Rust sources in their format
	cargo fmt
