/*
 * audit_json.h
 *		Objects of jsonb, written down as the bytes that they are kept as; inside of audit_*.c.
 */
#ifndef HOLDFAST_AUDIT_JSON_H
#define HOLDFAST_AUDIT_JSON_H

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

/* An object while it is written. */
typedef struct HfAuditObject
{
	StringInfo out;
	int members;
	int entries; /* so far: first one for each key, then one for each value */
	uint32 size; /* of what they stand for */
} HfAuditObject;

/*
 * First all keys, in the order of an object's members (hf_audit_key_order) and each once, then a value for each: a scalar,
 * or a document (jbvBinary), which is copied. The object is in what was to be empty then.
 */
extern void hf_audit_object_begin(HfAuditObject *object, StringInfo out, int members);
extern void hf_audit_object_key(HfAuditObject *object, const char *name, int length);
extern void hf_audit_object_value(HfAuditObject *object, const JsonbValue *value);
extern Jsonb *hf_audit_object_end(HfAuditObject *object);

/* Appends bytes, and no zero after them. */
static inline void
hf_audit_append(StringInfo out, const void *data, int length)
{
	if (length >= out->maxlen - out->len)
		enlargeStringInfo(out, length);
	memcpy(out->data + out->len, data, length);
	out->len += length;
}

#endif
