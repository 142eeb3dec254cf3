/* A picture in memory with everything that its file said of it. GObject, immutable once handed to another thread.
 *
 * Pixels are RGBA, straight alpha, 8 or 16 bits a channel (native order), upright (EXIF orientation applied), in the colour space
 * of the file's own profile (none = sRGB). Gray and palette files become RGBA; what they were is remembered for saving.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE (limn_picture_get_type ())
G_DECLARE_FINAL_TYPE (LimnPicture, limn_picture, LIMN, PICTURE, GObject)

#define LIMN_APP_ERROR (limn_app_error_quark ())
GQuark limn_app_error_quark (void);
typedef enum {
  LIMN_APP_ERROR_USAGE,     /* an option that makes no sense */
  LIMN_APP_ERROR_INPUT,     /* a picture, mask or model that can't be used */
  LIMN_APP_ERROR_RESOURCES, /* memory or disk */
  LIMN_APP_ERROR_CANCELLED,
} LimnAppError;

/* A new transparent picture. depth: 8 or 16. NULL and error when out of memory or past LIMN_PICTURE_MAX_SIDE / _MAX_PIXELS. */
LimnPicture *limn_picture_new (gsize width, gsize height, int depth, GError **error);
/* The same size, depth and metadata; pixels copied (copy) or cleared. */
LimnPicture *limn_picture_dup (LimnPicture *self, gboolean copy, GError **error);

#define LIMN_PICTURE_MAX_SIDE 60000
#define LIMN_PICTURE_MAX_PIXELS (200 * 1000 * 1000)

/* Lays a file under the pixels, so that they need no memory while nobody looks at them; they are where they were, and other threads
 * may go on reading. Only for who has claimed it: claim is TRUE once, and never for small pictures, which stay in memory.
 * fd: an empty file without a name, which may be closed afterwards. The picture must not change any more. FALSE when the disk is full:
 * then it stays in memory. Any thread. */
gboolean limn_picture_can_page_out (LimnPicture *self); /* nobody has claimed it yet, and it isn't small */
gboolean limn_picture_claim_page_out (LimnPicture *self);
gboolean limn_picture_page_out (LimnPicture *self, int fd);

gsize limn_picture_get_width (LimnPicture *self);
gsize limn_picture_get_height (LimnPicture *self);
int limn_picture_get_depth (LimnPicture *self);
gsize limn_picture_get_stride (LimnPicture *self); /* bytes a row */
/* Borrowed; writable by whoever made the picture, before it is shared. */
guint8 *limn_picture_get_data (LimnPicture *self);

/* ICC profile of the pixels (borrowed, NULL = sRGB), EXIF block without orientation (NULL = none), pixels per metre (0 = unknown),
 * and whether the file was gray, had alpha, or a JPEG's quality estimate; kept on saving. set_ takes a reference. */
GBytes *limn_picture_get_profile (LimnPicture *self);
void limn_picture_set_profile (LimnPicture *self, GBytes *profile);
GBytes *limn_picture_get_exif (LimnPicture *self);
void limn_picture_set_exif (LimnPicture *self, GBytes *exif);
double limn_picture_get_resolution (LimnPicture *self);
void limn_picture_set_resolution (LimnPicture *self, double pixels_per_metre);
gboolean limn_picture_get_has_alpha (LimnPicture *self);
void limn_picture_set_has_alpha (LimnPicture *self, gboolean has_alpha);
GHashTable *limn_picture_get_texts (LimnPicture *self); /* PNG text: keyword -> UTF-8; borrowed, may be changed by the maker */

/* True when every pixel is gray within tolerance (levels of 255). Stops early. */
gboolean limn_picture_is_gray (LimnPicture *self, int tolerance);

/* A copy converted to 8/16-bit sRGB (lcms2, relative colorimetric with black point compensation); a new reference to self when it
 * is sRGB already. part: the same of a rectangle; self, and so all of it, when it is sRGB already.
 * back: converts other's sRGB pixels into self's profile. */
LimnPicture *limn_picture_to_srgb (LimnPicture *self, GError **error);
LimnPicture *
limn_picture_part_to_srgb (LimnPicture *self, gsize x, gsize y, gsize width, gsize height, GCancellable *cancellable, GError **error);
LimnPicture *limn_picture_from_srgb (LimnPicture *self, LimnPicture *other, GCancellable *cancellable, GError **error);

/* The picture with fewer pixels (width and height at most its own): Lanczos over three lobes, in the picture's own colour space, alpha
 * premultiplied; with its depth and metadata. A reference to self where nothing changes. Any thread, and shares the processors. NULL
 * and error when memory ends or it is cancelled. */
LimnPicture *limn_picture_scale_down (LimnPicture *self, gsize width, gsize height, GCancellable *cancellable, GError **error);

/* size bytes, all 0, for a plane in one piece; *data is to be filled before anybody else has them. Large ones, as the pixels of large
 * pictures, are given back beside the main loop. NULL when memory ends. */
GBytes *limn_bytes_new_zero (gsize size, guint8 **data);

G_END_DECLS
