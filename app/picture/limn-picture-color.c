/* Colour profiles (lcms2): what a file's profile means, and pixels into sRGB and back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-parallel.h"

#include <glib/gi18n.h>
#include <lcms2.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

#define INTENT INTENT_RELATIVE_COLORIMETRIC
#define FLAGS (cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE)
/* Rows a thread converts at a time. */
#define STRIP 16

/* sRGB's white and primaries (IEC 61966-2-1). */
static const double srgb_xy[8] = { 0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06 };

static cmsHPROFILE
open_profile (GBytes *profile)
{
  gsize size;
  gconstpointer data;

  if (!profile)
    return cmsCreate_sRGBProfile ();
  data = g_bytes_get_data (profile, &size);
  return size <= G_MAXUINT32 ? cmsOpenProfileFromMem (data, (cmsUInt32Number) size) : NULL;
}

/* A profile that we made, as a file has it. Always the same bytes: the date of its making (ICC.1:2022, 7.2.10) is a fixed one. */
static GBytes *
store_profile (cmsHPROFILE profile)
{
  static const guint8 date[12] = { 0x07, 0xD0, 0, 1, 0, 1 };
  cmsUInt32Number size = 0;
  g_autofree guint8 *data = NULL;

  if (!profile || !cmsSaveProfileToMem (profile, NULL, &size))
    return NULL;
  data = g_malloc0 (size);
  if (!cmsSaveProfileToMem (profile, data, &size))
    return NULL;
  memcpy (data + 24, date, sizeof date);
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static void
close_profile (cmsHPROFILE profile)
{
  if (profile)
    cmsCloseProfile (profile);
}

GBytes *
limn_srgb_profile_new (void)
{
  cmsHPROFILE profile = cmsCreate_sRGBProfile ();
  GBytes *bytes = store_profile (profile);

  close_profile (profile);
  return bytes;
}

/* NULL when the two don't make a transform. */
static cmsHTRANSFORM
make_transform (GBytes *from, cmsUInt32Number from_type, GBytes *to, cmsUInt32Number to_type, cmsUInt32Number flags)
{
  cmsHPROFILE a = open_profile (from), b = open_profile (to);
  cmsHTRANSFORM transform = a && b ? cmsCreateTransform (a, from_type, b, to_type, INTENT, FLAGS | flags) : NULL;

  close_profile (a);
  close_profile (b);
  return transform;
}

/* What a profile describes; BAD when it can't be used. */
typedef enum { PROFILE_BAD, PROFILE_RGB, PROFILE_GRAY, PROFILE_CMYK } ProfileKind;

static ProfileKind
profile_kind (GBytes *profile)
{
  cmsHPROFILE handle = open_profile (profile);
  cmsColorSpaceSignature space = handle ? cmsGetColorSpace (handle) : 0;
  cmsUInt32Number type = space == cmsSigRgbData    ? TYPE_RGB_8
                         : space == cmsSigGrayData ? TYPE_GRAY_8
                         : space == cmsSigCmykData ? TYPE_CMYK_8
                                                   : 0;
  cmsHTRANSFORM transform;

  close_profile (handle);
  if (type == 0)
    return PROFILE_BAD;
  transform = make_transform (profile, type, NULL, TYPE_RGB_8, 0);
  if (!transform)
    return PROFILE_BAD;
  cmsDeleteTransform (transform);
  if (space == cmsSigCmykData)
    return PROFILE_CMYK;
  /* Saving needs the way back as well. */
  transform = make_transform (NULL, TYPE_RGB_8, profile, type, 0);
  if (!transform)
    return PROFILE_BAD;
  cmsDeleteTransform (transform);
  return space == cmsSigRgbData ? PROFILE_RGB : PROFILE_GRAY;
}

/* An RGB profile with one curve for all channels. */
static GBytes *
rgb_with_curve (const double xy[8], cmsToneCurve *curve)
{
  cmsCIExyY white = { xy[0], xy[1], 1 };
  cmsCIExyYTRIPLE primaries = { { xy[2], xy[3], 1 }, { xy[4], xy[5], 1 }, { xy[6], xy[7], 1 } };
  cmsToneCurve *curves[3] = { curve, curve, curve };
  cmsHPROFILE profile = cmsCreateRGBProfile (&white, &primaries, curves);
  GBytes *bytes = store_profile (profile);

  close_profile (profile);
  return bytes;
}

/* The curve of a gray profile in an RGB one: grays mean the same in both. */
static GBytes *
rgb_from_gray (GBytes *gray)
{
  cmsHPROFILE profile = open_profile (gray);
  cmsToneCurve *curve = profile && cmsIsTag (profile, cmsSigGrayTRCTag) ? cmsReadTag (profile, cmsSigGrayTRCTag) : NULL;
  GBytes *bytes = curve ? rgb_with_curve (srgb_xy, curve) : NULL; /* the curve is the profile's */

  close_profile (profile);
  return bytes;
}

void
limn_picture_apply_profile (LimnPicture *self, GBytes *profile)
{
  g_autoptr (GBytes) rgb = NULL;

  switch (profile_kind (profile)) {
  case PROFILE_RGB: limn_picture_set_profile (self, profile); break;
  case PROFILE_GRAY:
    rgb = rgb_from_gray (profile);
    limn_picture_set_profile (self, rgb);
    if (rgb)
      limn_picture_set_gray_profile (self, profile);
    break;
  default: break;
  }
}

/* Whether the chromaticities are those of colours: inside the diagram, the primaries a triangle. */
static gboolean
sane_xy (const double xy[8])
{
  double area = (xy[4] - xy[2]) * (xy[7] - xy[3]) - (xy[6] - xy[2]) * (xy[5] - xy[3]);

  for (int i = 0; i < 8; i += 2)
    if (!(xy[i] >= 0 && xy[i] <= 1 && xy[i + 1] > 0 && xy[i + 1] <= 1))
      return FALSE;
  return fabs (area) > 0.001;
}

static gboolean
near_srgb (const double xy[8])
{
  for (int i = 0; i < 8; i++)
    if (fabs (xy[i] - srgb_xy[i]) > 0.002)
      return FALSE;
  return TRUE;
}

/* The profile of these primaries and this curve, which is freed here; of a gray file, its gray one as well. */
static void
apply_curve (LimnPicture *self, const double xy[8], cmsToneCurve *curve)
{
  const cmsCIExyY white = { xy[0], xy[1], 1 };
  g_autoptr (GBytes) rgb = NULL;
  g_autoptr (GBytes) gray = NULL;
  cmsHPROFILE profile;

  if (!curve)
    return;
  rgb = rgb_with_curve (xy, curve);
  profile = cmsCreateGrayProfile (&white, curve);
  gray = store_profile (profile);
  close_profile (profile);
  cmsFreeToneCurve (curve);
  if (!rgb || profile_kind (rgb) != PROFILE_RGB)
    return;
  limn_picture_set_profile (self, rgb);
  limn_picture_set_gray_profile (self, gray);
}

void
limn_picture_apply_gamma (LimnPicture *self, double gamma, const double xy[8])
{
  const double *use = xy && sane_xy (xy) ? xy : srgb_xy;

  /* sRGB is written as 1/2.2 (PNG 11.3.3.5). */
  if (!(gamma > 0.1 && gamma < 10) || (fabs (gamma - 0.45455) < 0.01 && near_srgb (use)))
    return;
  apply_curve (self, use, cmsBuildGamma (NULL, 1 / gamma));
}

/* White and primaries by ITU-T H.273, table 2; NULL: not known here. */
static const double *
primaries_of (guint8 code)
{
  static const double bt_470m[8] = { 0.310, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08 };
  static const double bt_470bg[8] = { 0.3127, 0.3290, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06 };
  static const double bt_601[8] = { 0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070 };
  static const double bt_2020[8] = { 0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046 };
  static const double display_p3[8] = { 0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060 };

  switch (code) {
  case 1: return srgb_xy;
  case 4: return bt_470m;
  case 5: return bt_470bg;
  case 6:
  case 7: return bt_601;
  case 9: return bt_2020;
  case 12: return display_p3;
  default: return NULL;
  }
}

/* The curve from values to light by ITU-T H.273, table 3; NULL: not known here. */
static cmsToneCurve *
curve_of (guint8 code)
{
  static const double bt_709[5] = { 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081 };
  static const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };

  switch (code) {
  case 1:
  case 6:
  case 14:
  case 15: return cmsBuildParametricToneCurve (NULL, 4, bt_709);
  case 4: return cmsBuildGamma (NULL, 2.2);
  case 5: return cmsBuildGamma (NULL, 2.8);
  case 8: return cmsBuildGamma (NULL, 1);
  case 13: return cmsBuildParametricToneCurve (NULL, 4, srgb);
  default: return NULL;
  }
}

