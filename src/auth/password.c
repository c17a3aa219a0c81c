/*
 * password.c
 *		Hashing and verifying passwords.
 *
 * Argon2id runs outside of PostgreSQL's memory and cannot be interrupted; so what a call may take is bounded by the
 * settings, and by password_core for hashes that come from elsewhere. Each call takes its memory for itself: so many
 * backends at once, so many times holdfast.argon2_memory.
 *
 * What does not match takes as long as what does: an absent or unreadable hash is answered after the same work.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "auth/password.h"
#include "auth/password_core.h"
#include "auth/totp_core.h"
#include "errors.h"
#include "guc.h"
#include "spi.h"

PG_FUNCTION_INFO_V1(hf_hash_password);
PG_FUNCTION_INFO_V1(hf_verify_password);
PG_FUNCTION_INFO_V1(hf_hash_backup_code);

/* IsAscii says whether a text needs no normal form. */
static bool
IsAscii(const text *value)
{
	const char *bytes = VARDATA_ANY(value);

	for (Size i = 0; i < VARSIZE_ANY_EXHDR(value); i++)
	{
		if (IS_HIGHBIT_SET(bytes[i]))
			return false;
	}
	return true;
}

/* hf_password_normal copies a password; see password.h. */
char *
hf_password_normal(const text *password, size_t *length)
{
	char *plain;

	if (GetDatabaseEncoding() == PG_UTF8 && !IsAscii(password))
	{
		text *normal = DatumGetTextPP(DirectFunctionCall2(
			unicode_normalize_func, PointerGetDatum(password), CStringGetTextDatum("NFKC")));

		plain = text_to_cstring(normal);
		sodium_memzero(VARDATA_ANY(normal), VARSIZE_ANY_EXHDR(normal));
	}
	else
		plain = text_to_cstring(password);
	if (GetDatabaseEncoding() != PG_UTF8)
	{
		char *converted = pg_server_to_any(plain, strlen(plain), PG_UTF8);

		if (converted != plain)
			hf_password_forget(plain, strlen(plain));
		plain = converted;
	}
	*length = strlen(plain);
	return plain;
}

/* hf_password_forget clears a copy; see password.h. */
void
hf_password_forget(char *password, size_t length)
{
	sodium_memzero(password, length);
	pfree(password);
}

/* hf_password_out_of_memory raises; see password.h. */
void
hf_password_out_of_memory(void)
{
	ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
					errdetail("Hashing a password takes more memory than there is."),
					errhint("Lower holdfast.argon2_memory, or the number of connections.")));
	pg_unreachable();
}

/* password_hash(password) */
Datum
hf_hash_password(PG_FUNCTION_ARGS)
{
	text *password;
	char *normal;
	size_t length;
	char hash[crypto_pwhash_STRBYTES];
	bool done;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("password", "is null");
	password = PG_GETARG_TEXT_PP(0);
	if (VARSIZE_ANY_EXHDR(password) == 0 || VARSIZE_ANY_EXHDR(password) > HF_PASSWORD_MAX)
		hf_raise_invalid("password", "is empty or longer than 1024 bytes");
	CHECK_FOR_INTERRUPTS();
	normal = hf_password_normal(password, &length);
	done = hf_password_make(normal, length, hf_argon2_memory, hf_argon2_time, hash);
	hf_password_forget(normal, length);
	if (!done)
		hf_password_out_of_memory();
	PG_RETURN_TEXT_P(cstring_to_text(hash));
}

/* A function of that name that is not the extension's own does not count. */
static const HfQuery crypt_query = {
	"SELECT p.oid FROM pg_catalog.pg_extension AS e, pg_catalog.pg_depend AS d, pg_catalog.pg_proc AS p"
	" WHERE e.extname" HF_EQ "'pgcrypto' AND d.refobjid" HF_EQ "e.oid AND d.objid" HF_EQ "p.oid"
	" AND d.refclassid" HF_EQ "'pg_catalog.pg_extension'::pg_catalog.regclass"
	" AND d.classid" HF_EQ "'pg_catalog.pg_proc'::pg_catalog.regclass AND d.deptype" HF_EQ "'e'"
	" AND p.proname" HF_EQ "'crypt' AND p.pronargs" HF_EQ "2 AND p.proargtypes[0]" HF_EQ
	"'pg_catalog.text'::pg_catalog.regtype AND p.proargtypes[1]" HF_EQ
	"'pg_catalog.text'::pg_catalog.regtype",
	0,
	{0},
	true};

