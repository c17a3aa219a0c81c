/*
 * audit_json.c
 *		Objects of jsonb as the bytes that they are kept as (utils/jsonb.h), made in one pass.
 *
 * The server's own way is a tree of values, which it then sorts and writes; of a document within it makes a tree, too. Here
 * the members come sorted, and documents are bytes already, so a row's object costs little more than copying its columns.
 *
 * An object is a head, an entry for each key and then for each value, and what those stand for, in the same order. Numbers and
 * documents start at a multiple of four bytes; what is left free before them counts as theirs. An entry says how long its part
 * is; every JB_OFFSET_STRIDE'th says where it ends.
 */
#include "compat.h"

#include "utils/numeric.h"

#include "audit/audit_json.h"

/* AddEntry fills in the next entry. */
static void
AddEntry(HfAuditObject *object, JEntry type, uint32 size)
{
	JsonbContainer *container = (JsonbContainer *) (object->out->data + VARHDRSZ);
	JEntry *entry = &container->children[object->entries];

	object->size += size;
	if (object->size > JENTRY_OFFLENMASK)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("a row's values are too large for an audit log"),
						errdetail("As JSON they would exceed %u bytes.", JENTRY_OFFLENMASK)));
	*entry = object->entries % JB_OFFSET_STRIDE == 0 ? type | JENTRY_HAS_OFF | object->size
													 : type | size;
	object->entries++;
}

/* AddAligned adds what starts at a multiple of four bytes. */
static void
AddAligned(HfAuditObject *object, JEntry type, const void *data, int length)
{
	static const char zeros[4] = {0};
	int before = INTALIGN(object->out->len) - object->out->len;

	hf_audit_append(object->out, zeros, before);
	hf_audit_append(object->out, data, length);
	AddEntry(object, type, before + length);
}

/* hf_audit_object_begin starts an object; see audit_json.h. */
void
hf_audit_object_begin(HfAuditObject *object, StringInfo out, int members)
{
	int size = VARHDRSZ + offsetof(JsonbContainer, children) + sizeof(JEntry) * 2 * members;

	object->out = out;
	object->members = members;
	object->entries = 0;
	object->size = 0;
	enlargeStringInfo(out, size);
	out->len = size;
	((JsonbContainer *) (out->data + VARHDRSZ))->header = JB_FOBJECT | members;
}

/* hf_audit_object_key adds a key; see audit_json.h. */
void
hf_audit_object_key(HfAuditObject *object, const char *name, int length)
{
	Assert(object->entries < object->members);
	hf_audit_append(object->out, name, length);
	AddEntry(object, JENTRY_ISSTRING, length);
}

/* hf_audit_object_value adds a value; see audit_json.h. */
void
hf_audit_object_value(HfAuditObject *object, const JsonbValue *value)
{
	Assert(object->entries >= object->members && object->entries < 2 * object->members);
	switch (value->type)
	{
		case jbvNull:
			AddEntry(object, JENTRY_ISNULL, 0);
			break;
		case jbvBool:
			AddEntry(object, value->val.boolean ? JENTRY_ISBOOL_TRUE : JENTRY_ISBOOL_FALSE, 0);
			break;
		case jbvString:
			hf_audit_append(object->out, value->val.string.val, value->val.string.len);
			AddEntry(object, JENTRY_ISSTRING, value->val.string.len);
			break;
		case jbvNumeric:
			AddAligned(object, JENTRY_ISNUMERIC, value->val.numeric, VARSIZE(value->val.numeric));
			break;
		case jbvBinary:
			AddAligned(object, JENTRY_ISCONTAINER, value->val.binary.data, value->val.binary.len);
			break;
		default:
			elog(ERROR, "unexpected jsonb value type %d", value->type);
	}
}

/* hf_audit_object_end is the object; see audit_json.h. */
Jsonb *
hf_audit_object_end(HfAuditObject *object)
{
	Assert(object->entries == 2 * object->members);
	SET_VARSIZE(object->out->data, object->out->len);
	return (Jsonb *) object->out->data;
}
