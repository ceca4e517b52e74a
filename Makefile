# What one does with this source tree. On a fresh Debian: `make demo` to see it work, `make check` to test it.

PREFIX  = /usr
DESTDIR =

# Debian's swiftlang keeps its tools there. A Swift that is in PATH comes first.
export PATH := $(PATH):/usr/libexec/swift/bin

release = swift-build -c release --static-swift-stdlib
sources = Sources Tests Package.swift
completions = bash-completion/completions zsh/vendor-completions fish/vendor_completions.d
manuals = man1/grater-check.1 man5/onion-grater.d.5 man8/onion-grater.8

build: dependencies
	$(release)

help:
	@echo 'make demo            see it work: a private offline tor, and a client allowed, rewritten and denied'
	@echo 'make check           check the style, and run all tests'
	@echo 'make check-fresh     the demo and all tests in a bare Debian 13'
	@echo 'make check-vm        real AppArmor, Flatpaks and the package, in a virtual machine'
	@echo 'make check-net       the shipped profiles with the applications, on a private tor network'
	@echo 'make check-package   build the Debian package without the network, twice, and look at it'
	@echo 'make check-sanitizers  the end-to-end tests with AddressSanitizer'
	@echo 'make check-faults    the daemon'"'"'s system calls fail, place by place, under load'
	@echo 'make fuzz            the engine and all parsers of foreign text under wrong input, for an hour: ARGS'
	@echo 'make check-mutants   small changes of the judging code, which tests must notice; an hour'
	@echo 'make soak            clients of all kinds for five minutes, while all around fails: ARGS'
	@echo 'make check-monitoring  a real Prometheus scrapes the daemon'
	@echo 'make check-editors   Neovim, with the language server'
	@echo 'make check-patterns  a million patterns against Python'"'"'s re'
	@echo 'make check-stem      the tests of stem, through the daemon'
	@echo 'make build           the programs, in .build/release'
	@echo 'make install         install them: DESTDIR, PREFIX'
	@echo 'make package         the Debian packages, in .build/package'
	@echo 'make source-package  the Debian source package, in .build/source-package'
	@echo 'make check-docs      the commands of the pages, played'
	@echo 'make docs            the documentation as a site, in .build/site'
	@echo 'make reference       the reference of public declarations, in .build/reference/site'
	@echo 'make bench           what the filter costs: ARGS'
	@echo 'make size            what is in the program'
	@echo 'make format          bring the style in order'

demo: run-dependencies
	swift-build --product onion-grater
	Tests/demo/run

check: run-dependencies lint
	Tests/tools/run-tests
	Tests/stem/run

# All of it in a bare Debian, as on a machine that has never seen this.
check-fresh:
	Tests/fresh/check

# The slow ones: a million patterns against Python's, and real AppArmor and Flatpaks in a virtual machine.
check-patterns: dependencies
	Tests/patterns/check-million

check-stem: run-dependencies
	swift-build --product onion-grater
	Tests/stem/run

check-vm: dependencies
	Tests/vm/check
	Tests/vm/package/check

bench: run-dependencies
	$(release)
	.build/release/bench $(ARGS)

size: build
	Tests/tools/report-size

lint: dependencies
	Tests/tools/lint $(sources)

format:
	swift-format format -i -r $(sources)

# With sudo there may be no Swift: what `make build` built is taken as it is.
install: .build/release/onion-grater
	install -D -s -m 755 .build/release/onion-grater $(DESTDIR)$(PREFIX)/sbin/onion-grater
	install -D -s -m 755 .build/release/grater-check $(DESTDIR)$(PREFIX)/bin/grater-check
	install -d $(DESTDIR)$(PREFIX)/share/onion-grater/profiles.d
	install -d $(completions:%=$(DESTDIR)$(PREFIX)/share/%)
	for program in onion-grater grater-check; do \
	    script=".build/release/$$program --generate-completion-script"; share=$(DESTDIR)$(PREFIX)/share; \
	    $$script bash >$$share/bash-completion/completions/$$program && \
	    $$script zsh >$$share/zsh/vendor-completions/_$$program && \
	    $$script fish >$$share/fish/vendor_completions.d/$$program.fish || exit 1; \
	done
	for page in $(manuals); do \
	    install -D -m 644 docs/man/$${page##*/} $(DESTDIR)$(PREFIX)/share/man/$$page || exit 1; \
	done
	install -d $(DESTDIR)$(PREFIX)/share/doc/onion-grater
	install -m 644 docs/*.md $(DESTDIR)$(PREFIX)/share/doc/onion-grater
	cp -r docs/images docs/examples docs/monitoring docs/profile.schema.json $(DESTDIR)$(PREFIX)/share/doc/onion-grater
	for profile in profiles/*.yml; do \
	    [ ! -e "$$profile" ] || install -m 644 "$$profile" $(DESTDIR)$(PREFIX)/share/onion-grater/profiles.d; \
	done

.build/release/onion-grater:
	$(MAKE) build

# The documentation as a site, in .build/site.
docs:
	Tests/tools/build-docs

# The reference of public declarations, in .build/reference/site.
reference: dependencies
	Tests/tools/build-reference

# The commands that the pages show, as root in a system of their own.
check-docs: run-dependencies
	swift-build --product onion-grater
	swift-build --product grater-check
	Tests/docs/check

# A real Prometheus, and its opinion of metrics and alert rules.
check-monitoring: run-dependencies
	Tests/tools/install-dependencies monitoring
	swift-build --product onion-grater
	Tests/monitoring/check

# A real editor, with the configuration that docs/editors.md shows.
check-editors: dependencies
	Tests/tools/install-dependencies editors
	swift-build --product grater-check
	Tests/editors/check

# The end-to-end tests against a daemon with AddressSanitizer.
check-sanitizers: run-dependencies
	Tests/sanitizers/check

# Clients of all kinds for five minutes, or for hours, while tor, profiles, descriptors and log fail.
soak: run-dependencies
	$(release) --product onion-grater
	Tests/soak/soak $(ARGS)

# Wrong input to the engine and to every parser of foreign text, for an hour, or ARGS seconds.
fuzz: run-dependencies
	Tests/fuzz/run $(ARGS)

# Small changes of the judging code, each of which a test must notice. An hour.
check-mutants: run-dependencies
	Tests/mutation/check $(ARGS)

# The same, with system calls that fail.
check-faults:
	Tests/tools/install-dependencies faults
	$(release) --product onion-grater
	Tests/faults/check $(ARGS)

# A package for this machine's Debian, in .build/package; `dpkg-buildpackage -us -uc -b` makes it in the parent folder.
package:
	Tests/tools/install-dependencies package
	mkdir -p .build/package
	dh_clean
	PACKAGES=.build/package debian/rules binary
	dh_clean

# The Debian source package of HEAD, in .build/source-package.
source-package:
	Tests/tools/make-source-package

check-package:
	Tests/package/check

# Real applications on a private tor network.
check-net: run-dependencies
	Tests/tools/install-dependencies net
	swift-build --product onion-grater
	swift-build --product grater-check
	Tests/net/check

clean:
	swift-package clean

dependencies:
	Tests/tools/install-dependencies build

run-dependencies:
	Tests/tools/install-dependencies run

.PHONY: build help demo check check-fresh check-net check-docs check-editors check-faults check-monitoring check-mutants fuzz check-sanitizers check-package source-package check-patterns check-stem check-vm bench size soak lint format install docs reference package clean \
    dependencies run-dependencies
