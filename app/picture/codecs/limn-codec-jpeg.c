/* JPEG files (libjpeg-turbo).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"
#include "app/base/limn-byte-buffer.h"
#include "app/picture/limn-picture-color.h"
#include "limn-exif.h"
#include "limn-iptc.h"

#include <glib/gi18n.h>
#include <stdio.h> /* jpeglib.h needs it */
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>
#include <setjmp.h>

#define MARKER_EXIF (JPEG_APP0 + 1)
#define MARKER_ICC (JPEG_APP0 + 2)
#define MARKER_PHOTOSHOP (JPEG_APP0 + 13)
#define MAX_MARKER 65533
#define PHOTOSHOP_HEAD "Photoshop 3.0"
#define XMP_HEAD "http://ns.adobe.com/xap/1.0/"
/* Progressive files have about 10. A file with thousands is an attack on the decoder, and one of many pixels needs fewer for it. */
#define MIN_SCANS 20
#define MAX_SCANS 500
#define MAX_SCANNED (4000.0 * 1000 * 1000) /* pixels, in all scans together */

typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf jump;
  struct jpeg_progress_mgr progress;
  const char *name;
  GCancellable *cancellable;
  GError *error;
  gboolean partial; /* as much as a damaged file has is wanted */
  gboolean cut;     /* the file ended early */
  gsize rows;       /* of several scans, then: how many rows there is something of */
  gboolean coarse;  /* and in these something is missing */
  int max_scans;
  struct jpeg_decompress_struct in;
  struct jpeg_compress_struct out;
  LimnPicture *picture;
  int orientation;
  LimnCmyk *cmyk;
  guint8 *row;
  LimnByteBuffer *file;
  struct jpeg_destination_mgr destination;
  guint8 buffer[16384];
} Jpeg;

static void
on_error (j_common_ptr info)
{
  Jpeg *self = info->client_data;
  char text[JMSG_LENGTH_MAX];

  info->err->format_message (info, text);
  if (self->error)
    longjmp (self->jump, 1);
  if (info->err->msg_code == JERR_OUT_OF_MEMORY)
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("There is not enough memory for %s."), self->name);
  else if (info->err->msg_code == JERR_BAD_PRECISION)
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s is a JPEG of a rare kind (not 8 bits a channel). Convert it to PNG or to an ordinary JPEG."), self->name);
  else
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged and can't be opened (JPEG: %s)."), self->name, text);
  longjmp (self->jump, 1);
}

/* How many rows there is something of, in each component, where a file of several scans stands now. */
static gsize
rows_of_scans (const struct jpeg_decompress_struct *in)
{
  const gboolean first = !in->progressive_mode || (in->Ss == 0 && in->Ah == 0); /* of its components, the present scan */

  for (int c = 0; c < in->num_components; c++)
    if (in->comp_info[c].quant_table == NULL) /* its first scan would set it */
      return 0;
  return first ? MIN ((gsize) in->input_iMCU_row * (gsize) in->max_v_samp_factor * DCTSIZE, in->image_height) : in->image_height;
}

/* Nothing is lost where only the end marker is missing. */
static void
on_end_of_file (Jpeg *self)
{
  if (!self->cut && self->picture) /* the headers are read */
    self->rows = rows_of_scans (&self->in);
  self->cut = TRUE;
}

/* What the rest of a scan would be is lost. libjpeg goes on without it, which only several scans can do. */
static void
on_lost_pixels (j_common_ptr info)
{
  Jpeg *self = info->client_data;

  if (!self->partial || !self->cut || !jpeg_has_multiple_scans (&self->in))
    on_error (info);
  self->coarse = TRUE;
}

/* Warnings: those that mean lost pixels are errors, the rest is harmless. */
static void
on_message (j_common_ptr info, int level)
{
  Jpeg *self = info->client_data;

  if (level >= 0)
    return;
  switch (info->err->msg_code) {
  case JWRN_JPEG_EOF: on_end_of_file (self); break;
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
  case JWRN_BOGUS_PROGRESSION: on_lost_pixels (info); break;
  default: break;
  }
}

static void
on_progress (j_common_ptr info)
{
  Jpeg *self = info->client_data;

  if (limn_set_error_if_cancelled (self->cancellable, &self->error))
    longjmp (self->jump, 1);
  if (info->is_decompressor && self->in.input_scan_number > self->max_scans) {
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s has more than %d scans; it is damaged."), self->name,
                 self->max_scans);
    longjmp (self->jump, 1);
  }
}

