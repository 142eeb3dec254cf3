/* Pictures, masks and line art from files, as edits want them. Blocking; any thread. Sentences of errors are for people.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

/* A picture, or an OpenRaster document's layers in one. path "-": the picture on standard input. */
LimnPicture *limn_input_load (const char *path, GCancellable *cancellable, GError **error);

/* The edits that made a document's layers, with what they were made with, lowest first; or the one that a recipe's text tells. last: only
 * the last of them. Of LimnEdit, at least one; an error where there is none. */
GPtrArray *limn_input_load_edits (const char *path, gboolean last, GCancellable *cancellable, GError **error);

/* White = 255; black and transparent = 0. It must have photo's size and something white. plane's bytes are the caller's, here and below. */
gboolean limn_input_load_mask (const char *path, LimnPicture *photo, LimnPlane *mask, GCancellable *cancellable, GError **error);
/* What is transparent in photo, also partly, as a mask; an error where nothing or everything is. */
gboolean limn_input_mask_of_alpha (LimnPicture *photo, LimnPlane *mask, GError **error);
/* An error when mask leaves nothing of the photo. */
gboolean limn_input_check_something_known (const LimnPlane *mask, GError **error);

/* Line art: dark = 255; white and transparent = 0. */
gboolean limn_input_load_lines (const char *path, LimnPlane *lines, GCancellable *cancellable, GError **error);

/* A plane of labels from two masks, of which one may be NULL: yes where the first is white, else no where the second is, 0 elsewhere. */
gboolean limn_input_load_labels (const char *first, guint8 yes, const char *second, guint8 no, LimnPicture *photo, LimnPlane *labels,
                                 GCancellable *cancellable, GError **error);

/* Labels of materials, gray values as limn-cli materials lists them; of paint's size. */
gboolean limn_input_load_materials (const char *path, LimnPicture *paint, LimnPlane *materials, GCancellable *cancellable, GError **error);

G_END_DECLS
