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

/* Where the files of a batch are. */
typedef struct {
  char *folder;     /* of the results, absolute */
  char *results;    /* pattern of their names */
  char *ending;     /* of theirs; NULL: as the photo's */
  char *masks;      /* pattern of a mask's path from the photo's folder, or an absolute one; or NULL */
  const char *edit; /* what {edit} stands for */
} LimnBatchNames;
void limn_batch_names_clear (LimnBatchNames *self);

/* The path of the result: in the folders that the photo lies in below root (NULL: it was named by itself). g_free. */
char *limn_batch_names_dup_result (const LimnBatchNames *self, const char *root, const char *path);
/* The path of the mask that belongs to the photo at path; NULL without a pattern. g_free. */
char *limn_batch_names_dup_mask (const LimnBatchNames *self, const char *path);
/* Whether path, found below root, is neither named as a mask, nor in the folder of the results where that lies below root. */
gboolean limn_batch_names_is_photo (const LimnBatchNames *self, const char *root, const char *path);

G_END_DECLS
