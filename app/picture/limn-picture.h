/* A picture in memory with the metadata of its file. GObject, immutable once handed to another thread.
 *
 * Pixels are RGBA, straight alpha, 8 or 16 bits a channel (native order), upright (EXIF orientation applied), in the colour space
 * of the file's own profile (none = sRGB). Gray and palette files become RGBA; what they were is remembered for saving.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/base/limn-app-error.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE (limn_picture_get_type ())
G_DECLARE_FINAL_TYPE (LimnPicture, limn_picture, LIMN, PICTURE, GObject)

/* A new transparent picture. depth: 8 or 16. NULL and error when out of memory or past LIMN_PICTURE_MAX_SIDE / _MAX_PIXELS. */
LimnPicture *limn_picture_new (gsize width, gsize height, int depth, GError **error);
/* A picture around pixels that exist already: rows of width * 4 * depth / 8 bytes, no gaps. free_data (owner) is called when the
 * picture goes, or here on failure. */
LimnPicture *
limn_picture_new_take (gsize width, gsize height, int depth, gpointer data, gpointer owner, GDestroyNotify free_data, GError **error);

/* The same with a private anonymous mapping of just the rows' bytes, which the picture unmaps; here on failure. */
LimnPicture *limn_picture_new_mapped (gsize width, gsize height, int depth, gpointer mapping, GError **error);

/* The same size, depth and metadata; pixels copied (copy) or cleared. */
LimnPicture *limn_picture_dup (LimnPicture *self, gboolean copy, GError **error);

#define LIMN_PICTURE_MAX_SIDE 60000
#define LIMN_PICTURE_MAX_PIXELS (200 * 1000 * 1000)

/* Checks a size that a file claims, before anything is allocated. name: for the sentence. */
gboolean limn_picture_check_size (const char *name, guint64 width, guint64 height, GError **error);

/* Moves the pixels of a large picture to disk, as limn_mapping_page_out does. Whoever wants to must claim it first: claim is TRUE once, and
 * never for a small picture. can: nobody has claimed it yet, and it isn't small. The picture must not change any more. Any thread. */
gboolean limn_picture_can_page_out (LimnPicture *self);
gboolean limn_picture_claim_page_out (LimnPicture *self);
gboolean limn_picture_page_out (LimnPicture *self, int fd);

gsize limn_picture_get_width (LimnPicture *self);
gsize limn_picture_get_height (LimnPicture *self);
int limn_picture_get_depth (LimnPicture *self);
gsize limn_picture_get_stride (LimnPicture *self); /* bytes a row */
/* Borrowed; writable by whoever made the picture, before it is shared. */
guint8 *limn_picture_get_data (LimnPicture *self);

/* Pixels per metre along x and y, which differ in a fax, say; 0 = unknown. */
typedef struct {
  double x, y;
} LimnResolution;

/* ICC profile of the pixels (borrowed, NULL = sRGB), EXIF block without orientation (NULL = none), resolution,
 * and whether the file was gray, had alpha, or a JPEG's quality estimate; kept on saving. set_ takes a reference. */
GBytes *limn_picture_get_profile (LimnPicture *self);
void limn_picture_set_profile (LimnPicture *self, GBytes *profile);
GBytes *limn_picture_get_exif (LimnPicture *self);
void limn_picture_set_exif (LimnPicture *self, GBytes *exif);
LimnResolution limn_picture_get_resolution (LimnPicture *self);
void limn_picture_set_resolution (LimnPicture *self, LimnResolution resolution);
gboolean limn_picture_get_has_alpha (LimnPicture *self);
void limn_picture_set_has_alpha (LimnPicture *self, gboolean has_alpha);
GHashTable *limn_picture_get_texts (LimnPicture *self); /* PNG text: keyword -> UTF-8; borrowed, may be changed by the maker */

/* What a picture's file was, for saving it again. */
typedef struct {
  gboolean gray;     /* one channel (and perhaps alpha) */
  gboolean lossless; /* WebP VP8L */
  int quality;       /* JPEG: estimated from the luma table, 1..100; 0 = unknown */
  int chroma_h;      /* JPEG: luma samples for a chroma one, along x and y; 0 = unknown */
  int chroma_v;
  guint32 cicp; /* PNG: a colour space by four numbers (ITU-T H.273), the first in the highest byte, that isn't known here, as of HDR; to be
                 * written back. 0 = none */
  int pages;    /* TIFF, HEIC: pictures in the file, of which this is the first; 0 = one */
} LimnPictureSource;

/* Borrowed; may be changed by the picture's maker. */
LimnPictureSource *limn_picture_get_source (LimnPicture *self);

/* What a damaged file doesn't have of its picture. */
typedef struct {
  gsize x, y, width, height; /* nothing is known of these pixels, which lie along one side; they are transparent. Empty: there are none */
  gboolean coarse;           /* the others are less fine than they were (a progressive JPEG, an interlaced PNG) */
} LimnPictureLoss;

/* Borrowed; may be changed by the picture's maker. */
LimnPictureLoss *limn_picture_get_loss (LimnPicture *self);
gboolean limn_picture_is_damaged (LimnPicture *self);

/* The gray profile of a gray file, to write it back (its pixels are described by get_profile's RGB profile with the same curve).
 * Borrowed, NULL = none. limn_picture_set_profile forgets it. */
GBytes *limn_picture_get_gray_profile (LimnPicture *self);
void limn_picture_set_gray_profile (LimnPicture *self, GBytes *gray_profile);

/* Profile, EXIF, resolution, texts and source of from. */
void limn_picture_copy_metadata (LimnPicture *self, LimnPicture *from);

/* Whether it is a photo without colours: gray, or of one tint for each lightness, as sepia prints, faded ones and scans with a cast are.
 * Noise and a small colored spot make no difference. Looks at some 150000 pixels at most. */
gboolean limn_picture_is_gray (LimnPicture *self);

G_END_DECLS
