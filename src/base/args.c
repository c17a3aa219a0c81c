/*
 * args.c
 *		Arguments that every primitive has, unpacked and checked: whatever is wrong gets its word and the name of the
 *		argument, never a value.
 */
#include "compat.h"

#include "fmgr.h"

#include "base/args.h"
#include "errors.h"

/* hf_arg_uuid reads a key that must be given. */
pg_uuid_t
hf_arg_uuid(FunctionCallInfo fcinfo, int arg, const char *field)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid(field, "is null");
	return *PG_GETARG_UUID_P(arg);
}

/* hf_arg_optional_uuid reads a key that may be null. */
HfOptionalUuid
hf_arg_optional_uuid(FunctionCallInfo fcinfo, int arg)
{
	HfOptionalUuid value = {0};

	if (!PG_ARGISNULL(arg))
	{
		value.given = true;
		value.id = *PG_GETARG_UUID_P(arg);
	}
	return value;
}

/* hf_arg_count reads a number from 1 to max. */
int
hf_arg_count(FunctionCallInfo fcinfo, int arg, const char *field, int max)
{
	int value;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(field, "is null");
	value = PG_GETARG_INT32(arg);
	if (value < 1 || value > max)
		hf_raise_invalid(field, psprintf("is not between 1 and %d", max));
	return value;
}
