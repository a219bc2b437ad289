# Cartwright. `make` alone lists what can be made.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PRACTICE := target/practice
# The shell always serves the built pages, so that there is one variant of Tauri to compile.
SHELL_AND_CLI := cargo build -p cartwright -p cartwright-cli --features cartwright/custom-protocol
PAGES := $(shell find ui \( -name node_modules -o -name dist -o -path ui/src/i18n/compiled -o -name tests \) -prune -o -type f -print 2>/dev/null)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: ## Install what is missing, build, open the window on a practice file (without a display: make demo)
	@tests/setup.sh run
	@if [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		echo "[run] there is no display here: playing the demonstration on a virtual one"; \
		exec $(MAKE) demo; \
	fi; \
	$(MAKE) pages; \
	$(SHELL_AND_CLI); \
	if [ ! -e $(PRACTICE)/site.cartwright ]; then \
		echo "[run] making a practice file in $(PRACTICE)"; \
		target/debug/cartwright-cli demo --seed 1 --subjects 12 $(PRACTICE); \
	fi; \
	echo "[run] opening $(PRACTICE)/site.cartwright (its people: $(PRACTICE)/README.txt, their password: $(PRACTICE)/password.txt)"; \
	exec target/debug/cartwright $(PRACTICE)/site.cartwright

.PHONY: demo
demo: ## Play the demonstration through the real window on a virtual display; leaves target/demo/
	@tests/setup.sh demo
	@$(MAKE) window
	@rm -rf target/demo && mkdir -p target/demo
	node tests/window/demo.mjs
	@echo "[demo] verifying what was exported, with Cartwright and without"
	@node tests/all/bundles.mjs target/demo
	@echo "[demo] done: screenshots, site file and bundle are in target/demo/"

.PHONY: test
test: ## Install what is missing and run every test; closes with `N passed, N failed` (SUITES="cargo window" for some)
	@tests/setup.sh test
	@node tests/all.mjs $(SUITES)

.PHONY: soak
soak: ## Put the site file through the long form of its tests: 10,000 kills, every write point of a power loss (hours)
	CARTWRIGHT_SOAK=1 CARTWRIGHT_KILLS=$${CARTWRIGHT_KILLS:-10000} cargo test -p store --release -- --nocapture damage failing kills migrate model outage power tampering 2>&1 | tee target/soak.log

.PHONY: cli
cli: ## Build target/debug/cartwright-cli
# Alone it needs no web view. Where the window is built, it is built beside it: the other features that the window asks
# of common crates would make a second variant of each.
	@if [ -e target/debug/cartwright ] && [ -e ui/dist/index.html ]; then \
		echo "$(SHELL_AND_CLI)"; $(SHELL_AND_CLI); \
	else \
		echo "cargo build -p cartwright-cli"; cargo build -p cartwright-cli; \
	fi

.PHONY: bench
bench: ## Measure saving, opening, first paint, memory and survival curves; figures are reported, never asserted
	@tests/setup.sh test
	@$(MAKE) window
	cargo bench -p study
	cargo bench -p conduct --features bench
	cargo bench -p store --features bench --bench sizes
	node tests/window/bench.mjs
	cargo bench -p endpoints --bench survival
	target/venv/bin/python tests/verifiers/survival_bench.py

.PHONY: bench-ui
bench-ui: ## Measure what a person waits for, on a made-up site of 1,000 subjects, beside a bare input in the same window
	@tests/setup.sh demo
	@$(MAKE) pages
	cargo build --release -p cartwright -p cartwright-cli --features cartwright/custom-protocol,cartwright/automation
	node tests/window/bench-ui.mjs

.PHONY: lint
lint: ## Clippy, svelte-check and the house rules
	@tests/setup.sh run
	@$(MAKE) pages
	cargo clippy --workspace --all-targets --features cartwright/custom-protocol,cartwright/automation -- -D warnings
	npm --prefix ui run check
	cargo test -p cartwright --test house --features cartwright/custom-protocol

.PHONY: fmt
fmt: ## Format the Rust sources and, where the pages have a formatter, the pages
	cargo fmt --all
	npm --prefix ui run --if-present format

.PHONY: screenshots
screenshots: ## Photograph every screen, both languages, both themes, into target/screenshots/
	@tests/setup.sh demo
	@$(MAKE) window
	@rm -rf target/screenshots && mkdir -p target/screenshots
	node tests/window/screenshots.mjs

.PHONY: bindings
bindings: ## Write ui/src/bindings and src-tauri/permissions anew from the Rust types and commands
	@rm -rf target/bindings
	CARTWRIGHT_REGENERATE=1 TS_RS_EXPORT_DIR=$(CURDIR)/target/bindings cargo test --workspace --features cartwright/custom-protocol export_bindings
	@test -n "$$(ls -A target/bindings)" && rm -rf ui/src/bindings && cp -r target/bindings ui/src/bindings

.PHONY: criteria
criteria: ## Write docs/criteria.md anew from the clinical rules
	CARTWRIGHT_REGENERATE=1 cargo test -p criteria --test reference

.PHONY: rights
rights: ## Write docs/rights.md anew from the table of rights
	CARTWRIGHT_REGENERATE=1 cargo test -p conduct --lib the_page_of_rights

.PHONY: package
package: ## Release build with OpenSSL linked in, and a .deb, in target/release/bundle/
	@tests/setup.sh run
	ui/node_modules/.bin/tauri build --bundles deb --features vendored-openssl
	cargo build --release -p cartwright-cli --features conduct/vendored-openssl

.PHONY: clean
clean: ## Remove everything that was built or installed into this folder
	rm -rf target src-tauri/gen ui/dist ui/node_modules ui/src/i18n/compiled

# --- steps of the targets above ---------------------------------------------------------------------------------------

# The pages, when one of their sources is younger than they are.
.PHONY: pages
pages: ui/dist/index.html

ui/dist/index.html: $(PAGES)
	npm --prefix ui run build
	@touch $@

# Both windows: as it ships, and with the seams for tests. Their own folder: `make run` may build meanwhile.
.PHONY: window
window: pages
	$(SHELL_AND_CLI)
	@mkdir -p target/window && cp --force --remove-destination --reflink=auto target/debug/cartwright target/window/cartwright-shipped
	$(SHELL_AND_CLI),cartwright/automation
	@cp --force --remove-destination --reflink=auto target/debug/cartwright target/window/cartwright