gboolean
limn_picture_apply_cicp (LimnPicture *self, const guint8 cicp[4])
{
  enum { PRIMARIES, TRANSFER, MATRIX, FULL_RANGE };
  const double *xy = primaries_of (cicp[PRIMARIES]);
  cmsToneCurve *curve = xy && cicp[MATRIX] == 0 && cicp[FULL_RANGE] == 1 ? curve_of (cicp[TRANSFER]) : NULL;

  if (!curve)
    return FALSE;
  if (cicp[PRIMARIES] == 1 && cicp[TRANSFER] == 13) /* sRGB */
    cmsFreeToneCurve (curve);
  else
    apply_curve (self, xy, curve);
  return TRUE;
}

struct LimnCmyk {
  cmsHTRANSFORM transform;
};

LimnCmyk *
limn_cmyk_new (GBytes *profile)
{
  LimnCmyk *self = g_new0 (LimnCmyk, 1);

  if (profile && profile_kind (profile) == PROFILE_CMYK)
    self->transform = make_transform (profile, TYPE_CMYK_8, NULL, TYPE_RGBA_8, 0);
  return self;
}

void
limn_cmyk_free (LimnCmyk *self)
{
  if (self && self->transform)
    cmsDeleteTransform (self->transform);
  g_free (self);
}

