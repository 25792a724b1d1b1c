# Targets for people and for CI. `make help` lists them.
SHELL := /bin/bash
.DELETE_ON_ERROR:
OUT ?= out/demo
DEMO_LISTEN ?= 127.0.0.1:8080
TOOL := go tool -modfile=tools/go.mod

.PHONY: help build demo test unit secrecy lint generate drift vuln deadcode fuzz bench bench-serve bench-wave bench-linkage bench-pool bench-irt bench-gap bench-guard bench-budget bench-gateway bench-shadow setup clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

build: ## the one binary, bin/tekentafel
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o bin/tekentafel ./cmd/tekentafel

demo: build ## show the whole product with a made-up city, at http://127.0.0.1:8080 (DEMO_LISTEN for another address)
	@bin/tekentafel demo --data "$(OUT)" --listen "$(DEMO_LISTEN)"

test: setup ## everything: unit, property, both engines, R, browser, SMTP, OpenID; what is missing is installed (as root) or named
	@scripts/test

unit: ## the tests that need nothing installed; the others are skipped
	go test ./...

secrecy: ## try longer, as every role and about every row, to learn how somebody did on the check of skills
	go test -count=1 -timeout 60m ./internal/app/secrecytest -all

setup: ## install the Debian packages and the npm packages that the tests need
	@scripts/setup

lint: ## formatting, linters and the import rules
	@test -z "$$(gofmt -l cmd content internal instruments bench)" || { gofmt -l cmd content internal instruments bench; echo "run gofmt -w on these files"; exit 1; }
	$(TOOL) golangci-lint run ./...

generate: ## write the generated code anew
	@for dir in $$(git ls-files '*.templ' | xargs -n1 dirname | sort -u); do $(TOOL) templ generate -path $$dir; done
	@scripts/bundle

drift: generate ## fail when committed generated code is not what the sources give
	@git diff --exit-code --stat -- '*_templ.go' internal/survey/answering/assets go.mod go.sum || { echo "generated code differs: run make generate and commit"; exit 1; }

vuln: ## known vulnerabilities in what the binary calls
	@scripts/vuln

deadcode: ## functions that nothing reaches
	$(TOOL) deadcode -test ./...

fuzz: ## each fuzz target for FUZZTIME (default 20s)
	@scripts/fuzz

bench: build ## our figures beside DuckDB and R on the same data
	@scripts/bench

bench-serve: build ## the server: start, memory, weight, and pages at 1,000 requests a second
	@scripts/bench-serve

bench-wave: build ## a wave: ballots, answers, pages, 10,000 people at once, and a large wave that closes
	@scripts/bench-wave

bench-linkage: ## which titles and people are one: quality, time and memory beside simpler ways
	@scripts/bench-linkage

bench-pool: ## partial pooling of five skills of a large organisation, beside R's lme4
	@scripts/bench-pool

bench-irt: ## the skills test: recovery of items and people, adaptive beside fixed, exposure, times
	@scripts/bench-irt

bench-gap: ## the skills gap of 350,000 people: time and memory
	@scripts/bench-gap

bench-gateway: ## the gateway: what it adds to a model, beside a plain proxy, and what is lost
	@scripts/bench-gateway

bench-guard: ## the guard: speed beside a regular expression, and quality for each kind of data
	@scripts/bench-guard

bench-budget: ## budgets of calls to models: reservations a second on both engines, beside an UPDATE for each call
	@scripts/bench-budget

bench-shadow: ## reading proxy and DNS logs: MB a second of each format, beside counting lines
	@scripts/bench-shadow

clean: ## what the targets above wrote
	rm -rf bin out demo
