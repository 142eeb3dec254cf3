/* What files say beside their pixels, and files that are nearly whole: kept, applied, opened or refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/picture/codecs/limn-iptc.h"
#include "app/picture/limn-orientation.h"
#include "app/picture/limn-picture-color.h"
#include "picture-test.h"

#include <zlib.h>

/* A copy of a file with other bytes put in at a place. */
static GBytes *
insert (GBytes *file, gsize at, const guint8 *bytes, gsize size)
{
  GByteArray *out = g_byte_array_new ();
  const guint8 *data = g_bytes_get_data (file, NULL);

  g_byte_array_append (out, data, (guint) at);
  g_byte_array_append (out, bytes, (guint) size);
  g_byte_array_append (out, data + at, (guint) (g_bytes_get_size (file) - at));
  return g_byte_array_free_to_bytes (out);
}

static GBytes *
cut (GBytes *file, gsize left)
{
  return g_bytes_new_from_bytes (file, 0, left);
}

/* A JPEG with a marker after its start. */
static GBytes *
with_marker (GBytes *jpeg, guint8 marker, const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  const guint8 head[4] = { 0xFF, marker, (guint8) ((size + 2) >> 8), (guint8) (size + 2) };

  g_byte_array_append (all, head, sizeof head);
  g_byte_array_append (all, data, (guint) size);
  return insert (jpeg, 2, all->data, all->len);
}

static void
put_32 (guint8 *to, guint32 value)
{
  for (int i = 0; i < 4; i++)
    to[i] = (guint8) (value >> (24 - 8 * i));
}

/* Orientation 6 in an entry that holds it twice, three times (elsewhere then) or says that it holds 255 is applied once and for all. */
static void
test_orientation_count (void)
{
  static const guint8 counts[] = { 1, 2, 3, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    const guint8 count = counts[i], last = count == 3 ? 26 : 6, first = count == 3 ? 0 : 6;
    const guint8 exif[] = { 'E', 'x', 'i', 'f', 0,     0, 'M',   'M', 0,    42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0,
                            3,   0,   0,   0,   count, 0, first, 0,   last, 0,  0, 0, 0, 0, 6, 0, 6,    0,    6 };
    g_autoptr (LimnPicture) picture = make_smooth (17, 13);
    g_autoptr (GBytes) plain = encode (picture, LIMN_FORMAT_JPEG, 95, FALSE), file = with_marker (plain, 0xE1, exif, sizeof exif);

    for (int saves = 0; saves < 3; saves++) {
      g_autoptr (LimnPicture) loaded = decode (file);

      g_assert_cmpuint (limn_picture_get_width (loaded), ==, 13);
      g_assert_cmpuint (limn_picture_get_height (loaded), ==, 17);
      g_assert_nonnull (limn_picture_get_exif (loaded));
      g_bytes_unref (file);
      file = encode (loaded, saves == 1 ? LIMN_FORMAT_PNG : LIMN_FORMAT_JPEG, 95, FALSE);
    }
  }
}

/* A caption, spread over two markers between a thumbnail and a path, is in each file that can hold it; the thumbnail is not. */
static void
test_iptc (void)
{
  static const guint8 head[] = "Photoshop 3.0";
  static const guint8 resources[] = { '8', 'B', 'I',  'M',  0x04, 0x0C, 0,   0,   0,    0,    0, 3, 'a',  'b',  'c',  0, '8', 'B',
                                      'I', 'M', 0x04, 0x04, 3,    'k',  'e', 'y', 0,    0,    0, 9, 0x1C, 0x02, 0x78, 0, 4,   'H',
                                      'a', 'u', 's',  0,    '8',  'B',  'I', 'M', 0x07, 0xD0, 0, 0, 0,    0,    0,    0 };
  g_autoptr (LimnPicture) picture = make_smooth (40, 30);
  g_autoptr (GBytes) plain = encode (picture, LIMN_FORMAT_JPEG, 90, FALSE);
  const gsize half = 34;
  guint8 marker[sizeof head + sizeof resources];

  memcpy (marker, head, sizeof head);
  memcpy (marker + sizeof head, resources + half, sizeof resources - half);
  g_autoptr (GBytes) second = with_marker (plain, 0xED, marker, sizeof head + sizeof resources - half);
  memcpy (marker + sizeof head, resources, half);
  g_autoptr (GBytes) file = with_marker (second, 0xED, marker, sizeof head + half);

  for (int saves = 0; saves < 4; saves++) {
    g_autoptr (LimnPicture) loaded = decode (file);
    const char *text = g_hash_table_lookup (limn_picture_get_texts (loaded), LIMN_TEXT_IPTC);
    g_autoptr (GBytes) iptc = text ? limn_iptc_to_photoshop (text) : NULL;

    g_assert_nonnull (iptc);
    g_assert_cmpmem (g_bytes_get_data (iptc, NULL), g_bytes_get_size (iptc), resources + 16, 24);
    g_bytes_unref (file);
    file = encode (loaded, saves % 2 ? LIMN_FORMAT_JPEG : LIMN_FORMAT_PNG, 90, FALSE);
  }
}

