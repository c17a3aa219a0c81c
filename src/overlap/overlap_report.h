/*
 * overlap_report.h
 *		The rows that stand in the way of prevent_overlap().
 */
#ifndef HOLDFAST_OVERLAP_REPORT_H
#define HOLDFAST_OVERLAP_REPORT_H

#include "utils/relcache.h"

#include "overlap/overlap_terms.h"

/* Refuses a table with rows that end before they start, or that overlap already. */
extern void hf_overlap_report(const HfProtection *protection, Relation rel);

#endif
