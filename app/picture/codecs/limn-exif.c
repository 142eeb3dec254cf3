/* EXIF blocks: orientation reset, thumbnail removed, pixel dimensions corrected, taken from and put into TIFF files. TIFF 6.0 structure, tags by CIPA DC-008 (Exif 2.32).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-exif.h"

#include "app/base/limn-budget.h"

#include <string.h>

enum {
  TAG_ORIENTATION = 0x0112,
  TAG_X_RESOLUTION = 0x011A,
  TAG_Y_RESOLUTION = 0x011B,
  TAG_RESOLUTION_UNIT = 0x0128,
  TAG_THUMB_OFFSET = 0x0201,
  TAG_THUMB_LENGTH = 0x0202,
  TAG_EXIF_IFD = 0x8769,
  TAG_GPS_IFD = 0x8825,
  TAG_INTEROPERABILITY_IFD = 0xA005,
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
  gsize most;   /* bytes that a copy may have: values may lie over each other */
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
  exif = (Exif){ .data = copy, .size = size };
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
  Exif exif = { .data = copy, .size = size };

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
  Exif exif = { .data = data, .size = size };
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

/* -- In TIFF files -- */

#define MOST_ENTRIES 1000 /* of a directory; cameras write some fifty */

/* Bytes of a directory's place, of an entry. */
#define HEAD 8
#define ENTRY 12

/* What the first directory of a block and of a TIFF share. The others of a TIFF's are of its pixels. */
static gboolean
is_of_the_photo (guint tag)
{
  static const guint16 tags[] = { 0x010D /* document */,  0x010E /* description */,
                                  0x010F /* make */,      0x0110 /* model */,
                                  0x0131 /* software */,  0x0132 /* time */,
                                  0x013B /* artist */,    0x013C /* computer */,
                                  0x4746 /* rating */,    0x4749 /* in percent */,
                                  0x8298 /* copyright */, 0x9C9B /* title */,
                                  0x9C9C /* comment */,   0x9C9D /* author */,
                                  0x9C9E /* keywords */,  0x9C9F /* subject */,
                                  TAG_EXIF_IFD,           TAG_GPS_IFD };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (tags[i] == tag)
      return TRUE;
  return FALSE;
}

static gboolean
is_directory (guint tag)
{
  return tag == TAG_EXIF_IFD || tag == TAG_GPS_IFD || tag == TAG_INTEROPERABILITY_IFD;
}

/* The bytes that are swapped together, and how many of them a value has. 0: an unknown type. */
static gsize
type_unit (guint type, gsize *n)
{
  static const guint8 units[] = { 0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8 };

  *n = type == TYPE_RATIONAL || type == 10 ? 2 : 1;
  return type < G_N_ELEMENTS (units) ? units[type] : 0;
}

/* Appends zeros to an even place, and size more; where these begin. */
static gsize
add_room (GByteArray *out, gsize size)
{
  const gsize at = (out->len + 1) & ~(gsize) 1;

  g_byte_array_set_size (out, (guint) (at + size));
  memset (out->data + at, 0, size);
  return at;
}

static void
put_native (GByteArray *out, gsize at, int bytes, guint32 value)
{
  Exif exif = { .data = out->data, .size = out->len, .big = G_BYTE_ORDER == G_BIG_ENDIAN };

  put_number (&exif, at, bytes, value);
}

static gsize copy_directory (const Exif *in, gsize ifd, GByteArray *out, gboolean nested);

/* Copies the value of an entry to that at place to in out, or behind all and its place there. FALSE: it lies outside the block. */
static gboolean
copy_value (const Exif *in, gsize entry, GByteArray *out, gsize to)
{
  const guint type = get_number (in, entry + 2, 2);
  const guint64 count = get_number (in, entry + 4, 4);
  gsize n, from = entry + 8;
  const gsize unit = type_unit (type, &n);
  const guint64 size = count * n * unit;

  if (unit == 0 || size == 0 || size > MIN (in->size, in->most) || out->len > in->most - size)
    return FALSE;
  if (size > 4) {
    from = get_number (in, from, 4);
    if (from < HEAD || from > in->size - size)
      return FALSE;
    const gsize at = add_room (out, size);
    put_native (out, to, 4, (guint32) at);
    to = at;
  }
  for (gsize i = 0; i < size; i++) {
    const gsize swapped = in->big == (G_BYTE_ORDER == G_BIG_ENDIAN) ? i : i / unit * unit + unit - 1 - i % unit;
    out->data[to + i] = in->data[from + swapped];
  }
  return TRUE;
}

