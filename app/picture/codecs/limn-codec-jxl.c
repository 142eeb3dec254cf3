/* JPEG XL files (libjxl): 8 or 16 bits, turned as the file says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"
#include "app/base/limn-byte-buffer.h"
#include "app/picture/limn-picture-color.h"
#include "limn-exif.h"

#include <glib/gi18n.h>
#include <string.h>

#include <jxl/decode.h>
#include <jxl/encode.h>
#include <jxl/thread_parallel_runner.h>
#include <jxl/version.h>

enum { EXIF_OFFSET = 4, PIECE = 1 << 16 };

/* -- Reading -- */

typedef struct {
  JxlDecoder *decoder;
  const char *name;
  gsize file_size;
  LimnPicture *picture;
  guint8 box[PIECE];
  char type[4];            /* of the box that is read, or 0 */
  LimnByteBuffer metadata; /* of it */
  GBytes *exif, *xmp;
  gboolean premultiplied;
  GError **error;
} Reading;

static gboolean
damaged (Reading *self)
{
  g_set_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged and can't be opened."), self->name);
  return FALSE;
}

static gboolean
begin_picture (Reading *self)
{
  JxlBasicInfo info;

  if (JxlDecoderGetBasicInfo (self->decoder, &info) != JXL_DEC_SUCCESS)
    return damaged (self);
  if (info.have_animation) {
    g_set_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is an animation. Save the picture that you want as PNG first."),
                 self->name);
    return FALSE;
  }
  if (!limn_picture_check_size (self->name, info.xsize, info.ysize, self->error) ||
      !limn_budget_check (self->name, self->file_size, (guint64) info.xsize * info.ysize * 24, self->error)) /* it works in floats */
    return FALSE;
  self->picture = limn_picture_new (info.xsize, info.ysize, info.bits_per_sample > 8 ? 16 : 8, self->error);
  if (!self->picture)
    return FALSE;
  limn_picture_set_has_alpha (self->picture, info.alpha_bits > 0);
  self->premultiplied = info.alpha_premultiplied;
  limn_picture_get_source (self->picture)->gray = info.num_color_channels == 1;
  limn_picture_get_source (self->picture)->lossless = info.uses_original_profile;
  return TRUE;
}

static void
take_profile (Reading *self)
{
  gsize size = 0;
  g_autofree guint8 *data = NULL;
  JxlDecoderStatus status;

#if JPEGXL_NUMERIC_VERSION < JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
  status = JxlDecoderGetICCProfileSize (self->decoder, NULL, JXL_COLOR_PROFILE_TARGET_DATA, &size);
#else
  status = JxlDecoderGetICCProfileSize (self->decoder, JXL_COLOR_PROFILE_TARGET_DATA, &size);
#endif
  if (status != JXL_DEC_SUCCESS || size == 0 || size > LIMN_METADATA_BYTES || !(data = g_try_malloc (size)))
    return;
#if JPEGXL_NUMERIC_VERSION < JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
  status = JxlDecoderGetColorAsICCProfile (self->decoder, NULL, JXL_COLOR_PROFILE_TARGET_DATA, data, size);
#else
  status = JxlDecoderGetColorAsICCProfile (self->decoder, JXL_COLOR_PROFILE_TARGET_DATA, data, size);
#endif
  if (status == JXL_DEC_SUCCESS) {
    g_autoptr (GBytes) profile = g_bytes_new_take (g_steal_pointer (&data), size);
    limn_picture_apply_profile (self->picture, profile);
  }
}

static gboolean
give_pixels (Reading *self)
{
  const JxlPixelFormat format = { 4, limn_picture_get_depth (self->picture) == 16 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN,
                                  0 };
  const gsize size = limn_picture_get_stride (self->picture) * limn_picture_get_height (self->picture);

  return JxlDecoderSetImageOutBuffer (self->decoder, &format, limn_picture_get_data (self->picture), size) == JXL_DEC_SUCCESS ||
         damaged (self);
}

/* What of the box at hand is in the buffer. */
static void
take_piece (Reading *self)
{
  const gsize left = JxlDecoderReleaseBoxBuffer (self->decoder);

  if (self->type[0] && self->metadata.size < LIMN_METADATA_BYTES)
    limn_byte_buffer_append (&self->metadata, self->box, PIECE - left);
}

static void
end_box (Reading *self)
{
  if (!self->type[0])
    return;
  take_piece (self);
  GBytes **to = memcmp (self->type, "Exif", 4) == 0 ? &self->exif : &self->xmp;
  if (!*to)
    *to = limn_byte_buffer_finish (&self->metadata, NULL);
  limn_byte_buffer_clear (&self->metadata);
  self->metadata = (LimnByteBuffer){ 0 };
  self->type[0] = 0;
}

