/* The values of the session's plain properties. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-settings.h"

#include <math.h>

#include "app/raster/limn-mask.h"
#include "limn-session.h"

enum { TASK_NONE = -1, TASK_ALL = -2 };

typedef struct {
  const char *name;
  char type; /* d, i, b, u */
  double min, max, initial;
  gsize offset;
  int task; /* whose preview depends on it */
} Setting;
#define AT(field) G_STRUCT_OFFSET (LimnSessionSettings, field)
static const Setting table[] = {
  { "brush-hardness", 'd', 0, 1, 0.8, AT (brush_hardness), TASK_NONE },
  { "mask-mode", 'i', 0, LIMN_MASK_INTERSECT, LIMN_MASK_REPLACE, AT (mask_mode), TASK_NONE },
  { "tolerance", 'i', 0, 255, 32, AT (tolerance), TASK_NONE },
  { "contiguous", 'b', 0, 1, TRUE, AT (contiguous), TASK_NONE },
  { "grow", 'd', 0, 1000, 4, AT (grow), LIMN_TASK_FILL },
  { "feather", 'd', 0, 1000, 4, AT (feather), LIMN_TASK_FILL },
  { "saturation", 'd', 0, 2, 1, AT (saturation), LIMN_TASK_COLORIZE },
  { "freedom", 'd', 0, 1, 0.5, AT (freedom), LIMN_TASK_SKETCH },
  { "scale", 'i', 2, 8, 4, AT (scale), LIMN_TASK_UPSCALE },
  { "denoise", 'd', 0, 1, 0, AT (denoise), LIMN_TASK_UPSCALE },
  { "faithful", 'b', 0, 1, TRUE, AT (faithful), LIMN_TASK_UPSCALE },
  { "steps", 'i', 1, 2, 1, AT (steps), TASK_ALL },
  { "seed", 'u', 0, 0, 1, AT (seed), TASK_ALL },
  { "live", 'b', 0, 1, TRUE, AT (live), TASK_ALL },
  { "sketch-view", 'i', 0, LIMN_SKETCH_VIEW_SKETCH_ONLY, LIMN_SKETCH_VIEW_OVER, AT (sketch_view), TASK_NONE },
  { "compare", 'b', 0, 1, FALSE, AT (compare), TASK_NONE },
  { "compare-position", 'd', 0, 1, 0.5, AT (compare_position), TASK_NONE },
  { "show-original", 'b', 0, 1, FALSE, AT (show_original), TASK_NONE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (table) == LIMN_SESSION_N_SETTINGS);

static GParamSpec *
make_spec (const Setting *setting)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  switch (setting->type) {
  case 'd': return g_param_spec_double (setting->name, NULL, NULL, setting->min, setting->max, setting->initial, flags);
  case 'i': return g_param_spec_int (setting->name, NULL, NULL, (int) setting->min, (int) setting->max, (int) setting->initial, flags);
  case 'u': return g_param_spec_uint64 (setting->name, NULL, NULL, 0, G_MAXUINT64, (guint64) setting->initial, flags);
  default: return g_param_spec_boolean (setting->name, NULL, NULL, setting->initial != 0, flags);
  }
}

void
limn_session_settings_install (GObjectClass *klass)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_object_class_install_property (klass, i + 1, make_spec (&table[i]));
}

void
limn_session_settings_init (LimnSessionSettings *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    gpointer field = G_STRUCT_MEMBER_P (self, table[i].offset);
    switch (table[i].type) {
    case 'd': *(double *) field = table[i].initial; break;
    case 'u': *(guint64 *) field = (guint64) table[i].initial; break;
    default: *(int *) field = (int) table[i].initial;
    }
  }
}

void
limn_session_settings_get (const LimnSessionSettings *self, guint id, GValue *value)
{
  const Setting *setting = &table[id - 1];
  gconstpointer field = G_STRUCT_MEMBER_P (self, setting->offset);
  switch (setting->type) {
  case 'd': g_value_set_double (value, *(const double *) field); break;
  case 'i': g_value_set_int (value, *(const int *) field); break;
  case 'u': g_value_set_uint64 (value, *(const guint64 *) field); break;
  default: g_value_set_boolean (value, *(const gboolean *) field);
  }
}

gboolean
limn_session_settings_set (LimnSessionSettings *self, guint id, const GValue *value)
{
  const Setting *setting = &table[id - 1];
  gpointer field = G_STRUCT_MEMBER_P (self, setting->offset);
  if (setting->type == 'd') {
    double before = *(double *) field, now = g_value_get_double (value);
    *(double *) field = now;
    return before != now;
  }
  if (setting->type == 'u') {
    guint64 before = *(guint64 *) field, now = g_value_get_uint64 (value);
    *(guint64 *) field = now;
    return before != now;
  }
  int before = *(int *) field, now = setting->type == 'i' ? g_value_get_int (value) : g_value_get_boolean (value);
  *(int *) field = now;
  return before != now;
}

