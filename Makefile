VERSION := 0.1.0

# Where this variant of the build goes, and what is particular to it.
BUILD        ?= build
SANITIZE     :=
STATIC       :=

PKG_CONFIG   ?= pkg-config
FUZZ_SECONDS ?= 60
Q            := $(if $(V),,@)

# Only goals that compile ask the compiler: the others may be what installs it.
ifneq ($(filter-out clean setup setup-% demo pictures test test-% static size bench e2e-static smoke-static image-test release-test reproducible,\
         $(or $(MAKECMDGOALS),all)),)
ifeq ($(STATIC)$(shell $(PKG_CONFIG) --exists libcurl json-c 2>/dev/null && command -v $(CC)),)
$(error A compiler, pkg-config or a library is missing: "make setup-build" installs them on Debian \
    and Ubuntu, "make setup" also what the tests need)
endif
# A compiler that defines _FORTIFY_SOURCE by itself refuses another value of it.
accepts = $(shell $(CC) -Werror -O2 -U_FORTIFY_SOURCE $(1) -include stdio.h -x c -fsyntax-only \
          /dev/null 2>&1 || echo no)
keep    = $(foreach flag,$(1),$(if $(call accepts,$(flag)),,$(flag)))
endif

PARTS     := $(filter-out src/webhook/main.c,$(sort $(wildcard src/*/*.c)))
ARCHIVE   := $(BUILD)/libnotionsync.a
PROGRAMS  := $(BUILD)/notion-sync $(BUILD)/notion-sync-webhook
UNITS     := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/*.c)))
FUZZERS   := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/*.c)))
REPLAYERS := $(FUZZERS:$(BUILD)/fuzz/%=$(BUILD)/replay/%)

pkg       = $(shell $(PKG_CONFIG) $(if $(STATIC),--static) $(1))
SYNC_PKGS := libcurl json-c libcrypto
HOOK_PKGS := libmicrohttpd sqlite3

WERROR    := -Werror
WARNINGS  := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(WERROR)
HARDENING := -fstack-protector-strong
ifdef SANITIZE
# What is checked has 100,000 pointers that each start would relocate: the address stays fixed. gcc also links
# the sanitizers' libraries statically, which clang does anyway.
HARDENING += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer -fno-pie
HARDENING += $(call keep,-static-libasan -static-libubsan)
PIE       := -no-pie
else
HARDENING += -fPIE $(call keep,-U_FORTIFY_SOURCE -fstack-clash-protection -fcf-protection)
HARDENING += $(firstword $(call keep,-D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2))
PIE       := $(if $(STATIC),-static-pie,-pie)
endif

CFLAGS    ?= -O2 -g
COMPILE    = $(CC) -std=c11 -D_GNU_SOURCE -DNOTION_SYNC_VERSION='"$(VERSION)"' -Isrc \
             $(WARNINGS) $(HARDENING) -pthread -ffunction-sections -fdata-sections -MMD -MP \
             $(PKG_CFLAGS) $(CFLAGS) $(COUNTED)
# musl's threads have 128 KiB of stack, unless the program asks for more.
LINKAGE    = $(PIE) -Wl,-z,relro,-z,now,-z,stack-size=1048576 \
             -Wl,--as-needed,--gc-sections $(LDFLAGS)
LINK       = $(CC) $(HARDENING) -pthread $(CFLAGS) $(LINKAGE)

# -isystem: a warning inside somebody else's header is not ours to fix.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(patsubst -I%,-isystem %,\
             $$(call pkg,--cflags $(SYNC_PKGS) $(HOOK_PKGS))))$(PKG_CFLAGS)
SYNC_LIBS  = -lcmark-gfm-extensions -lcmark-gfm $(call pkg,--libs $(SYNC_PKGS))
HOOK_LIBS  = $(call pkg,--libs $(SYNC_PKGS) $(HOOK_PKGS))
UNIT_LIBS  = $(SYNC_LIBS) $(call pkg,--libs $(HOOK_PKGS)) -lcmocka -lm

# How the test programs find what they test; tests that measure look at the variant.
PROGRAM_DIR = $(BUILD)
SUITE       = NOTION_SYNC_VARIANT=$(notdir $(PROGRAM_DIR)) \
              NOTION_SYNC_BIN=$(abspath $(PROGRAM_DIR))/notion-sync \
              NOTION_SYNC_WEBHOOK_BIN=$(abspath $(PROGRAM_DIR))/notion-sync-webhook \
              scripts/run-node $(BUILD)
# The gate's build with sanitizers: most runs end within milliseconds of their start, so that neither a better
# optimized program nor long stacks of each allocation are worth their time.
ASAN_BUILD := BUILD=build/asan SANITIZE=address,undefined CFLAGS='-O1 -g1'
# With STRICT_STRINGS=1 (at night) each strchr() and strstr() looks for the end of its text, however near the
# match is. A walk through a large text is quadratic then: it was half of what the units cost.
ASAN       := ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1:strict_string_checks=$${STRICT_STRINGS:-0}:malloc_context_size=3 \
              UBSAN_OPTIONS=print_stacktrace=1 LEAK_SAMPLE=$${LEAK_SAMPLE:-8}
VALGRIND    = $$(command -v valgrind) --quiet --error-exitcode=99 --leak-check=full \
              --show-leak-kinds=definite --errors-for-leak-kinds=definite
E2E        := $(sort $(wildcard tests/e2e/*.test.mjs))
# The same sources in another build: what a compiler or a libc may change (texts and numbers in JSON, large
# texts on a thread's stack, signals, a terminal, the receiver), and events, which go through every room. The crash
# matrix plays faults with the plain program.
SMOKE      := $(patsubst %,tests/e2e/%.test.mjs,event json progress signals sizes webhook)
# A program start takes seconds under valgrind: those of one file go through every room.
VALGRIND_E2E ?= tests/e2e/event.test.mjs

.DELETE_ON_ERROR:
.PHONY: all units fuzzers replayers static setup setup-build setup-static setup-demo setup-test \
        setup-test-all demo pictures test test-all unit e2e smoke certify crash texts proof build-asan asan e2e-static smoke-static \
        valgrind bench size lint analyze fuzz replay image-test release-test reproducible clean

all: $(PROGRAMS)
units: $(UNITS)
fuzzers: $(FUZZERS)
replayers: $(REPLAYERS)

$(BUILD)/notion-sync: $(BUILD)/obj/main.o $(ARCHIVE)
	@echo "  LINK $@"
	$(Q)$(LINK) -o $@ $^ $(SYNC_LIBS)

$(BUILD)/notion-sync-webhook: $(BUILD)/obj/webhook/main.o $(ARCHIVE)
	@echo "  LINK $@"
	$(Q)$(LINK) -o $@ $^ $(HOOK_LIBS)

$(ARCHIVE): $(PARTS:src/%.c=$(BUILD)/obj/%.o)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: src/%.c Makefile
	@echo "  CC   $@"
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -c -o $@ $<

$(BUILD)/unit/obj/%.o: tests/unit/%.c Makefile
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -c -o $@ $<

$(BUILD)/unit/%: $(BUILD)/unit/obj/%.o $(ARCHIVE)
	@echo "  TEST $@"
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(UNIT_LIBS)

.PRECIOUS: $(BUILD)/unit/obj/%.o

# What a text costs is counted: the compiler calls a function at each branch, the linker leads calls of
# the C library to functions that know how far they walk.
WALKERS := strlen strchr strrchr strstr strcasestr strpbrk strspn strcspn strnlen strcmp strncmp \
           strcasecmp strncasecmp memcmp memchr memmem memcpy memmove memset
ifneq ($(findstring fuzzer,$(SANITIZE)),)
$(BUILD)/obj/markdown/%.o $(BUILD)/obj/base/%.o: COUNTED = -fsanitize-coverage=trace-pc -fno-builtin
$(BUILD)/fuzz/%: LDFLAGS += -Wl,--wrap=__sanitizer_cov_trace_pc
$(BUILD)/fuzz/cost: LDFLAGS += $(WALKERS:%=-Wl,--wrap=%)
endif

$(BUILD)/fuzz/%: tests/fuzz/%.c $(ARCHIVE) Makefile
	@echo "  FUZZ $@"
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -fsanitize=fuzzer -o $@ $< $(ARCHIVE) $(LINKAGE) $(HOOK_LIBS) $(SYNC_LIBS)

$(BUILD)/replay/%: tests/fuzz/%.c tests/fuzz/replay/main.c $(ARCHIVE) Makefile
	@echo "  REPLAY $@"
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -o $@ $(filter %.c %.a,$^) $(LINKAGE) $(HOOK_LIBS) $(SYNC_LIBS)

$(BUILD)/bench/%: tests/bench/%.c $(ARCHIVE) Makefile
	@echo "  BENCH $@"
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -o $@ $< $(ARCHIVE) $(LINKAGE) $(UNIT_LIBS)

# Alpine's own compiler and libraries are musl's; elsewhere both are made first. gnulib's error()
# is in several of Alpine's static libraries, identical.
static:
ifneq ($(wildcard /etc/alpine-release),)
	@$(MAKE) all BUILD=build/static STATIC=yes LDFLAGS=-Wl,--allow-multiple-definition
else
	@scripts/setup static
	@sysroot=$$(MAKEFLAGS= scripts/musl-sysroot) && PKG_CONFIG_LIBDIR=$$sysroot/lib/pkgconfig \
	    $(MAKE) all BUILD=build/static STATIC=yes CC=$$sysroot/bin/musl-cc
endif

# --- What a user of the tree calls -------------------------------------------------------------

setup: setup-test-all
setup-build setup-static setup-demo setup-test setup-test-all:
	@scripts/setup $(@:setup-%=%)

demo: setup-demo
	@$(MAKE) --no-print-directory -j2 all
	@NOTION_SYNC_BIN=$(abspath build/notion-sync) node tests/demo/demo.mjs

# The pictures of the README, drawn from runs against the sandbox.
pictures: setup-demo
	@$(MAKE) --no-print-directory -j2 all
	@NOTION_SYNC_BIN=$(abspath build/notion-sync) node tests/demo/pictures.mjs docs/pictures

# What a change must pass, in minutes; and everything else, in hours (JOBS: only these of them).
test: setup-test
	@scripts/test

test-all: setup-test-all
	@scripts/test $(or $(JOBS),all)

unit: units
	@scripts/run-units $(BUILD)

e2e: all
	@$(SUITE) $(E2E)

smoke: all
	@$(SUITE) $(SMOKE)

certify: all
	@$(SUITE) $(sort $(wildcard tests/certify/*.test.mjs))

# The crash matrix: one cell in CRASH_SAMPLE (60), or all of them (CRASH_SAMPLE=1).
crash: all
	@$(SUITE) tests/proof/crash.test.mjs

# Real texts through whole passes: one file in TEXTS_SAMPLE (8), or all of them (TEXTS_SAMPLE=1).
texts: all
	@$(SUITE) tests/proof/texts.test.mjs

# Those that went wrong once, and HISTORIES (200) random ones.
proof: all
	@NOTION_SYNC_BIN=$(abspath $(BUILD)/notion-sync) node tests/proof/histories.mjs

# All units, corpora and end-to-end tests; one pass in LEAK_SAMPLE (8) also looks for leaks, or each (LEAK_SAMPLE=1).
build-asan:
	@$(MAKE) --no-print-directory all units replayers $(ASAN_BUILD)

asan: build-asan
	@$(ASAN) $(MAKE) --no-print-directory unit replay e2e $(ASAN_BUILD)

# The static program is built by make static.
e2e-static smoke-static: PROGRAM_DIR = build/static
e2e-static:
	@$(SUITE) $(E2E)

smoke-static:
	@$(SUITE) $(SMOKE)

valgrind: PROGRAM_DIR = build/valgrind
valgrind: all units
	@scripts/run-units $(BUILD) $(VALGRIND)
	@mkdir -p $(PROGRAM_DIR)
	@for program in $(notdir $(PROGRAMS)); do \
	    printf '#!/bin/sh\nexec $(VALGRIND) %s "$$@"\n' "$(abspath $(BUILD))/$$program" \
	        >$(PROGRAM_DIR)/$$program; \
	    chmod +x $(PROGRAM_DIR)/$$program; \
	done
	@$(SUITE) $(VALGRIND_E2E)

# Whatever judges time does so here: it needs an idle machine.
bench: setup-test
	@$(MAKE) --no-print-directory -j2 all $(BUILD)/bench/markdown $(BUILD)/bench/markdown_time
	@NOTION_SYNC_BIN=$(abspath $(BUILD)/notion-sync) node tests/bench/bench.mjs
	@NOTION_SYNC_BIN=$(abspath $(BUILD)/notion-sync) node tests/bench/import.mjs
	@NOTION_SYNC_WEBHOOK_BIN=$(abspath $(BUILD)/notion-sync-webhook) node tests/bench/webhook.mjs
	@$(BUILD)/bench/markdown
	@$(BUILD)/bench/markdown_time
	@NOTION_SYNC_JUDGE_TIME=yes $(SUITE) tests/e2e/signals.test.mjs

# A pull takes Alpine's base (about 3.6 MB) and both programs, each compressed: 12 MB at most.
size: static
	@strip -o build/size-sync build/static/notion-sync
	@strip -o build/size-webhook build/static/notion-sync-webhook
	@for program in sync webhook; do \
	    printf '%s: %s bytes stripped, %s compressed\n' $$program \
	        "$$(stat -c %s build/size-$$program)" "$$(gzip -9nc build/size-$$program | wc -c)"; \
	done
	@size build/static/libnotionsync.a --totals | tail -n 1 | \
	    awk '{ printf "of that, own code: %d bytes of text, %d of data\n", $$1, $$2 + $$3 }'
	@image=$$(($$(gzip -9nc build/size-sync build/size-webhook | wc -c) + 3600000)); \
	    rm build/size-sync build/size-webhook; \
	    echo "the image: about $$image bytes compressed, 12000000 allowed"; [ $$image -le 12000000 ]

# Layers, formatting, and what clang warns of; analyze is what takes minutes.
lint analyze: all
	@scripts/lint $@ $(BUILD) $(WARNINGS) -std=c11 -D_GNU_SOURCE \
	    -DNOTION_SYNC_VERSION='"$(VERSION)"' -Isrc $(PKG_CFLAGS)

# The inputs in tests/fuzz/corpus through each fuzz target, and no others.
replay: replayers
	@scripts/replay $(BUILD)/replay

fuzz:
	@$(MAKE) --no-print-directory fuzzers BUILD=build/fuzz CC=clang \
	    SANITIZE=fuzzer-no-link,address,undefined
	@scripts/fuzz build/fuzz $(FUZZ_SECONDS)

# Not part of make test: it needs a docker daemon, or root to start one, and busybox-static.
image-test: static
	@scripts/image-test

# The workflow Release against a registry (the package docker-registry) and a git remote of our own.
release-test:
	@scripts/run-node build tests/release/flow.test.mjs

# Two builds in two folders give the same programs.
reproducible: static
	@scripts/reproducible

clean:
	rm -rf build

-include $(shell find $(addprefix $(BUILD)/,obj unit fuzz replay bench) -name '*.d' 2>/dev/null)
