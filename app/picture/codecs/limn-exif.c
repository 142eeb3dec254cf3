/* EXIF blocks: orientation reset, thumbnail removed, pixel dimensions corrected. TIFF 6.0 structure, tags by CIPA DC-008 (Exif 2.32).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-exif.h"

#include <string.h>

enum {
  TAG_ORIENTATION = 0x0112,
  TAG_X_RESOLUTION = 0x011A,
  TAG_Y_RESOLUTION = 0x011B,
  TAG_RESOLUTION_UNIT = 0x0128,
  TAG_THUMB_OFFSET = 0x0201,
  TAG_THUMB_LENGTH = 0x0202,
  TAG_EXIF_IFD = 0x8769,
  TAG_PIXEL_X = 0xA002,
  TAG_PIXEL_Y = 0xA003,
  TYPE_SHORT = 3,
  TYPE_LONG = 4,
  TYPE_RATIONAL = 5,
};

typedef struct {
  guint8 *data;
  gsize size;
  gboolean big; /* Motorola byte order */
} Exif;

static guint32
get_number (const Exif *exif, gsize at, int bytes)
{
  guint32 value = 0;

  for (int i = 0; i < bytes; i++)
    value |= (guint32) exif->data[at + (gsize) i] << (8 * (exif->big ? bytes - 1 - i : i));
  return value;
}

static void
put_number (Exif *exif, gsize at, int bytes, guint32 value)
{
  for (int i = 0; i < bytes; i++)
    exif->data[at + (gsize) i] = (guint8) (value >> (8 * (exif->big ? bytes - 1 - i : i)));
}

/* Number of entries of the directory at `at`, 0 when it does not lie inside the block. */
static gsize
ifd_count (const Exif *exif, gsize at)
{
  gsize count;

  if (at < 8 || at + 2 > exif->size)
    return 0;
  count = get_number (exif, at, 2);
  return at + 2 + count * 12 + 4 <= exif->size ? count : 0;
}

/* Where the entry with tag lies, 0 = nowhere. */
static gsize
find_tag (const Exif *exif, gsize ifd, guint tag)
{
  gsize count = ifd_count (exif, ifd);

  for (gsize i = 0; i < count; i++)
    if (get_number (exif, ifd + 2 + i * 12, 2) == tag)
      return ifd + 2 + i * 12;
  return 0;
}

/* An integer entry's first value; missing where there is none. Values that are too many for the entry lie elsewhere in the block; where
 * they can't, the count is wrong and the entry holds the value. */
static guint32
value_of (const Exif *exif, gsize entry, guint32 missing)
{
  guint type;
  gsize bytes, count, at = entry + 8, offset;

  if (entry == 0)
    return missing;
  type = get_number (exif, entry + 2, 2);
  bytes = type == TYPE_SHORT ? 2 : type == TYPE_LONG ? 4 : 0;
  count = get_number (exif, entry + 4, 4);
  if (bytes == 0 || count < 1)
    return missing;
  offset = get_number (exif, at, 4);
  if (count * bytes > 4 && offset >= 8 && offset + count * bytes <= exif->size)
    at = offset;
  return get_number (exif, at, (int) bytes);
}

/* Makes value the entry's only one, whatever it held. */
static void
set_value (Exif *exif, gsize entry, guint type, guint32 value)
{
  if (entry == 0)
    return;
  put_number (exif, entry + 2, 2, type);
  put_number (exif, entry + 4, 4, 1);
  put_number (exif, entry + 8, 4, 0);
  put_number (exif, entry + 8, type == TYPE_SHORT ? 2 : 4, value);
}

static gboolean
open_exif (Exif *exif)
{
  if (exif->size < 14)
    return FALSE;
  if (memcmp (exif->data, "II*\0", 4) == 0)
    exif->big = FALSE;
  else if (memcmp (exif->data, "MM\0*", 4) == 0)
    exif->big = TRUE;
  else
    return FALSE;
  return ifd_count (exif, get_number (exif, 4, 4)) > 0;
}

