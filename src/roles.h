/*
 * roles.h
 *		Live roles and permissions.
 */
#ifndef HOLDFAST_ROLES_H
#define HOLDFAST_ROLES_H

#include "utils/uuid.h"

/*
 * True when the user is super_admin in every organization by the table that holdfast.roles_table names. False when
 * there is no such table, or it cannot be read live because it lacks our trigger.
 */
extern bool hf_roles_super_admin(const pg_uuid_t *user);

#endif
