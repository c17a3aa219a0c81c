/*
 * errors_core.c
 *		The error contract: every word, its HTTP status and its default hint.
 *
 * Words are stable: one may be added, none is renamed or given another status. A word that ends in _not_found
 * needs no line of its own; all of them share the first entry.
 */
#include <string.h>

#include "errors_core.h"

static const char not_found_suffix[] = "_not_found";

const HfErrorWord hf_error_words[] = {
	{"*_not_found", 404, "", "Check the id; it does not exist or is not yours to see."},
	{"not_authenticated", 401, "", "Send a valid token in the Authorization header."},
	{"forbidden", 403, "", "Ask an administrator of your organization for the right."},
	{"invalid_input", 400, "field, reason", "Correct the named field and send the request again."},
	{"slot_conflict", 409, "conflicts, retry_after_seconds, alternatives",
	 "Take one of the alternatives, or try again when the blocking hold has expired."},
	{"hold_expired", 410, "expired_at", "Request a new hold."},
	{"outside_availability", 422, "reasons", "Choose a time that available_slots offers."},
	{"idempotency_mismatch", 422, "", "Use a new Idempotency-Key for a different request."},
	{"request_in_progress", 409, "retry_after_seconds",
	 "The same request is still running; repeat it shortly."},
	{"invalid_transition", 409, "from, to", "Read the booking again; its state has changed."},
	{"quota_exhausted", 409, "balance, period_ends_at",
	 "Wait for the next period or ask for more sessions."},
	{"seats_exhausted", 409, "seats, used",
	 "Deactivate an employee, or take a plan with more seats."},
	{"subscription_inactive", 409, "status",
	 "The company's subscription does not run; its administrator can see why."},
	{"employment_inactive", 409, "status, access_date",
	 "The company does not sponsor this person now; ask its HR."},
	{"approval_required", 409, "session_type_id",
	 "Ask the organization to approve this type of session."},
	{"too_many_cancellations", 409, "limit, days, until",
	 "Wait until then, or ask the organization to book."},
	{"rate_limited", 429, "retry_after_seconds", "Wait before the next attempt."},
	{"locked", 423, "retry_after_seconds", "Wait until the lock ends or have it cleared."},
	{"not_sealed_yet", 409, "retry_after_seconds",
	 "The row was written a moment ago; ask again when it has been sealed."},
	{"change_superseded", 409, "", "Read the row again; it was changed since."},
	{"change_irreversible", 422, "columns",
	 "Change the row as anybody would; this cannot be undone from the log."},
	{"token_invalid", 400, "", "Request a new token."},
	{"token_expired", 410, "", "Request a new token."},
	{"token_used", 410, "", "Request a new token."},
	{"guards_unavailable", 503, "",
	 "Ask the administrator to add holdfast to shared_preload_libraries and restart the server."},
	{"read_only", 503, "",
	 "This server is a standby and only reads; send the request to the primary."},
	{"keys_unavailable", 503, "",
	 "Ask the operator for the root key: holdfast.root_key_file; the server log says what is wrong with it."},
	{"key_destroyed", 410, "",
	 "What was sealed is gone for good: its key was destroyed on purpose."},
};

const int hf_error_word_count = sizeof(hf_error_words) / sizeof(hf_error_words[0]);

/* hf_error_find returns the contract of a word, or NULL when there is none. */
const HfErrorWord *
hf_error_find(const char *word)
{
	size_t length = strlen(word);
	size_t suffix = sizeof(not_found_suffix) - 1;

	for (int i = 1; i < hf_error_word_count; i++)
	{
		if (strcmp(word, hf_error_words[i].word) == 0)
			return &hf_error_words[i];
	}
	if (length > suffix && strcmp(word + length - suffix, not_found_suffix) == 0 &&
		strspn(word, "abcdefghijklmnopqrstuvwxyz_") == length && word[0] != '_')
		return &hf_error_words[0];
	return NULL;
}
