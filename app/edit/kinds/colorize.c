/* Colorize: a photo's chroma anew, its luma kept. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-edit-private.h"

#include <glib/gi18n.h>

enum { SATURATION };

static const LimnParameter parameters[] = {
  [SATURATION] = { .name = "saturation",
                   .range = LIMN_RANGE (0, 2),
                   .initial = 1,
                   .label = N_("Strength of the colors"),
                   .help = N_("0 is gray but for your own colors, 1 as the network says"),
                   .slider = { NC_("saturation", "Pale"), NC_("saturation", "Rich") } },
  { 0 },
};

static const LimnToolKind tools[] = { LIMN_TOOL_DOT,     LIMN_TOOL_PICKER, LIMN_TOOL_BRUSH, LIMN_TOOL_ERASER, LIMN_TOOL_LASSO,
                                      LIMN_TOOL_SIMILAR, LIMN_TOOL_OBJECT, LIMN_TOOL_CROP,  LIMN_N_TOOLS };

static gboolean
suits (LimnPicture *photo)
{
  return photo && limn_picture_is_gray (photo);
}

static void
run (LimnEditRun *self)
{
  LimnEngineCall *call = &self->call;
  LimnColorizeOptions options = { .sampling = limn_edit_run_get_sampling (self), .hints = self->paint_view };
  LimnColorKey key = { .photo = self->photo, .paint = self->paint, .sampling = options.sampling };
  LimnColorCache *cache = self->flags & LIMN_RUN_KEEP ? limn_engine_handle_get_color_cache (self->handle) : NULL;
  LimnColors *colors = cache ? limn_color_cache_take (cache, &key) : NULL;

  if (!colors)
    self->status = limn_colors_new (&colors, self->engine, self->photo_view, &options, &call->control, &call->stats, &call->error);
  if (self->status == LIMN_OK) {
    self->status = limn_colors_paint (colors, self->engine, self->photo_view, self->mask_view, (float) self->edit->set.values[SATURATION],
                                      &call->control, &call->overlay, &call->error);
    if (cache)
      limn_color_cache_put (cache, &key, g_steal_pointer (&colors));
  }
  limn_colors_free (colors);
}

const LimnEditKind limn_kind_colorize = {
  .nick = "colorize",
  .label = N_("Colorize"),
  .verb = N_("Colorize"),
  .invitation = N_("See a gray photo in color"),
  .offer = N_("This picture is gray: Enter gives it color."),
  .sample = "pavilion.jpg",
  .takes = LIMN_TAKES_MASK | LIMN_TAKES_DOTS,
  .invents_colors = TRUE,
  .keeps_alpha = TRUE,
  .tools = tools,
  .parameters = parameters,
  .suits = suits,
  .run = run,
  .summary = "gives a gray photo colours, or a coloured one new colours",
  .text = "How light each pixel is stays exactly as it was (where a colour that light exists); only its colour is new.",
  .examples = "  limn-cli colorize grandmother.jpg -o grandmother-colour.jpg\n"
              "  limn-cli colorize house.png --hints red-roof.png --saturation 1.2 -o house-colour.png",
};
