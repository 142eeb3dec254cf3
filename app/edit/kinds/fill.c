/* Fill: what a mask covers becomes what fits its surroundings. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-edit-private.h"

#include <glib/gi18n.h>

#include "app/picture/limn-picture-color.h"

enum { GROW, FEATHER, SURFACE };

static const LimnParameter parameters[] = {
  [GROW] = { .name = "grow",
             .range = LIMN_RANGE_OR_AUTOMATIC (0, 1000),
             .initial = LIMN_PARAMETER_AUTOMATIC,
             .unit = "PX",
             .label = N_("Grow"),
             .help = N_("How far beyond the mask, in pixels") },
  [FEATHER] = { .name = "feather",
                .range = LIMN_RANGE_OR_AUTOMATIC (0, 1000),
                .initial = LIMN_PARAMETER_AUTOMATIC,
                .unit = "PX",
                .label = N_("Soft Edge"),
                .help = N_("How far it fades out, in pixels") },
  [SURFACE] = { .name = "surface", .type = LIMN_PARAMETER_INT, .range = LIMN_RANGE (0, LIMN_OWN_LAST) },
  { 0 },
};

static const LimnToolKind tools[] = { LIMN_TOOL_BRUSH,        LIMN_TOOL_ERASER, LIMN_TOOL_LASSO,     LIMN_TOOL_RECTANGLE, LIMN_TOOL_ELLIPSE,
                                      LIMN_TOOL_SIMILAR,      LIMN_TOOL_OBJECT, LIMN_TOOL_TAKE_FROM, LIMN_TOOL_NOT_FROM,  LIMN_TOOL_GUIDE,
                                      LIMN_TOOL_GUIDE_PENCIL, LIMN_TOOL_PICKER, LIMN_TOOL_SURFACE,   LIMN_TOOL_CROP,      LIMN_N_TOOLS };

static double
most_of (double pixels)
{
  return pixels == LIMN_PARAMETER_AUTOMATIC ? LIMN_FILL_AUTOMATIC_REACH : pixels;
}

static LimnRect
area (const LimnEditRun *self)
{
  const double *values = self->edit->set.values;

  return limn_edit_run_get_hole_area (self, most_of (values[GROW]) + most_of (values[FEATHER]));
}

/* The surface that it is filled with, in the photo's colour space; NULL where it is the photo itself, or with failure. */
static LimnPicture *
load_surface (LimnEditRun *self)
{
  const guint8 label = (guint8) self->edit->set.values[SURFACE];
  const LimnOwnSurface *surface = label > 0 ? limn_surface_list_find (self->edit->from.surfaces, label) : NULL;

  if (!surface)
    return NULL;
  return self->own ? limn_picture_convert (surface->picture, self->photo, NULL, &self->failure) : g_object_ref (surface->picture);
}

static void
run (LimnEditRun *self)
{
  const double *values = self->edit->set.values;
  g_autoptr (LimnPicture) surface = load_surface (self);
  const LimnRect all = surface ? limn_picture_get_rect (surface) : (LimnRect){ 0 };
  const LimnPixels tile = surface ? limn_pixels_of (surface, &all) : (LimnPixels){ 0 };
  LimnFillOptions options = { .sampling = limn_edit_run_get_sampling (self),
                              .grow = (float) values[GROW],
                              .feather = (float) values[FEATHER],
                              .paint = self->paint_view,
                              .ink = self->lines_view,
                              .sources = self->sources_view,
                              .surface = surface ? &tile : NULL };

  if (self->failure)
    return;
  self->status = limn_fill (self->engine, self->photo_view, self->mask_view, &options, &self->call.control, &self->call.overlay,
                            &self->call.stats, &self->call.error);
}

const LimnEditKind limn_kind_fill = {
  .nick = "fill",
  .label = N_("Fill"),
  .verb = N_("Fill"),
  .verb_again = N_("Fill Again"),
  .missing = N_("Paint over what should go"),
  .invitation = N_("Paint over what should go"),
  .sample = "moss.jpg",
  .takes = LIMN_TAKES_MASK | LIMN_TAKES_GUIDE | LIMN_TAKES_SOURCES | LIMN_TAKES_SURFACES,
  .needs = LIMN_TAKES_MASK,
  .slow = TRUE,
  .tools = tools,
  .parameters = parameters,
  .area = area,
  .run = run,
  .summary = "removes or replaces what a mask covers",
  .text = "What is white in MASK is replaced by what fits its surroundings. Without --mask, the transparent pixels of PHOTO are the\n"
          "hole. Outside the mask (grown and feathered) a PNG's pixels stay as they were, bit for bit. Thin parts, as scratches, text and\n"
          "dust, go on from what is close around them; larger ones are copied from elsewhere in the photo.",
  .examples = "  limn-cli fill beach.jpg --mask towel.png -o beach-clean.png\n"
              "  limn-cli fill scan.png --mask dust.png --grow 2 -o clean.png\n"
              "  limn-cli fill beach.jpg --mask towel.png --not-from people.png -o beach-clean.png\n"
              "  limn-cli fill garden.jpg --mask pond.png --surface lawn.jpg:200,300,400,400 -o lawn.jpg\n"
              "  limn-cli fill torn.png -o whole.png                        # a transparent hole\n"
              "  limn-cli fill wall.jpg --mask hole.png --paint door.png --seed 7 -o door.jpg",
};