LimnSettingConcern
limn_session_settings_concern (guint id, LimnTask task)
{
  int of = table[id - 1].task;
  if (of == TASK_NONE)
    return LIMN_SETTING_NONE;
  if (of == TASK_ALL)
    return LIMN_SETTING_ALL_TASKS;
  return of == (int) task ? LIMN_SETTING_THIS_TASK : LIMN_SETTING_OTHER_TASK;
}

/* -- What people prefer -- */

static const char *const view_names[] = { "over", "beside", "sketch-only" };

static gboolean
view_from_preference (GValue *value, GVariant *variant, gpointer user)
{
  for (int i = 0; i < (int) G_N_ELEMENTS (view_names); i++)
    if (g_str_equal (g_variant_get_string (variant, NULL), view_names[i]))
      g_value_set_int (value, i);
  return TRUE;
}

static GVariant *
view_to_preference (const GValue *value, const GVariantType *type, gpointer user)
{
  return g_variant_new_string (view_names[g_value_get_int (value)]);
}

/* Lines are thin and paint is broad on a canvas of any size, and the first stroke is one that can be seen. */
static void
begin_sizes (LimnSessionSettings *self, double preferred, double side)
{
  for (guint i = 0; i < LIMN_N_TOOLS; i++)
    self->sizes[i] = MAX (preferred, round (side / 40));
  self->sizes[LIMN_TOOL_PAINT] = self->sizes[LIMN_TOOL_GUIDE] = MAX (8, round (side / 20));
  self->sizes[LIMN_TOOL_PENCIL] = self->sizes[LIMN_TOOL_GUIDE_PENCIL] = MAX (3, round (side / 150));
  self->sizes[LIMN_TOOL_DOT] = MAX (4, round (side / 60));
}

void
limn_session_settings_bind (LimnSessionSettings *self, GObject *session, GSettings *preferences, double side)
{
  static const char *const keys[][2] = {
    { "brush-hardness", "brush-hardness" }, { "similar-tolerance", "tolerance" },
    { "similar-contiguous", "contiguous" }, { "fill-grow", "grow" },
    { "fill-feather", "feather" },          { "colorize-saturation", "saturation" },
    { "sketch-freedom", "freedom" },        { "upscale-scale", "scale" },
    { "upscale-denoise", "denoise" },       { "upscale-faithful", "faithful" },
  };
  /* What another window sets is its own business until the next picture. */
  const GSettingsBindFlags once = G_SETTINGS_BIND_GET | G_SETTINGS_BIND_SET | G_SETTINGS_BIND_GET_NO_CHANGES;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_bind (preferences, keys[i][0], session, keys[i][1], once);
  g_settings_bind (preferences, "steps", session, "steps", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (preferences, "live", session, "live", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (preferences, "sketch-view", session, "sketch-view", once, view_from_preference, view_to_preference, NULL,
                                NULL);
  g_autofree char *color = g_settings_get_string (preferences, "sketch-color");
  if (!gdk_rgba_parse (&self->color, color))
    self->color = (GdkRGBA){ 0.21f, 0.52f, 0.89f, 1 };
  self->color.alpha = 1;
  begin_sizes (self, g_settings_get_double (preferences, "brush-size"), side);
}

/* -- With an edit -- */

/* Where the setting of a parameter stands in the table. */
static const Setting *
find_setting (const LimnParameter *parameter)
{
  guint i = 0;
  while (!g_str_equal (table[i].name, parameter->name))
    i++;
  return &table[i];
}

void
limn_session_settings_apply (const LimnSessionSettings *self, LimnEdit *edit)
{
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;
  edit->set.seed = self->seed;
  edit->set.steps = self->steps;
  for (int i = 0; parameters[i].name; i++) {
    const Setting *setting = parameters[i].label ? find_setting (&parameters[i]) : NULL;
    gconstpointer field = setting ? G_STRUCT_MEMBER_P (self, setting->offset) : NULL;
    if (setting)
      edit->set.values[i] = setting->type == 'd' ? *(const double *) field : *(const int *) field;
  }
}

void
limn_session_settings_recall (GObject *session, const LimnEdit *recipe)
{
  g_object_freeze_notify (session);
  g_object_set (session, "seed", recipe->set.seed, "steps", recipe->set.steps, NULL);
  if (recipe->task == LIMN_TASK_FILL)
    g_object_set (session, "grow", limn_edit_get (recipe, "grow"), "feather", limn_edit_get (recipe, "feather"), NULL);
  else if (recipe->task == LIMN_TASK_COLORIZE)
    g_object_set (session, "saturation", limn_edit_get (recipe, "saturation"), NULL);
  else if (recipe->task == LIMN_TASK_SKETCH)
    g_object_set (session, "freedom", limn_edit_get (recipe, "freedom"), NULL);
  g_object_thaw_notify (session);
}
