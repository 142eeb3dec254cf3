/* Names of a batch's files. A pattern is a file name with {name} (the photo's name without its ending), {ext} (an ending) and {edit}.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LIMN_BATCH_NAME "{name}.{ext}"

/* Whether pattern has only these words in braces, and {name} among them; else a sentence. */
gboolean limn_batch_pattern_check (const char *pattern, GError **error);
/* The name that pattern gives for the photo at path; free with g_free. */
char *limn_batch_pattern_expand (const char *pattern, const char *path, const char *ext, const char *edit);

/* The ending of what a photo becomes: its own where it is a format that is written, or else "png". Free with g_free. */
char *limn_batch_dup_out_ending (const char *path);
/* By its ending, whether a file is one that is read here: what of a folder is taken. */
gboolean limn_batch_is_picture (const char *path);

/* The pictures in folder in the order of their names, with those in its folders where recursive; hidden ones are left out, and the folder
 * except. Absolute paths. */
GPtrArray *limn_batch_list_folder (const char *folder, const char *except, gboolean recursive, GError **error);

G_END_DECLS
