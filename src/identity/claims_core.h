/*
 * claims_core.h
 *		Who a set of JWT claims says the caller is.
 */
#ifndef HOLDFAST_CLAIMS_CORE_H
#define HOLDFAST_CLAIMS_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_CLAIMS_MAX_LENGTH 65536
#define HF_CLAIMS_ROLE_SIZE	 64 /* as a role's name: 63 bytes and the terminator */
#define HF_CLAIMS_UUID_SIZE	 16

typedef struct HfClaims
{
	bool has_user; /* sub */
	bool
		has_organization; /* organization_id, app_metadata.organization_id, app_metadata.org_id, org_id */
	bool has_actor;		  /* act.sub */
	bool has_role;		  /* role */
	bool has_expires;	 /* exp */
	bool has_not_before; /* nbf */
	uint8_t user[HF_CLAIMS_UUID_SIZE];
	uint8_t organization[HF_CLAIMS_UUID_SIZE];
	uint8_t actor[HF_CLAIMS_UUID_SIZE];
	char role[HF_CLAIMS_ROLE_SIZE];
	double expires;	   /* seconds since 1970 */
	double not_before; /* seconds since 1970 */
} HfClaims;

typedef enum HfClaimsStatus
{
	HF_CLAIMS_OK,
	HF_CLAIMS_SYNTAX,
	HF_CLAIMS_TOO_LONG,
	HF_CLAIMS_TOO_DEEP,
	HF_CLAIMS_DUPLICATE,
	HF_CLAIMS_USER,
	HF_CLAIMS_ORGANIZATION,
	HF_CLAIMS_METADATA,
	HF_CLAIMS_ACTOR,
	HF_CLAIMS_ROLE,
	HF_CLAIMS_TIME
} HfClaimsStatus;

/*
 * Reads claims in one pass. A claim that is absent or null leaves has_… false. A claim that counts and is not what
 * it must be fails the whole: a caller whose organization is unreadable must not pass as one without it. Of the
 * four places of the organization the first that is present counts, and only that one is read.
 * utf8 says whether the text, and so the role, is in UTF-8.
 */
extern HfClaimsStatus hf_claims_read(const char *text, size_t length, bool utf8, HfClaims *claims);

/* Says what is wrong, without a value of the claims: the end of a sentence that begins with "The claims". */
extern const char *hf_claims_reason(HfClaimsStatus status);

/* Reads 8-4-4-4-12 hexadecimal digits and nothing else; the nil UUID, which means "everywhere", is refused. */
extern bool hf_claims_uuid(const char *text, size_t length, uint8_t out[HF_CLAIMS_UUID_SIZE]);

#endif
