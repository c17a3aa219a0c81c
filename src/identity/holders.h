/*
 * holders.h
 *		Live roles and permissions, whoever asks.
 */
#ifndef HOLDFAST_HOLDERS_H
#define HOLDFAST_HOLDERS_H

#include "base/live.h"

typedef struct HfNames
{
	int count;
	char **list;
} HfNames;

typedef struct HfHolder
{
	HfLiveKey key;
	HfNames roles;
	HfNames permissions;
} HfHolder;

/* The holder of a key at this number of live.h; good until the next call. */
extern const HfHolder *hf_holders_find(const HfLiveKey *key, uint64 generation);

/* Whether a name of this length is among the names. */
extern bool hf_names_contain(const HfNames *names, const char *name, Size length);

/*
 * True when the user is super_admin in every organization by the table that holdfast.roles_table names, else by the
 * one of the installed platform, else by public.user_roles. False when there is no such table, or it cannot be read live because it lacks our trigger.
 */
extern bool hf_holders_super_admin(const pg_uuid_t *user);

/*
 * True when the user holds the role in the organization, directly or by inheritance, by a table given by schema and
 * name. Raises an error when there is no such table of roles: a check that cannot be made is not passed.
 */
extern bool hf_holders_have(const char *table, const pg_uuid_t *organization, const pg_uuid_t *user,
							const char *role);

#endif