static void
jpeg_init (Jpeg *self)
{
  jpeg_std_error (&self->manager);
  self->manager.error_exit = on_error;
  self->manager.emit_message = on_message;
  self->progress.progress_monitor = on_progress;
}

/* libjpeg's luma table for quality 50 (ITU T.81, K.1), in natural order. */
static const guint8 luma[64] = {
  16, 11, 10, 16, 24, 40,  51,  61, 12, 12, 14, 19, 26, 58,  60,  55, 14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
};

/* The quality (1..100) whose table is nearest to the file's. */
static int
estimate_quality (const JQUANT_TBL *table)
{
  double best = G_MAXDOUBLE;
  int found = 0;

  if (!table)
    return 0;
  for (int quality = 1; quality <= 100; quality++) {
    int scale = jpeg_quality_scaling (quality);
    double differ = 0;

    for (int i = 0; i < 64; i++)
      differ += ABS (CLAMP ((luma[i] * scale + 50) / 100, 1, 255) - (int) table->quantval[i]);
    if (differ <= best) {
      best = differ;
      found = quality;
    }
  }
  return found;
}

static void
take_markers (Jpeg *self)
{
  for (jpeg_saved_marker_ptr m = self->in.marker_list; m; m = m->next) {
    const char *data = (const char *) m->data;
    gsize size = m->data_length;

    if (m->marker == MARKER_EXIF && size > 6 && memcmp (data, "Exif\0", 5) == 0 && !limn_picture_get_exif (self->picture)) {
      g_autoptr (GBytes) exif = limn_exif_sanitise ((const guint8 *) data + 6, size - 6, &self->orientation);

      limn_picture_set_exif (self->picture, exif);
    } else if (m->marker == MARKER_EXIF && size > sizeof XMP_HEAD && memcmp (data, XMP_HEAD, sizeof XMP_HEAD) == 0) {
      limn_codec_take_xmp (self->picture, data + sizeof XMP_HEAD, size - sizeof XMP_HEAD);
    } else if (m->marker == JPEG_COM && size > 0) {
      char *text = g_utf8_validate (data, (gssize) size, NULL) ? g_strndup (data, size) : limn_codec_from_latin (m->data, size);

      g_hash_table_insert (limn_picture_get_texts (self->picture), g_strdup ("Comment"), text);
    }
  }
}

/* A resource may be spread over several markers. */
static void
take_iptc (Jpeg *self)
{
  g_autoptr (GByteArray) resources = g_byte_array_new ();
  char *text;

  for (jpeg_saved_marker_ptr m = self->in.marker_list; m; m = m->next)
    if (m->marker == MARKER_PHOTOSHOP && m->data_length > sizeof PHOTOSHOP_HEAD &&
        memcmp (m->data, PHOTOSHOP_HEAD, sizeof PHOTOSHOP_HEAD) == 0)
      g_byte_array_append (resources, m->data + sizeof PHOTOSHOP_HEAD, m->data_length - sizeof PHOTOSHOP_HEAD);
  text = limn_iptc_from_photoshop (resources->data, resources->len);
  if (text)
    g_hash_table_insert (limn_picture_get_texts (self->picture), g_strdup (LIMN_TEXT_IPTC), text);
}

static void
take_metadata (Jpeg *self)
{
  LimnPictureSource *source = limn_picture_get_source (self->picture);
  const jpeg_component_info *first = &self->in.comp_info[0];

  source->gray = self->in.jpeg_color_space == JCS_GRAYSCALE;
  source->quality = estimate_quality (self->in.quant_tbl_ptrs[first->quant_tbl_no & 3]);
  if (self->in.num_components >= 3 && self->in.comp_info[1].h_samp_factor > 0 && self->in.comp_info[1].v_samp_factor > 0) {
    source->chroma_h = first->h_samp_factor / self->in.comp_info[1].h_samp_factor;
    source->chroma_v = first->v_samp_factor / self->in.comp_info[1].v_samp_factor;
  }
  if (self->in.saw_JFIF_marker && self->in.density_unit > 0 && self->in.X_density > 1 && self->in.Y_density > 1) {
    double units = self->in.density_unit == 1 ? 1 / 0.0254 : 100; /* in a metre */

    limn_picture_set_resolution (self->picture, (LimnResolution){ self->in.X_density * units, self->in.Y_density * units });
  }
  take_markers (self);
  take_iptc (self);
}

static GBytes *
read_profile (Jpeg *self)
{
  JOCTET *data = NULL;
  unsigned size = 0;

  return jpeg_read_icc_profile (&self->in, &data, &size) ? g_bytes_new_with_free_func (data, size, free, data) : NULL;
}

