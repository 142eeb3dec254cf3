/* Reading PNG files (libpng).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"
#include "app/picture/limn-picture-color.h"
#include "limn-exif.h"
#include "limn-png-text.h"

#include <glib/gi18n.h>
#include <png.h>
#include <string.h>

/* One chunk (a profile, a text) may unpack to this much. */
#define MAX_CHUNK (32 * 1024 * 1024)
/* Deflate packs at most 1032 to 1 (a match of 258 bytes takes two bits). */
#define MAX_DEFLATE 1032
/* Compressed bytes that are asked for at a time: a file that ends early loses fewer than that. */
#define READ_SIZE 256

typedef struct {
  png_structp png;
  png_infop info;
  const char *name;
  GCancellable *cancellable;
  GError *error;
  const guint8 *data;
  gsize size, at;
  LimnPicture *picture;
  GHashTable *texts; /* keyword -> UTF-8 */
  gsize text_left;   /* bytes that texts may still take */
  guint8 cicp[4];    /* 0, 0, 0, 0 = none: the first is never 0 */
  int orientation;
  int passes;   /* over the rows: 7 where they are interlaced, else 1 */
  int pass;     /* the present one */
  gsize rows;   /* read in it */
  gboolean cut; /* the file ended early */
} Png;

/* Runs on libpng's side of a longjmp: nothing of ours may need cleaning between here and the setjmp. */
static void
on_error (png_structp png, png_const_charp message)
{
  Png *self = png_get_error_ptr (png);

  if (!self->error) {
    if (strstr (message, "emory"))
      g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("There is not enough memory for %s."), self->name);
    else
      g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged and can't be opened (PNG: %s)."), self->name,
                   message);
  }
  longjmp (*png_set_longjmp_fn (png, longjmp, sizeof (jmp_buf)), 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

static void
read_bytes (png_structp png, png_bytep out, size_t size)
{
  Png *self = png_get_io_ptr (png);

  if (size > self->size - self->at) {
    self->cut = TRUE;
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s is cut short: the file ends before the picture does. Get the file again from its source."), self->name);
    png_error (png, "end of file");
  }
  memcpy (out, self->data + self->at, size);
  self->at += size;
}

/* libpng unpacks texts without an end to their number, so they are read here; of cICP its older versions know nothing. */
static int
on_chunk (png_structp png, png_unknown_chunkp chunk)
{
  Png *self = png_get_user_chunk_ptr (png);
  char *key, *text;

  if (memcmp (chunk->name, "cICP", 4) == 0 && chunk->size == sizeof self->cicp) {
    memcpy (self->cicp, chunk->data, sizeof self->cicp);
    return 1;
  }
  switch (limn_png_text_read (chunk->name, chunk->data, chunk->size, &self->text_left, &key, &text)) {
  case LIMN_PNG_TEXT_DONE: g_hash_table_insert (self->texts, key, text); break;
  case LIMN_PNG_TEXT_NONE: break;
  case LIMN_PNG_TEXT_TOO_LARGE:
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s holds more texts than the limit of %d MB."), self->name,
                 LIMN_METADATA_BYTES >> 20);
    return -1;
  }
  return 1;
}

static void
take_texts (Png *self)
{
  GHashTableIter iter;
  gpointer key, text;

  g_hash_table_iter_init (&iter, self->texts);
  while (g_hash_table_iter_next (&iter, &key, &text))
    if (g_str_equal (key, LIMN_TEXT_XMP))
      limn_codec_take_xmp (self->picture, text, strlen (text));
    else
      g_hash_table_insert (limn_picture_get_texts (self->picture), g_strdup (key), g_strdup (text));
}

/* The colour space, by the first of what says it (PNG, third edition, 4.3). */
static void
take_color (Png *self)
{
  png_charp name;
  png_bytep data;
  png_uint_32 size;
  int compression, intent;
  double gamma, xy[8];

  if (self->cicp[0] != 0) {
    if (limn_picture_apply_cicp (self->picture, self->cicp))
      return;
    limn_picture_get_source (self->picture)->cicp = (guint32) self->cicp[0] << 24 | (guint32) self->cicp[1] << 16 |
                                                    (guint32) self->cicp[2] << 8 | self->cicp[3];
  }
  if (png_get_iCCP (self->png, self->info, &name, &compression, &data, &size)) {
    g_autoptr (GBytes) profile = g_bytes_new (data, size);

    limn_picture_apply_profile (self->picture, profile);
  } else if (!png_get_sRGB (self->png, self->info, &intent) && png_get_gAMA (self->png, self->info, &gamma)) {
    gboolean colours = png_get_cHRM (self->png, self->info, &xy[0], &xy[1], &xy[2], &xy[3], &xy[4], &xy[5], &xy[6], &xy[7]) != 0;

    limn_picture_apply_gamma (self->picture, gamma, colours ? xy : NULL);
  }
}