/* Unlinks the second directory (the thumbnail's) and overwrites the thumbnail. */
static void
drop_thumbnail (Exif *exif, gsize ifd)
{
  gsize next_at = ifd + 2 + ifd_count (exif, ifd) * 12;
  gsize next = get_number (exif, next_at, 4);
  gsize offset, length;

  if (next == 0)
    return;
  put_number (exif, next_at, 4, 0);
  offset = value_of (exif, find_tag (exif, next, TAG_THUMB_OFFSET), 0);
  length = value_of (exif, find_tag (exif, next, TAG_THUMB_LENGTH), 0);
  if (offset < 8 || offset >= exif->size)
    return;
  length = MIN (length, exif->size - offset);
  memset (exif->data + offset, 0, length);
  if (offset + length == exif->size)
    exif->size = offset;
}

GBytes *
limn_exif_sanitise (const guint8 *data, gsize size, int *orientation)
{
  g_autofree guint8 *copy = NULL;
  Exif exif;
  gsize ifd, entry;
  guint32 value;

  *orientation = 1;
  if (size >= 6 && memcmp (data, "Exif\0\0", 6) == 0) {
    data += 6;
    size -= 6;
  }
  copy = g_memdup2 (data, size);
  exif = (Exif){ copy, size, FALSE };
  if (!open_exif (&exif))
    return NULL;
  ifd = get_number (&exif, 4, 4);
  entry = find_tag (&exif, ifd, TAG_ORIENTATION);
  value = value_of (&exif, entry, 1);
  if (value >= 1 && value <= 8)
    *orientation = (int) value;
  set_value (&exif, entry, TYPE_SHORT, 1);
  drop_thumbnail (&exif, ifd);
  return g_bytes_new_take (g_steal_pointer (&copy), exif.size);
}

GBytes *
limn_exif_for_size (GBytes *bytes, gsize width, gsize height)
{
  gsize size, inner;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  Exif exif = { copy, size, FALSE };

  if (!open_exif (&exif))
    return g_bytes_ref (bytes);
  inner = value_of (&exif, find_tag (&exif, get_number (&exif, 4, 4), TAG_EXIF_IFD), 0);
  set_value (&exif, find_tag (&exif, inner, TAG_PIXEL_X), TYPE_LONG, (guint32) width);
  set_value (&exif, find_tag (&exif, inner, TAG_PIXEL_Y), TYPE_LONG, (guint32) height);
  return g_bytes_new_take (g_steal_pointer (&copy), size);
}

/* A rational entry's value, 0 where there is none. */
static double
rational_of (const Exif *exif, gsize entry)
{
  gsize at;
  guint32 bottom;

  if (entry == 0 || get_number (exif, entry + 2, 2) != TYPE_RATIONAL)
    return 0;
  at = get_number (exif, entry + 8, 4);
  if (at < 8 || at + 8 > exif->size)
    return 0;
  bottom = get_number (exif, at + 4, 4);
  return bottom == 0 ? 0 : (double) get_number (exif, at, 4) / bottom;
}

LimnResolution
limn_exif_resolution (GBytes *bytes)
{
  gsize size, ifd;
  /* Only read: the accessors take a writable block because the others patch theirs. */
  guint8 *data = (guint8 *) g_bytes_get_data (bytes, &size);
  Exif exif = { data, size, FALSE };
  LimnResolution none = { 0 };
  double x, y, units;
  guint32 unit;

  if (!open_exif (&exif))
    return none;
  ifd = get_number (&exif, 4, 4);
  unit = value_of (&exif, find_tag (&exif, ifd, TAG_RESOLUTION_UNIT), 2);
  x = rational_of (&exif, find_tag (&exif, ifd, TAG_X_RESOLUTION));
  y = rational_of (&exif, find_tag (&exif, ifd, TAG_Y_RESOLUTION));
  if (x <= 0 || (unit != 2 && unit != 3))
    return none;
  units = unit == 2 ? 1 / 0.0254 : 100; /* in a metre */
  return (LimnResolution){ x * units, (y > 0 ? y : x) * units };
}
