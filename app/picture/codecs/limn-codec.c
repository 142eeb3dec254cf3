/* What the picture codecs share: rows to write, which channels a file needs, and XMP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include <string.h>

#ifdef LIMN_HAVE_HEIF
#  include <libheif/heif.h>
#endif

void
limn_codec_prepare (void)
{
#ifdef LIMN_HAVE_HEIF
  heif_init (NULL); /* its codecs may be plugins */
#endif
}

void
limn_codec_row_8 (LimnPicture *picture, gsize y, guint8 *out)
{
  gsize width = limn_picture_get_width (picture);
  const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
  const guint16 *wide = (const guint16 *) (gconstpointer) row;

  if (limn_picture_get_depth (picture) == 8) {
    memcpy (out, row, width * 4);
    return;
  }
  for (gsize i = 0; i < width * 4; i++)
    out[i] = (guint8) ((wide[i] * 255u + 32767u) / 65535u);
}

void
limn_codec_channels (LimnPicture *picture, gboolean *gray, gboolean *alpha)
{
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  gboolean has_profile = limn_picture_get_profile (picture) != NULL;

  *gray = limn_picture_get_source (picture)->gray && has_profile == (limn_picture_get_gray_profile (picture) != NULL);
  *alpha = limn_picture_get_has_alpha (picture);
  for (gsize y = 0; y < height && (*gray || !*alpha); y++) {
    const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    const guint16 *wide = (const guint16 *) (gconstpointer) row;
    guint differ = 0, opaque;

    if (limn_picture_get_depth (picture) == 8) {
      opaque = 0xFF;
      for (gsize x = 0; x < width; x++, row += 4) {
        differ |= (guint) (row[0] ^ row[1]) | (guint) (row[1] ^ row[2]);
        opaque &= row[3];
      }
      *alpha = *alpha || opaque != 0xFF;
    } else {
      opaque = 0xFFFF;
      for (gsize x = 0; x < width; x++, wide += 4) {
        differ |= (guint) (wide[0] ^ wide[1]) | (guint) (wide[1] ^ wide[2]);
        opaque &= wide[3];
      }
      *alpha = *alpha || opaque != 0xFFFF;
    }
    *gray = *gray && differ == 0;
  }
}

char *
limn_codec_from_latin (const guint8 *text, gsize size)
{
  GString *out = g_string_sized_new (size);

  for (gsize i = 0; i < size && text[i] != 0; i++)
    g_string_append_unichar (out, text[i]);
  return g_string_free (out, FALSE);
}

void
limn_codec_set_loss (LimnPicture *picture, gsize rows, gboolean coarse)
{
  const gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  const gsize stride = limn_picture_get_stride (picture);

  if (rows < height) {
    memset (limn_picture_get_data (picture) + rows * stride, 0, (height - rows) * stride);
    *limn_picture_get_loss (picture) = (LimnPictureLoss){ 0, rows, width, height - rows, FALSE };
  }
  limn_picture_get_loss (picture)->coarse = coarse;
}

/* -- XMP (Adobe's "XMP Specification, Part 1"; ISO 16684-1) as an edited picture carries it on: upright, and without what isn't in the
 * file any more: a gain map, a motion photo's video, depth, sound, and small views of what the picture was. -- */

/* Namespaces of properties that describe other parts of the file, which a saved picture hasn't: "Ultra HDR Image Format" and "Motion Photo
 * Format" (developer.android.com), Adobe's gain maps, Apple's, "Dynamic Depth". */
static const char *const gone[] = {
  "http://ns.adobe.com/hdr-gain-map/1.0/",     "http://ns.apple.com/HDRGainMap/1.0/",    "http://ns.google.com/photos/1.0/container/",
  "http://ns.google.com/photos/1.0/camera/",   "http://ns.google.com/photos/1.0/image/", "http://ns.google.com/photos/1.0/audio/",
  "http://ns.google.com/photos/1.0/depthmap/", "http://ns.google.com/photos/dd/1.0/",
};

/* Sets the value of an attribute or element `tiff:Orientation` to 1. */
static void
make_upright (char *text)
{
  static const char *const ahead[] = { "tiff:Orientation=\"", "tiff:Orientation='", "<tiff:Orientation>" };

  for (guint i = 0; i < G_N_ELEMENTS (ahead); i++) {
    char *at = text;

    while ((at = strstr (at, ahead[i])) != NULL) {
      at += strlen (ahead[i]);
      if (*at >= '1' && *at <= '8')
        *at = '1';
    }
  }
}

/* -- Leaving properties out -- */

