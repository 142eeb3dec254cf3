/* The colours that the last colorize found in a photo, kept by the photo: one for previews and one for finished edits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit-private.h"

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
quark_of (const LimnEdit *edit)
{
  return g_quark_from_static_string (edit->quick ? "limn-colors-quick" : "limn-colors");
}

static gboolean
is_for (KeptColors *self, const LimnEdit *edit, LimnEngineHandle *handle)
{
  g_autoptr (GObject) engine = g_weak_ref_get (&self->engine), paint = g_weak_ref_get (&self->paint);

  return engine == (gpointer) handle && paint == (gpointer) edit->paint && self->has_paint == (edit->paint != NULL) &&
         self->seed == edit->seed && self->seed_b == edit->seed_b && self->mix == edit->mix && self->steps == edit->steps;
}

LimnColors *
limn_kept_colors_take (const LimnEdit *edit, LimnEngineHandle *engine)
{
  KeptColors *self = g_object_steal_qdata (G_OBJECT (edit->photo), quark_of (edit));
  LimnColors *colors = self && is_for (self, edit, engine) ? g_steal_pointer (&self->colors) : NULL;

  g_clear_pointer (&self, kept_colors_free);
  return colors;
}

void
limn_kept_colors_give (const LimnEdit *edit, LimnEngineHandle *engine, LimnColors *colors)
{
  KeptColors *self = g_new0 (KeptColors, 1);

  self->colors = colors;
  g_weak_ref_init (&self->engine, engine);
  g_weak_ref_init (&self->paint, edit->paint);
  self->has_paint = edit->paint != NULL;
  self->seed = edit->seed;
  self->seed_b = edit->seed_b;
  self->mix = edit->mix;
  self->steps = edit->steps;
  g_object_set_qdata_full (G_OBJECT (edit->photo), quark_of (edit), self, kept_colors_free);
}