static void
read_rows (Jpeg *self)
{
  gboolean cmyk = self->in.out_color_space == JCS_CMYK;
  gsize stride = limn_picture_get_stride (self->picture);

  while (self->in.output_scanline < self->in.output_height) {
    guint8 *row = limn_picture_get_data (self->picture) + self->in.output_scanline * stride;
    guint8 *into = cmyk ? self->row : row;

    jpeg_read_scanlines (&self->in, &into, 1);
    if (cmyk) {
      if (self->in.saw_Adobe_marker) /* Adobe stores inverted values: 255 = no ink */
        for (gsize i = 0; i < stride; i++)
          into[i] = 255 - into[i];
      limn_cmyk_row (self->cmyk, into, row, self->in.output_width);
    }
  }
}

/* Whether a file of several scans that ended early had all of them: every component, and in a progressive file every bit of each of its
 * coefficients (coef_bits: how many of the lowest are missing, -1 = all). A scan that is cut was an error before. Arithmetic coding has
 * no way to tell that. */
static gboolean
has_all_scans (const struct jpeg_decompress_struct *in)
{
  for (int c = 0; c < in->num_components; c++) {
    if (in->arith_code || in->comp_info[c].quant_table == NULL)
      return FALSE;
    for (int i = 0; i < DCTSIZE2 && in->progressive_mode; i++)
      if (in->coef_bits[c][i] != 0)
        return FALSE;
  }
  return TRUE;
}

/* Checks the size that the file claims, and what it will take to read it: a file of several scans is kept as coefficients, 2 bytes each. */
static void
check_size (Jpeg *self, gsize file_size)
{
  const guint64 pixels = (guint64) self->in.image_width * self->in.image_height;
  guint64 needed = pixels * 4;

  for (int c = 0; c < self->in.num_components && jpeg_has_multiple_scans (&self->in); c++)
    needed += pixels * 2 * (guint64) self->in.comp_info[c].h_samp_factor * (guint64) self->in.comp_info[c].v_samp_factor /
              ((guint64) self->in.max_h_samp_factor * (guint64) self->in.max_v_samp_factor);
  if (!limn_picture_check_size (self->name, self->in.image_width, self->in.image_height, &self->error) ||
      !limn_budget_check (self->name, file_size, needed, &self->error))
    longjmp (self->jump, 1);
  self->max_scans = (int) CLAMP (MAX_SCANNED / (double) pixels, MIN_SCANS, MAX_SCANS);
}

/* The size without a marker's segment (ITU T.81, B.1.1.4) that the file ends in: libjpeg can't go on from the middle of one. */
static gsize
without_cut_segment (const guint8 *data, gsize size)
{
  for (gsize at = size - 1; at-- > 2;) {
    const guint8 marker = data[at] == 0xFF ? data[at + 1] : 0;

    if (marker != 0 && marker != 0xFF && !(marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7)) {
      const gsize length = at + 3 < size ? (gsize) data[at + 2] << 8 | data[at + 3] : G_MAXUINT16;

      return marker != JPEG_EOI && at + 2 + length > size ? at : size;
    }
  }
  return size;
}

static void
read_all (Jpeg *self, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GBytes *profile;

  jpeg_create_decompress (&self->in);
  self->in.progress = &self->progress;
  jpeg_mem_src (&self->in, data, self->partial ? without_cut_segment (data, size) : size);
  jpeg_save_markers (&self->in, JPEG_COM, MAX_MARKER);
  jpeg_save_markers (&self->in, MARKER_EXIF, MAX_MARKER);
  jpeg_save_markers (&self->in, MARKER_ICC, MAX_MARKER);
  jpeg_save_markers (&self->in, MARKER_PHOTOSHOP, MAX_MARKER);
  jpeg_read_header (&self->in, TRUE);
  check_size (self, size);
  if (self->in.jpeg_color_space == JCS_UNKNOWN) {
    g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s has %d channels that aren't colors known to JPEG. Convert it to PNG or to an ordinary JPEG."), self->name,
                 self->in.num_components);
    longjmp (self->jump, 1);
  }
  self->in.out_color_space = self->in.num_components == 4 ? JCS_CMYK : JCS_EXT_RGBA;
  self->picture = limn_picture_new (self->in.image_width, self->in.image_height, 8, &self->error);
  if (!self->picture)
    longjmp (self->jump, 1);
  profile = read_profile (self);
  if (self->in.num_components == 4) {
    self->row = g_malloc (limn_picture_get_stride (self->picture));
    self->cmyk = limn_cmyk_new (profile);
  } else if (profile) {
    limn_picture_apply_profile (self->picture, profile);
  }
  g_clear_pointer (&profile, g_bytes_unref);
  jpeg_start_decompress (&self->in); /* reads all scans, if there are several */
  if (self->cut && jpeg_has_multiple_scans (&self->in) && !has_all_scans (&self->in)) {
    self->coarse = TRUE;
    if (!self->partial || self->rows == 0)
      ERREXIT (&self->in, JERR_INPUT_EOF);
  }
  read_rows (self);
  if (self->coarse)
    limn_codec_set_loss (self->picture, self->rows, TRUE);
  take_metadata (self);
  jpeg_finish_decompress (&self->in);
}

