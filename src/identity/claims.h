/*
 * claims.h
 *		Who the caller is. Every function here raises not_authenticated when the claims are malformed.
 */
#ifndef HOLDFAST_CLAIMS_H
#define HOLDFAST_CLAIMS_H

#include "utils/uuid.h"

#include "identity/claims_core.h"

/* Copies the value behind uid(), org_id() and actor_id(); false when there is none. */
extern bool hf_claims_user(pg_uuid_t *user);
extern bool hf_claims_organization(pg_uuid_t *organization);
extern bool hf_claims_actor(pg_uuid_t *actor);

/* The role's name, good until the claims change, or NULL. */
extern const char *hf_claims_role(void);

/*
 * What is known of the caller without asking further; never raises. Claims that are absent, unreadable or unverified
 * are left empty. True when the organization is known.
 */
extern bool hf_claims_peek(HfClaims *claims, pg_uuid_t *organization);

extern void hf_claims_init(void);

#endif
