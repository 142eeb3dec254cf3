/* The folder of an autosave: its files, written by the autosave's thread and read by recovery. For limn-autosave*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-autosave.h"

G_BEGIN_DECLS

#define LIMN_AUTOSAVE_VERSION 1
#define LIMN_AUTOSAVE_LOCK "lock"
#define LIMN_AUTOSAVE_MANIFEST "manifest.json"

/* -- limn-autosave-blob.c: pictures and planes as they are in memory, with holes in the file where they are all zero -- */

/* Where writing stands. */
typedef struct {
  gint *cancelled; /* atomic; not 0 = stop */
  guint64 bytes;   /* written so far */
} LimnBlobWriter;

/* A new file at path, synced; gone again on failure. */
gboolean limn_autosave_write_picture (LimnBlobWriter *self, const char *path, LimnPicture *picture, GError **error);
LimnPicture *limn_autosave_read_picture (const char *path, GError **error);

/* size bytes at offset, counted; FALSE and error from errno. */
gboolean limn_autosave_pwrite (LimnBlobWriter *self, int fd, gconstpointer data, gsize size, goffset offset, GError **error);
/* A sentence for number (errno) that says what to do. Returns FALSE. */
gboolean limn_autosave_fail (int number, GError **error);
/* The same for a folder that doesn't hold what its manifest says. Returns FALSE. */
gboolean limn_autosave_damaged (const char *path, GError **error);

/* -- limn-autosave-tiles.c: the tiles of rasters, in a file of slots of one size. A slot that the manifest on disk
 * refers to is never overwritten -- */

typedef struct _LimnTileStore LimnTileStore;
LimnTileStore *limn_tile_store_new (const char *folder, int channels); /* nothing is made before the first tile */
void limn_tile_store_free (LimnTileStore *self);
/* Writes the tiles that aren't there yet. Returns which tile is in which slot: runs of first tile, first slot, length (guint32). */
GArray *limn_tile_store_put (LimnTileStore *self, LimnBlobWriter *writer, LimnRaster *raster, GError **error);
gboolean limn_tile_store_sync (LimnTileStore *self, GError **error);
/* A write has ended. done: its manifest is in place, so only what was put for it is still needed. */
void limn_tile_store_end (LimnTileStore *self, gboolean done);
char *limn_tile_store_path (const char *folder, int channels);

/* -- limn-autosave-store.c: a document's folder. One thread -- */

typedef struct _LimnAutosaveStore LimnAutosaveStore;
/* parent: where the folder will be made, at the first write. cancelled: as above. */
LimnAutosaveStore *limn_autosave_store_new (const char *parent, gint *cancelled);
/* keep: the folder stays. */
void limn_autosave_store_free (LimnAutosaveStore *self, gboolean keep);
gboolean limn_autosave_store_write (LimnAutosaveStore *self, LimnSnapshot *snapshot, GError **error);
/* The document is saved: there is nothing to recover now. */
gboolean limn_autosave_store_forget (LimnAutosaveStore *self, GError **error);
guint64 limn_autosave_store_get_bytes (LimnAutosaveStore *self);
/* Everything in folder and itself, the manifest first. */
void limn_autosave_remove_folder (const char *folder);

G_END_DECLS
