/* The codecs of picture files, and what they share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

/* Decoders: a whole file in memory; orientation is not applied, but given in *orientation (1..8). name: for sentences. partial: of a file
 * that is damaged, as much as it has, with its loss, instead of an error; where that isn't a row of pixels it is an error still. */
LimnPicture *
limn_png_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error);
LimnPicture *
limn_jpeg_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error);
LimnPicture *
limn_webp_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error);

#ifdef LIMN_HAVE_TIFF
LimnPicture *
limn_tiff_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error);
GBytes *limn_tiff_encode (LimnPicture *picture, GBytes *exif, GError **error);
#endif
#ifdef LIMN_HAVE_HEIF
LimnPicture *
limn_heif_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error);
/* Its encoder is a program of its own in newer systems, that may not be installed. */
gboolean limn_avif_can_encode (void);
GBytes *limn_avif_encode (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error);
#endif
#ifdef LIMN_HAVE_JXL
LimnPicture *
limn_jxl_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error);
GBytes *limn_jxl_encode (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error);
#endif
/* Has libraries read what they need of the system, before a process is locked in. */
void limn_codec_prepare (void);

/* What the first LIMN_PNG_HEAD bytes of a PNG file say. FALSE when they are none. */
#define LIMN_PNG_HEAD 26
typedef struct {
  guint64 width, height;
  guint64 bytes;      /* of the picture in memory */
  guint64 most_bytes; /* of such a file, with all metadata that there may be */
} LimnPngHead;
gboolean limn_png_peek (const guint8 *file, gsize size, LimnPngHead *head);

/* Encoders: a whole file in memory. quality: 1..100. exif: the block to write (patched for the picture's size) or NULL. */
GBytes *limn_png_encode (LimnPicture *picture, GBytes *exif, GError **error);
GBytes *limn_jpeg_encode (LimnPicture *picture, GBytes *exif, int quality, GError **error);
GBytes *limn_webp_encode (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error);

/* What to write: gray = the file was gray and every pixel still is (and, with a profile, has a gray one); alpha = the file had alpha
 * or a pixel isn't opaque. */
void limn_codec_channels (LimnPicture *picture, gboolean *gray, gboolean *alpha);

/* XMP (the text "XML:com.adobe.xmp") into the picture's texts, its orientation set to 1, without what tells of other parts of the file:
 * thumbnails, a gain map, a motion photo's video, depth, sound. */
#define LIMN_TEXT_XMP "XML:com.adobe.xmp"
void limn_codec_take_xmp (LimnPicture *picture, const char *data, gsize size);

/* Text in ISO 8859-1, up to its end or a 0, as UTF-8. Free with g_free. */
char *limn_codec_from_latin (const guint8 *text, gsize size);

/* Of a damaged file: rows are known from the top, the rest of the picture is cleared. coarse: see LimnPictureLoss. */
void limn_codec_set_loss (LimnPicture *picture, gsize rows, gboolean coarse);

/* Undoes that the colours were multiplied by alpha. */
void limn_codec_unmultiply (LimnPicture *picture);

/* One row of the picture as 8 bit RGBA (rounded from 16), into out: [width * 4]. */
void limn_codec_row_8 (LimnPicture *picture, gsize y, guint8 *out);

G_END_DECLS
