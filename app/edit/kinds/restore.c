/* Restore: what is damaged in an old photo is found and mended, its tones are evened, its grain is calmed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-app-error.h"
#include "app/edit/limn-edit-private.h"

#include <glib/gi18n.h>

enum { SCRATCHES, FADING, GRAIN };

/* Places that are damaged, from which on a photo counts as worn; and the range of a coloured one's luma up to which, and its black from
 * which on, it is faded: what is dark alone isn't. */
#define LEAST_SPOTS 8
#define MOST_FADED_RANGE 0.7
#define LEAST_FADED_BLACK 0.1

static const LimnParameter parameters[] = {
  [SCRATCHES] = { .name = "scratches",
                  .range = LIMN_RANGE (0, 1),
                  .initial = 0.5,
                  .label = N_("Scratches"),
                  .help = N_("How much of what may be damage is mended"),
                  .slider = { NC_("scratches", "None"), NC_("scratches", "Every One") } },
  [FADING] = { .name = "fading",
               .range = LIMN_RANGE (0, 1),
               .initial = 0.8,
               .label = N_("Fading"),
               .help = N_("How far black, white and color cast are corrected"),
               .slider = { NC_("fading", "As It Is"), NC_("fading", "Fresh") } },
  [GRAIN] = { .name = "grain",
              .range = LIMN_RANGE (0, 1),
              .initial = 0.4,
              .label = N_("Grain"),
              .help = N_("How much of the grain is taken away"),
              .slider = { NC_("grain", "As It Is"), NC_("grain", "Smooth") } },
  { 0 },
};

static const LimnToolKind tools[] = { LIMN_TOOL_MEND, LIMN_TOOL_SPARE, LIMN_TOOL_CROP, LIMN_N_TOOLS };

/* A print of long ago: gray, in one tint or faded, and with damage. In good colour photos none is looked for. */
static gboolean
is_worn (LimnPicture *photo, GCancellable *cancellable)
{
  const gboolean gray = limn_picture_is_gray (photo);
  const LimnRect all = limn_picture_get_rect (photo);
  const LimnPixels pixels = limn_pixels_of (photo, &all);
  LimnWear wear = { 0 };
  LimnEngineCall call;

  limn_engine_call_begin (&call, NULL, NULL, cancellable);
  const LimnStatus status = limn_measure_wear (&wear, &pixels, gray ? 1 : MOST_FADED_RANGE, 0, &call.control, &call.error);
  return limn_engine_call_end (&call, status, NULL) && wear.spots >= LEAST_SPOTS && (gray || wear.black >= LEAST_FADED_BLACK);
}

static void
run (LimnEditRun *self)
{
  const double *values = self->edit->set.values;
  const gsize width = self->photo_view->width, height = self->photo_view->height;
  LimnRestoreFound found = { .mask = g_try_malloc (width * height) };
  LimnRestoreOptions options = { .sampling = limn_edit_run_get_sampling (self),
                                 .scratches = (float) values[SCRATCHES],
                                 .fading = (float) values[FADING],
                                 .grain = (float) values[GRAIN],
                                 .marks = self->marks_view,
                                 .found = &found };

  if (!found.mask) {
    g_set_error_literal (&self->failure, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("Not enough memory for a mask of this size. Close other pictures."));
    return;
  }
  self->status = limn_restore (self->engine, self->photo_view, &options, &self->call.control, &self->call.overlay, &self->call.stats,
                               &self->call.error);
  self->found.damage = (LimnDamageFound){ .mask = { g_bytes_new_take (found.mask, width * height), width, height },
                                          .spots = found.spots,
                                          .damaged = found.damaged,
                                          .grain = found.grain,
                                          .black = found.black,
                                          .white = found.white };
}

const LimnEditKind limn_kind_restore = {
  .nick = "restore",
  .label = N_("Restore"),
  .verb = N_("Restore"),
  .invitation = N_("Mend an old, worn photo"),
  .sample = "tripod.jpg",
  .offer = N_("This photo is worn: Enter mends it."),
  .takes = LIMN_TAKES_MARKS,
  .single = TRUE,
  .keeps_alpha = TRUE,
  .next = { "colorize", N_("Colorize It"), "upscale", N_("Make It Larger") },
  .tools = tools,
  .parameters = parameters,
  .recognizes = is_worn,
  .run = run,
  .summary = "mends scratches, dust and creases of an old photo, and evens its fading and grain",
  .text = "Damage is found: what is thin and unlike both its sides, small and unlike all around, or a torn corner. MASK adds to it, and\n"
          "--spare takes away. Elsewhere only tones and grain change; with --fading 0 --grain 0 a PNG's pixels stay there, bit for bit.",
  .examples = "  limn-cli restore grandmother.jpg -o mended.jpg\n"
              "  limn-cli restore scan.png --mask-out found.png -o mended.png   # and what was found\n"
              "  limn-cli restore scan.png --scratches 0.8 --fading 0 --grain 0 -o mended.png",
};
