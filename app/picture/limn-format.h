/* The formats of picture files: what they are called, how a file of one is recognised, what it can hold, and its codec. Those of libtiff,
 * libheif and libjxl are there where Limn was built with these libraries.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/codecs/limn-codec.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_FORMAT_PNG,
  LIMN_FORMAT_JPEG,
  LIMN_FORMAT_WEBP,
  LIMN_FORMAT_TIFF,
  LIMN_FORMAT_AVIF, /* and HEIC, which is only read */
  LIMN_FORMAT_JXL,
  LIMN_N_FORMATS,
} LimnFormat;

typedef struct {
  const char *nick;              /* in settings; NULL: not built in */
  const char *label;             /* N_(): "PNG Picture (.png)" */
  const char *name;              /* "PNG" */
  const char *type;              /* "image/png" */
  const char *const *endings;    /* without dots, the first for new files; ended by NULL */
  gboolean lossy, lossless;      /* it has a quality; it can do without loss */
  gsize most_side;               /* pixels that a side of its pictures can have; 0: as many as any picture here */
  gboolean (*can_encode) (void); /* NULL: always */
  LimnPicture *(*decode) (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error);
  GBytes *(*encode) (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error);
} LimnFormatInfo;

/* NULL where it is not built in. */
const LimnFormatInfo *limn_format_get_info (LimnFormat format);

/* By its first bytes, at least LIMN_FORMAT_HEAD of them where there are as many. FALSE when it is none that is read. */
enum { LIMN_FORMAT_HEAD = 12 };
gboolean limn_format_detect (const guint8 *data, gsize size, LimnFormat *format);
/* What people call a file that isn't read, by its first bytes, as "a GIF"; translated; or NULL. */
const char *limn_format_name_foreign (const guint8 *data, gsize size);

/* Whether a picture of this size can be written in format, here: to be asked before a picture is made that couldn't be saved. */
gboolean limn_format_check (LimnFormat format, gsize width, gsize height, GError **error);

/* The format that path's ending asks for; FALSE and error when it is none that is written. */
gboolean limn_format_from_path (const char *path, LimnFormat *format, GError **error);
/* The ending of path's name in lower case, without its dot; "" where there is none. Free with g_free. */
char *limn_format_dup_ending (const char *path);
/* Whether path's ending is one of a format that is read. */
gboolean limn_format_reads (const char *path);
/* "PNG, JPEG, WebP, ...": those that are built in. Free with g_free. */
char *limn_format_list (void);

G_END_DECLS
