/*
 * outbox.h
 *		Inside of outbox_*.c.
 */
#ifndef HOLDFAST_OUTBOX_H
#define HOLDFAST_OUTBOX_H

/* What a message is written with. */
enum
{
	HF_MESSAGE_ORGANIZATION,
	HF_MESSAGE_ID,
	HF_MESSAGE_TOPIC,
	HF_MESSAGE_PAYLOAD,
	HF_MESSAGE_DUE,
	HF_MESSAGE_DEDUPE_KEY,
	HF_MESSAGE_CREATED,
	HF_MESSAGE_VALUES
};

/* Writes a message without the executor; false when that has to do it, see hf_plain_write(). */
extern bool hf_outbox_write(Oid outbox, const Datum *values, bool has_dedupe_key);

#endif