void
limn_cmyk_row (LimnCmyk *self, const guint8 *cmyk, guint8 *rgba, gsize width)
{
  if (self->transform)
    cmsDoTransform (self->transform, cmyk, rgba, (cmsUInt32Number) width);
  for (gsize x = 0; x < width; x++, cmyk += 4, rgba += 4) {
    for (int c = 0; c < 3 && !self->transform; c++)
      rgba[c] = (guint8) (((255u - cmyk[c]) * (255u - cmyk[3]) + 127) / 255);
    rgba[3] = 255;
  }
}

/* The largest difference of a channel when n colours of a profile (three times 16 bits each) become sRGB's; G_MAXINT where they can't. */
static int
farthest_from_srgb (GBytes *profile, const guint16 *colors, guint n)
{
  g_autofree guint16 *out = g_new (guint16, 3 * n);
  cmsHTRANSFORM transform = make_transform (profile, TYPE_RGB_16, NULL, TYPE_RGB_16, 0);
  int worst = 0;

  if (!transform)
    return G_MAXINT;
  cmsDoTransform (transform, colors, out, n);
  cmsDeleteTransform (transform);
  for (guint i = 0; i < 3 * n; i++)
    worst = MAX (worst, ABS (colors[i] - out[i]));
  return worst;
}

/* Whether a profile's colours are sRGB's, to the nearest level of 8 bits. */
static gboolean
is_srgb (GBytes *profile)
{
  enum { STEPS = 9, COUNT = STEPS * STEPS * STEPS };
  guint16 colors[COUNT * 3];

  for (int i = 0; i < COUNT; i++) {
    colors[3 * i] = (guint16) (i % STEPS * 65535 / (STEPS - 1));
    colors[3 * i + 1] = (guint16) (i / STEPS % STEPS * 65535 / (STEPS - 1));
    colors[3 * i + 2] = (guint16) (i / STEPS / STEPS * 65535 / (STEPS - 1));
  }
  return !profile || farthest_from_srgb (profile, colors, COUNT) < 257 / 2;
}

typedef struct {
  cmsHTRANSFORM transform;
  const guint8 *from; /* first pixel of the rectangle */
  gsize from_stride;
  LimnPicture *to;
  GCancellable *cancellable;
} Conversion;

static void
convert_strip (gsize strip, gpointer data)
{
  Conversion *self = data;
  gsize stride = limn_picture_get_stride (self->to), begin = strip * STRIP;
  gsize rows = MIN (STRIP, limn_picture_get_height (self->to) - begin);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  cmsDoTransformLineStride (self->transform, self->from + begin * self->from_stride, limn_picture_get_data (self->to) + begin * stride,
                            (cmsUInt32Number) limn_picture_get_width (self->to), (cmsUInt32Number) rows,
                            (cmsUInt32Number) self->from_stride, (cmsUInt32Number) stride, 0, 0);
}

/* from's pixels from (x, y) on, meant by from_profile, into to (same depth) as to_profile has them. */
static gboolean
convert_pixels (LimnPicture *from, gsize x, gsize y, GBytes *from_profile, LimnPicture *to, GBytes *to_profile, GCancellable *cancellable,
                GError **error)
{
  const gsize stride = limn_picture_get_stride (from), pixel = 4 * (gsize) limn_picture_get_depth (from) / 8;
  cmsUInt32Number type = limn_picture_get_depth (from) == 16 ? TYPE_RGBA_16 : TYPE_RGBA_8;
  Conversion self = { make_transform (from_profile, type, to_profile, type, cmsFLAGS_COPY_ALPHA),
                      limn_picture_get_data (from) + y * stride + x * pixel, stride, to, cancellable };

  if (!self.transform) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("The picture's colors can't be converted: its profile is damaged or memory ran out."));
    return FALSE;
  }
  /* all of it is written at once: large pages are quicker to get, and to give back. (Small pictures, which have no pages, refuse.) */
  madvise (limn_picture_get_data (to), limn_picture_get_stride (to) * limn_picture_get_height (to), MADV_HUGEPAGE);
  limn_parallel_for ((limn_picture_get_height (to) + STRIP - 1) / STRIP, convert_strip, &self);
  cmsDeleteTransform (self.transform);
  return !limn_set_error_if_cancelled (cancellable, error);
}

