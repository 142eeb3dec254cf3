/* How much memory a file may ask for: small files that ask for much are refused before anything is allocated. The limits are told to
 * people in docs/security.md.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes that any file may ask for: a picture of LIMN_PICTURE_MAX_PIXELS in 8 bits a channel, and some. */
#define LIMN_BUDGET_BYTES (G_GUINT64_CONSTANT (900) * 1000 * 1000)
/* A file of more bytes may ask for this many times its size, as drawings on large empty layers do. */
#define LIMN_BUDGET_RATIO 200
/* Bytes of a picture's profile, EXIF and texts, unpacked. */
#define LIMN_METADATA_BYTES (32 * 1024 * 1024)

/* Bytes of memory that can still be had: what the machine has free, and less where a control group (version 1 or 2) or the process' own
 * limit of address space allows less. root: "", or a folder that holds a proc and a sys of tests. G_MAXUINT64 where nothing is told. */
guint64 limn_memory_available (const char *root);

/* What one file may still ask for. */
typedef struct {
  guint64 allowed; /* by the file's size */
  guint64 room;    /* by the free memory: half of it */
  guint64 taken;
} LimnBudget;

/* For a file of so many bytes. Reads how much memory is free. */
void limn_budget_init (LimnBudget *self, guint64 file_bytes);
/* Counts bytes that are about to be allocated for the file. FALSE and LIMN_APP_ERROR_RESOURCES where they are too many for the file's size or
 * for the machine. name: the file's, for the sentence. */
gboolean limn_budget_take (LimnBudget *self, const char *name, guint64 bytes, GError **error);
/* Of what was taken, bytes that turned out not to be needed. */
void limn_budget_give_back (LimnBudget *self, guint64 bytes);

/* Both for a file that asks once. */
gboolean limn_budget_check (const char *name, guint64 file_bytes, guint64 bytes, GError **error);

G_END_DECLS
