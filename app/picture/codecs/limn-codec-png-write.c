/* Writing PNG files: libpng writes everything but the pixels; those are filtered and deflated here in strips, by several threads.
 * The strips depend on the picture alone, so a file's bytes do not depend on the number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-byte-buffer.h"
#include "app/base/limn-parallel.h"

#include <glib/gi18n.h>
#include <png.h>
#include <string.h>
#include <zlib.h>

/* Filtered bytes a strip, about. Small enough to share a small picture between cores, large enough that starting each strip with
 * an empty window costs nothing to speak of. */
#define STRIP (1024 * 1024)
#define LEVEL 2

typedef struct {
  png_structp png;
  png_infop info;
  GError *error;
  LimnPicture *picture;
  LimnByteBuffer *buffer;
} Png;

/* Runs on libpng's side of a longjmp. */
static void
on_error (png_structp png, png_const_charp message)
{
  Png *self = png_get_error_ptr (png);

  if (!self->error)
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("The picture can't be written (PNG: %s)."), message);
  longjmp (*png_set_longjmp_fn (png, longjmp, sizeof (jmp_buf)), 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

static void
write_bytes (png_structp png, png_bytep data, size_t size)
{
  Png *self = png_get_io_ptr (png);

  limn_byte_buffer_append (self->buffer, data, size);
  if (self->buffer->failed)
    png_error (png, "out of memory");
}

static void
flush_bytes (png_structp png)
{
}

/* 1 to 79 characters of Latin-1, no control characters (PNG 11.3.4.2); NULL = can't be a keyword. */
static char *
to_keyword (const char *key)
{
  gsize size = 0;
  char *latin = g_convert (key, -1, "ISO-8859-1", "UTF-8", NULL, &size, NULL);

  if (latin && size >= 1 && size <= 79)
    return latin;
  g_free (latin);
  return NULL;
}

static void
write_texts (Png *self)
{
  GHashTable *texts = limn_picture_get_texts (self->picture);
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (texts), (GCompareFunc) strcmp);

  for (GList *l = keys; l; l = l->next) {
    const char *value = g_hash_table_lookup (texts, l->data);
    char *key = to_keyword (l->data);
    gboolean longer = strlen (value) > 1024 && strcmp (l->data, LIMN_TEXT_XMP) != 0; /* XMP is to be found without unpacking */
    png_text text = { .key = key, .text = (char *) value };

    if (!key)
      continue;
    if (g_str_is_ascii (value) && strcmp (l->data, LIMN_TEXT_XMP) != 0) {
      text.compression = longer ? PNG_TEXT_COMPRESSION_zTXt : PNG_TEXT_COMPRESSION_NONE;
      text.text_length = strlen (value);
    } else {
      text.compression = longer ? PNG_ITXT_COMPRESSION_zTXt : PNG_ITXT_COMPRESSION_NONE;
      text.itxt_length = strlen (value);
    }
    png_set_text (self->png, self->info, &text, 1);
    g_free (key);
  }
}

