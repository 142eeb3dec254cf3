/* What everything that reads and writes files shares: the codecs, limn-picture.c, OpenRaster and autosave; not for other parts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-picture-file.h"

G_BEGIN_DECLS

/* What a picture's file was, for saving it again. */
typedef struct {
  gboolean gray;     /* one channel (and perhaps alpha) */
  gboolean lossless; /* WebP VP8L */
  int quality;       /* JPEG: estimated from the luma table, 1..100; 0 = unknown */
  int chroma_h;      /* JPEG: luma samples for a chroma one, along x and y; 0 = unknown */
  int chroma_v;
} LimnPictureSource;

/* Borrowed; may be changed by the picture's maker. */
LimnPictureSource *limn_picture_get_source (LimnPicture *self);

/* The gray profile of a gray file, to write it back (its pixels are described by get_profile's RGB profile with the same curve).
 * Borrowed, NULL = none. limn_picture_set_profile forgets it. */
GBytes *limn_picture_get_gray_profile (LimnPicture *self);
void limn_picture_set_gray_profile (LimnPicture *self, GBytes *gray_profile);

/* A picture around pixels that exist already: rows of width * 4 * depth / 8 bytes, no gaps. free_data (owner) is called when the
 * picture goes, or here on failure. */
LimnPicture *
limn_picture_new_take (gsize width, gsize height, int depth, gpointer data, gpointer owner, GDestroyNotify free_data, GError **error);

/* The same with a private anonymous mapping of just the rows' bytes, which the picture unmaps; here on failure. */
LimnPicture *limn_picture_new_mapped (gsize width, gsize height, int depth, gpointer mapping, GError **error);

/* Profile, EXIF, resolution, texts and source of from. */
void limn_picture_copy_metadata (LimnPicture *self, LimnPicture *from);

/* Checks a size that a file claims, before anything is allocated. name: for the sentence. */
gboolean limn_codec_check_size (const char *name, guint64 width, guint64 height, GError **error);

/* Sets error to LIMN_APP_ERROR_CANCELLED and returns TRUE when cancellable is set. NULL allowed. */
gboolean limn_codec_cancelled (GCancellable *cancellable, GError **error);

/* Decoders: a whole file in memory; orientation is not applied, but given in *orientation (1..8). name: for sentences. */
LimnPicture *limn_png_decode (GBytes *bytes, const char *name, int *orientation, GCancellable *cancellable, GError **error);
LimnPicture *limn_jpeg_decode (GBytes *bytes, const char *name, int *orientation, GCancellable *cancellable, GError **error);
LimnPicture *limn_webp_decode (GBytes *bytes, const char *name, int *orientation, GCancellable *cancellable, GError **error);

/* Encoders: a whole file in memory. quality: 1..100. exif: the block to write (patched for the picture's size) or NULL. */
GBytes *limn_png_encode (LimnPicture *picture, GBytes *exif, GError **error);
GBytes *limn_jpeg_encode (LimnPicture *picture, GBytes *exif, int quality, GError **error);
GBytes *limn_webp_encode (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error);

/* What to write: gray = the file was gray and every pixel still is (and, with a profile, has a gray one); alpha = the file had alpha
 * or a pixel isn't opaque. */
void limn_codec_channels (LimnPicture *picture, gboolean *gray, gboolean *alpha);

/* XMP (the text "XML:com.adobe.xmp") into the picture's texts, its orientation set to 1; dropped when it carries a thumbnail. */
#define LIMN_TEXT_XMP "XML:com.adobe.xmp"
void limn_codec_take_xmp (LimnPicture *picture, const char *data, gsize size);

/* This thread works in the background from now on: where the window's thread wants a processor, too, that goes first. A thread of a
 * pool stays so for what it does next, which is beside the window as well. */
void limn_codec_step_back (void);

/* Calls func (i, data) for i in 0..count-1, on as many threads as there are processors; returns when all are done. Each call must
 * write to places of its own. */
void limn_codec_parallel (gsize count, void (*func) (gsize index, gpointer data), gpointer data);

/* A growing block of memory that fails instead of aborting. Cleared by limn_sink_clear; *_finish hands it over. */
typedef struct {
  guint8 *data;
  gsize size, capacity;
  gboolean failed; /* out of memory: everything after is ignored */
} LimnSink;
void limn_sink_write (LimnSink *self, gconstpointer data, gsize size);
void limn_sink_clear (LimnSink *self);
GBytes *limn_sink_finish (LimnSink *self, GError **error);

/* Whether path can be written or replaced, to be asked before the work of encoding. */
gboolean limn_file_check (const char *path, GError **error);
/* Writes a whole file atomically: a temporary one beside path, fsync, rename; on failure path is as it was. */
gboolean limn_file_replace (const char *path, GBytes *bytes, GCancellable *cancellable, GError **error);

/* One row of the picture as 8 bit RGBA (rounded from 16), into out: [width * 4]. */
void limn_codec_row_8 (LimnPicture *picture, gsize y, guint8 *out);

/* EXIF (TIFF structure, without the "Exif\0\0" prefix; CIPA DC-008). A copy that is upright and without thumbnail (an edited
 * picture must not carry a small view of what was removed), *orientation = what it said (1 where it says nothing). NULL when data
 * is no EXIF. */
GBytes *limn_exif_sanitise (const guint8 *data, gsize size, int *orientation);
/* A copy of exif whose pixel dimensions, where it has them, say width and height. */
GBytes *limn_exif_for_size (GBytes *exif, gsize width, gsize height);

/* Pixels per metre by the block's XResolution and ResolutionUnit, 0 = none. */
double limn_exif_resolution (GBytes *exif);

/* Where the pixel of the upright picture at (x, y) lies in the stored one, by EXIF orientation 1..8 (EXIF 2.32, tag 274): x and y change
 * places first, then the stored picture's coordinates are counted from the other side. */
typedef struct {
  gboolean swap, flip_x, flip_y;
} LimnOrientation;
LimnOrientation limn_orientation_get (int orientation);

/* The picture turned upright by EXIF orientation 1..8: a new picture (metadata kept), or a new reference for 1. */
LimnPicture *limn_picture_orient (LimnPicture *self, int orientation, GError **error);

/* Gives the picture the file's profile (lcms2): an RGB one as it is; a gray one as an RGB profile with the same curve, so that the
 * pixels stay what they are; nothing for one that can't be used. */
void limn_picture_apply_profile (LimnPicture *self, GBytes *profile);
/* The same for a file that tells its transfer (value = light ^ gamma, as PNG's gAMA) and chromaticities (white, red, green, blue:
 * x, y each; NULL = those of sRGB) instead. Nothing when they are sRGB's or make no sense. */
void limn_picture_apply_gamma (LimnPicture *self, double gamma, const double xy[8]);
/* Rows of CMYK (0 = no ink, 4 bytes a pixel) to sRGB: [width * 4] each, opaque. profile NULL = plain under colour arithmetic. */
typedef struct LimnCmyk LimnCmyk;
LimnCmyk *limn_cmyk_new (GBytes *profile);
void limn_cmyk_free (LimnCmyk *self);
void limn_cmyk_row (LimnCmyk *self, const guint8 *cmyk, guint8 *rgba, gsize width);

G_END_DECLS