static void
begin_box (Reading *self)
{
  JxlBoxType type;

  end_box (self);
  if (JxlDecoderGetBoxType (self->decoder, type, JXL_TRUE) != JXL_DEC_SUCCESS ||
      (memcmp (type, "Exif", 4) != 0 && memcmp (type, "xml ", 4) != 0))
    return;
  memcpy (self->type, type, 4);
  JxlDecoderSetBoxBuffer (self->decoder, self->box, PIECE);
}

static gboolean
read_all (Reading *self, GCancellable *cancellable)
{
  for (;;) {
    const JxlDecoderStatus status = JxlDecoderProcessInput (self->decoder);
    gboolean good = !limn_set_error_if_cancelled (cancellable, self->error);

    switch (good ? status : JXL_DEC_ERROR) {
    case JXL_DEC_BASIC_INFO: good = begin_picture (self); break;
    case JXL_DEC_COLOR_ENCODING: take_profile (self); break;
    case JXL_DEC_NEED_IMAGE_OUT_BUFFER: good = give_pixels (self); break;
    case JXL_DEC_FULL_IMAGE: break;
    case JXL_DEC_BOX: begin_box (self); break;
    case JXL_DEC_BOX_NEED_MORE_OUTPUT:
      take_piece (self);
      JxlDecoderSetBoxBuffer (self->decoder, self->box, PIECE);
      break;
    case JXL_DEC_SUCCESS: end_box (self); return self->picture != NULL || damaged (self);
    case JXL_DEC_NEED_MORE_INPUT:
      g_set_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                   _("%s is cut short: the file ends before the picture does. Get the file again from its source."), self->name);
      return FALSE;
    default: return good ? damaged (self) : FALSE;
    }
    if (!good)
      return FALSE;
  }
}

static void
end_picture (Reading *self)
{
  gsize n;

  if (self->premultiplied)
    limn_codec_unmultiply (self->picture);
  if (self->exif) {
    const guint8 *data = g_bytes_get_data (self->exif, &n);
    int turned; /* the file's own turn holds, and is done already */
    g_autoptr (GBytes) upright = n > EXIF_OFFSET ? limn_exif_sanitise (data + EXIF_OFFSET, n - EXIF_OFFSET, &turned) : NULL;

    limn_picture_set_exif (self->picture, upright);
  }
  if (self->xmp) {
    const char *text = g_bytes_get_data (self->xmp, &n);
    limn_codec_take_xmp (self->picture, text, n);
  }
}

LimnPicture *
limn_jxl_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error)
{
  g_autofree Reading *self = g_new0 (Reading, 1);
  const guint8 *data = g_bytes_get_data (bytes, &self->file_size);
  gboolean done;

  (void) partial;
  *orientation = 1;
  self->decoder = JxlDecoderCreate (NULL);
  self->name = name;
  self->error = error;
  JxlDecoderSubscribeEvents (self->decoder, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE | JXL_DEC_BOX);
  JxlDecoderSetDecompressBoxes (self->decoder, JXL_TRUE);
  JxlDecoderSetInput (self->decoder, data, self->file_size);
  JxlDecoderCloseInput (self->decoder);
  done = read_all (self, cancellable);
  if (done)
    end_picture (self);
  else
    g_clear_object (&self->picture);
  JxlDecoderDestroy (self->decoder);
  limn_byte_buffer_clear (&self->metadata);
  g_clear_pointer (&self->exif, g_bytes_unref);
  g_clear_pointer (&self->xmp, g_bytes_unref);
  return self->picture;
}

/* -- Writing -- */

/* libjxl's measure of loss for a quality as JPEG's (its documentation: 1 is hardly seen, 0.1 next to nothing). */
static float
distance_of (int quality)
{
  return quality >= 100 ? 0.1f : quality >= 30 ? 0.1f + (float) (100 - quality) * 0.09f : 6.4f + (float) (30 - quality) * 0.3f;
}

static gboolean
set_color (JxlEncoder *encoder, LimnPicture *picture, gboolean gray)
{
  GBytes *profile = gray ? limn_picture_get_gray_profile (picture) : limn_picture_get_profile (picture);
  JxlColorEncoding color;

  if (profile)
    return JxlEncoderSetICCProfile (encoder, g_bytes_get_data (profile, NULL), g_bytes_get_size (profile)) == JXL_ENC_SUCCESS;
  JxlColorEncodingSetToSRGB (&color, gray);
  return JxlEncoderSetColorEncoding (encoder, &color) == JXL_ENC_SUCCESS;
}