LimnPicture *
limn_picture_part_to_srgb (LimnPicture *self, gsize x, gsize y, gsize width, gsize height, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) other = NULL;

  if (is_srgb (limn_picture_get_profile (self)))
    return g_object_ref (self);
  other = limn_picture_new (width, height, limn_picture_get_depth (self), error);
  if (!other || !convert_pixels (self, x, y, limn_picture_get_profile (self), other, NULL, cancellable, error))
    return NULL;
  limn_picture_copy_metadata (other, self);
  limn_picture_set_profile (other, NULL);
  return g_steal_pointer (&other);
}

LimnPicture *
limn_picture_to_srgb (LimnPicture *self, GError **error)
{
  return limn_picture_part_to_srgb (self, 0, 0, limn_picture_get_width (self), limn_picture_get_height (self), NULL, error);
}

LimnPicture *
limn_picture_describe (LimnPicture *self, LimnPicture *like, GError **error)
{
  LimnPicture *made = limn_picture_new_take (limn_picture_get_width (self), limn_picture_get_height (self), limn_picture_get_depth (self),
                                             limn_picture_get_data (self), g_object_ref (self), g_object_unref, error);

  if (!made)
    return NULL;
  limn_picture_copy_metadata (made, like);
  limn_picture_set_has_alpha (made, limn_picture_get_has_alpha (self) || limn_picture_get_has_alpha (like));
  return made;
}

static gboolean
is_same_space (GBytes *a, GBytes *b)
{
  return a == b || (a && b && g_bytes_equal (a, b)) || (is_srgb (a) && is_srgb (b));
}

LimnPicture *
limn_picture_convert (LimnPicture *self, LimnPicture *like, GCancellable *cancellable, GError **error)
{
  GBytes *from = limn_picture_get_profile (self), *to = limn_picture_get_profile (like);
  g_autoptr (LimnPicture) other = NULL;

  if (is_same_space (from, to))
    return limn_picture_describe (self, like, error);
  other = limn_picture_new (limn_picture_get_width (self), limn_picture_get_height (self), limn_picture_get_depth (self), error);
  if (!other || !convert_pixels (self, 0, 0, from, other, to, cancellable, error))
    return NULL;
  limn_picture_set_has_alpha (other, limn_picture_get_has_alpha (self));
  return limn_picture_describe (other, like, error);
}

gboolean
limn_picture_is_near_srgb (LimnPicture *self)
{
  enum { STEPS = 17, FARTHEST = 40 * 257 }; /* ProPhoto's grays are up to 23 of 255 levels from sRGB's, linear light's up to 75 */
  GBytes *profile = limn_picture_get_profile (self);
  guint16 grays[STEPS * 3];

  for (int i = 0; i < STEPS * 3; i++)
    grays[i] = (guint16) (i / 3 * 65535 / (STEPS - 1));
  return !profile || farthest_from_srgb (profile, grays, STEPS) < FARTHEST;
}

/* -- The screen -- */

struct _LimnScreenTransform {
  cmsHTRANSFORM transform;
};

void
limn_screen_transform_free (LimnScreenTransform *self)
{
  cmsDeleteTransform (self->transform);
  g_free (self);
}

LimnScreenTransform *
limn_picture_get_screen_transform (LimnPicture *self)
{
  LimnScreenTransform **kept = limn_picture_peek_screen_transform (self), *made = g_atomic_pointer_get (kept);
  cmsHTRANSFORM transform;

  if (made || !limn_picture_get_profile (self))
    return made;
  transform = make_transform (limn_picture_get_profile (self), limn_picture_get_depth (self) == 8 ? TYPE_RGBA_8 : TYPE_RGBA_16, NULL,
                              TYPE_RGBA_8, cmsFLAGS_COPY_ALPHA);
  if (!transform)
    return NULL;
  made = g_new (LimnScreenTransform, 1);
  made->transform = transform;
  if (g_atomic_pointer_compare_and_exchange (kept, NULL, made))
    return made;
  limn_screen_transform_free (made); /* another thread was first */
  return g_atomic_pointer_get (kept);
}

void
limn_screen_transform_row (LimnScreenTransform *self, gconstpointer row, gsize count, guint8 *out)
{
  cmsDoTransform (self->transform, row, out, (cmsUInt32Number) count);
}
