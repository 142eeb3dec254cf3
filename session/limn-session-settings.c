/* The values of the session's plain properties. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-settings.h"

#include <math.h>

#include "app/edit/limn-material.h"
#include "app/raster/limn-mask.h"
#include "limn-session.h"

typedef struct {
  const char *name;
  char type; /* d, i, b, u */
  LimnRange range;
  double initial;
  gsize offset;
  gboolean concerns; /* the preview, whatever the task */
} Setting;
#define AT(field) G_STRUCT_OFFSET (LimnSessionSettings, field)
static const Setting table[] = {
  { "brush-hardness", 'd', LIMN_RANGE (0, 1), 0.8, AT (brush_hardness), FALSE },
  { "mask-mode", 'i', LIMN_RANGE (0, LIMN_MASK_INTERSECT), LIMN_MASK_REPLACE, AT (mask_mode), FALSE },
  { "material", 'i', LIMN_RANGE (0, 255), LIMN_MATERIAL_GUESS, AT (material), FALSE },
  { "tolerance", 'i', LIMN_RANGE (0, 255), 32, AT (tolerance), FALSE },
  { "contiguous", 'b', LIMN_RANGE (0, 1), TRUE, AT (contiguous), FALSE },
  { "steps", 'i', LIMN_RANGE_STEPS, 1, AT (steps), TRUE },
  { "seed", 'u', LIMN_RANGE (0, 0), 1, AT (seed), TRUE },
  { "live", 'b', LIMN_RANGE (0, 1), TRUE, AT (live), TRUE },
  { "sketch-view", 'i', LIMN_RANGE (0, LIMN_SKETCH_VIEW_SKETCH_ONLY), LIMN_SKETCH_VIEW_AUTOMATIC, AT (sketch_view), FALSE },
  { "wide", 'b', LIMN_RANGE (0, 1), FALSE, AT (wide), FALSE },
  { "compare", 'b', LIMN_RANGE (0, 1), FALSE, AT (compare), FALSE },
  { "compare-position", 'd', LIMN_RANGE (0, 1), 0.5, AT (compare_position), FALSE },
  { "show-original", 'b', LIMN_RANGE (0, 1), FALSE, AT (show_original), FALSE },
};
enum { N_TABLE = G_N_ELEMENTS (table) };
G_STATIC_ASSERT (N_TABLE + LIMN_N_TASKS * LIMN_MAX_PARAMETERS == LIMN_SESSION_N_SETTINGS);

/* The parameter that property id beyond the table stands for, and whose it is. */
static const LimnParameter *
get_parameter (guint id, LimnTask *task, guint *index)
{
  id -= N_TABLE + 1;
  *task = (LimnTask) (id / LIMN_MAX_PARAMETERS);
  *index = id % LIMN_MAX_PARAMETERS;
  return &limn_task_get_kind (*task)->parameters[*index];
}

static void
install (GObjectClass *klass, guint id, const char *name, char type, const LimnRange *range, double initial)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY;
  GParamSpec *spec;
  switch (type) {
  case 'd': spec = g_param_spec_double (name, NULL, NULL, limn_range_get_least (range), range->max, initial, flags); break;
  case 'i': spec = g_param_spec_int (name, NULL, NULL, (int) limn_range_get_least (range), (int) range->max, (int) initial, flags); break;
  case 'u': spec = g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, (guint64) initial, flags); break;
  default: spec = g_param_spec_boolean (name, NULL, NULL, initial != 0, flags);
  }
  g_object_class_install_property (klass, id, spec);
}

void
limn_session_settings_install (GObjectClass *klass)
{
  static const char types[] = { [LIMN_PARAMETER_REAL] = 'd', [LIMN_PARAMETER_INT] = 'i', [LIMN_PARAMETER_FLAG] = 'b' };
  for (guint i = 0; i < N_TABLE; i++)
    install (klass, i + 1, table[i].name, table[i].type, &table[i].range, table[i].initial);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    const LimnParameter *parameters = kind->parameters;
    for (guint i = 0; parameters[i].label; i++) {
      g_autofree char *name = limn_edit_kind_dup_key (kind, &parameters[i]);
      install (klass, N_TABLE + 1 + task * LIMN_MAX_PARAMETERS + i, name, types[parameters[i].type], &parameters[i].range,
               parameters[i].initial);
    }
  }
}

void
limn_session_settings_init (LimnSessionSettings *self)
{
  for (guint i = 0; i < N_TABLE; i++) {
    gpointer field = G_STRUCT_MEMBER_P (self, table[i].offset);
    switch (table[i].type) {
    case 'd': *(double *) field = table[i].initial; break;
    case 'u': *(guint64 *) field = (guint64) table[i].initial; break;
    default: *(int *) field = (int) table[i].initial;
    }
  }
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    for (guint i = 0; limn_task_get_kind (task)->parameters[i].name; i++)
      self->values[task][i] = limn_task_get_kind (task)->parameters[i].initial;
}

static void
get_value (const LimnSessionSettings *self, guint id, GValue *value)
{
  LimnTask task;
  guint index;
  const LimnParameter *parameter = get_parameter (id, &task, &index);
  double number = self->values[task][index];
  switch (parameter->type) {
  case LIMN_PARAMETER_REAL: g_value_set_double (value, number); break;
  case LIMN_PARAMETER_INT: g_value_set_int (value, (int) number); break;
  case LIMN_PARAMETER_FLAG: g_value_set_boolean (value, number != 0); break;
  }
}

