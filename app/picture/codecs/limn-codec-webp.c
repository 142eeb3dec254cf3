/* WebP files (libwebp, libwebpmux).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"
#include "app/picture/limn-picture-color.h"
#include "limn-exif.h"

#include <glib/gi18n.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

static void
take_metadata (LimnPicture *picture, const WebPData *file, int *orientation)
{
  WebPDemuxState state;
  WebPDemuxer *demuxer = WebPDemuxPartial (file, &state); /* what there is, where the end is missing */
  WebPChunkIterator chunk;

  if (WebPDemuxGetChunk (demuxer, "ICCP", 1, &chunk)) {
    g_autoptr (GBytes) profile = g_bytes_new (chunk.chunk.bytes, chunk.chunk.size);

    limn_picture_apply_profile (picture, profile);
    WebPDemuxReleaseChunkIterator (&chunk);
  }
  if (WebPDemuxGetChunk (demuxer, "EXIF", 1, &chunk)) {
    g_autoptr (GBytes) exif = limn_exif_sanitise (chunk.chunk.bytes, chunk.chunk.size, orientation);

    limn_picture_set_exif (picture, exif);
    WebPDemuxReleaseChunkIterator (&chunk);
  }
  if (WebPDemuxGetChunk (demuxer, "XMP ", 1, &chunk)) {
    limn_codec_take_xmp (picture, (const char *) chunk.chunk.bytes, chunk.chunk.size);
    WebPDemuxReleaseChunkIterator (&chunk);
  }
  WebPDemuxDelete (demuxer);
}

static void
set_cut (const char *name, GError **error)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
               _("%s is cut short: the file ends before the picture does. Get the file again from its source."), name);
}

static void
set_status (VP8StatusCode status, const char *name, GError **error)
{
  if (status == VP8_STATUS_NOT_ENOUGH_DATA)
    set_cut (name, error);
  else if (status == VP8_STATUS_OUT_OF_MEMORY)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("There is not enough memory for %s."), name);
  else
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged and can't be opened (WebP: status %d)."), name,
                 (int) status);
}

/* Bytes that decoding takes: the lossless decoder has pixels of its own. */
static guint64
memory_of (const WebPBitstreamFeatures *input)
{
  return (guint64) input->width * (guint64) input->height * 4 * (input->format == 2 ? 2 : 1);
}

/* Into picture, from a file whose end is missing. A file that has all of its pixels has lost nothing that is seen. */
static VP8StatusCode
decode_part (const WebPData *file, WebPDecoderConfig *config, gboolean partial, LimnPicture *picture)
{
  WebPIDecoder *decoder = WebPIDecode (NULL, 0, config);
  VP8StatusCode status = decoder ? WebPIUpdate (decoder, file->bytes, file->size) : VP8_STATUS_OUT_OF_MEMORY;
  int rows = 0;

  if (status == VP8_STATUS_SUSPENDED && partial && WebPIDecGetRGB (decoder, &rows, NULL, NULL, NULL) && rows > 0) {
    limn_codec_set_loss (picture, (gsize) rows, FALSE);
    status = VP8_STATUS_OK;
  }
  WebPIDelete (decoder);
  return status == VP8_STATUS_SUSPENDED ? VP8_STATUS_NOT_ENOUGH_DATA : status;
}

LimnPicture *
limn_webp_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) picture = NULL;
  WebPDecoderConfig config;
  WebPData file;
  VP8StatusCode status;
  guint64 claimed;

  *orientation = 1;
  file.bytes = g_bytes_get_data (bytes, &file.size);
  if (!WebPInitDecoderConfig (&config))
    g_return_val_if_reached (NULL); /* the library in use isn't the one that we were built with */
  status = WebPGetFeatures (file.bytes, file.size, &config.input);
  if (status != VP8_STATUS_OK) {
    set_status (status, name, error);
    return NULL;
  }
  claimed = (guint64) file.bytes[4] | (guint64) file.bytes[5] << 8 | (guint64) file.bytes[6] << 16 | (guint64) file.bytes[7] << 24;
  if (config.input.has_animation) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is an animation. Save the picture that you want as PNG first."), name);
    return NULL;
  }
  if (!limn_picture_check_size (name, (guint64) config.input.width, (guint64) config.input.height, error) ||
      !limn_budget_check (name, file.size, memory_of (&config.input), error) || limn_set_error_if_cancelled (cancellable, error))
    return NULL;
  picture = limn_picture_new ((gsize) config.input.width, (gsize) config.input.height, 8, error);
  if (!picture)
    return NULL;
  config.options.use_threads = 1;
  config.output.colorspace = MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = limn_picture_get_data (picture);
  config.output.u.RGBA.stride = (int) limn_picture_get_stride (picture);
  config.output.u.RGBA.size = limn_picture_get_stride (picture) * limn_picture_get_height (picture);
  status = claimed + 8 > file.size ? decode_part (&file, &config, partial, picture) : WebPDecode (file.bytes, file.size, &config);
  if (status != VP8_STATUS_OK) {
    set_status (status, name, error);
    return NULL;
  }
  if (limn_set_error_if_cancelled (cancellable, error))
    return NULL;
  limn_picture_set_has_alpha (picture, config.input.has_alpha);
  limn_picture_get_source (picture)->lossless = config.input.format == 2;
  take_metadata (picture, &file, orientation);
  return g_steal_pointer (&picture);
}

