/*
 * breach.h
 *		The local list of breached passwords, holdfast.breach_file.
 */
#ifndef HOLDFAST_BREACH_H
#define HOLDFAST_BREACH_H

#include "compat.h"

/* True when there is a list. */
extern bool hf_breach_configured(void);

/* Says whether a password is on the list. Raises an error of the server's when the list cannot be used. */
extern bool hf_breach_listed(const text *password);

#endif
