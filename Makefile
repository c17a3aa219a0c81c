# Built with PGXS. "make help" lists the targets.

# The house targets install what they need themselves, PGXS included; so they must run without it.
HOUSE = help bootstrap check analyse sanitize pool memory smith coverage valgrind matrix demo demo-stop race delivery crash fuzz planted mutants bench docs format
ifneq ($(filter $(HOUSE) check-%,$(MAKECMDGOALS)),)

.PHONY: $(HOUSE)
# check, check-regress, check-time, check-isolation, check-tap, check-upgrade, check-pgtap, check-http, check-delivery, check-pool, check-smith, check-race, check-fuzz, check-lint, check-planted
check:
	@scripts/check
check-%:
	@scripts/check $*

bootstrap:
	@scripts/bootstrap
demo:
	@scripts/demo start
demo-stop:
	@scripts/demo stop
matrix:
	@scripts/matrix
analyse:
	@scripts/analyse
sanitize:
	@scripts/sanitize
pool:
	@scripts/check --full pool
memory:
	@TESTS=040_memory HOLDFAST_MEMORY_CALLS=1000000 scripts/check tap
smith:
	@scripts/check --full smith
coverage:
	@scripts/coverage
valgrind:
	@scripts/valgrind
race:
	@scripts/check --full race
delivery:
	@scripts/check --full delivery
crash:
	@scripts/check --full crash
fuzz:
	@scripts/check --full fuzz
planted:
	@scripts/check --full planted
mutants:
	@TESTS='mutation mutants' scripts/check --full pgtap
bench:
	@bench/run
docs:
	@scripts/docs
format:
	@clang-format -i src/*.[ch] src/*/*.[ch]

help:
	@echo 'make            build the extension'
	@echo 'make install    install it into the PostgreSQL of PG_CONFIG'
	@echo 'make demo       the main job over HTTP, on throw-away servers that stay up'
	@echo 'make demo-stop  stop them'
	@echo 'make check      every test (or check-regress, -time, -isolation, -tap, -upgrade, -pgtap, -http, -delivery, -pool, -smith, -race, -fuzz, -lint, -planted)'
	@echo 'make matrix     the tests on PostgreSQL 17 and 18'
	@echo 'make analyse    clang-tidy and cppcheck over the C'
	@echo 'make sanitize   regress, isolation and race with the address and undefined-behaviour sanitizers'
	@echo 'make pool       HTTP and race through pgbouncer, and HTTP over one connection'
	@echo 'make memory     10^6 calls in one session: does its memory stay what it is?'
	@echo 'make smith      sqlsmith: 160,000 random statements as four identities'
	@echo 'make delivery   200 kills of workers and the server while people are told'
	@echo 'make coverage   lines of C, and statements of functions, that the tests run'
	@echo 'make valgrind   a part of regress under valgrind'
	@echo 'make race       the double-booking checker, 10^6 attempts'
	@echo 'make crash      100 crashes under a booking load: what was answered is there, nothing by half'
	@echo 'make fuzz       the fuzz targets, 10^7 runs each'
	@echo 'make planted    bugs put in on purpose: does the test that is named for each catch it?'
	@echo 'make mutants    each policy, grant, key and check weakened in turn: does a test notice?'
	@echo 'make bench      the benchmark table (docs/benchmarks.md)'
	@echo 'make docs       docs/reference.md and docs/errors.md from the COMMENTs'

else

EXTENSION    = holdfast
EXTVERSION   = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" holdfast.control)
MODULE_big   = holdfast
PG_CONFIG   ?= $(firstword $(wildcard /usr/lib/postgresql/15/bin/pg_config) pg_config)

SOURCES      = $(sort $(wildcard src/*.c src/*/*.c))
OBJS         = $(SOURCES:.c=.o)
PG_CPPFLAGS  = -Isrc -DHOLDFAST_VERSION='"$(EXTVERSION)"'
PG_CFLAGS    = -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers \
               -Wno-cast-function-type $(if $(WERROR),-Werror) $(EXTRA_CFLAGS)
SHLIB_LINK   = $(shell pkg-config --libs libsodium 2>/dev/null || echo -lsodium) -lical -lzxcvbn -lm

# The extension script, and one script per platform module, are assembled from parts.
KERNEL_SQL   = sql/holdfast--$(EXTVERSION).sql
KERNEL_PARTS = sql/extension/header.sql $(sort $(filter-out sql/extension/header.sql,$(wildcard sql/extension/*.sql)))
PLATFORM     = $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard sql/platform/*/module.sql)))))
MODULE_SQL   = $(PLATFORM:%=build/holdfast.platform.%.sql)
DATA         = $(wildcard sql/upgrade/holdfast*--*--*.sql)
DATA_built   = $(KERNEL_SQL) $(MODULE_SQL)
SCRIPTS      = scripts/holdfast-breach-import

REGRESS      = $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test
ISOLATION    = $(sort $(patsubst test/specs/%.spec,%,$(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test
EXTRA_CLEAN  = build META.json

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

all: META.json

META.json: META.json.in holdfast.control
	sed 's/@VERSION@/$(EXTVERSION)/g' $< > $@

$(KERNEL_SQL): $(KERNEL_PARTS) scripts/assemble
	scripts/assemble kernel $(KERNEL_PARTS) > $@

build/holdfast.platform.%.sql: FORCE_MODULES scripts/assemble
	@mkdir -p build
	scripts/assemble module sql/platform/$* > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(OBJS): $(wildcard src/*.h src/*/*.h)

.PHONY: FORCE_MODULES

endif
