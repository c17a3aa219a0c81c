/*
 * claims_core.c
 *		Picks the caller out of the claims: user, organization, actor, role and the token's times.
 *
 * What decides about access is taken from the top level, app_metadata and act only; user_metadata, which users
 * edit themselves, is never looked at. A second member of the same name fails the whole text: parsers differ in
 * which one they take, and whoever signed the token may have checked the other.
 */
#include <stdlib.h>
#include <string.h>

#include "identity/claims_core.h"
#include "identity/claims_json_core.h"

typedef enum Field
{
	SUB,
	ROLE,
	EXP,
	NBF,
	ORGANIZATION_ID,
	ORG_ID,
	APP_METADATA,
	ACT,
	APP_ORGANIZATION_ID,
	APP_ORG_ID,
	ACT_SUB,
	FIELD_COUNT
} Field;

typedef struct FieldPlace
{
	const char *name;
	Field parent; /* FIELD_COUNT: the top level */
} FieldPlace;

static const FieldPlace places[FIELD_COUNT] = {
	[SUB] = {"sub", FIELD_COUNT},
	[ROLE] = {"role", FIELD_COUNT},
	[EXP] = {"exp", FIELD_COUNT},
	[NBF] = {"nbf", FIELD_COUNT},
	[ORGANIZATION_ID] = {"organization_id", FIELD_COUNT},
	[ORG_ID] = {"org_id", FIELD_COUNT},
	[APP_METADATA] = {"app_metadata", FIELD_COUNT},
	[ACT] = {"act", FIELD_COUNT},
	[APP_ORGANIZATION_ID] = {"organization_id", APP_METADATA},
	[APP_ORG_ID] = {"org_id", APP_METADATA},
	[ACT_SUB] = {"sub", ACT},
};

static const Field organization_order[] = {ORGANIZATION_ID, APP_ORGANIZATION_ID, APP_ORG_ID,
										   ORG_ID};

typedef struct Picks
{
	HfJsonMember member[FIELD_COUNT];
	bool seen[FIELD_COUNT];
	Field parent; /* the level 1 member that level 2 members now belong to */
} Picks;

/* Pick is the visitor: it keeps the members that have a place, and stops at the second of a kind. */
static bool
Pick(void *state, const HfJsonMember *member)
{
	Picks *picks = state;
	Field parent = member->level == 1 ? FIELD_COUNT : picks->parent;

	if (member->level == 1)
		picks->parent = SUB; /* of which nothing is a child */
	for (int i = 0; i < FIELD_COUNT; i++)
	{
		if (places[i].parent != parent || !hf_json_is(&member->key, places[i].name))
			continue;
		if (picks->seen[i])
			return false;
		picks->seen[i] = true;
		picks->member[i] = *member;
		if (member->level == 1)
			picks->parent = (Field) i;
		break;
	}
	return true;
}

/* Present tells whether a claim is there; null counts as absent. */
static bool
Present(const Picks *picks, Field field)
{
	return picks->seen[field] && picks->member[field].type != HF_JSON_NULL;
}

/* ReadUuid reads a claim that must be a UUID. */
static bool
ReadUuid(const Picks *picks, Field field, uint8_t *out)
{
	const HfJsonMember *member = &picks->member[field];
	char buffer[36];
	size_t length;

	return member->type == HF_JSON_STRING &&
		   hf_json_unescape(&member->value, true, buffer, sizeof(buffer), &length) &&
		   hf_claims_uuid(buffer, length, out);
}

/* ReadRole reads a claim that must be a role's name. */
static bool
ReadRole(const Picks *picks, bool utf8, char *out)
{
	const HfJsonMember *member = &picks->member[ROLE];
	size_t length;

	if (member->type != HF_JSON_STRING ||
		!hf_json_unescape(&member->value, utf8, out, HF_CLAIMS_ROLE_SIZE - 1, &length) ||
		length == 0)
		return false;
	out[length] = '\0';
	return true;
}

/* ReadTime reads a claim that must be a NumericDate. */
static bool
ReadTime(const Picks *picks, Field field, double *out)
{
	const HfJsonMember *member = &picks->member[field];
	char buffer[HF_JSON_MAX_NUMBER + 1];

	if (member->type != HF_JSON_NUMBER)
		return false;
	memcpy(buffer, member->value.data, member->value.length);
	buffer[member->value.length] = '\0';
	*out = strtod(buffer, NULL);
	return true;
}