void
limn_session_settings_get (const LimnSessionSettings *self, guint id, GValue *value)
{
  if (id > N_TABLE) {
    get_value (self, id, value);
    return;
  }
  const Setting *setting = &table[id - 1];
  gconstpointer field = G_STRUCT_MEMBER_P (self, setting->offset);
  switch (setting->type) {
  case 'd': g_value_set_double (value, *(const double *) field); break;
  case 'i': g_value_set_int (value, *(const int *) field); break;
  case 'u': g_value_set_uint64 (value, *(const guint64 *) field); break;
  default: g_value_set_boolean (value, *(const gboolean *) field);
  }
}

static double
to_number (const GValue *value)
{
  if (G_VALUE_HOLDS_DOUBLE (value))
    return g_value_get_double (value);
  return G_VALUE_HOLDS_INT (value) ? g_value_get_int (value) : g_value_get_boolean (value);
}

static gboolean
set_number (double *field, double now)
{
  double before = *field;
  *field = now;
  return before != now;
}

gboolean
limn_session_settings_set (LimnSessionSettings *self, guint id, const GValue *value)
{
  if (id > N_TABLE) {
    LimnTask task;
    guint index;
    const LimnParameter *parameter = get_parameter (id, &task, &index);
    double number = to_number (value);
    return limn_range_contains (&parameter->range, number) && set_number (&self->values[task][index], number);
  }
  const Setting *setting = &table[id - 1];
  gpointer field = G_STRUCT_MEMBER_P (self, setting->offset);
  if (setting->type == 'd')
    return set_number (field, to_number (value));
  if (setting->type == 'u') {
    guint64 before = *(guint64 *) field, now = g_value_get_uint64 (value);
    *(guint64 *) field = now;
    return before != now;
  }
  int before = *(int *) field, now = (int) to_number (value);
  *(int *) field = now;
  return before != now;
}

LimnSettingConcern
limn_session_settings_concern (guint id, LimnTask task)
{
  LimnTask of;
  guint index;
  if (id <= N_TABLE)
    return table[id - 1].concerns ? LIMN_SETTING_ALL_TASKS : LIMN_SETTING_NONE;
  get_parameter (id, &of, &index);
  return of == task ? LIMN_SETTING_THIS_TASK : LIMN_SETTING_OTHER_TASK;
}

/* -- What people prefer -- */

static const char *const view_names[] = { "automatic", "over", "beside", "sketch-only" };

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

/* Sizes go by what is seen: on a picture of any size a brush is as large on the screen, where the picture fits it, as it was on the last
 * one. Lines are thin and paint is broad. */
static void
begin_sizes (LimnSessionSettings *self, double part, double side)
{
  for (guint i = 0; i < LIMN_N_TOOLS; i++)
    self->sizes[i] = MAX (1, part * side);
  self->sizes[LIMN_TOOL_PAINT] = self->sizes[LIMN_TOOL_GUIDE] = MAX (8, round (side / 20));
  self->sizes[LIMN_TOOL_PENCIL] = self->sizes[LIMN_TOOL_GUIDE_PENCIL] = MAX (3, round (side / 150));
  self->sizes[LIMN_TOOL_DOT] = MAX (4, round (side / 60));
}

void
limn_session_settings_bind (LimnSessionSettings *self, GObject *session, GSettings *preferences, double side)
{
  static const char *const keys[][2] = { { "brush-hardness", "brush-hardness" },
                                         { "similar-tolerance", "tolerance" },
                                         { "similar-contiguous", "contiguous" } };
  /* What another window sets is its own business until the next picture. */
  const GSettingsBindFlags once = G_SETTINGS_BIND_GET | G_SETTINGS_BIND_SET | G_SETTINGS_BIND_GET_NO_CHANGES;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_bind (preferences, keys[i][0], session, keys[i][1], once);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    for (guint i = 0; kind->parameters[i].label; i++) {
      g_autofree char *key = limn_edit_kind_dup_key (kind, &kind->parameters[i]);
      g_settings_bind (preferences, key, session, key, once);
    }
  }
  g_settings_bind (preferences, "steps", session, "steps", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (preferences, "live", session, "live", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (preferences, "sketch-view", session, "sketch-view", once, view_from_preference, view_to_preference, NULL,
                                NULL);
  g_autofree char *color = g_settings_get_string (preferences, "sketch-color");
  if (!gdk_rgba_parse (&self->color, color))
    self->color = (GdkRGBA){ 0.21f, 0.52f, 0.89f, 1 };
  self->color.alpha = 1;
  begin_sizes (self, g_settings_get_double (preferences, "brush-part"), side);
}

/* -- With an edit -- */

void
limn_session_settings_apply (const LimnSessionSettings *self, LimnEdit *edit)
{
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;
  edit->set.seed = self->seed;
  edit->set.steps = self->steps;
  for (guint i = 0; parameters[i].label; i++)
    edit->set.values[i] = self->values[edit->task][i];
}

void
limn_session_settings_recall (GObject *session, const LimnEdit *recipe)
{
  const LimnEditKind *kind = limn_edit_get_kind (recipe);
  g_object_freeze_notify (session);
  g_object_set (session, "seed", recipe->set.seed, "steps", recipe->set.steps, NULL);
  for (guint i = 0; kind->parameters[i].label; i++) {
    g_autofree char *key = limn_edit_kind_dup_key (kind, &kind->parameters[i]);
    if (kind->parameters[i].type == LIMN_PARAMETER_REAL)
      g_object_set (session, key, recipe->set.values[i], NULL);
    else
      g_object_set (session, key, (int) recipe->set.values[i], NULL);
  }
  g_object_thaw_notify (session);
}
