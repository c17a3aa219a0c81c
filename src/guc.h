/*
 * guc.h
 *		The settings of holdfast, all declared in guc.c.
 */
#ifndef HOLDFAST_GUC_H
#define HOLDFAST_GUC_H

#include "datatype/timestamp.h"

extern int hf_max_hold_life;	 /* holdfast.max_hold_life, in seconds */
extern bool hf_direct_insert;	 /* holdfast.direct_insert */
extern bool hf_own_claims;		 /* holdfast.own_claims */
extern char *hf_jwt_secret_file; /* holdfast.jwt_secret_file, "" when unset */
extern char *hf_roles_table;	 /* holdfast.roles_table */

extern void hf_guc_init(void);
extern bool hf_guc_now(TimestampTz *now);
extern const char *hf_guc_request(const char *name);

#endif
