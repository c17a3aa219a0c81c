/*
 * holdfast.c
 *		Entry point of the library: each subsystem sets itself up, in the order written here.
 */
#include "compat.h"

#include "fmgr.h"

#include "audit/audit_log.h"
#include "base/live.h"
#include "base/plain.h"
#include "base/standby.h"
#include "calendar/calendar.h"
#include "guc.h"
#include "identity/claims.h"
#include "identity/jwt.h"
#include "identity/request.h"
#include "quota/quota.h"
#include "secrets/keycache.h"
#include "secrets/rootkey.h"
#include "shmem/failures.h"
#include "shmem/guards.h"
#include "shmem/shmem.h"
#include "spi.h"
#include "time/ics.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

/* _PG_init starts the subsystems once per process that loads the library. */
void
_PG_init(void)
{
	hf_guc_init();
	hf_root_key_init();
	hf_spi_init();
	hf_live_init();
	hf_keycache_init();
	hf_request_init();
	hf_jwt_init();
	hf_claims_init();
	hf_ics_init();
	hf_plain_init();
	hf_calendar_init();
	hf_quota_init();
	hf_audit_init();
	hf_shmem_init();
	hf_guards_store_init();
	hf_failures_init();
	hf_standby_init();
}