/* Colour space, EXIF, resolution, texts: of self->picture, from everything that was read. */
static void
take_metadata (Png *self)
{
  png_bytep data;
  png_uint_32 size, x, y;
  int unit;

  take_color (self);
  if (png_get_eXIf_1 (self->png, self->info, &size, &data)) {
    g_autoptr (GBytes) exif = limn_exif_sanitise (data, size, &self->orientation);

    limn_picture_set_exif (self->picture, exif);
  }
  if (png_get_pHYs (self->png, self->info, &x, &y, &unit) && unit == PNG_RESOLUTION_METER)
    limn_picture_set_resolution (self->picture, (LimnResolution){ x, y });
  take_texts (self);
}

/* Calls for each chunk of the file that has a header (PNG 5.3), until func returns FALSE. left: bytes of the file from its data on. */
static void
foreach_chunk (const Png *self, gboolean (*func) (const guint8 *type, const guint8 *data, gsize size, gsize left, gpointer user),
               gpointer user)
{
  for (gsize at = 8; at + 8 <= self->size;) {
    const guint8 *chunk = self->data + at;
    gsize size = png_get_uint_32 (chunk), left = self->size - at - 8;

    if (!func (chunk + 4, chunk + 8, size, left, user) || size + 4 > left)
      return;
    at += 12 + size;
  }
}

/* acTL (APNG 1.0) comes before the pixels and begins with the number of frames. */
static gboolean
find_frames (const guint8 *type, const guint8 *data, gsize size, gsize left, gpointer frames)
{
  if (memcmp (type, "acTL", 4) == 0 && size >= 4 && left >= 4)
    *(guint32 *) frames = png_get_uint_32 (data);
  return memcmp (type, "IDAT", 4) != 0;
}

/* Whether every IDAT chunk is whole, with its check sum. */
static gboolean
check_whole (const guint8 *type, const guint8 *data, gsize size, gsize left, gpointer whole)
{
  if (memcmp (type, "IDAT", 4) == 0)
    *(gboolean *) whole = size + 4 <= left;
  return TRUE;
}

/* A file that ends after its pixels, without IEND or some text, has lost nothing that is seen. */
static gboolean
has_all_pixels (const Png *self)
{
  gboolean whole = FALSE;

  if (self->pass == self->passes && self->cut)
    foreach_chunk (self, check_whole, &whole);
  return whole;
}

/* Of a file that isn't whole: what was read of its pixels, in place of the error. */
static gboolean
take_part (Png *self)
{
  const gsize height = self->picture ? limn_picture_get_height (self->picture) : 0, rows = self->pass > 0 ? height : self->rows;

  if (rows == 0 || !g_error_matches (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT))
    return FALSE;
  g_clear_error (&self->error);
  limn_codec_set_loss (self->picture, rows, self->passes > 1 && self->pass < self->passes);
  return TRUE;
}

static void
refuse_animation (Png *self)
{
  guint32 frames = 0;

  foreach_chunk (self, find_frames, &frames);
  if (frames < 2)
    return;
  g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is an animation. Save the picture that you want as PNG first."),
               self->name);
  png_error (self->png, "animation");
}

/* The next one of the present pass. The pixels of an interlaced picture's early passes stand for those around them, too. */
static void
read_row (Png *self)
{
  guint8 *row = limn_picture_get_data (self->picture) + self->rows * limn_picture_get_stride (self->picture);

  if (self->passes > 1)
    png_read_row (self->png, NULL, row);
  else
    png_read_row (self->png, row, NULL);
}

