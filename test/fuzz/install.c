/*
 * install.c
 *		Scripts of platform modules.
 */
#include "fuzz.h"
#include "install/install_core.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	HfSlice script = {text, size};
	HfSlice value;
	HfSlice name;
	HfModulePart part;
	size_t left = size + 1;
	char word[64] = {0};

	memcpy(word, data, size < 63 ? size : 63);
	if (hf_module_name_valid(word))
		PROMISE(strlen(word) >= 1 && strlen(word) <= 48 &&
				strspn(word, "abcdefghijklmnopqrstuvwxyz_") == strlen(word));
	if (hf_module_header(script, "module", &value))
		PROMISE(Inside(value.text, value.length, text, size));
	if (hf_module_header(script, "requires", &value))
	{
		PROMISE(Inside(value.text, value.length, text, size));
		while (hf_module_next_name(&value, &name))
			PROMISE(Inside(name.text, name.length, text, size));
	}
	while (hf_module_next_part(&script, &part))
	{
		PROMISE(part.phase >= -1 && part.phase < hf_phase_count);
		PROMISE(Inside(part.file.text, part.file.length, text, size));
		PROMISE(Inside(part.body.text, part.body.length, text, size));
		/* each part takes something away, so there is an end */
		PROMISE(script.length < left);
		left = script.length;
	}
	return 0;
}
