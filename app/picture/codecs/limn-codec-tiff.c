/* TIFF files (libtiff): 8 and 16 bits of gray or RGB as they are, everything else by libtiff's own conversion to RGBA. Of several pages
 * the first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include "limn-exif.h"
#include "limn-iptc.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"
#include "app/picture/limn-picture-color.h"

#include <glib/gi18n.h>
#include <string.h>

#include <tiffio.h>

/* -- A file in memory -- */

typedef struct {
  const guint8 *read; /* or NULL: written */
  guint8 *written;
  gsize size, capacity, at;
  gboolean failed; /* memory ran out */
} Memory;

static tmsize_t
read_memory (thandle_t handle, void *out, tmsize_t size)
{
  Memory *self = handle;
  const gsize left = self->at < self->size ? self->size - self->at : 0, n = MIN (left, (gsize) size);

  memcpy (out, (self->read ? self->read : self->written) + self->at, n);
  self->at += n;
  return (tmsize_t) n;
}

static gboolean
grow (Memory *self, gsize size)
{
  guint8 *larger;
  gsize capacity = MAX (size, 2 * self->capacity);

  if (size <= self->capacity)
    return TRUE;
  larger = g_try_realloc (self->written, capacity);
  self->failed = self->failed || !larger;
  if (!larger)
    return FALSE;
  memset (larger + self->capacity, 0, capacity - self->capacity);
  self->written = larger;
  self->capacity = capacity;
  return TRUE;
}

static tmsize_t
write_memory (thandle_t handle, void *data, tmsize_t size)
{
  Memory *self = handle;

  if (self->read || !grow (self, self->at + (gsize) size))
    return -1;
  memcpy (self->written + self->at, data, (gsize) size);
  self->at += (gsize) size;
  self->size = MAX (self->size, self->at);
  return size;
}

static toff_t
seek_memory (thandle_t handle, toff_t offset, int whence)
{
  Memory *self = handle;

  self->at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? self->at + offset : self->size + offset;
  return self->at;
}

static int
close_memory (thandle_t handle)
{
  (void) handle;
  return 0;
}

static toff_t
size_memory (thandle_t handle)
{
  return ((Memory *) handle)->size;
}

static TIFF *
open_memory (Memory *memory, const char *mode)
{
  TIFFSetWarningHandler (NULL);
  TIFFSetErrorHandler (NULL);
  return TIFFClientOpen ("picture", mode, memory, read_memory, write_memory, seek_memory, close_memory, size_memory, NULL, NULL);
}

/* -- Reading -- */

typedef struct {
  guint32 width, height;
  guint16 bits, samples, photometric, planar, format, extra; /* extra: of an alpha channel, EXTRASAMPLE_ASSOCALPHA or _UNASSALPHA; else 0 */
  gboolean plain;                                            /* gray or RGB of 8 or 16 bits, with alpha or without */
} Layout;

static void
get_layout (TIFF *tiff, Layout *self)
{
  guint16 n_extra = 0, *extra = NULL, colors;

  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &self->width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &self->height);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &self->bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &self->samples);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_PLANARCONFIG, &self->planar);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &self->format);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_EXTRASAMPLES, &n_extra, &extra);
  if (!TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &self->photometric))
    self->photometric = self->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  colors = self->photometric == PHOTOMETRIC_RGB ? 3 : 1;
  self->extra = n_extra > 0 && self->samples == colors + 1 ? extra[0] : 0;
  self->plain = (self->bits == 8 || self->bits == 16) && self->format == SAMPLEFORMAT_UINT &&
                (self->photometric == PHOTOMETRIC_RGB || self->photometric == PHOTOMETRIC_MINISBLACK) && self->samples >= colors &&
                (self->planar == PLANARCONFIG_CONTIG || !TIFFIsTiled (tiff));
}

static guint
sample_at (const guint8 *row, gsize i, int bits)
{
  return bits == 8 ? row[i] : ((const guint16 *) (gconstpointer) row)[i];
}

static void
put_sample (guint8 *row, gsize i, int bits, guint value)
{
  if (bits == 8)
    row[i] = (guint8) value;
  else
    ((guint16 *) (gpointer) row)[i] = (guint16) value;
}

