/* The colours that the last colorize found in a photo, kept by the photo: one for previews and one for finished edits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-edit-private.h"

typedef struct {
  LimnColors *colors;
  GWeakRef engine, paint; /* these very objects: neither changes */
  gboolean has_paint;
  guint64 seed, seed_b;
  double mix;
  int steps;
} KeptColors;

static void
kept_colors_free (gpointer data)
{
  KeptColors *self = data;

  limn_colors_free (self->colors);
  g_weak_ref_clear (&self->engine);
  g_weak_ref_clear (&self->paint);
  g_free (self);
}

static GQuark
quark_of (const LimnEditRun *run)
{
  return g_quark_from_static_string (run->flags & LIMN_RUN_QUICK ? "limn-colors-quick" : "limn-colors");
}

static gboolean
is_for (KeptColors *self, const LimnEditRun *run)
{
  g_autoptr (GObject) engine = g_weak_ref_get (&self->engine), paint = g_weak_ref_get (&self->paint);
  const LimnEditSettings *set = &run->edit->set;

  return engine == (gpointer) run->handle && paint == (gpointer) run->paint && self->has_paint == (run->paint != NULL) &&
         self->seed == set->seed && self->seed_b == set->seed_b && self->mix == set->mix && self->steps == set->steps;
}

LimnColors *
limn_kept_colors_take (const LimnEditRun *run)
{
  KeptColors *self = g_object_steal_qdata (G_OBJECT (run->photo), quark_of (run));
  LimnColors *colors = self && is_for (self, run) ? g_steal_pointer (&self->colors) : NULL;

  g_clear_pointer (&self, kept_colors_free);
  return colors;
}

void
limn_kept_colors_give (const LimnEditRun *run, LimnColors *colors)
{
  const LimnEditSettings *set = &run->edit->set;
  KeptColors *self = g_new0 (KeptColors, 1);

  self->colors = colors;
  g_weak_ref_init (&self->engine, run->handle);
  g_weak_ref_init (&self->paint, run->paint);
  self->has_paint = run->paint != NULL;
  self->seed = set->seed;
  self->seed_b = set->seed_b;
  self->mix = set->mix;
  self->steps = set->steps;
  g_object_set_qdata_full (G_OBJECT (run->photo), quark_of (run), self, kept_colors_free);
}
