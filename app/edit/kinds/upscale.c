/* Upscale: a small picture made large. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-edit-private.h"

#include <glib/gi18n.h>

/* Pictures up to this many pixels are offered to be enlarged: larger ones fill a window as they are. */
#define SMALL_PIXELS 200000
/* Pixels around a part of the photo that its enlargement looks at. */
#define CONTEXT 64

enum { SCALE, DENOISE, FAITHFUL };

static const double scales[] = { 2, 3, 4, 8, 0 };

static const LimnParameter parameters[] = {
  [SCALE] = { .name = "scale",
              .type = LIMN_PARAMETER_INT,
              .range = { 2, 8, scales, FALSE },
              .initial = 4,
              .label = N_("%d times as wide and high"),
              .help = N_("How many times as wide and high"),
              .short_label = N_("%d×") },
  [DENOISE] = { .name = "denoise",
                .range = LIMN_RANGE_OR_AUTOMATIC (0, 1),
                .initial = LIMN_PARAMETER_AUTOMATIC,
                .label = N_("Clean up noise and JPEG blocks"),
                .help = N_("Strength of the removal of noise and JPEG blocks"),
                .slider = { NC_("denoise", "As It Is"), NC_("denoise", "Clean") } },
  [FAITHFUL] = { .name = "faithful",
                 .type = LIMN_PARAMETER_FLAG,
                 .range = LIMN_RANGE (0, 1),
                 .initial = TRUE,
                 .label = N_("Stay Faithful"),
                 .help = N_("Scaled back down, it matches the original"),
                 .unless = "denoise" },
  { 0 },
};

static const LimnToolKind tools[] = { LIMN_TOOL_LENS, LIMN_TOOL_CROP, LIMN_N_TOOLS };

static gboolean
suits (LimnPicture *photo)
{
  return photo && limn_picture_get_width (photo) * limn_picture_get_height (photo) <= SMALL_PIXELS;
}

static gboolean
fits (gint64 width, gint64 height)
{
  return width <= LIMN_PICTURE_MAX_SIDE && height <= LIMN_PICTURE_MAX_SIDE && width * height <= LIMN_PICTURE_MAX_PIXELS;
}

static gboolean
describe (const double *values, int width, int height, char **text, char **hint)
{
  const int scale = (int) values[SCALE];

  *text = g_strdup_printf (_("Upscale to %d × %d"), width * scale, height * scale);
  if (fits ((gint64) width * scale, (gint64) height * scale))
    return TRUE;
  *hint = g_strdup_printf (_("That would be too large: at most %d megapixels"), LIMN_PICTURE_MAX_PIXELS / 1000000);
  return FALSE;
}

static gboolean
has_region (const LimnEditRun *self)
{
  return !limn_rect_is_empty (&self->edit->from.region);
}

static LimnRect
area (const LimnEditRun *self)
{
  return has_region (self) ? limn_edit_run_widen (self, self->edit->from.region, CONTEXT) : limn_picture_get_rect (self->photo);
}

static gboolean
check (const LimnEditRun *self, GError **error)
{
  const gint64 scale = (gint64) self->edit->set.values[SCALE];
  const LimnRect *region = &self->edit->from.region;
  LimnRect all = limn_picture_get_rect (self->photo), inside = limn_rect_intersect (region, &all);

  if (has_region (self) && memcmp (&inside, region, sizeof inside) != 0)
    return limn_edit_usage (error, "The part to enlarge does not lie inside the photo.");
  if (has_region (self))
    all = *region;
  if (fits (all.width * scale, all.height * scale))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
               _("The enlarged picture would be %zu x %zu pixels; at most %d megapixels are possible. "
                  "Use a smaller scale or a part of the photo."),
               (gsize) (all.width * scale), (gsize) (all.height * scale), LIMN_PICTURE_MAX_PIXELS / 1000000);
  return FALSE;
}

static void
run (LimnEditRun *self)
{
  const double *values = self->edit->set.values;
  const LimnRect *region = &self->edit->from.region;
  LimnRegion part = { (gsize) (region->x - self->part.x), (gsize) (region->y - self->part.y), (gsize) region->width,
                      (gsize) region->height };
  LimnUpscaleOptions options = { .sampling = limn_edit_run_get_sampling (self),
                                 .scale = (int) values[SCALE],
                                 .denoise = (float) values[DENOISE],
                                 .faithful = values[FAITHFUL] != 0,
                                 .region = has_region (self) ? &part : NULL };

  self->whole = TRUE;
  self->status = limn_upscale (self->engine, self->photo_view, &options, &self->call.control, &self->call.overlay, &self->call.stats,
                               &self->call.error);
}

const LimnEditKind limn_kind_upscale = {
  .nick = "upscale",
  .label = N_("Upscale"),
  .verb = N_("Upscale"),
  .invitation = N_("Make a small picture large"),
  .offer = N_("This picture is small: Enter makes it larger."),
  .sample = "cat.png",
  .enlarges = TRUE,
  .tools = tools,
  .parameters = parameters,
  .suits = suits,
  .describe = describe,
  .area = area,
  .check = check,
  .run = run,
  .summary = "makes a small picture large and sharp",
  .text = "Averaged back down, the result is the photo again, within rounding (not where noise is removed, which is to change it).",
  .examples = "  limn-cli upscale small.png --scale 4 -o large.png\n"
              "  limn-cli upscale old-web-photo.jpg --scale 2 --denoise 0.4 -o clean.jpg",
};
