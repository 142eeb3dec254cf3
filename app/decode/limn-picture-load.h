/* Opening picture files of others: PNG, JPEG, WebP, decoded by limn-decoder.h. Blocking.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

/* By content, not by name. A truncated or corrupt file is an error that says so. */
LimnPicture *limn_picture_load (const char *path, GCancellable *cancellable, GError **error);
LimnPicture *limn_picture_load_bytes (GBytes *bytes, const char *name, GCancellable *cancellable, GError **error);
/* The same, but a file that ends early or is damaged opens as far as it goes (limn_picture_get_loss). */
LimnPicture *limn_picture_load_part (const char *path, GCancellable *cancellable, GError **error);
LimnPicture *limn_picture_load_part_bytes (GBytes *bytes, const char *name, GCancellable *cancellable, GError **error);

G_END_DECLS
