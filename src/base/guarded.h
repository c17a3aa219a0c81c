/*
 * guarded.h
 *		Runs the work of a call so that no failure to lock or to serialize leaks to the client.
 */
#ifndef HOLDFAST_GUARDED_H
#define HOLDFAST_GUARDED_H

#include "compat.h"

/*
 * Runs work. When it returns false, what it wrote is undone if undo is set. A deadlock, a lock timeout, a serialization
 * failure or a bare violation of an exclusion constraint ends in contended(), which gets the SQLSTATE and must raise.
 */
extern bool
hf_guarded(bool (*work)(void *), void *arg, bool undo, void (*contended)(void *, int code));
extern bool
hf_in_subtransaction(bool (*work)(void *), void *arg, bool undo, bool (*expected)(int), int *code);

#endif