/* From the header to the last row; longjmps on an error, self->error set. */
static void
read_pixels (Png *self)
{
  png_uint_32 width, height;
  int bits, type, interlace, depth;
  gboolean alpha;

  png_set_user_limits (self->png, LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE);
  png_set_chunk_malloc_max (self->png, MAX_CHUNK);
  png_set_keep_unknown_chunks (self->png, PNG_HANDLE_CHUNK_ALWAYS, (png_const_bytep) "tEXt\0zTXt\0iTXt\0cICP", 4);
  png_set_read_user_chunk_fn (self->png, self, on_chunk);
  png_set_compression_buffer_size (self->png, READ_SIZE);
  png_set_read_fn (self->png, self, read_bytes);
  /* Checks the size before libpng does, for an error that people understand. */
  if (self->size >= 24 && memcmp (self->data + 12, "IHDR", 4) == 0 &&
      !limn_picture_check_size (self->name, png_get_uint_32 (self->data + 16), png_get_uint_32 (self->data + 20), &self->error))
    png_error (self->png, "size");
  refuse_animation (self);
  png_read_info (self->png, self->info);
  png_get_IHDR (self->png, self->info, &width, &height, &bits, &type, &interlace, NULL, NULL);
  if ((self->size - self->at) < png_get_rowbytes (self->png, self->info) * height / MAX_DEFLATE) {
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s is cut short: %u x %u pixels can't be in a file of its size. Get the file again from its source."), self->name,
                 width, height);
    png_error (self->png, "end of file");
  }
  depth = bits == 16 ? 16 : 8;
  if (!limn_budget_check (self->name, self->size, (guint64) width * height * 4 * (guint64) depth / 8, &self->error))
    png_error (self->png, "memory");
  alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid (self->png, self->info, PNG_INFO_tRNS) != 0;
  png_set_expand (self->png);
  if (!(type & PNG_COLOR_MASK_COLOR))
    png_set_gray_to_rgb (self->png);
  if (!alpha)
    png_set_add_alpha (self->png, 0xFFFF, PNG_FILLER_AFTER);
  if (depth == 16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (self->png);
  self->passes = png_set_interlace_handling (self->png);
  png_read_update_info (self->png, self->info);
  self->picture = limn_picture_new (width, height, depth, &self->error);
  if (!self->picture || png_get_rowbytes (self->png, self->info) != limn_picture_get_stride (self->picture))
    png_error (self->png, "layout of the rows");
  limn_picture_get_source (self->picture)->gray = !(type & PNG_COLOR_MASK_COLOR);
  limn_picture_set_has_alpha (self->picture, alpha);
  for (; self->pass < self->passes; self->pass++)
    for (self->rows = 0; self->rows < height; self->rows++) {
      if (self->rows % 64 == 0 && limn_set_error_if_cancelled (self->cancellable, &self->error))
        png_error (self->png, "cancelled");
      read_row (self);
    }
}

gboolean
limn_png_peek (const guint8 *file, gsize size, LimnPngHead *head)
{
  static const guint8 magic[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
  guint64 pixels;

  if (size < LIMN_PNG_HEAD || memcmp (file, magic, sizeof magic - 1) != 0)
    return FALSE;
  *head = (LimnPngHead){ .width = png_get_uint_32 (file + 16), .height = png_get_uint_32 (file + 20) };
  pixels = head->width * head->height;
  head->bytes = pixels * (file[24] == 16 ? 8 : 4);
  head->most_bytes = head->bytes + head->bytes / 100 + 8 * head->height + 2 * LIMN_METADATA_BYTES; /* nothing is packed, at worst */
  return TRUE;
}

LimnPicture *
limn_png_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error)
{
  Png self = { .name = name, .cancellable = cancellable, .orientation = 1 };

  self.data = g_bytes_get_data (bytes, &self.size);
  self.texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.text_left = LIMN_METADATA_BYTES;
  self.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &self, on_error, on_warning);
  self.info = self.png ? png_create_info_struct (self.png) : NULL;
  if (!self.info)
    g_set_error (&self.error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("There is not enough memory for %s."), name);
  else if (setjmp (png_jmpbuf (self.png)) == 0) {
    read_pixels (&self);
    png_read_end (self.png, self.info);
  }
  if (has_all_pixels (&self))
    g_clear_error (&self.error);
  if ((!self.error || (partial && take_part (&self))) && setjmp (png_jmpbuf (self.png)) == 0)
    take_metadata (&self);
  png_destroy_read_struct (&self.png, &self.info, NULL);
  g_hash_table_unref (self.texts);
  *orientation = self.orientation;
  if (self.error) {
    g_clear_object (&self.picture);
    g_propagate_error (error, self.error);
  }
  return self.picture;
}
