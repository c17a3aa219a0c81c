/*
 * fuzz.h
 *		What the fuzz targets share. A target reads arbitrary bytes; besides what the sanitizers watch, it checks what
 *		the core's header promises.
 */
#ifndef HOLDFAST_FUZZ_H
#define HOLDFAST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(condition)                                                                  \
	do                                                                                      \
	{                                                                                       \
		if (!(condition))                                                                   \
		{                                                                                   \
			fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                        \
		}                                                                                   \
	} while (0)

/* Inside says whether a slice lies within a text, so that nothing points beyond what was read. */
static inline bool
Inside(const char *slice, size_t length, const char *text, size_t size)
{
	return slice >= text && length <= size && slice + length <= text + size;
}

#endif
