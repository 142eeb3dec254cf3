/* What the targets share: libFuzzer's entry point, and files in memory for what reads by path.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A memfd that holds data; close it. */
int fuzz_file (const guint8 *data, gsize size);
/* A path by which it can be opened; free it. */
char *fuzz_path (int fd);