/* Of a file of one scan that isn't whole: the rows up to the damage, in place of the error. */
static void
take_part (Jpeg *self)
{
  if (!self->picture || self->in.output_scanline == 0 || !g_error_matches (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT))
    return;
  g_clear_error (&self->error);
  limn_codec_set_loss (self->picture, self->in.output_scanline, FALSE);
  take_metadata (self);
}

LimnPicture *
limn_jpeg_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error)
{
  Jpeg *self = g_new0 (Jpeg, 1);
  LimnPicture *picture;

  self->name = name;
  self->partial = partial;
  self->cancellable = cancellable;
  self->orientation = 1;
  jpeg_init (self);
  self->in.err = &self->manager;
  self->in.client_data = self;
  if (setjmp (self->jump) == 0)
    read_all (self, bytes);
  else if (partial)
    take_part (self);
  jpeg_destroy_decompress (&self->in);
  *orientation = self->orientation;
  picture = g_steal_pointer (&self->picture);
  if (self->error) {
    g_clear_object (&picture);
    if (self->cut && g_error_matches (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT)) {
      g_clear_error (&self->error);
      g_set_error (&self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                   _("%s is cut short: the file ends before the picture does. Get the file again from its source."), name);
    }
    g_propagate_error (error, self->error);
  }
  limn_cmyk_free (self->cmyk);
  g_free (self->row);
  g_free (self);
  return picture;
}

/* libjpeg writes into the buffer and tells when it is full. */
static void
start_buffer (j_compress_ptr info)
{
  Jpeg *self = info->client_data;

  self->destination.next_output_byte = self->buffer;
  self->destination.free_in_buffer = sizeof self->buffer;
}

static boolean
flush_buffer (j_compress_ptr info)
{
  Jpeg *self = info->client_data;

  limn_byte_buffer_append (self->file, self->buffer, sizeof self->buffer);
  start_buffer (info);
  return TRUE;
}

static void
end_buffer (j_compress_ptr info)
{
  Jpeg *self = info->client_data;

  limn_byte_buffer_append (self->file, self->buffer, sizeof self->buffer - self->destination.free_in_buffer);
}

/* In inches or centimetres: whichever gives a whole number. */
static void
set_resolution (Jpeg *self)
{
  LimnResolution resolution = limn_picture_get_resolution (self->picture);
  double inch = resolution.x * 0.0254, cm = resolution.x / 100;
  gboolean by_cm = ABS (cm - (int) (cm + 0.5)) + 1e-6 < ABS (inch - (int) (inch + 0.5));
  double unit = by_cm ? 0.01 : 0.0254, x = resolution.x * unit, y = resolution.y * unit;

  if (MIN (x, y) < 1 || MAX (x, y) > G_MAXUINT16)
    return;
  self->out.density_unit = by_cm ? 2 : 1;
  self->out.X_density = (UINT16) (x + 0.5);
  self->out.Y_density = (UINT16) (y + 0.5);
}

/* A marker of head and data, unless they are too long for one. */
static void
write_marker (Jpeg *self, int marker, gconstpointer head, gsize head_size, gconstpointer data, gsize size)
{
  const guint8 *parts[2] = { head, data };
  const gsize sizes[2] = { head_size, size };

  if (size > MAX_MARKER - head_size)
    return;
  jpeg_write_m_header (&self->out, marker, (unsigned) (head_size + size));
  for (int part = 0; part < 2; part++)
    for (gsize i = 0; i < sizes[part]; i++)
      jpeg_write_m_byte (&self->out, parts[part][i]);
}