/* CryptFunction finds crypt(text, text) of the extension pgcrypto, in whatever schema that is. */
static Oid
CryptFunction(void)
{
	Oid function = InvalidOid;
	bool isnull;

	hf_spi_open();
	if (hf_spi_run(&crypt_query, InvalidOid, NULL, NULL, 1) == 1)
		function = DatumGetObjectId(hf_spi_value(0, 1, &isnull));
	hf_spi_close();
	if (!OidIsValid(function))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
						errmsg("crypt(text, text) of the extension pgcrypto is missing")));
	return function;
}

/*
 * CheckBcrypt computes the hash again. pgcrypto knows the algorithm by the name $2a$ alone; for up to 72 bytes, and bcrypt
 * reads no more, $2b$ and $2y$ are the same. The bytes are those that were typed: other systems do not normalize.
 */
static bool
CheckBcrypt(const text *password, const char *stored)
{
	char *setting = pstrdup(stored);
	text *computed;
	bool same;

	setting[2] = 'a';
	computed = DatumGetTextPP(
		OidFunctionCall2(CryptFunction(), PointerGetDatum(password), CStringGetTextDatum(setting)));
	same = VARSIZE_ANY_EXHDR(computed) == HF_BCRYPT_LENGTH &&
		   sodium_memcmp(VARDATA_ANY(computed), setting, HF_BCRYPT_LENGTH) == 0;
	sodium_memzero(VARDATA_ANY(computed), VARSIZE_ANY_EXHDR(computed));
	return same;
}

/* CheckArgon2id compares, or with no hash to compare with does the same work. */
static bool
CheckArgon2id(const text *password, const HfPasswordHash *hash, const char *stored)
{
	size_t length;
	char *normal = hf_password_normal(password, &length);
	HfPasswordStatus status = HF_PASSWORD_UNREADABLE;

	if (hash->kind == HF_PASSWORD_ARGON2ID)
		status = hf_password_check(hash, stored, normal, length);
	if (status == HF_PASSWORD_UNREADABLE &&
		!hf_password_waste(normal, length, hf_argon2_memory, hf_argon2_time))
		status = HF_PASSWORD_NO_MEMORY;
	hf_password_forget(normal, length);
	if (status == HF_PASSWORD_NO_MEMORY)
		hf_password_out_of_memory();
	return status == HF_PASSWORD_MATCH;
}

/* password_verify(password, hash) */
Datum
hf_verify_password(PG_FUNCTION_ARGS)
{
	text *password = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	char *stored = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	HfPasswordHash hash = {HF_PASSWORD_UNKNOWN};
	TupleDesc tupdesc;
	Datum values[2];
	bool nulls[2] = {false, false};
	bool matches;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "password_verify() must return a row");
	CHECK_FOR_INTERRUPTS();
	if (password == NULL || VARSIZE_ANY_EXHDR(password) == 0 ||
		VARSIZE_ANY_EXHDR(password) > HF_PASSWORD_MAX)
		password = cstring_to_text("-"); /* no password that can be: no hash will be looked at */
	else if (stored != NULL)
		hf_password_read(stored, strlen(stored), &hash);
	if (hash.kind == HF_PASSWORD_BCRYPT)
		matches = CheckBcrypt(password, stored);
	else
		matches = CheckArgon2id(password, &hash, stored);
	values[0] = BoolGetDatum(matches);
	values[1] =
		BoolGetDatum(matches && !hf_password_is_current(&hash, hf_argon2_memory, hf_argon2_time));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}

/* backup_code_hash(code, salt) */
Datum
hf_hash_backup_code(PG_FUNCTION_ARGS)
{
	char code[HF_BACKUP_CODE_LETTERS] = {0};
	bytea *salt;
	bytea *result;
	bool possible;

	if (PG_ARGISNULL(1))
		hf_raise_invalid("salt", "is null");
	salt = PG_GETARG_BYTEA_PP(1);
	if (VARSIZE_ANY_EXHDR(salt) != HF_DIGEST_KEY_SALT)
		hf_raise_invalid("salt", "is not 16 bytes");
	CHECK_FOR_INTERRUPTS();
	possible =
		!PG_ARGISNULL(0) && hf_backup_code_read(VARDATA_ANY(PG_GETARG_TEXT_PP(0)),
												VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(0)), code);
	result = palloc(VARHDRSZ + HF_DIGEST_KEY_SIZE);
	SET_VARSIZE(result, VARHDRSZ + HF_DIGEST_KEY_SIZE);
	if (!hf_password_digest(code, sizeof(code), (uint8_t *) VARDATA_ANY(salt),
							(uint8_t *) VARDATA(result)))
		hf_password_out_of_memory();
	sodium_memzero(code, sizeof(code));
	if (!possible)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(result);
}
