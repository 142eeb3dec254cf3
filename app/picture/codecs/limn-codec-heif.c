/* HEIC and AVIF files (libheif): read with 8 or more bits, turned as the file says; AVIF written. Of several pictures the main one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"
#include "app/base/limn-byte-buffer.h"
#include "app/picture/limn-picture-color.h"
#include "limn-exif.h"

#include <glib/gi18n.h>
#include <string.h>

#include <libheif/heif.h>

enum { EXIF_OFFSET = 4 }; /* bytes before the TIFF structure that say where it begins */

static void
set_problem (const struct heif_error *problem, const char *name, GError **error)
{
  if (problem->code == heif_error_Memory_allocation_error)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("There is not enough memory for %s."), name);
  else
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged and can't be opened."), name);
}

/* -- Reading -- */

/* A block of metadata of a type, and content type where that isn't NULL; or NULL. */
static GBytes *
read_block (const struct heif_image_handle *handle, const char *type, const char *content)
{
  heif_item_id ids[16];
  const int n = heif_image_handle_get_list_of_metadata_block_IDs (handle, type, ids, G_N_ELEMENTS (ids));

  for (int i = 0; i < n; i++) {
    const gsize size = heif_image_handle_get_metadata_size (handle, ids[i]);
    g_autofree guint8 *data = size > 0 && size <= LIMN_METADATA_BYTES ? g_try_malloc (size) : NULL;

    if (content && g_strcmp0 (heif_image_handle_get_metadata_content_type (handle, ids[i]), content) != 0)
      continue;
    if (data && heif_image_handle_get_metadata (handle, ids[i], data).code == heif_error_Ok)
      return g_bytes_new_take (g_steal_pointer (&data), size);
  }
  return NULL;
}

static void
take_metadata (const struct heif_image_handle *handle, LimnPicture *picture)
{
  const gsize size = heif_image_handle_get_raw_color_profile_size (handle);
  g_autofree guint8 *profile = size > 0 && size <= LIMN_METADATA_BYTES ? g_try_malloc (size) : NULL;
  g_autoptr (GBytes) exif = read_block (handle, "Exif", NULL), xmp = read_block (handle, "mime", "application/rdf+xml");
  gsize n;

  if (profile && heif_image_handle_get_raw_color_profile (handle, profile).code == heif_error_Ok) {
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&profile), size);
    limn_picture_apply_profile (picture, bytes);
  }
  if (exif) {
    const guint8 *data = g_bytes_get_data (exif, &n);
    const guint64 at = n > EXIF_OFFSET
                         ? EXIF_OFFSET + ((guint64) data[0] << 24 | (guint64) data[1] << 16 | (guint64) data[2] << 8 | data[3])
                         : n;
    int turned; /* the file's own turn holds, and is done already */
    g_autoptr (GBytes) upright = at < n ? limn_exif_sanitise (data + at, n - (gsize) at, &turned) : NULL;

    limn_picture_set_exif (picture, upright);
  }
  if (xmp) {
    const char *text = g_bytes_get_data (xmp, &n);
    limn_codec_take_xmp (picture, text, n);
  }
}

/* Rows of the decoded image: 8 bits, or as many as bits in 16, from the lowest. */
static void
take_rows (const struct heif_image *image, int bits, LimnPicture *picture)
{
  int stride;
  const guint8 *plane = heif_image_get_plane_readonly (image, heif_channel_interleaved, &stride);
  const gsize values = 4 * limn_picture_get_width (picture);
  const guint most = (1u << bits) - 1;

  for (gsize y = 0; y < limn_picture_get_height (picture); y++) {
    const guint8 *in = plane + y * (gsize) stride;
    guint8 *out = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

    if (bits == 8) {
      memcpy (out, in, values);
      continue;
    }
    for (gsize i = 0; i < values; i++) {
      const guint value = MIN ((guint) in[2 * i] | (guint) in[2 * i + 1] << 8, most);
      ((guint16 *) (gpointer) out)[i] = (guint16) ((value * 65535u + most / 2) / most);
    }
  }
}

static LimnPicture *
decode_handle (const struct heif_image_handle *handle, gsize file_size, const char *name, GCancellable *cancellable, GError **error)
{
  const int width = heif_image_handle_get_width (handle), height = heif_image_handle_get_height (handle);
  const int bits = MAX (heif_image_handle_get_luma_bits_per_pixel (handle), 8);
  g_autoptr (LimnPicture) picture = NULL;
  struct heif_image *image = NULL;
  struct heif_error problem;

  if (!limn_picture_check_size (name, (guint64) MAX (width, 0), (guint64) MAX (height, 0), error) ||
      !limn_budget_check (name, file_size, (guint64) width * (guint64) height * (bits > 8 ? 24 : 12),
                          error) || /* and the decoder's planes */
      limn_set_error_if_cancelled (cancellable, error))
    return NULL;
  problem = heif_decode_image (handle, &image, heif_colorspace_RGB,
                               bits > 8 ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RGBA, NULL);
  if (problem.code != heif_error_Ok) {
    set_problem (&problem, name, error);
    return NULL;
  }
  if (heif_image_get_width (image, heif_channel_interleaved) == width && heif_image_get_height (image, heif_channel_interleaved) == height)
    picture = limn_picture_new ((gsize) width, (gsize) height, bits > 8 ? 16 : 8, error);
  else
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged and can't be opened."), name);
  if (picture) {
    take_rows (image, bits > 8 ? heif_image_get_bits_per_pixel_range (image, heif_channel_interleaved) : 8, picture);
    if (heif_image_handle_is_premultiplied_alpha (handle))
      limn_codec_unmultiply (picture);
  }
  heif_image_release (image);
  return g_steal_pointer (&picture);
}

