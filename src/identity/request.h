/*
 * request.h
 *		The HTTP request that the current transaction serves.
 */
#ifndef HOLDFAST_REQUEST_H
#define HOLDFAST_REQUEST_H

#include "identity/claims_json_core.h"
#include "identity/request_core.h"

/*
 * A header as it stands in request.headers, escapes and all, or NULL when it was not sent. Any case of letters.
 * It is good until the next call of anything here. Raises invalid_input when the headers are unreadable.
 */
extern const HfJsonText *hf_request_header_raw(const char *name);

/* A header's value in the current memory context, or NULL. */
extern char *hf_request_header(const char *name);

/* What request_ip() would answer, as text; false when it would be null, or raise. Never raises. */
extern bool hf_request_peek_ip(char out[HF_REQUEST_ADDRESS_MAX]);

extern void hf_request_init(void);

#endif
