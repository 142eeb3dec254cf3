/* Picture files, of the formats of limn-format.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-format.h"

G_BEGIN_DECLS

/* Decodes a whole file by content, not by name, in this process: files of others are opened by app/decode/limn-picture-load.h. Checks size
 * before it allocates. name: for sentences. partial: a file that ends early or is damaged opens as far as it goes (limn_picture_get_loss),
 * and is an error otherwise. */
LimnPicture *limn_picture_decode (GBytes *bytes, const char *name, gboolean partial, GCancellable *cancellable, GError **error);
/* Whether a file begins as one of a format that is read here, whatever follows. */
gboolean limn_picture_sniff (const char *path);

typedef struct {
  LimnFormat format;
  int quality;       /* 1..100, where the format has one; 0 = 92 */
  gboolean lossless; /* where the format can be both */
} LimnSaveOptions;

/* Options that suit picture: its own JPEG quality (estimated), lossless where it was a lossless WebP or JPEG XL; else quality 92, lossy. */
void limn_save_options_init (LimnSaveOptions *options, LimnPicture *picture, LimnFormat format);

/* Atomic: a temporary file beside path, fsync, rename; on failure path is as it was. Writes profile, EXIF, resolution, texts and
 * bit depth where the format can carry them. */
gboolean
limn_picture_save (LimnPicture *picture, const char *path, const LimnSaveOptions *options, GCancellable *cancellable, GError **error);
/* The same into memory (size estimates, clipboard). */
GBytes *limn_picture_encode (LimnPicture *picture, const LimnSaveOptions *options, GError **error);

G_END_DECLS