static void
write_header (Png *self, GBytes *exif, gboolean gray, gboolean alpha)
{
  GBytes *profile = gray ? limn_picture_get_gray_profile (self->picture) : limn_picture_get_profile (self->picture);
  LimnResolution resolution = limn_picture_get_resolution (self->picture);
  const guint32 cicp = limn_picture_get_source (self->picture)->cicp;
  const guint8 numbers[4] = { (guint8) (cicp >> 24), (guint8) (cicp >> 16), (guint8) (cicp >> 8), (guint8) cicp };
  gsize size;
  gconstpointer data;

  png_set_write_fn (self->png, self, write_bytes, flush_bytes);
  png_set_benign_errors (self->png, 1);
  png_set_user_limits (self->png, LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE);
  png_set_IHDR (self->png, self->info, (png_uint_32) limn_picture_get_width (self->picture),
                (png_uint_32) limn_picture_get_height (self->picture), limn_picture_get_depth (self->picture),
                (gray ? 0 : PNG_COLOR_MASK_COLOR) | (alpha ? PNG_COLOR_MASK_ALPHA : 0), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  if (profile) {
    data = g_bytes_get_data (profile, &size);
    png_set_iCCP (self->png, self->info, "ICC profile", PNG_COMPRESSION_TYPE_DEFAULT, data, (png_uint_32) size);
  } else {
    png_set_sRGB (self->png, self->info, PNG_sRGB_INTENT_PERCEPTUAL);
  }
  if (exif) {
    data = g_bytes_get_data (exif, &size);
    png_set_eXIf_1 (self->png, self->info, (png_uint_32) size, (png_bytep) (gpointer) data);
  }
  if (MIN (resolution.x, resolution.y) >= 1 && MAX (resolution.x, resolution.y) < G_MAXINT32)
    png_set_pHYs (self->png, self->info, (png_uint_32) (resolution.x + 0.5), (png_uint_32) (resolution.y + 0.5), PNG_RESOLUTION_METER);
  write_texts (self);
  png_write_info (self->png, self->info);
  if (cicp != 0)
    png_write_chunk (self->png, (png_const_bytep) "cICP", numbers, sizeof numbers);
}

/* The pixels: a zlib stream (RFC 1950) of filtered rows in strips, each a deflate stream that ends at a byte (RFC 1951). */
typedef struct {
  LimnPicture *picture;
  gsize row_bytes, pixel_bytes; /* of a packed row and pixel */
  gsize strip_rows, strips;
  gboolean gray, alpha;
  LimnByteBuffer *packed; /* [strips] */
  guint32 *adler;         /* [strips] */
  int failed;             /* atomic */
} Pixels;

/* Row y as PNG has it: the channels that are written, most significant byte first. */
static void
pack_row (const Pixels *self, gsize y, guint8 *out)
{
  gsize width = limn_picture_get_width (self->picture);
  const guint8 *row = limn_picture_get_data (self->picture) + y * limn_picture_get_stride (self->picture);
  const guint16 *wide = (const guint16 *) (gconstpointer) row;
  guint first = self->gray ? 2 : 0, end = self->alpha ? 4 : 3;

  if (limn_picture_get_depth (self->picture) == 16) {
    for (gsize x = 0; x < width; x++, wide += 4)
      for (guint c = first; c < end; c++, out += 2) {
        out[0] = (guint8) (wide[c] >> 8);
        out[1] = (guint8) wide[c];
      }
  } else if (first == 0 && end == 4) {
    memcpy (out, row, width * 4);
  } else if (first == 0) {
    for (gsize x = 0; x < width; x++, row += 4, out += 3) {
      out[0] = row[0];
      out[1] = row[1];
      out[2] = row[2];
    }
  } else {
    for (gsize x = 0; x < width; x++, row += 4)
      for (guint c = first; c < end; c++)
        *out++ = row[c];
  }
}

/* The filters of PNG 9.2. now, above: rows with pixel bytes of zeros ahead; out: [n]. Returns the sum of the bytes' absolute values
 * as signed ones, the usual measure of how well a row will deflate. */
static guint64
filter_row (int type, const guint8 *now, const guint8 *above, gsize n, gsize pixel, guint8 *restrict out)
{
  const guint8 *left = now - pixel, *corner = above - pixel;
  guint64 sum = 0;

  switch (type) {
  case PNG_FILTER_VALUE_SUB:
    for (gsize i = 0; i < n; i++)
      out[i] = (guint8) (now[i] - left[i]);
    break;
  case PNG_FILTER_VALUE_UP:
    for (gsize i = 0; i < n; i++)
      out[i] = (guint8) (now[i] - above[i]);
    break;
  case PNG_FILTER_VALUE_AVG:
    for (gsize i = 0; i < n; i++)
      out[i] = (guint8) (now[i] - ((left[i] + above[i]) >> 1));
    break;
  case PNG_FILTER_VALUE_PAETH:
    for (gsize i = 0; i < n; i++) {
      gint16 a = left[i], b = above[i], c = corner[i];
      gint16 pa = (gint16) (b - c), pb = (gint16) (a - c), pc = (gint16) (pa + pb);
      guint8 best;

      pa = (gint16) ABS (pa);
      pb = (gint16) ABS (pb);
      pc = (gint16) ABS (pc);
      best = pa <= pb && pa <= pc ? left[i] : pb <= pc ? above[i] : corner[i];
      out[i] = (guint8) (now[i] - best);
    }
    break;
  default: memcpy (out, now, n); break;
  }
  for (gsize i = 0; i < n;) { /* in pieces that 32 bits hold, for vectors */
    gsize end = MIN (n, i + 65536);
    guint32 part = 0;

    for (; i < end; i++)
      part += (guint32) ABS ((gint8) out[i]);
    sum += part;
  }
  return sum;
}

/* Rows of strip, each with its filter's number ahead, into out; rows: room for two rows with pixel bytes ahead, two candidates. */
static void
filter_strip (const Pixels *self, gsize strip, guint8 *rows, guint8 *out)
{
  gsize n = self->row_bytes, pixel = self->pixel_bytes, height = limn_picture_get_height (self->picture);
  gsize begin = strip * self->strip_rows, end = MIN (begin + self->strip_rows, height);
  guint8 *above = rows + pixel, *now = above + n + pixel, *best = now + n, *trial = best + n;

  memset (rows, 0, 2 * (n + pixel));
  if (begin > 0)
    pack_row (self, begin - 1, above);
  for (gsize y = begin; y < end; y++, out += n + 1) {
    guint64 least = G_MAXUINT64;
    guint8 *swap = above;

    pack_row (self, y, now);
    for (int type = PNG_FILTER_VALUE_NONE; type < PNG_FILTER_VALUE_LAST; type++) {
      guint64 sum = filter_row (type, now, above, n, pixel, trial);

      if (sum < least) {
        guint8 *keep = best;

        least = sum;
        out[0] = (guint8) type;
        best = trial;
        trial = keep;
      }
    }
    memcpy (out + 1, best, n);
    above = now;
    now = swap;
  }
}

static gboolean
deflate_strip (Pixels *self, gsize strip, guint8 *data, gsize size)
{
  z_stream z = { .next_in = data, .avail_in = (uInt) size };
  LimnByteBuffer *buffer = &self->packed[strip];
  int flush = strip + 1 == self->strips ? Z_FINISH : Z_SYNC_FLUSH, result;
  guint8 piece[32768];

  if (deflateInit2 (&z, LEVEL, Z_DEFLATED, -15, 8, Z_FILTERED) != Z_OK)
    return FALSE;
  do {
    z.next_out = piece;
    z.avail_out = sizeof piece;
    result = deflate (&z, flush);
    limn_byte_buffer_append (buffer, piece, sizeof piece - z.avail_out);
  } while (result == Z_OK && z.avail_out == 0);
  deflateEnd (&z);
  return !buffer->failed && result != Z_STREAM_ERROR;
}

static void
do_strip (gsize strip, gpointer data)
{
  Pixels *self = data;
  gsize height = limn_picture_get_height (self->picture), n = self->row_bytes;
  gsize rows = MIN (self->strip_rows, height - strip * self->strip_rows), size = rows * (n + 1);
  guint8 *filtered = g_try_malloc (size), *work = g_try_malloc (4 * n + 2 * self->pixel_bytes);

  if (filtered && work) {
    filter_strip (self, strip, work, filtered);
    self->adler[strip] = (guint32) adler32 (1, filtered, (uInt) size);
    if (!deflate_strip (self, strip, filtered, size))
      g_atomic_int_set (&self->failed, 1);
  } else {
    g_atomic_int_set (&self->failed, 1);
  }
  g_free (filtered);
  g_free (work);
}

/* The header and the check sum of the zlib stream; the strips between them stay where they are. */
static void
write_strips (Png *self, const Pixels *pixels)
{
  static const guint8 idat[] = "IDAT", iend[] = "IEND";
  static const guint8 head[2] = { 0x78, 0x5E }; /* deflate, 32 KiB window, made fast */
  gsize height = limn_picture_get_height (self->picture);
  guint32 adler = 1;
  guint8 sum[4];

  png_write_chunk (self->png, idat, head, 2);
  for (gsize i = 0; i < pixels->strips; i++) {
    gsize rows = MIN (pixels->strip_rows, height - i * pixels->strip_rows);

    png_write_chunk (self->png, idat, pixels->packed[i].data, pixels->packed[i].size);
    adler = (guint32) adler32_combine (adler, pixels->adler[i], (z_off_t) (rows * (pixels->row_bytes + 1)));
  }
  png_save_uint_32 (sum, adler);
  png_write_chunk (self->png, idat, sum, 4);
  png_write_chunk (self->png, iend, NULL, 0);
}

static gboolean
pack_pixels (Pixels *self)
{
  gsize height = limn_picture_get_height (self->picture);

  self->pixel_bytes = (gsize) ((self->gray ? 1 : 3) + (self->alpha ? 1 : 0)) * (gsize) limn_picture_get_depth (self->picture) / 8;
  self->row_bytes = limn_picture_get_width (self->picture) * self->pixel_bytes;
  self->strip_rows = MAX (1, STRIP / (self->row_bytes + 1));
  self->strips = (height + self->strip_rows - 1) / self->strip_rows;
  self->packed = g_new0 (LimnByteBuffer, self->strips);
  self->adler = g_new0 (guint32, self->strips);
  limn_parallel_for (self->strips, do_strip, self);
  return !self->failed;
}

static void
pixels_clear (Pixels *self)
{
  for (gsize i = 0; self->packed && i < self->strips; i++)
    limn_byte_buffer_clear (&self->packed[i]);
  g_free (self->packed);
  g_free (self->adler);
}

GBytes *
limn_png_encode (LimnPicture *picture, GBytes *exif, GError **error)
{
  LimnByteBuffer buffer = { 0 };
  Png self = { .picture = picture, .buffer = &buffer };
  Pixels pixels = { .picture = picture };

  limn_codec_channels (picture, &pixels.gray, &pixels.alpha);
  self.png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &self, on_error, on_warning);
  self.info = self.png ? png_create_info_struct (self.png) : NULL;
  if (!self.info || !pack_pixels (&pixels)) {
    buffer.failed = TRUE;
  } else if (setjmp (png_jmpbuf (self.png)) == 0) {
    write_header (&self, exif, pixels.gray, pixels.alpha);
    write_strips (&self, &pixels);
  }
  png_destroy_write_struct (&self.png, &self.info);
  pixels_clear (&pixels);
  if (self.error && !buffer.failed) {
    limn_byte_buffer_clear (&buffer);
    g_propagate_error (error, self.error);
    return NULL;
  }
  g_clear_error (&self.error);
  return limn_byte_buffer_finish (&buffer, error);
}