/* Resources that end early, and texts that are none, are ignored. */
static void
test_iptc_damaged (void)
{
  static const guint8 resource[] = { '8', 'B', 'I', 'M', 0x04, 0x04, 0, 0, 0, 0, 0, 4, 0x1C, 2, 0x78, 0 };
  static const char *const texts[] = {
    "", "iptc", "\niptc\n 4\n1c", "\niptc\n 2\n1c0g", "\niptc\n 99999999999999999999\n1c02", "\nexif\n 1\n1c"
  };

  for (gsize size = 0; size < sizeof resource; size++)
    g_assert_null (limn_iptc_from_photoshop (resource, size));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (limn_iptc_to_photoshop (texts[i]));
}

/* A PNG whose pixels are all there opens without IEND; one that lacks a byte of them, or of their check sum, doesn't. */
static void
test_png_without_end (void)
{
  g_autoptr (LimnPicture) picture = make_picture (61, 47, 8, FALSE, FALSE);
  g_autoptr (GBytes) whole = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);

  for (gsize missing = 1; missing <= 20; missing++) {
    g_autoptr (GBytes) file = cut (whole, g_bytes_get_size (whole) - missing);
    g_autoptr (GError) error = NULL;
    g_autoptr (LimnPicture) loaded = limn_picture_load_bytes (file, "cut.png", NULL, &error);

    if (missing > 12) {
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
      continue;
    }
    g_assert_no_error (error);
    assert_same_pixels (picture, loaded);
  }
}

/* A baseline JPEG without its end marker opens, as before. */
static void
test_jpeg_without_end (void)
{
  g_autoptr (LimnPicture) picture = make_smooth (61, 47);
  g_autoptr (GBytes) whole = encode (picture, LIMN_FORMAT_JPEG, 90, FALSE), file = cut (whole, g_bytes_get_size (whole) - 2);
  g_autoptr (LimnPicture) expected = decode (whole), loaded = decode (file);

  assert_same_pixels (expected, loaded);
}

/* An animated PNG is refused as an animated WebP is: saving would lose its frames. One of one frame is a picture. */
static void
test_animated_png (void)
{
  g_autoptr (LimnPicture) picture = make_picture (20, 10, 8, FALSE, FALSE);
  g_autoptr (GBytes) plain = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);

  for (guint32 frames = 1; frames <= 2; frames++) {
    guint8 chunk[20] = { 0, 0, 0, 8, 'a', 'c', 'T', 'L' };
    g_autoptr (GError) error = NULL;

    put_32 (chunk + 8, frames);
    put_32 (chunk + 16, (guint32) crc32 (0, chunk + 4, 12));
    g_autoptr (GBytes) file = insert (plain, 33, chunk, sizeof chunk); /* after IHDR */
    g_autoptr (LimnPicture) loaded = limn_picture_load_bytes (file, "frames.png", NULL, &error);

    if (frames == 1) {
      assert_same_pixels (picture, loaded);
    } else {
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, "animation"));
    }
  }
}

/* A fax has 204 x 98 pixels an inch: both are kept, and change places when the picture is turned. */
static void
test_resolution (void)
{
  static const LimnFormat formats[] = { LIMN_FORMAT_PNG, LIMN_FORMAT_JPEG };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (LimnPicture) picture = make_smooth (17, 13);
    g_autoptr (GBytes) file = NULL;
    g_autoptr (LimnPicture) loaded = NULL, turned = NULL;

    limn_picture_set_resolution (picture, (LimnResolution){ 204 / 0.0254, 98 / 0.0254 });
    file = encode (picture, formats[i], 90, FALSE);
    loaded = decode (file);
    g_assert_cmpfloat_with_epsilon (limn_picture_get_resolution (loaded).x, 204 / 0.0254, 1);
    g_assert_cmpfloat_with_epsilon (limn_picture_get_resolution (loaded).y, 98 / 0.0254, 1);
    turned = limn_picture_orient (loaded, 6, NULL);
    g_assert_cmpfloat_with_epsilon (limn_picture_get_resolution (turned).x, 98 / 0.0254, 1);
    g_assert_cmpfloat_with_epsilon (limn_picture_get_resolution (turned).y, 204 / 0.0254, 1);
  }
}

