/*
 * args.h
 *		Arguments that every primitive has, unpacked and checked.
 */
#ifndef HOLDFAST_ARGS_H
#define HOLDFAST_ARGS_H

#include "compat.h"

#include "fmgr.h"
#include "utils/uuid.h"

typedef struct HfOptionalUuid
{
	bool given;
	pg_uuid_t id;
} HfOptionalUuid;

extern pg_uuid_t hf_arg_uuid(FunctionCallInfo fcinfo, int arg, const char *field);
extern HfOptionalUuid hf_arg_optional_uuid(FunctionCallInfo fcinfo, int arg);
extern int hf_arg_count(FunctionCallInfo fcinfo, int arg, const char *field, int max);

#endif
