/* A document's picture for other applications (copy, drag): PNG, or a PNG file, made when somebody takes it and on a thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/content/limn-snapshot.h"
#include "session/limn-session.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE_PROVIDER (limn_picture_provider_get_type ())
G_DECLARE_FINAL_TYPE (LimnPictureProvider, limn_picture_provider, LIMN, PICTURE_PROVIDER, GdkContentProvider)

/* snapshot: a reference is taken. name: of the file, as the document is called. */
GdkContentProvider *limn_picture_provider_new (LimnSnapshot *snapshot, const char *name);
/* For a drag: offers a file too, and has the picture that is shown when somebody takes it, which is kept then (limn_session_keep). A
 * reference is taken. */
GdkContentProvider *limn_picture_provider_new_for_session (LimnSession *session);

/* Removes the files that drags of earlier days have left in the cache; returns at once. */
void limn_picture_provider_clean (void);

G_END_DECLS