static void
write_metadata (Jpeg *self, GBytes *exif, gboolean gray)
{
  GHashTable *texts = limn_picture_get_texts (self->picture);
  GBytes *profile = gray ? limn_picture_get_gray_profile (self->picture) : limn_picture_get_profile (self->picture);
  const char *xmp = g_hash_table_lookup (texts, LIMN_TEXT_XMP), *comment = g_hash_table_lookup (texts, "Comment");
  const char *iptc_text = g_hash_table_lookup (texts, LIMN_TEXT_IPTC);
  GBytes *iptc = iptc_text ? limn_iptc_to_photoshop (iptc_text) : NULL;

  if (exif)
    write_marker (self, MARKER_EXIF, "Exif\0", 6, g_bytes_get_data (exif, NULL), g_bytes_get_size (exif));
  if (xmp)
    write_marker (self, MARKER_EXIF, XMP_HEAD, sizeof XMP_HEAD, xmp, strlen (xmp));
  if (iptc)
    write_marker (self, MARKER_PHOTOSHOP, PHOTOSHOP_HEAD, sizeof PHOTOSHOP_HEAD, g_bytes_get_data (iptc, NULL), g_bytes_get_size (iptc));
  g_clear_pointer (&iptc, g_bytes_unref);
  if (profile)
    jpeg_write_icc_profile (&self->out, g_bytes_get_data (profile, NULL), (unsigned) g_bytes_get_size (profile));
  if (comment)
    write_marker (self, JPEG_COM, NULL, 0, comment, strlen (comment));
}

/* Row y without alpha: transparent pixels on white. */
static void
flat_row (LimnPicture *picture, gsize y, gboolean gray, guint8 *row)
{
  gsize width = limn_picture_get_width (picture);

  limn_codec_row_8 (picture, y, row);
  for (gsize x = 0; x < width; x++) {
    guint8 *p = row + 4 * x;
    guint a = p[3];

    if (a != 255)
      for (guint c = 0; c < 3; c++)
        p[c] = (guint8) ((p[c] * a + 255 * (255 - a) + 127) / 255);
    if (gray)
      row[x] = p[0];
  }
}

static void
write_all (Jpeg *self, GBytes *exif, int quality, gboolean gray)
{
  const LimnPictureSource *source = limn_picture_get_source (self->picture);

  jpeg_create_compress (&self->out);
  self->destination.init_destination = start_buffer;
  self->destination.empty_output_buffer = flush_buffer;
  self->destination.term_destination = end_buffer;
  self->out.dest = &self->destination;
  self->out.image_width = (JDIMENSION) limn_picture_get_width (self->picture);
  self->out.image_height = (JDIMENSION) limn_picture_get_height (self->picture);
  self->out.input_components = gray ? 1 : 4;
  self->out.in_color_space = gray ? JCS_GRAYSCALE : JCS_EXT_RGBX;
  jpeg_set_defaults (&self->out);
  jpeg_set_quality (&self->out, quality, TRUE);
  self->out.optimize_coding = TRUE;
  if (!gray) { /* chroma subsampling as the file had it, or by the quality */
    gboolean known = source->chroma_h >= 1 && source->chroma_h <= 2 && source->chroma_v >= 1 && source->chroma_v <= 2;

    self->out.comp_info[0].h_samp_factor = known ? source->chroma_h : quality >= 90 ? 1 : 2;
    self->out.comp_info[0].v_samp_factor = known ? source->chroma_v : quality >= 90 ? 1 : 2;
  }
  set_resolution (self);
  jpeg_start_compress (&self->out, TRUE);
  write_metadata (self, exif, gray);
  while (self->out.next_scanline < self->out.image_height) {
    flat_row (self->picture, self->out.next_scanline, gray, self->row);
    jpeg_write_scanlines (&self->out, &self->row, 1);
  }
  jpeg_finish_compress (&self->out);
}

GBytes *
limn_jpeg_encode (LimnPicture *picture, GBytes *exif, int quality, GError **error)
{
  LimnByteBuffer buffer = { 0 };
  Jpeg *self = g_new0 (Jpeg, 1);
  gboolean gray, alpha;

  self->name = "the picture";
  self->picture = picture;
  self->file = &buffer;
  self->row = g_malloc (limn_picture_get_width (picture) * 4);
  limn_codec_channels (picture, &gray, &alpha);
  jpeg_init (self);
  self->out.err = &self->manager;
  self->out.client_data = self;
  if (setjmp (self->jump) == 0)
    write_all (self, exif, quality, gray);
  jpeg_destroy_compress (&self->out);
  g_free (self->row);
  if (self->error) {
    g_propagate_error (error, self->error);
    limn_byte_buffer_clear (&buffer);
    g_free (self);
    return NULL;
  }
  g_free (self);
  return limn_byte_buffer_finish (&buffer, error);
}