/* count pixels of step samples each at row, to RGBA at out. */
static void
take_pixels (const Layout *l, const guint8 *row, gsize count, guint8 *out)
{
  const guint most = l->bits == 8 ? 255 : 65535;
  const gsize colors = l->photometric == PHOTOMETRIC_RGB ? 3 : 1;

  for (gsize x = 0; x < count; x++) {
    const guint alpha = l->extra ? sample_at (row, x * l->samples + colors, l->bits) : most;

    for (gsize c = 0; c < 3; c++) {
      guint64 value = sample_at (row, x * l->samples + (colors == 3 ? c : 0), l->bits);
      if (l->extra == EXTRASAMPLE_ASSOCALPHA && alpha > 0)
        value = MIN ((value * most + alpha / 2) / alpha, most);
      put_sample (out, 4 * x + c, l->bits, (guint) value);
    }
    put_sample (out, 4 * x + 3, l->bits, alpha);
  }
}

static gboolean
read_strips (TIFF *tiff, const Layout *l, LimnPicture *picture, GCancellable *cancellable, GError **error)
{
  const gsize line = (gsize) TIFFScanlineSize (tiff), pixel = (gsize) l->samples * l->bits / 8,
              planes = l->planar == PLANARCONFIG_SEPARATE ? l->samples : 1;
  g_autofree guint8 *part = g_try_malloc0 (MAX (line, (gsize) l->width * pixel)), *row = g_try_malloc0 ((gsize) l->width * pixel);

  if (!part || !row || line < (gsize) l->width * pixel / planes)
    return FALSE;
  for (guint16 plane = 0; plane < planes; plane++) /* planes one after the other: seeking back decodes a strip anew */
    for (guint32 y = 0; y < l->height; y++) {
      guint8 *out = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

      if ((y % 64 == 0 && limn_set_error_if_cancelled (cancellable, error)) || TIFFReadScanline (tiff, part, y, plane) < 0)
        return FALSE;
      if (planes == 1) {
        take_pixels (l, part, l->width, out);
        continue;
      }
      const Layout one = { .bits = l->bits, .samples = 1, .photometric = PHOTOMETRIC_MINISBLACK };
      const gsize colors = l->photometric == PHOTOMETRIC_RGB ? 3 : 1;
      if (plane == 0)
        take_pixels (&one, part, l->width, out); /* also of gray, and opaque */
      else if (plane < colors || (plane == colors && l->extra))
        for (gsize x = 0; x < l->width; x++)
          put_sample (out, 4 * x + (plane < colors ? plane : 3), l->bits, sample_at (part, x, l->bits));
    }
  return TRUE;
}

static gboolean
read_tiles (TIFF *tiff, const Layout *l, LimnPicture *picture, GCancellable *cancellable, GError **error)
{
  guint32 width = 0, height = 0;
  const gsize pixel = (gsize) l->samples * l->bits / 8, size = (gsize) TIFFTileSize (tiff);
  g_autofree guint8 *tile = g_try_malloc0 (size);

  TIFFGetField (tiff, TIFFTAG_TILEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_TILELENGTH, &height);
  if (!tile || width == 0 || height == 0 || size / width / height < pixel)
    return FALSE;
  for (guint32 y = 0; y < l->height; y += height)
    for (guint32 x = 0; x < l->width; x += width) {
      if (limn_set_error_if_cancelled (cancellable, error) || TIFFReadTile (tiff, tile, x, y, 0, 0) < 0)
        return FALSE;
      for (guint32 j = 0; j < height && y + j < l->height; j++)
        take_pixels (l, tile + (gsize) j * width * pixel, MIN (width, l->width - x),
                     limn_picture_get_data (picture) + (y + j) * limn_picture_get_stride (picture) + (gsize) x * 4 * l->bits / 8);
    }
  return TRUE;
}

/* Whatever libtiff can convert, to 8 bits. */
static gboolean
read_converted (TIFF *tiff, const Layout *l, LimnPicture *picture, char why[1024])
{
  TIFFRGBAImage image;
  guint8 *data = limn_picture_get_data (picture);
  gboolean done;

  if (!TIFFRGBAImageOK (tiff, why) || !TIFFRGBAImageBegin (&image, tiff, 1, why))
    return FALSE;
  image.req_orientation = image.orientation; /* as they are stored: the first row first */
  done = TIFFRGBAImageGet (&image, (guint32 *) (gpointer) data, l->width, l->height);
  TIFFRGBAImageEnd (&image);
  for (gsize i = 0; i < (gsize) l->width * l->height; i++) { /* packed in words, and premultiplied */
    guint32 word;
    memcpy (&word, data + 4 * i, 4);
    const guint alpha = TIFFGetA (word), colors[] = { TIFFGetR (word), TIFFGetG (word), TIFFGetB (word) };
    for (int c = 0; c < 3; c++)
      data[4 * i + (gsize) c] = (guint8) (alpha == 0 || alpha == 255 ? colors[c] : MIN ((colors[c] * 255 + alpha / 2) / alpha, 255));
    data[4 * i + 3] = (guint8) alpha;
  }
  return done;
}

