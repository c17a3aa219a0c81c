/*
 * overlap_live.h
 *		The condition under which a row takes time.
 */
#ifndef HOLDFAST_OVERLAP_LIVE_H
#define HOLDFAST_OVERLAP_LIVE_H

#include "utils/relcache.h"

/* Checks an SQL condition for the constraint and returns it with every name qualified. */
extern char *hf_overlap_live(Relation rel, const char *live);

#endif
