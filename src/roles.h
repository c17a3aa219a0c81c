/*
 * roles.h
 *		Live roles and permissions.
 */
#ifndef HOLDFAST_ROLES_H
#define HOLDFAST_ROLES_H

#include "utils/uuid.h"

/*
 * True when the user is super_admin in every organization by the table that holdfast.roles_table names, else by the
 * one of the installed platform, else by public.user_roles. False when there is no such table, or it cannot be read live because it lacks our trigger.
 */
extern bool hf_roles_super_admin(const pg_uuid_t *user);

/*
 * True when the user holds the role in the organization, directly or by inheritance, by a table given by schema and
 * name. Raises an error when there is no such table of roles: a check that cannot be made is not passed.
 */
extern bool hf_roles_held(const char *table, const pg_uuid_t *organization, const pg_uuid_t *user,
						  const char *role);

#endif