/* Title and keywords are in Photoshop's resources, or bare, as 32-bit numbers that libtiff may have swapped. */
static void
take_iptc (TIFF *tiff, LimnPicture *picture)
{
  static const guint8 head[] = { '8', 'B', 'I', 'M', 0x04, 0x04, 0, 0 };
  guint32 size = 0;
  const void *data = NULL;
  char *text = NULL;

  if (TIFFGetField (tiff, TIFFTAG_PHOTOSHOP, &size, &data) && size <= LIMN_METADATA_BYTES)
    text = limn_iptc_from_photoshop (data, size);
  if (!text && TIFFGetField (tiff, TIFFTAG_RICHTIFFIPTC, &size, &data) && size > 0 && size <= LIMN_METADATA_BYTES / 4) {
    g_autoptr (GByteArray) resource = g_byte_array_new ();
    const guint32 length = GUINT32_TO_BE (4 * size);

    g_byte_array_append (resource, head, sizeof head);
    g_byte_array_append (resource, (const guint8 *) &length, 4);
    g_byte_array_append (resource, data, 4 * size);
    if (TIFFIsByteSwapped (tiff))
      TIFFSwabArrayOfLong ((guint32 *) (gpointer) (resource->data + sizeof head + 4), size);
    text = limn_iptc_from_photoshop (resource->data, resource->len);
  }
  if (text)
    g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (LIMN_TEXT_IPTC), text);
}

static void
take_metadata (TIFF *tiff, LimnPicture *picture, int *orientation)
{
  guint32 size = 0;
  const void *data = NULL;
  float x = 0, y = 0;
  guint16 turned = 1, unit = RESUNIT_INCH;

  if (TIFFGetField (tiff, TIFFTAG_ICCPROFILE, &size, &data) && size > 0 && size <= LIMN_METADATA_BYTES) {
    g_autoptr (GBytes) profile = g_bytes_new (data, size);
    limn_picture_apply_profile (picture, profile);
  }
  if (TIFFGetField (tiff, TIFFTAG_XMLPACKET, &size, &data) && size > 0 && size <= LIMN_METADATA_BYTES)
    limn_codec_take_xmp (picture, data, size);
  take_iptc (tiff, picture);
  if (TIFFGetFieldDefaulted (tiff, TIFFTAG_ORIENTATION, &turned) && turned >= 1 && turned <= 8)
    *orientation = turned;
  TIFFGetFieldDefaulted (tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  if (unit != RESUNIT_NONE && TIFFGetField (tiff, TIFFTAG_XRESOLUTION, &x) && TIFFGetField (tiff, TIFFTAG_YRESOLUTION, &y) && x > 0 &&
      y > 0) {
    const double scale = unit == RESUNIT_CENTIMETER ? 100 : 100 / 2.54;
    limn_picture_set_resolution (picture, (LimnResolution){ x * scale, y * scale });
  }
}

static LimnPicture *
decode (TIFF *tiff, gsize file_size, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) picture = NULL;
  char why[1024] = "";
  Layout l = { 0 };
  GError *own = NULL;
  gboolean done;

  get_layout (tiff, &l);
  if (!limn_picture_check_size (name, l.width, l.height, error) ||
      !limn_budget_check (name, file_size, (guint64) l.width * l.height * (l.plain && l.bits == 16 ? 8 : 4), error))
    return NULL;
  picture = limn_picture_new (l.width, l.height, l.plain ? l.bits : 8, error);
  if (!picture)
    return NULL;
  done = !l.plain             ? read_converted (tiff, &l, picture, why)
         : TIFFIsTiled (tiff) ? read_tiles (tiff, &l, picture, cancellable, &own)
                              : read_strips (tiff, &l, picture, cancellable, &own);
  if (!done && own) {
    g_propagate_error (error, own);
    return NULL;
  }
  if (!done) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s is a TIFF that Limn can't read (%s). Save it with 8 or 16 bits a channel."), name,
                 why[0] ? why : _("it is damaged"));
    return NULL;
  }
  limn_picture_set_has_alpha (picture, l.extra != 0);
  limn_picture_get_source (picture)->gray = l.photometric <= PHOTOMETRIC_MINISBLACK;
  return g_steal_pointer (&picture);
}