/* ReadOrganization takes the first place that is present, readable or not. */
static bool
ReadOrganization(const Picks *picks, HfClaims *claims)
{
	for (size_t i = 0; i < sizeof(organization_order) / sizeof(organization_order[0]); i++)
	{
		if (!Present(picks, organization_order[i]))
			continue;
		claims->has_organization = true;
		return ReadUuid(picks, organization_order[i], claims->organization);
	}
	return true;
}

/* Interpret turns the picked members into the caller. */
static HfClaimsStatus
Interpret(const Picks *picks, bool utf8, HfClaims *claims)
{
	claims->has_user = Present(picks, SUB);
	if (claims->has_user && !ReadUuid(picks, SUB, claims->user))
		return HF_CLAIMS_USER;
	if (Present(picks, APP_METADATA) && picks->member[APP_METADATA].type != HF_JSON_OBJECT)
		return HF_CLAIMS_METADATA;
	if (!ReadOrganization(picks, claims))
		return HF_CLAIMS_ORGANIZATION;
	/* An impersonation that does not say by whom must not look like the person themselves. */
	claims->has_actor = Present(picks, ACT);
	if (claims->has_actor && (!Present(picks, ACT_SUB) || !ReadUuid(picks, ACT_SUB, claims->actor)))
		return HF_CLAIMS_ACTOR;
	claims->has_role = Present(picks, ROLE);
	if (claims->has_role && !ReadRole(picks, utf8, claims->role))
		return HF_CLAIMS_ROLE;
	claims->has_expires = Present(picks, EXP);
	if (claims->has_expires && !ReadTime(picks, EXP, &claims->expires))
		return HF_CLAIMS_TIME;
	claims->has_not_before = Present(picks, NBF);
	if (claims->has_not_before && !ReadTime(picks, NBF, &claims->not_before))
		return HF_CLAIMS_TIME;
	return HF_CLAIMS_OK;
}

/* hf_claims_read reads claims; see claims_core.h. */
HfClaimsStatus
hf_claims_read(const char *text, size_t length, bool utf8, HfClaims *claims)
{
	Picks picks = {.parent = SUB};

	memset(claims, 0, sizeof(*claims));
	if (length > HF_CLAIMS_MAX_LENGTH)
		return HF_CLAIMS_TOO_LONG;
	switch (hf_json_visit(text, length, Pick, &picks))
	{
		case HF_JSON_OK:
			return Interpret(&picks, utf8, claims);
		case HF_JSON_TOO_DEEP:
			return HF_CLAIMS_TOO_DEEP;
		case HF_JSON_REFUSED:
			return HF_CLAIMS_DUPLICATE;
		default:
			return HF_CLAIMS_SYNTAX;
	}
}

/* hf_claims_reason explains a status; see claims_core.h. */
const char *
hf_claims_reason(HfClaimsStatus status)
{
	static const char *const reasons[] = {
		[HF_CLAIMS_OK] = "are well-formed",
		[HF_CLAIMS_SYNTAX] = "are not a JSON object",
		[HF_CLAIMS_TOO_LONG] = "are longer than 64 kB",
		[HF_CLAIMS_TOO_DEEP] = "are nested more than 32 levels deep",
		[HF_CLAIMS_DUPLICATE] = "have a member twice",
		[HF_CLAIMS_USER] = "have a sub that is not a UUID",
		[HF_CLAIMS_ORGANIZATION] = "have an organization that is not a UUID",
		[HF_CLAIMS_METADATA] = "have an app_metadata that is not an object",
		[HF_CLAIMS_ACTOR] = "have an act without a sub that is a UUID",
		[HF_CLAIMS_ROLE] = "have a role that is not a role's name",
		[HF_CLAIMS_TIME] = "have an exp or nbf that is not a number",
	};

	return reasons[status];
}

/* hf_claims_uuid reads a UUID; see claims_core.h. */
bool
hf_claims_uuid(const char *text, size_t length, uint8_t out[HF_CLAIMS_UUID_SIZE])
{
	unsigned nonzero = 0;
	int digits = 0;

	if (length != 36)
		return false;
	for (int i = 0; i < 36; i++)
	{
		char c = text[i];
		unsigned digit;

		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (c != '-')
				return false;
			continue;
		}
		if (c >= '0' && c <= '9')
			digit = (unsigned) (c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (unsigned) (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			digit = (unsigned) (c - 'A' + 10);
		else
			return false;
		out[digits / 2] = (uint8_t) (digits % 2 == 0 ? digit << 4 : out[digits / 2] | digit);
		nonzero |= digit;
		digits++;
	}
	return nonzero != 0;
}
