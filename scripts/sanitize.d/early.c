/*
 * early.c
 *		Preloaded behind the library of the address sanitizer, which sets itself up at the first malloc().
 *
 * The first malloc() of a server is in a call of bindtextdomain() by a library's constructor; bindtextdomain() holds a lock
 * of libc then, which the sanitizer's setting up wants too, and the server waits for itself for ever. So there is a malloc()
 * before it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

char *bindtextdomain(const char *domain, const char *folder);

char *
bindtextdomain(const char *domain, const char *folder)
{
	char *(*real)(const char *, const char *);
	void *volatile first = malloc(1);

	free(first);
	real = dlsym(RTLD_NEXT, "bindtextdomain");
	return real(domain, folder);
}