LimnPicture *
limn_tiff_decode (GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable, GError **error)
{
  Memory memory = { 0 };
  LimnPicture *picture = NULL;
  TIFF *tiff;

  (void) partial; /* its directory may stand at the end: what is cut short is lost */
  *orientation = 1;
  memory.read = g_bytes_get_data (bytes, &memory.size);
  tiff = open_memory (&memory, "rm");
  if (!tiff) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged and can't be opened."), name);
    return NULL;
  }
  picture = decode (tiff, memory.size, name, cancellable, error);
  if (picture) {
    g_autoptr (GBytes) exif = limn_exif_from_tiff (memory.read, memory.size);

    take_metadata (tiff, picture, orientation);
    limn_picture_set_exif (picture, exif);
    limn_picture_get_source (picture)->pages = TIFFNumberOfDirectories (tiff);
  }
  TIFFClose (tiff);
  return picture;
}

/* -- Writing -- */

static void
set_fields (TIFF *tiff, LimnPicture *picture, gboolean gray, gboolean alpha)
{
  const guint16 extra = EXTRASAMPLE_UNASSALPHA;
  const LimnResolution resolution = limn_picture_get_resolution (picture);
  GBytes *profile = gray ? limn_picture_get_gray_profile (picture) : limn_picture_get_profile (picture);
  const char *xmp = g_hash_table_lookup (limn_picture_get_texts (picture), LIMN_TEXT_XMP);
  const char *iptc_text = g_hash_table_lookup (limn_picture_get_texts (picture), LIMN_TEXT_IPTC);
  g_autoptr (GBytes) iptc = iptc_text ? limn_iptc_to_photoshop (iptc_text) : NULL;

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, (guint32) limn_picture_get_width (picture));
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, (guint32) limn_picture_get_height (picture));
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, limn_picture_get_depth (picture));
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, (gray ? 1 : 3) + (alpha ? 1 : 0));
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, gray ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField (tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  TIFFSetField (tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize (tiff, 0));
  if (alpha)
    TIFFSetField (tiff, TIFFTAG_EXTRASAMPLES, 1, &extra);
  if (iptc)
    TIFFSetField (tiff, TIFFTAG_PHOTOSHOP, (guint32) g_bytes_get_size (iptc), g_bytes_get_data (iptc, NULL));
  if (profile)
    TIFFSetField (tiff, TIFFTAG_ICCPROFILE, (guint32) g_bytes_get_size (profile), g_bytes_get_data (profile, NULL));
  if (xmp)
    TIFFSetField (tiff, TIFFTAG_XMLPACKET, (guint32) strlen (xmp), xmp);
  if (resolution.x > 0 && resolution.y > 0) {
    TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    TIFFSetField (tiff, TIFFTAG_XRESOLUTION, resolution.x * 0.0254);
    TIFFSetField (tiff, TIFFTAG_YRESOLUTION, resolution.y * 0.0254);
  }
}

static gboolean
write_rows (TIFF *tiff, LimnPicture *picture, gboolean gray, gboolean alpha)
{
  const gsize width = limn_picture_get_width (picture), samples = (gray ? 1 : 3) + (alpha ? 1 : 0);
  const int bits = limn_picture_get_depth (picture);
  g_autofree guint8 *row = g_malloc (width * samples * (gsize) bits / 8);

  for (guint32 y = 0; y < limn_picture_get_height (picture); y++) {
    const guint8 *data = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

    for (gsize x = 0; x < width; x++)
      for (gsize c = 0; c < samples; c++)
        put_sample (row, x * samples + c, bits, sample_at (data, 4 * x + (alpha && c == samples - 1 ? 3 : c), bits));
    if (TIFFWriteScanline (tiff, row, y, 0) < 0)
      return FALSE;
  }
  return TRUE;
}

GBytes *
limn_tiff_encode (LimnPicture *picture, GBytes *exif, GError **error)
{
  Memory memory = { 0 };
  TIFF *tiff = open_memory (&memory, "wm");
  gboolean gray, alpha, done = FALSE;

  limn_codec_channels (picture, &gray, &alpha);
  if (tiff) {
    set_fields (tiff, picture, gray, alpha);
    done = write_rows (tiff, picture, gray, alpha) && TIFFFlush (tiff);
    TIFFClose (tiff);
  }
  if (done && !memory.failed) {
    g_autoptr (GBytes) file = g_bytes_new_take (memory.written, memory.size);
    return exif ? limn_exif_into_tiff (file, exif) : g_steal_pointer (&file);
  }
  g_free (memory.written);
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                       _("There is not enough memory to write the picture. Close other programs and try again."));
  return NULL;
}