/* Copies an entry to place to in out. FALSE: it is no good, or is not of the photo. */
static gboolean
copy_entry (const Exif *in, gsize entry, GByteArray *out, gsize to, gboolean nested)
{
  const guint tag = get_number (in, entry, 2);
  gsize inner;

  if (!nested && !is_of_the_photo (tag))
    return FALSE;
  put_native (out, to, 2, tag);
  put_native (out, to + 2, 2, get_number (in, entry + 2, 2));
  put_native (out, to + 4, 4, get_number (in, entry + 4, 4));
  if (!is_directory (tag))
    return copy_value (in, entry, out, to + 8);
  if (nested && tag != TAG_INTEROPERABILITY_IFD) /* directories that go round */
    return FALSE;
  inner = copy_directory (in, value_of (in, entry, 0), out, TRUE);
  put_native (out, to + 2, 2, TYPE_LONG);
  put_native (out, to + 4, 4, 1);
  put_native (out, to + 8, 4, (guint32) inner);
  return inner > 0;
}

/* Appends a directory of what is good in that at ifd, and of what it points to. Where it begins; 0: there is nothing in it. */
static gsize
copy_directory (const Exif *in, gsize ifd, GByteArray *out, gboolean nested)
{
  const gsize count = MIN (ifd_count (in, ifd), MOST_ENTRIES), at = add_room (out, 2 + count * ENTRY + 4);
  guint n = 0;

  for (gsize i = 0; i < count; i++)
    if (copy_entry (in, ifd + 2 + i * ENTRY, out, at + 2 + n * ENTRY, nested))
      n++;
  memset (out->data + at + 2 + n * ENTRY, 0, (count - n) * ENTRY + 4);
  put_native (out, at, 2, n);
  return n > 0 ? at : 0;
}

GBytes *
limn_exif_from_tiff (const guint8 *data, gsize size)
{
  static const guint8 head[HEAD] = { G_BYTE_ORDER == G_BIG_ENDIAN ? 'M' : 'I', G_BYTE_ORDER == G_BIG_ENDIAN ? 'M' : 'I' };
  const Exif exif = { (guint8 *) data, size, size > 0 && data[0] == 'M', LIMN_METADATA_BYTES }; /* only read */
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize at;

  if (size < HEAD || get_number (&exif, 2, 2) != 42)
    return NULL;
  g_byte_array_append (out, head, HEAD);
  put_native (out, 2, 2, 42);
  at = copy_directory (&exif, get_number (&exif, 4, 4), out, FALSE);
  put_native (out, 4, 4, (guint32) at);
  return at > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

static int
compare_tags (const void *a, const void *b)
{
  guint16 x, y;

  memcpy (&x, a, 2);
  memcpy (&y, b, 2);
  return (x > y) - (x < y);
}

/* Appends a directory of the entries of both, by their tags, which are in this machine's byte order. Where it begins. */
static gsize
join_directories (GByteArray *out, gsize a, gsize b)
{
  const Exif exif = { .data = out->data, .size = out->len, .big = G_BYTE_ORDER == G_BIG_ENDIAN };
  const gsize n_a = ifd_count (&exif, a), n_b = ifd_count (&exif, b), at = add_room (out, 2 + (n_a + n_b) * ENTRY + 4);

  put_native (out, at, 2, (guint32) (n_a + n_b));
  memcpy (out->data + at + 2, out->data + a + 2, n_a * ENTRY);
  memcpy (out->data + at + 2 + n_a * ENTRY, out->data + b + 2, n_b * ENTRY);
  qsort (out->data + at + 2, n_a + n_b, ENTRY, compare_tags);
  return at;
}

GBytes *
limn_exif_into_tiff (GBytes *file, GBytes *exif)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (exif, &size);
  g_autoptr (GBytes) plain = limn_exif_from_tiff (data, size); /* a block is built as a TIFF is */
  g_autoptr (GByteArray) out = NULL;
  gsize first, added;

  if (!plain || g_bytes_get_size (file) > G_MAXUINT32 / 2) /* a TIFF's places have 32 bits */
    return g_bytes_ref (file);
  data = g_bytes_get_data (plain, &size);
  const Exif in = { (guint8 *) data, size, G_BYTE_ORDER == G_BIG_ENDIAN, G_MAXSIZE };
  out = g_bytes_unref_to_array (g_bytes_ref (file));
  added = copy_directory (&in, get_number (&in, 4, 4), out, FALSE);
  const Exif own = { .data = out->data, .size = out->len, .big = in.big };
  first = get_number (&own, 4, 4);
  put_native (out, 4, 4, (guint32) join_directories (out, first, added));
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