/* A chunk of a PNG: length, type, data, check sum. */
static GBytes *
with_chunk (GBytes *png, const char *type, GByteArray *data)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 number[4];

  put_32 (number, data->len);
  g_byte_array_append (all, number, 4);
  g_byte_array_append (all, (const guint8 *) type, 4);
  g_byte_array_append (all, data->data, data->len);
  put_32 (number, (guint32) crc32 (0, all->data + 4, all->len - 4));
  g_byte_array_append (all, number, 4);
  return insert (png, 33, all->data, all->len); /* after IHDR */
}

/* Texts of each kind, packed or not; what is malformed is left out and takes nothing else with it. */
static void
test_png_texts (void)
{
  static const struct {
    const char *type, *head; /* head: what comes before the text; "|" stands for 0, "1" for 1 */
    gboolean packed;
    const char *text, *read; /* read: NULL = nothing */
  } texts[] = {
    { "tEXt", "Title|", FALSE, "caf\xE9", "caf\u00e9" },
    { "tEXt", "Title", FALSE, "", NULL },
    { "tEXt", "|", FALSE, "x", NULL },
    { "zTXt", "Title||", TRUE, "packed", "packed" },
    { "zTXt", "Title|1", TRUE, "packed", NULL },
    { "zTXt", "Title||", FALSE, "not packed", NULL },
    { "iTXt", "Title|||de|Titel|", FALSE, "\u00fcnd", "\u00fcnd" },
    { "iTXt", "Title|1|de|Titel|", TRUE, "\u00fcnd", "\u00fcnd" },
    { "iTXt", "Title|||de", FALSE, "", NULL },
    { "iTXt", "Title|||||", FALSE, "", "" },
  };
  g_autoptr (LimnPicture) picture = make_smooth (9, 7);
  g_autoptr (GBytes) plain = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GByteArray) data = g_byte_array_new ();
    g_autoptr (GBytes) file = NULL;
    g_autoptr (LimnPicture) loaded = NULL;
    guint8 packed[100];
    uLongf size = sizeof packed;

    for (const char *c = texts[i].head; *c; c++)
      g_byte_array_append (data, (const guint8[]){ *c == '|' ? 0 : *c == '1' ? 1 : (guint8) *c }, 1);
    g_assert_cmpint (compress (packed, &size, (const guint8 *) texts[i].text, strlen (texts[i].text)), ==, Z_OK);
    g_byte_array_append (data, texts[i].packed ? packed : (const guint8 *) texts[i].text,
                         texts[i].packed ? (guint) size : (guint) strlen (texts[i].text));
    file = with_chunk (plain, texts[i].type, data);
    loaded = limn_picture_load_bytes (file, "texts.png", NULL, NULL);
    g_assert_nonnull (loaded);
    g_test_message ("%s %s", texts[i].type, texts[i].head);
    g_assert_cmpstr (g_hash_table_lookup (limn_picture_get_texts (loaded), "Title"), ==, texts[i].read);
  }
}

/* -- Colour spaces by numbers -- */

/* A PNG with a cICP chunk before its pixels. */
static GBytes *
with_cicp (GBytes *png, const guint8 cicp[4])
{
  guint8 chunk[16] = { 0, 0, 0, 4, 'c', 'I', 'C', 'P' };

  memcpy (chunk + 8, cicp, 4);
  put_32 (chunk + 12, (guint32) crc32 (0, chunk + 4, 8));
  return insert (png, 8 + 25, chunk, sizeof chunk);
}

/* Known ones become profiles, so that every program sees the same; those of HDR are written back as they were. */
static void
test_cicp (void)
{
  static const guint8 p3[4] = { 12, 13, 0, 1 }, srgb[4] = { 1, 13, 0, 1 }, pq[4] = { 9, 16, 0, 1 };
  g_autoptr (LimnPicture) picture = make_smooth (17, 13);
  g_autoptr (GBytes) plain = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);
  const guint8 *files[] = { p3, srgb, pq };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GBytes) file = with_cicp (plain, files[i]);
    g_autoptr (LimnPicture) read = limn_picture_load_bytes (file, "cicp.png", NULL, NULL);
    g_assert_nonnull (read);
    g_autoptr (GBytes) saved = encode (read, LIMN_FORMAT_PNG, 0, FALSE);
    const guint8 *at = memmem (g_bytes_get_data (saved, NULL), g_bytes_get_size (saved), "cICP", 4);

    g_assert_true ((limn_picture_get_profile (read) != NULL) == (files[i] == p3));
    g_assert_true ((at != NULL) == (files[i] == pq));
    if (at)
      g_assert_cmpmem (at + 4, 4, pq, 4);
    g_assert_cmpmem (limn_picture_get_data (read), 17 * 13 * 4, limn_picture_get_data (picture), 17 * 13 * 4);
    if (files[i] == p3) { /* pure red is more than sRGB has: what is as saturated in sRGB is less so there */
      g_autoptr (LimnPicture) red = limn_picture_new (1, 1, 8, NULL);
      memcpy (limn_picture_get_data (red), (const guint8[]){ 255, 0, 0, 255 }, 4);
      g_autoptr (LimnPicture) inside = limn_picture_convert (red, read, NULL, NULL);
      const guint8 *rgb = limn_picture_get_data (inside);
      g_assert_true (ABS (rgb[0] - 234) <= 1 && ABS (rgb[1] - 51) <= 1 && ABS (rgb[2] - 35) <= 1);
    }
  }
}