/* The bare picture stream. */
static gboolean
encode_pixels (LimnPicture *picture, int quality, gboolean lossless, WebPMemoryWriter *writer, GError **error)
{
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  g_autofree guint8 *rows = NULL;
  WebPConfig config;
  WebPPicture frame;
  gboolean gray, alpha, done;
  const guint8 *data = limn_picture_get_data (picture);

  limn_codec_channels (picture, &gray, &alpha);
  if (limn_picture_get_depth (picture) == 16) {
    data = rows = g_try_malloc (width * 4 * height);
    if (!rows) {
      g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                           _("There is not enough memory to write the picture. Close other programs and try again."));
      return FALSE;
    }
    for (gsize y = 0; y < height; y++)
      limn_codec_row_8 (picture, y, rows + y * width * 4);
  }
  if (!WebPConfigInit (&config) || !WebPPictureInit (&frame))
    g_return_val_if_reached (FALSE);
  config.thread_level = 1;
  if (lossless) {
    WebPConfigLosslessPreset (&config, 2);
    config.exact = 1; /* colours under transparent pixels too */
  } else {
    config.quality = (float) quality;
    config.method = 4;
  }
  frame.use_argb = lossless;
  frame.width = (int) width;
  frame.height = (int) height;
  frame.writer = WebPMemoryWrite;
  frame.custom_ptr = writer;
  done = (alpha ? WebPPictureImportRGBA (&frame, data, (int) (width * 4)) : WebPPictureImportRGBX (&frame, data, (int) (width * 4))) &&
         WebPEncode (&config, &frame);
  if (!done && frame.error_code == VP8_ENC_ERROR_PARTITION0_OVERFLOW)
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                         _("The picture has too much detail for WebP at this quality. Lower the quality or save as PNG."));
  else if (!done)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                 _("The picture can't be written as WebP (error %d). Close other programs or save as PNG."), (int) frame.error_code);
  WebPPictureFree (&frame);
  return done;
}

static void
set_chunk (WebPMux *mux, const char *name, gconstpointer data, gsize size)
{
  WebPData chunk = { data, size };

  WebPMuxSetChunk (mux, name, &chunk, 1);
}

GBytes *
limn_webp_encode (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error)
{
  GBytes *profile = limn_picture_get_profile (picture);
  const char *xmp = g_hash_table_lookup (limn_picture_get_texts (picture), LIMN_TEXT_XMP);
  WebPMemoryWriter writer;
  WebPMux *mux;
  WebPData image, file = { NULL, 0 };

  WebPMemoryWriterInit (&writer);
  if (!encode_pixels (picture, quality, lossless, &writer, error)) {
    WebPMemoryWriterClear (&writer);
    return NULL;
  }
  if (!profile && !exif && !xmp)
    return g_bytes_new_with_free_func (writer.mem, writer.size, WebPFree, writer.mem);
  mux = WebPMuxNew ();
  image = (WebPData){ writer.mem, writer.size };
  if (mux && WebPMuxSetImage (mux, &image, 0) == WEBP_MUX_OK) {
    if (profile)
      set_chunk (mux, "ICCP", g_bytes_get_data (profile, NULL), g_bytes_get_size (profile));
    if (exif)
      set_chunk (mux, "EXIF", g_bytes_get_data (exif, NULL), g_bytes_get_size (exif));
    if (xmp)
      set_chunk (mux, "XMP ", xmp, strlen (xmp));
    if (WebPMuxAssemble (mux, &file) != WEBP_MUX_OK)
      WebPDataClear (&file);
  }
  WebPMuxDelete (mux);
  WebPMemoryWriterClear (&writer);
  if (!file.bytes) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("There is not enough memory to write the picture. Close other programs and try again."));
    return NULL;
  }
  return g_bytes_new_with_free_func (file.bytes, file.size, WebPFree, (gpointer) file.bytes);
}