static void
add_boxes (JxlEncoder *encoder, LimnPicture *picture, GBytes *exif)
{
  const char *xmp = g_hash_table_lookup (limn_picture_get_texts (picture), LIMN_TEXT_XMP);

  if (!exif && !xmp)
    return;
  JxlEncoderUseBoxes (encoder);
  if (exif) {
    const gsize size = g_bytes_get_size (exif);
    g_autofree guint8 *box = g_malloc0 (EXIF_OFFSET + size);

    memcpy (box + EXIF_OFFSET, g_bytes_get_data (exif, NULL), size);
    JxlEncoderAddBox (encoder, "Exif", box, EXIF_OFFSET + size, JXL_FALSE);
  }
  if (xmp)
    JxlEncoderAddBox (encoder, "xml ", (const guint8 *) xmp, strlen (xmp), JXL_FALSE);
  JxlEncoderCloseBoxes (encoder);
}

/* The picture's channels without gaps. Free with g_free; NULL where there is no memory. */
static guint8 *
pack (LimnPicture *picture, gboolean gray, gboolean alpha, gsize *size)
{
  const gsize channels = (gray ? 1 : 3) + (alpha ? 1 : 0), bytes = (gsize) limn_picture_get_depth (picture) / 8;
  const gsize n = limn_picture_get_width (picture) * limn_picture_get_height (picture);
  const guint8 *in = limn_picture_get_data (picture); /* without gaps, too */
  guint8 *out = g_try_malloc (n * channels * bytes);

  *size = n * channels * bytes;
  for (gsize i = 0; out && i < n; i++)
    for (gsize c = 0; c < channels; c++)
      memcpy (out + (i * channels + c) * bytes, in + (4 * i + (alpha && c == channels - 1 ? 3 : c)) * bytes, bytes);
  return out;
}

static gboolean
add_pixels (JxlEncoder *encoder, LimnPicture *picture, GBytes *exif, int quality, gboolean lossless)
{
  const gboolean deep = limn_picture_get_depth (picture) == 16;
  gboolean gray, alpha;
  JxlBasicInfo info;
  gsize size;

  limn_codec_channels (picture, &gray, &alpha);
  g_autofree guint8 *pixels = pack (picture, gray, alpha, &size);
  const JxlPixelFormat format = { (gray ? 1 : 3) + (alpha ? 1 : 0), deep ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0 };
  JxlEncoderInitBasicInfo (&info);
  info.xsize = (guint32) limn_picture_get_width (picture);
  info.ysize = (guint32) limn_picture_get_height (picture);
  info.bits_per_sample = deep ? 16 : 8;
  info.num_color_channels = gray ? 1 : 3;
  info.num_extra_channels = info.alpha_bits = 0;
  if (alpha) {
    info.num_extra_channels = 1;
    info.alpha_bits = info.bits_per_sample;
  }
  info.uses_original_profile = lossless;
  if (!pixels || JxlEncoderSetBasicInfo (encoder, &info) != JXL_ENC_SUCCESS || !set_color (encoder, picture, gray))
    return FALSE;
  add_boxes (encoder, picture, exif);
  JxlEncoderFrameSettings *settings = JxlEncoderFrameSettingsCreate (encoder, NULL);
  if (lossless)
    JxlEncoderSetFrameLossless (settings, JXL_TRUE);
  else
    JxlEncoderSetFrameDistance (settings, distance_of (quality));
  JxlEncoderFrameSettingsSetOption (settings, JXL_ENC_FRAME_SETTING_EFFORT, 4);
  if (JxlEncoderAddImageFrame (settings, &format, pixels, size) != JXL_ENC_SUCCESS)
    return FALSE;
  JxlEncoderCloseInput (encoder);
  return TRUE;
}

GBytes *
limn_jxl_encode (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error)
{
  JxlEncoder *encoder = JxlEncoderCreate (NULL);
  void *runner = JxlThreadParallelRunnerCreate (NULL, JxlThreadParallelRunnerDefaultNumWorkerThreads ());
  g_autofree guint8 *piece = g_malloc (PIECE);
  LimnByteBuffer buffer = { 0 };
  JxlEncoderStatus status = JXL_ENC_ERROR;

  JxlEncoderSetParallelRunner (encoder, JxlThreadParallelRunner, runner);
  if (add_pixels (encoder, picture, exif, quality, lossless))
    do {
      guint8 *next = piece;
      size_t left = PIECE;

      status = JxlEncoderProcessOutput (encoder, &next, &left);
      limn_byte_buffer_append (&buffer, piece, (gsize) (next - piece));
    } while (status == JXL_ENC_NEED_MORE_OUTPUT);
  JxlEncoderDestroy (encoder);
  JxlThreadParallelRunnerDestroy (runner);
  if (status == JXL_ENC_SUCCESS)
    return limn_byte_buffer_finish (&buffer, error);
  limn_byte_buffer_clear (&buffer);
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                       _("The picture can't be written as JPEG XL. Close other programs or save as PNG."));
  return NULL;
}
