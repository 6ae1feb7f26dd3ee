VERSION := 0.1.0

# Where this variant of the build goes, and what is particular to it.
BUILD        ?= build
SANITIZE     :=
STATIC       :=
EXTRA_CFLAGS :=

PKG_CONFIG   ?= pkg-config
FUZZ_SECONDS ?= 60

# The goals that compile need these; the others may be what installs them.
ifneq ($(filter-out clean setup setup-% demo test,$(or $(MAKECMDGOALS),all)),)
accepts = $(shell $(CC) -Werror -O2 $(1) -include stdio.h -x c -fsyntax-only /dev/null 2>&1 || echo no)
keep    = $(foreach flag,$(1),$(if $(call accepts,$(flag)),,$(flag)))
endif

SOURCES   := $(sort $(wildcard src/*/*.c))
MAINS     := src/main.c src/webhook/main.c
PARTS     := $(filter-out $(MAINS),$(SOURCES))
WEBHOOK   := $(wildcard src/webhook/main.c)
CMARK     := $(if $(shell grep -ls '<cmark-gfm' src/markdown/*.c 2>/dev/null),yes)

ARCHIVE   := $(BUILD)/libnotionsync.a
PROGRAMS  := $(BUILD)/notion-sync $(if $(WEBHOOK),$(BUILD)/notion-sync-webhook)
UNITS     := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/*.c)))

pkg       = $(shell $(PKG_CONFIG) $(if $(STATIC),--static) $(1))
SYNC_PKGS := libcurl json-c
HOOK_PKGS := $(if $(WEBHOOK),libmicrohttpd sqlite3)

WARNINGS  := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
HARDENING := -fstack-protector-strong -fPIE
ifdef SANITIZE
HARDENING += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
else
HARDENING += $(call keep,-U_FORTIFY_SOURCE -fstack-clash-protection -fcf-protection)
HARDENING += $(firstword $(call keep,-D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2))
endif

CFLAGS    ?= -O2 -g
COMPILE    = $(CC) -std=c11 -D_GNU_SOURCE -DNOTION_SYNC_VERSION='"$(VERSION)"' -Isrc \
             $(WARNINGS) $(HARDENING) -pthread -ffunction-sections -fdata-sections -MMD -MP \
             $(PKG_CFLAGS) $(CFLAGS) $(EXTRA_CFLAGS)
LINKAGE    = $(if $(STATIC),-static-pie,-pie) -Wl,-z,relro,-z,now -Wl,--as-needed,--gc-sections \
             $(LDFLAGS)
LINK       = $(CC) $(HARDENING) -pthread $(CFLAGS) $(LINKAGE)

# -isystem: a warning inside somebody else's header is not ours to mend.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(patsubst -I%,-isystem %,\
             $$(call pkg,--cflags $(SYNC_PKGS) $(HOOK_PKGS))))$(PKG_CFLAGS)
SYNC_LIBS  = $(if $(CMARK),-lcmark-gfm-extensions -lcmark-gfm) $(call pkg,--libs $(SYNC_PKGS))
HOOK_LIBS  = $(call pkg,--libs $(SYNC_PKGS) $(HOOK_PKGS))
UNIT_LIBS  = $(SYNC_LIBS) $(if $(HOOK_PKGS),$(call pkg,--libs $(HOOK_PKGS))) -lcmocka -lm

.DELETE_ON_ERROR:
.PHONY: all static units demo test unit e2e certify asan valgrind bench size lint fuzz clean \
        setup setup-demo setup-test

all: $(PROGRAMS)
units: $(UNITS)

$(BUILD)/notion-sync: $(BUILD)/obj/main.o $(ARCHIVE)
	$(LINK) -o $@ $^ $(SYNC_LIBS)

$(BUILD)/notion-sync-webhook: $(BUILD)/obj/webhook/main.o $(ARCHIVE)
	$(LINK) -o $@ $^ $(HOOK_LIBS)

$(ARCHIVE): $(PARTS:src/%.c=$(BUILD)/obj/%.o)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c $(ARCHIVE) Makefile
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $< $(ARCHIVE) $(LINKAGE) $(UNIT_LIBS)

clean:
	rm -rf build

-include $(shell find $(BUILD)/obj $(BUILD)/unit -name '*.d' 2>/dev/null)
