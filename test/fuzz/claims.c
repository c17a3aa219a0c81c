/*
 * claims.c
 *		JWT claims, and the JSON below them. The first byte says whether the text counts as UTF-8.
 */
#include "identity/claims_core.h"
#include "identity/claims_json_core.h"
#include "fuzz.h"

typedef struct Text
{
	const char *at;
	size_t size;
	bool utf8;
} Text;

/* Visit checks where a member lies, and that it unescapes into no more than it is. */
static bool
Visit(void *state, const HfJsonMember *member)
{
	const Text *text = state;
	char *out = malloc(member->key.length + 1);
	size_t length = 0;

	PROMISE(member->level == 1 || member->level == 2);
	PROMISE(Inside(member->key.data, member->key.length, text->at, text->size));
	if (hf_json_unescape(&member->key, text->utf8, out, member->key.length, &length))
		PROMISE(length <= member->key.length &&
				(member->key.escaped || length == member->key.length));
	PROMISE(!hf_json_is(&member->key, "sub") || length == 3);
	if (member->type == HF_JSON_STRING || member->type == HF_JSON_NUMBER)
		PROMISE(Inside(member->value.data, member->value.length, text->at, text->size));
	free(out);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Text text = {(const char *) data + 1, size - 1, size > 0 && (data[0] & 1)};
	HfClaims claims;
	HfClaimsStatus status;
	HfJsonStatus json;
	static const uint8_t nil[HF_CLAIMS_UUID_SIZE];

	if (size == 0)
		return 0;
	json = hf_json_visit(text.at, text.size, Visit, &text);
	status = hf_claims_read(text.at, text.size, text.utf8, &claims);
	PROMISE(status == HF_CLAIMS_OK || hf_claims_reason(status) != NULL);
	if (status != HF_CLAIMS_OK)
		return 0;
	PROMISE(json == HF_JSON_OK && text.size <= HF_CLAIMS_MAX_LENGTH);
	PROMISE(!claims.has_user || memcmp(claims.user, nil, sizeof(nil)) != 0);
	PROMISE(!claims.has_organization || memcmp(claims.organization, nil, sizeof(nil)) != 0);
	PROMISE(!claims.has_actor || memcmp(claims.actor, nil, sizeof(nil)) != 0);
	PROMISE(!claims.has_role ||
			(memchr(claims.role, '\0', sizeof(claims.role)) != NULL && claims.role[0] != '\0'));
	PROMISE(!claims.has_expires || claims.expires == claims.expires);
	PROMISE(!claims.has_not_before || claims.not_before == claims.not_before);
	return 0;
}