LimnPicture *
limn_heif_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error)
{
  struct heif_context *context = heif_context_alloc ();
  struct heif_image_handle *handle = NULL;
  LimnPicture *picture = NULL;
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  struct heif_error problem;

  (void) partial; /* such a file is cut into pieces, none of which stands for the rest */
  *orientation = 1;
  heif_context_set_max_decoding_threads (context, 0); /* in this one */
  problem = heif_context_read_from_memory_without_copy (context, data, size, NULL);
  if (problem.code == heif_error_Ok)
    problem = heif_context_get_primary_image_handle (context, &handle);
  if (problem.code == heif_error_Ok)
    picture = decode_handle (handle, size, name, cancellable, error);
  else
    set_problem (&problem, name, error);
  if (picture) {
    limn_picture_set_has_alpha (picture, heif_image_handle_has_alpha_channel (handle));
    limn_picture_get_source (picture)->pages = heif_context_get_number_of_top_level_images (context);
    take_metadata (handle, picture);
  }
  if (handle)
    heif_image_handle_release (handle);
  heif_context_free (context);
  return picture;
}

/* -- Writing -- */

enum { DEEP_BITS = 12 }; /* the most that AVIF has */

static struct heif_error
write_bytes (struct heif_context *context, const void *data, size_t size, void *user)
{
  (void) context;
  limn_byte_buffer_append (user, data, size);
  return (struct heif_error){ heif_error_Ok, heif_suberror_Unspecified, "" };
}

static struct heif_image *
make_image (LimnPicture *picture, gboolean alpha)
{
  const int width = (int) limn_picture_get_width (picture), height = (int) limn_picture_get_height (picture);
  const gboolean deep = limn_picture_get_depth (picture) == 16;
  const gsize channels = alpha ? 4 : 3;
  GBytes *profile = limn_picture_get_profile (picture);
  struct heif_image *image = NULL;
  const enum heif_chroma chroma = deep ? (alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE)
                                       : (alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB);
  int stride;

  if (heif_image_create (width, height, heif_colorspace_RGB, chroma, &image).code != heif_error_Ok ||
      heif_image_add_plane (image, heif_channel_interleaved, width, height, deep ? DEEP_BITS : 8).code != heif_error_Ok) {
    if (image)
      heif_image_release (image);
    return NULL;
  }
  guint8 *plane = heif_image_get_plane (image, heif_channel_interleaved, &stride);
  for (int y = 0; y < height; y++) {
    const guint8 *in = limn_picture_get_data (picture) + (gsize) y * limn_picture_get_stride (picture);
    guint8 *out = plane + (gsize) y * (gsize) stride;

    for (gsize x = 0; x < (gsize) width; x++)
      for (gsize c = 0; c < channels; c++) {
        const guint value = deep ? ((const guint16 *) (gconstpointer) in)[4 * x + c] >> (16 - DEEP_BITS) : in[4 * x + c];
        const gsize at = x * channels + c;

        out[deep ? 2 * at : at] = (guint8) value;
        if (deep)
          out[2 * at + 1] = (guint8) (value >> 8);
      }
  }
  if (profile)
    heif_image_set_raw_color_profile (image, "prof", g_bytes_get_data (profile, NULL), g_bytes_get_size (profile));
  return image;
}

static struct heif_error
encode_image (struct heif_context *context, struct heif_image *image, LimnPicture *picture, GBytes *exif, int quality)
{
  const char *xmp = g_hash_table_lookup (limn_picture_get_texts (picture), LIMN_TEXT_XMP);
  struct heif_encoder *encoder = NULL;
  struct heif_image_handle *handle = NULL;
  struct heif_error problem = heif_context_get_encoder_for_format (context, heif_compression_AV1, &encoder);

  if (problem.code != heif_error_Ok)
    return problem;
  heif_encoder_set_lossy_quality (encoder, quality);
  problem = heif_context_encode_image (context, image, encoder, NULL, &handle);
  if (problem.code == heif_error_Ok && exif)
    heif_context_add_exif_metadata (context, handle, g_bytes_get_data (exif, NULL), (int) g_bytes_get_size (exif));
  if (problem.code == heif_error_Ok && xmp)
    heif_context_add_XMP_metadata (context, handle, xmp, (int) strlen (xmp));
  if (handle)
    heif_image_handle_release (handle);
  heif_encoder_release (encoder);
  return problem;
}

gboolean
limn_avif_can_encode (void)
{
  return heif_have_encoder_for_format (heif_compression_AV1);
}

GBytes *
limn_avif_encode (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error)
{
  struct heif_context *context = heif_context_alloc ();
  struct heif_writer writer = { .writer_api_version = 1, .write = write_bytes };
  struct heif_error problem = { heif_error_Memory_allocation_error, heif_suberror_Unspecified, "" };
  LimnByteBuffer buffer = { 0 };
  gboolean gray, alpha;
  struct heif_image *image;

  (void) lossless;
  limn_codec_channels (picture, &gray, &alpha);
  image = make_image (picture, alpha);
  if (image)
    problem = encode_image (context, image, picture, exif, quality);
  if (problem.code == heif_error_Ok)
    problem = heif_context_write (context, &writer, &buffer);
  if (problem.code != heif_error_Ok) /* its message goes with the context */
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("The picture can't be written as AVIF (%s). Save as PNG or JPEG."),
                 problem.message ? problem.message : "");
  if (image)
    heif_image_release (image);
  heif_context_free (context);
  if (problem.code == heif_error_Ok)
    return limn_byte_buffer_finish (&buffer, error);
  limn_byte_buffer_clear (&buffer);
  return NULL;
}