/* -- XMP -- */

/* What of an XMP comes through a file. Free with g_free. */
static char *
xmp_of (const char *xmp)
{
  g_autoptr (LimnPicture) picture = make_smooth (17, 13);
  g_autoptr (GBytes) plain = encode (picture, LIMN_FORMAT_JPEG, 95, FALSE);
  g_autofree char *marker = g_strconcat ("http://ns.adobe.com/xap/1.0/", "_", xmp, NULL);
  const gsize size = strlen (marker);

  marker[strlen ("http://ns.adobe.com/xap/1.0/")] = 0;
  g_autoptr (GBytes) file = with_marker (plain, 0xE1, (const guint8 *) marker, size);
  g_autoptr (LimnPicture) read = limn_picture_load_bytes (file, "xmp.jpg", NULL, NULL);
  g_assert_nonnull (read);
  return g_strdup (g_hash_table_lookup (limn_picture_get_texts (read), "XML:com.adobe.xmp"));
}

#define XMP_BEGIN                                                                                     \
  "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF " \
  "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
#define XMP_END "</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"

/* What tells of a gain map, a video or a thumbnail is left out, and nothing else. */
static void
test_xmp_of_what_is_gone (void)
{
  const char *plain = XMP_BEGIN "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"5\"/>" XMP_END;
  g_autofree char *kept = xmp_of (plain);
  g_autofree char *gain = xmp_of (
    XMP_BEGIN "xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
              "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" hdrgm:Version=\"1.0\" xmp:Label=\"R &amp; B\" tiff:Orientation=\"6\">"
              "<xmp:Rating>5</xmp:Rating></rdf:Description>" XMP_END);
  g_autofree char *motion = xmp_of (
    XMP_BEGIN "xmlns:C=\"http://ns.google.com/photos/1.0/camera/\" xmlns:K=\"http://ns.google.com/photos/1.0/container/\" "
              "xmlns:I=\"http://ns.google.com/photos/1.0/container/item/\" C:MotionPhoto=\"1\"><K:Directory><rdf:Seq><rdf:li>"
              "<K:Item I:Semantic=\"MotionPhoto\"/></rdf:li></rdf:Seq></K:Directory><rdf:value>5</rdf:value></rdf:Description>" XMP_END);
  g_autofree char *small = xmp_of (
    XMP_BEGIN
    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:xmpGImg=\"http://ns.adobe.com/xap/1.0/g/img/\" xmp:Rating=\"5\">"
    "<xmp:Thumbnails><rdf:Alt><rdf:li><xmpGImg:image>AAAA</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails></rdf:Description>" XMP_END);
  g_autofree char *broken = xmp_of ("<x xmlns:h=\"http://ns.adobe.com/hdr-gain-map/1.0/\" h:Version=\"1\"");

  g_assert_cmpstr (kept, ==, plain);
  g_assert_true (strstr (gain, "<xmp:Rating>5</xmp:Rating>") && strstr (gain, "xmp:Label=\"R &amp; B\""));
  g_assert_true (strstr (gain, "tiff:Orientation=\"1\"") && strstr (gain, "<?xpacket end='w'?>"));
  g_assert_null (strstr (gain, "hdr"));
  g_assert_true (strstr (motion, "<rdf:value>5</rdf:value>") && !strstr (motion, "Motion") && !strstr (motion, "google"));
  g_assert_true (strstr (small, "xmp:Rating=\"5\"") && !strstr (small, "AAAA"));
  g_assert_null (broken);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-metadata/orientation-count", test_orientation_count);
  g_test_add_func ("/picture-metadata/iptc", test_iptc);
  g_test_add_func ("/picture-metadata/iptc-damaged", test_iptc_damaged);
  g_test_add_func ("/picture-metadata/png-without-end", test_png_without_end);
  g_test_add_func ("/picture-metadata/jpeg-without-end", test_jpeg_without_end);
  g_test_add_func ("/picture-metadata/animated-png", test_animated_png);
  g_test_add_func ("/picture-metadata/resolution", test_resolution);
  g_test_add_func ("/picture-metadata/png-texts", test_png_texts);
  g_test_add_func ("/picture-metadata/cicp", test_cicp);
  g_test_add_func ("/picture-metadata/xmp-of-what-is-gone", test_xmp_of_what_is_gone);
  return g_test_run ();
}
