/* limn-cli as a child process, which reads and writes files in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A new file that is only in memory; -1 and error where there is none to be had. Close it with close. */
int memory_file_new (GError **error);

typedef void (*TellProgress) (double fraction, gpointer data);

/* Runs limn-cli with arguments. It reads photo and, where that isn't -1, mask (both from their beginning), and writes to out, all of which
 * stay the caller's. tell is called with 0 to 1 while it computes. FALSE with limn-cli's own sentence where it fails. The child ends when
 * this process does, so that whoever kills this one ends it as well. */
gboolean process_run (char **arguments, int photo, int mask, int out, TellProgress tell, gpointer data, GError **error);

G_END_DECLS
