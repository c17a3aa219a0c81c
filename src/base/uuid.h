/*
 * uuid.h
 *		Keys that sort by creation.
 */
#ifndef HOLDFAST_UUID_H
#define HOLDFAST_UUID_H

#include "datatype/timestamp.h"
#include "utils/uuid.h"

/* Fills uuid with a new version 7 UUID, later than any this backend made before. */
extern void hf_uuid_v7_next(pg_uuid_t *uuid);

/* The same from 8 random bytes of the caller's, which must be good ones. */
extern void hf_uuid_v7_from(pg_uuid_t *uuid, const uint8 *random);

/* The smallest version 7 UUID of a point in real time. */
extern void hf_uuid_v7_at(pg_uuid_t *uuid, TimestampTz when);

#endif
