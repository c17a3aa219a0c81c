/*
 * standby.h
 *		What writes is refused on a standby by a word of the contract, read_only.
 */
#ifndef HOLDFAST_STANDBY_H
#define HOLDFAST_STANDBY_H

/* Raises read_only on a standby, and PostgreSQL's own error in a transaction that is read-only for another reason. */
extern void hf_forbid_read_only(const char *function);

extern void hf_standby_init(void);

#endif