typedef struct {
  GString *out;
  GHashTable *prefixes; /* of the namespaces that are gone */
  guint skipped;        /* depth in an element that is left out, 0 = none */
} Filter;

/* Notes the prefixes that an element declares for what is gone. */
static void
note_prefixes (Filter *self, const char **names, const char **values)
{
  for (; *names; names++, values++)
    for (guint i = 0; g_str_has_prefix (*names, "xmlns:") && i < G_N_ELEMENTS (gone); i++)
      if (g_str_has_prefix (*values, gone[i]))
        g_hash_table_add (self->prefixes, g_strdup (*names + strlen ("xmlns:")));
}

static gboolean
is_gone (Filter *self, const char *name)
{
  const char *colon = strchr (name, ':');
  g_autofree char *prefix = colon ? g_strndup (name, (gsize) (colon - name)) : NULL;

  return prefix && (g_hash_table_contains (self->prefixes, prefix) || g_str_equal (name, "xmp:Thumbnails"));
}

static gboolean
is_left_out (Filter *self, const char *name)
{
  return is_gone (self, g_str_has_prefix (name, "xmlns:") ? name + strlen ("xmlns:") : name) ||
         (g_str_has_prefix (name, "xmlns:") && g_hash_table_contains (self->prefixes, name + strlen ("xmlns:")));
}

static void
start_element (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer user, GError **error)
{
  Filter *self = user;

  note_prefixes (self, names, values);
  if (self->skipped > 0 || is_gone (self, element)) {
    self->skipped++;
    return;
  }
  g_string_append_printf (self->out, "<%s", element);
  for (; *names; names++, values++)
    if (!is_left_out (self, *names)) {
      g_autofree char *value = g_markup_escape_text (*values, -1);
      g_string_append_printf (self->out, " %s=\"%s\"", *names, value);
    }
  g_string_append_c (self->out, '>');
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer user, GError **error)
{
  Filter *self = user;

  if (self->skipped > 0)
    self->skipped--;
  else
    g_string_append_printf (self->out, "</%s>", element);
}

static void
take_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user, GError **error)
{
  Filter *self = user;
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  if (self->skipped == 0)
    g_string_append (self->out, escaped);
}

/* Instructions, as that with which a packet begins, and comments. */
static void
pass_through (GMarkupParseContext *context, const char *text, gsize length, gpointer user, GError **error)
{
  Filter *self = user;

  if (self->skipped == 0)
    g_string_append_len (self->out, text, (gssize) length);
}

/* The text without what is gone; NULL when it can't be read. */
static char *
without_gone (const char *text)
{
  static const GMarkupParser functions = { start_element, end_element, take_text, pass_through, NULL };
  Filter self = { .out = g_string_new (NULL), .prefixes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  GMarkupParseContext *context = g_markup_parse_context_new (&functions, 0, &self, NULL);
  const gboolean read = g_markup_parse_context_parse (context, text, -1, NULL) && g_markup_parse_context_end_parse (context, NULL);

  g_markup_parse_context_free (context);
  g_hash_table_unref (self.prefixes);
  return g_string_free (self.out, !read);
}

static gboolean
claims_gone (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    if (strstr (text, gone[i]))
      return TRUE;
  return strstr (text, "xmp:Thumbnails") || strstr (text, "xmpGImg:image");
}

void
limn_codec_take_xmp (LimnPicture *picture, const char *data, gsize size)
{
  g_autofree char *text = g_strndup (data, size);

  if (text[0] == 0 || !g_utf8_validate (text, -1, NULL))
    return;
  if (claims_gone (text)) {
    g_autofree char *all = g_steal_pointer (&text);
    text = without_gone (all);
    if (!text || claims_gone (text))
      return;
  }
  make_upright (text);
  g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (LIMN_TEXT_XMP), g_steal_pointer (&text));
}

void
limn_codec_unmultiply (LimnPicture *picture)
{
  const gsize n = limn_picture_get_width (picture) * limn_picture_get_height (picture);
  guint8 *data = limn_picture_get_data (picture);
  guint16 *wide = (guint16 *) (gpointer) data;

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      if (limn_picture_get_depth (picture) == 8 && data[4 * i + 3] > 0)
        data[4 * i + c] = (guint8) MIN ((data[4 * i + c] * 255u + data[4 * i + 3] / 2) / data[4 * i + 3], 255);
      else if (limn_picture_get_depth (picture) == 16 && wide[4 * i + 3] > 0)
        wide[4 * i + c] = (guint16) MIN (((guint64) wide[4 * i + c] * 65535 + wide[4 * i + 3] / 2) / wide[4 * i + 3], 65535);
}
