/*
 * guc.h
 *		The settings of holdfast, all declared in guc.c.
 */
#ifndef HOLDFAST_GUC_H
#define HOLDFAST_GUC_H

#include "datatype/timestamp.h"

#define HF_CLAIMS_SETTING  "request.jwt.claims"
#define HF_HEADERS_SETTING "request.headers"

extern int hf_max_hold_life;			/* holdfast.max_hold_life, in seconds */
extern bool hf_direct_insert;			/* holdfast.direct_insert */
extern bool hf_own_claims;				/* holdfast.own_claims */
extern char *hf_jwt_secret_file;		/* holdfast.jwt_secret_file, "" when unset */
extern char *hf_roles_table;			/* holdfast.roles_table */
extern int hf_trusted_proxies;			/* holdfast.trusted_proxies */
extern char *hf_root_key_file;			/* holdfast.root_key_file, "" when unset */
extern char *hf_previous_root_key_file; /* holdfast.previous_root_key_file, "" when unset */
extern int hf_argon2_memory;			/* holdfast.argon2_memory, in kB */
extern int hf_argon2_time;				/* holdfast.argon2_time, passes */
extern int hf_password_min_length;		/* holdfast.password_min_length, in characters */
extern int hf_password_min_score;		/* holdfast.password_min_score */
extern char *hf_breach_file;			/* holdfast.breach_file, "" when unset */
extern int hf_guard_slots;				/* holdfast.guard_slots */
extern int hf_failure_slots;			/* holdfast.failure_slots */

/*
 * When the library owns request.jwt.claims and request.headers, hf_request_version grows with every assignment to
 * either, rollbacks included, and the values are at hand. Otherwise the settings are read by hf_guc_request.
 */
extern bool hf_request_owned;
extern uint64 hf_request_version;
extern char *hf_request_claims;
extern char *hf_request_headers;

/* Called when a setting names another file of a root key, from an assign hook: it must not fail. Set by rootkey.c. */
extern void (*hf_guc_root_key_named)(const char *setting, const char *path);

extern void hf_guc_init(void);
extern bool hf_guc_now(TimestampTz *now);
extern const char *hf_guc_request(const char *name);

#endif
