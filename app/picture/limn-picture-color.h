/* Colour profiles: what a file's profile means, and pixels into sRGB and back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-picture.h"

G_BEGIN_DECLS

/* A copy converted to 8/16-bit sRGB (lcms2, relative colorimetric with black point compensation), which loses what sRGB doesn't have; a
 * new reference to self when it is sRGB already. part: the same of a rectangle; self, and so all of it, when it is sRGB already. */
LimnPicture *limn_picture_to_srgb (LimnPicture *self, GError **error);
LimnPicture *
limn_picture_part_to_srgb (LimnPicture *self, gsize x, gsize y, gsize width, gsize height, GCancellable *cancellable, GError **error);
/* A copy of self in like's colour space, with like's metadata. describe: the same numbers, taken for like's. */
LimnPicture *limn_picture_convert (LimnPicture *self, LimnPicture *like, GCancellable *cancellable, GError **error);
LimnPicture *limn_picture_describe (LimnPicture *self, LimnPicture *like, GError **error);
/* Whether what is made for sRGB can work with the picture's own numbers: its grays are about as light as sRGB's, whatever its primaries
 * (Display P3, Adobe RGB, ProPhoto). So no colour is lost, and averages are those of the numbers. */
gboolean limn_picture_is_near_srgb (LimnPicture *self);

/* sRGB as a profile for files that need one: always the same bytes. Transfer full. */
GBytes *limn_srgb_profile_new (void);

/* From the picture's depth and profile to sRGB of 8 bits, for the screen: made once, on first use, and owned by the picture, whose profile
 * must not change any more. Borrowed; NULL when the pixels are sRGB already or the profile can't be used. Any thread. */
typedef struct _LimnScreenTransform LimnScreenTransform;
LimnScreenTransform *limn_picture_get_screen_transform (LimnPicture *self);
/* row: count pixels of the picture's depth; out: as many, RGBA. Any thread. */
void limn_screen_transform_row (LimnScreenTransform *self, gconstpointer row, gsize count, guint8 *out);

/* Gives the picture the file's profile (lcms2): an RGB one as it is; a gray one as an RGB profile with the same curve, so that the
 * pixels stay what they are; nothing for one that can't be used. */
void limn_picture_apply_profile (LimnPicture *self, GBytes *profile);
/* The same for a file that has its transfer function (value = light ^ gamma, as PNG's gAMA) and chromaticities (white, red, green, blue:
 * x, y each; NULL = those of sRGB) instead. Nothing when they are sRGB's or make no sense. */
void limn_picture_apply_gamma (LimnPicture *self, double gamma, const double xy[8]);
/* The same for a colour space by numbers: colour primaries, transfer function, matrix, full range (ITU-T H.273; PNG's cICP). FALSE when it
 * isn't known here: those of HDR aren't. */
gboolean limn_picture_apply_cicp (LimnPicture *self, const guint8 cicp[4]);
/* Rows of CMYK (0 = no ink, 4 bytes a pixel) to sRGB: [width * 4] each, opaque. profile NULL = plain under colour arithmetic. */
typedef struct LimnCmyk LimnCmyk;
LimnCmyk *limn_cmyk_new (GBytes *profile);
void limn_cmyk_free (LimnCmyk *self);
void limn_cmyk_row (LimnCmyk *self, const guint8 *cmyk, guint8 *rgba, gsize width);

G_END_DECLS
