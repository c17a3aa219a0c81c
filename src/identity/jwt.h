/*
 * jwt.h
 *		Identity from a token whose signature the database checks itself.
 */
#ifndef HOLDFAST_JWT_H
#define HOLDFAST_JWT_H

#include "identity/claims_core.h"
#include "identity/jwt_core.h"

/* True when holdfast.jwt_secret_file is set: then nothing but a verified token gives an identity. */
extern bool hf_jwt_required(void);

/*
 * The payload of the request's token, or NULL when the request carries none. Raises not_authenticated for a token
 * that does not pass. Good until the next call.
 */
extern const char *hf_jwt_payload(void);

/* False when the configuration has been reloaded since the secret was read: what was verified then is void. */
extern bool hf_jwt_key_is_current(void);

/* Raises not_authenticated when now is outside of the token's times. */
extern void hf_jwt_check_times(const HfClaims *claims);

/* The key of holdfast.jwt_secret_file. Raises keys_unavailable when the setting is empty. Good until the next call. */
extern const HfJwtKey *hf_jwt_configured_key(void);

extern void hf_jwt_init(void);

#endif
