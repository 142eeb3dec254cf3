/* The session as an object: its properties and signals, the task and the tool.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

G_DEFINE_FINAL_TYPE (LimnSession, limn_session, G_TYPE_OBJECT)

enum { TASK_NONE = -1, TASK_ALL = -2 };

/* Plain settings. task: whose preview depends on it. */
typedef struct {
  const char *name;
  char type; /* d, i, b, u */
  double min, max, initial;
  gsize offset;
  int task;
} Setting;
#define AT(field) G_STRUCT_OFFSET (LimnSession, set.field)
static const Setting table[] = {
  { "brush-hardness", 'd', 0, 1, 0.8, AT (brush_hardness), TASK_NONE },
  { "mask-mode", 'i', 0, LIMN_MASK_INTERSECT, LIMN_MASK_REPLACE, AT (mask_mode), TASK_NONE },
  { "tolerance", 'i', 0, 255, 32, AT (tolerance), TASK_NONE },
  { "contiguous", 'b', 0, 1, TRUE, AT (contiguous), TASK_NONE },
  { "grow", 'd', 0, 100, 4, AT (grow), LIMN_TASK_FILL },
  { "feather", 'd', 0, 100, 4, AT (feather), LIMN_TASK_FILL },
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
enum { N_TABLE = G_N_ELEMENTS (table) };

enum {
  PROP_DOCUMENT = N_TABLE + 1,
  PROP_WORKER,
  PROP_SETTINGS,
  PROP_TASK,
  PROP_TOOL,
  PROP_BRUSH_SIZE,
  PROP_COLOR,
  PROP_EDITING,
  PROP_BUSY,
  PROP_PROGRESS,
  PROP_SECONDS_LEFT,
  PROP_PREVIEWING,
  PROP_PREVIEW_SHOWN,
  PROP_CAN_COMMIT,
  PROP_COMMIT_LABEL,
  PROP_COMMIT_HINT,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];
enum { MESSAGE, VARIATIONS_CHANGED, LENS_CHANGED, CROP_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
notify (LimnSession *self, guint id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

/* -- Properties -- */

static void
limn_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnSession *self = LIMN_SESSION (object);
  if (id <= N_TABLE) {
    const Setting *setting = &table[id - 1];
    gconstpointer field = G_STRUCT_MEMBER_P (self, setting->offset);
    if (setting->type == 'd')
      g_value_set_double (value, *(const double *) field);
    else if (setting->type == 'i')
      g_value_set_int (value, *(const int *) field);
    else if (setting->type == 'u')
      g_value_set_uint64 (value, *(const guint64 *) field);
    else
      g_value_set_boolean (value, *(const gboolean *) field);
    return;
  }
  switch (id) {
  case PROP_DOCUMENT: g_value_set_object (value, self->document); break;
  case PROP_WORKER: g_value_set_object (value, self->worker); break;
  case PROP_SETTINGS: g_value_set_object (value, self->settings); break;
  case PROP_TASK: g_value_set_int (value, (int) self->task); break;
  case PROP_TOOL: g_value_set_int (value, (int) limn_session_get_tool (self)); break;
  case PROP_BRUSH_SIZE: g_value_set_double (value, limn_session_get_brush_size (self)); break;
  case PROP_COLOR: g_value_set_boxed (value, &self->color); break;
  case PROP_EDITING: g_value_set_object (value, self->editing_asked ? self->editing : NULL); break;
  case PROP_BUSY: g_value_set_boolean (value, self->busy); break;
  case PROP_PROGRESS: g_value_set_double (value, self->progress); break;
  case PROP_SECONDS_LEFT: g_value_set_double (value, self->seconds_left); break;
  case PROP_PREVIEWING: g_value_set_boolean (value, self->previewing); break;
  case PROP_PREVIEW_SHOWN: g_value_set_boolean (value, self->preview_shown); break;
  case PROP_CAN_COMMIT: g_value_set_boolean (value, self->can_commit); break;
  case PROP_COMMIT_LABEL: g_value_set_string (value, self->commit_label); break;
  case PROP_COMMIT_HINT: g_value_set_string (value, self->commit_hint); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* TRUE when the field is another now. */
static gboolean
set_field (LimnSession *self, const Setting *setting, const GValue *value)
{
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

static void
limn_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LimnSession *self = LIMN_SESSION (object);
  if (id <= N_TABLE) {
    const Setting *setting = &table[id - 1];
    if (!set_field (self, setting, value))
      return;
    notify (self, id);
    if (self->document && (setting->task == TASK_ALL || setting->task == (int) self->task)) {
      self->settled[self->task] &= setting->task == TASK_ALL; /* somebody moved a slider: they want to see it */
      limn_session_stale (self);
    }
    return;
  }
  switch (id) {
  case PROP_DOCUMENT: self->document = g_value_dup_object (value); break;
  case PROP_WORKER: self->worker = g_value_dup_object (value); break;
  case PROP_SETTINGS: self->settings = g_value_dup_object (value); break;
  case PROP_TASK: limn_session_set_task (self, (LimnTask) g_value_get_int (value)); break;
  case PROP_TOOL: limn_session_set_tool (self, (LimnToolKind) g_value_get_int (value)); break;
  case PROP_BRUSH_SIZE: limn_session_set_brush_size (self, g_value_get_double (value)); break;
  case PROP_COLOR:
    if (g_value_get_boxed (value))
      limn_session_set_color (self, g_value_get_boxed (value));
    break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
set_boolean (LimnSession *self, gboolean *field, gboolean value, guint id)
{
  if (*field == value)
    return;
  *field = value;
  notify (self, id);
}

static void
take_string (LimnSession *self, char **field, char *value, guint id)
{
  if (g_strcmp0 (*field, value) == 0) {
    g_free (value);
    return;
  }
  g_free (*field);
  *field = value;
  notify (self, id);
}

void
limn_session_update (LimnSession *self)
{
  char *label = NULL, *hint = NULL;
  gboolean able = limn_session_describe (self, &label, &hint), committing = self->commit != NULL;
  g_object_freeze_notify (G_OBJECT (self));
  take_string (self, &self->commit_label, label, PROP_COMMIT_LABEL);
  take_string (self, &self->commit_hint, hint, PROP_COMMIT_HINT);
  set_boolean (self, &self->can_commit, able && !committing, PROP_CAN_COMMIT);
  set_boolean (self, &self->previewing, self->quick_due || self->full_due, PROP_PREVIEWING);
  set_boolean (self, &self->preview_shown, self->shown != NULL, PROP_PREVIEW_SHOWN);
  set_boolean (self, &self->busy, committing || limn_document_is_working (self->document), PROP_BUSY);
  g_object_thaw_notify (G_OBJECT (self));
}

void
limn_session_set_progress (LimnSession *self, double fraction, double seconds_left)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->progress != fraction) {
    self->progress = fraction;
    notify (self, PROP_PROGRESS);
  }
  if (self->seconds_left != seconds_left) {
    self->seconds_left = seconds_left;
    notify (self, PROP_SECONDS_LEFT);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

/* -- Signals -- */

void
limn_session_message (LimnSession *self, const char *text, gboolean undo)
{
  g_signal_emit (self, signals[MESSAGE], 0, text, undo);
}

void
limn_session_variations_changed (LimnSession *self)
{
  g_signal_emit (self, signals[VARIATIONS_CHANGED], 0);
}

void
limn_session_lens_changed (LimnSession *self)
{
  g_signal_emit (self, signals[LENS_CHANGED], 0);
}

void
limn_session_crop_changed (LimnSession *self)
{
  g_signal_emit (self, signals[CROP_CHANGED], 0);
}

static void
on_changed (LimnSession *self, int x, int y, int width, int height, LimnChange what)
{
  limn_session_document_changed (self, what);
}

static void
on_failed (LimnSession *self, const char *message)
{
  self->commit_waits = FALSE;
  limn_session_message (self, message, FALSE);
}

static void
on_working (LimnSession *self)
{
  limn_session_crop_done (self);
  limn_session_update (self);
  self->commit_waits &= self->withdrawn == limn_document_get_withdrawn (self->document); /* what was undone is not filled after all */
  if (self->commit_waits && !limn_document_is_working (self->document))
    limn_session_commit (self);
}

static void
on_steps (LimnSession *self)
{
  if (self->own)
    return;
  self->history_pushed = TRUE;
}

static void
on_position (LimnSession *self)
{
  if (self->own)
    return;
  if (!self->history_pushed)
    limn_session_history_moved (self);
  else
    self->history_went = FALSE;
  self->history_pushed = FALSE;
}

/* -- Its life -- */

static void
limn_session_constructed (GObject *object)
{
  LimnSession *self = LIMN_SESSION (object);
  G_OBJECT_CLASS (limn_session_parent_class)->constructed (object);
  self->slot = limn_worker_take_slots (self->worker, 3, object);
  limn_session_bind_settings (self);

  self->document_signals = g_signal_group_new (LIMN_TYPE_DOCUMENT);
  g_signal_group_connect_swapped (self->document_signals, "changed", G_CALLBACK (on_changed), self);
  g_signal_group_connect_swapped (self->document_signals, "failed", G_CALLBACK (on_failed), self);
  g_signal_group_connect_swapped (self->document_signals, "notify::working", G_CALLBACK (on_working), self);
  g_signal_group_set_target (self->document_signals, self->document);
  self->history_signals = g_signal_group_new (LIMN_TYPE_HISTORY);
  g_signal_group_connect_swapped (self->history_signals, "items-changed", G_CALLBACK (on_steps), self);
  g_signal_group_connect_swapped (self->history_signals, "notify::position", G_CALLBACK (on_position), self);
  g_signal_group_set_target (self->history_signals, limn_document_get_history (self->document));
  self->layers_signals = g_signal_group_new (G_TYPE_LIST_STORE);
  g_signal_group_connect_swapped (self->layers_signals, "items-changed", G_CALLBACK (limn_session_layers_changed), self);
  g_signal_group_set_target (self->layers_signals, limn_document_get_layers (self->document));

  GListModel *layers = limn_document_get_layers (self->document);
  for (guint i = 0; i < g_list_model_get_n_items (layers); i++) { /* what was done already isn't shown again unasked */
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    if ((int) limn_layer_get_task (layer) < LIMN_SESSION_TASKS)
      self->settled[limn_layer_get_task (layer)] = TRUE;
  }
  self->task = limn_session_suggest_task (self);
  self->settled[LIMN_TASK_COLORIZE] |= !limn_session_photo_is_gray (self);
  limn_session_stale (self);
}

static void
limn_session_dispose (GObject *object)
{
  LimnSession *self = LIMN_SESSION (object);
  g_clear_object (&self->document_signals);
  g_clear_object (&self->history_signals);
  g_clear_object (&self->layers_signals);
  limn_session_abandon_commit (self);
  g_clear_handle_id (&self->ask_source, g_source_remove);
  g_clear_pointer (&self->shown, limn_result_free);
  g_clear_pointer (&self->mix_edit, limn_edit_free);
  g_clear_pointer (&self->mix_result, limn_result_free);
  for (guint i = 0; i < LIMN_SESSION_VARIATIONS; i++) {
    g_clear_pointer (&self->variations[i].edit, limn_edit_free);
    g_clear_pointer (&self->variations[i].result, limn_result_free);
    g_clear_object (&self->variations[i].texture);
  }
  g_clear_object (&self->editing);
  g_clear_pointer (&self->editing_notes, g_ptr_array_unref);
  g_clear_pointer (&self->under, limn_source_unref);
  g_clear_object (&self->lens_texture);
  g_clear_object (&self->document);
  g_clear_object (&self->worker); /* which forgets what it does for this session when it is gone */
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (limn_session_parent_class)->dispose (object);
}

static void
limn_session_finalize (GObject *object)
{
  LimnSession *self = LIMN_SESSION (object);
  g_free (self->commit_label);
  g_free (self->commit_hint);
  g_free (self->last_error);
  g_ptr_array_unref (self->variation_layers);
  g_array_unref (self->variation_indices);
  G_OBJECT_CLASS (limn_session_parent_class)->finalize (object);
}

static void
install_table (void)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  for (guint i = 0; i < N_TABLE; i++) {
    const Setting *setting = &table[i];
    GParamSpec *spec;
    if (setting->type == 'd')
      spec = g_param_spec_double (setting->name, NULL, NULL, setting->min, setting->max, setting->initial, flags);
    else if (setting->type == 'i')
      spec = g_param_spec_int (setting->name, NULL, NULL, (int) setting->min, (int) setting->max, (int) setting->initial, flags);
    else if (setting->type == 'u')
      spec = g_param_spec_uint64 (setting->name, NULL, NULL, 0, G_MAXUINT64, (guint64) setting->initial, flags);
    else
      spec = g_param_spec_boolean (setting->name, NULL, NULL, setting->initial != 0, flags);
    properties[i + 1] = spec;
  }
}

static void
limn_session_class_init (LimnSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags write = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_CONSTRUCT_ONLY;
  object_class->constructed = limn_session_constructed;
  object_class->dispose = limn_session_dispose;
  object_class->finalize = limn_session_finalize;
  object_class->get_property = limn_session_get_property;
  object_class->set_property = limn_session_set_property;

  install_table ();
  properties[PROP_DOCUMENT] = g_param_spec_object ("document", NULL, NULL, LIMN_TYPE_DOCUMENT, once);
  properties[PROP_WORKER] = g_param_spec_object ("worker", NULL, NULL, LIMN_TYPE_WORKER, once);
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, G_TYPE_SETTINGS, once);
  properties[PROP_TASK] = g_param_spec_int ("task", NULL, NULL, LIMN_TASK_FILL, LIMN_TASK_UPSCALE, LIMN_TASK_FILL, write);
  properties[PROP_TOOL] = g_param_spec_int ("tool", NULL, NULL, 0, LIMN_N_TOOLS - 1, LIMN_TOOL_BRUSH, write);
  properties[PROP_BRUSH_SIZE] = g_param_spec_double ("brush-size", NULL, NULL, 1, 5000, 40, write);
  properties[PROP_COLOR] = g_param_spec_boxed ("color", NULL, NULL, GDK_TYPE_RGBA, write);
  properties[PROP_EDITING] = g_param_spec_object ("editing", NULL, NULL, LIMN_TYPE_LAYER, read);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, read);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, read);
  properties[PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1, G_MAXDOUBLE, -1, read);
  properties[PROP_PREVIEWING] = g_param_spec_boolean ("previewing", NULL, NULL, FALSE, read);
  properties[PROP_PREVIEW_SHOWN] = g_param_spec_boolean ("preview-shown", NULL, NULL, FALSE, read);
  properties[PROP_CAN_COMMIT] = g_param_spec_boolean ("can-commit", NULL, NULL, FALSE, read);
  properties[PROP_COMMIT_LABEL] = g_param_spec_string ("commit-label", NULL, NULL, NULL, read);
  properties[PROP_COMMIT_HINT] = g_param_spec_string ("commit-hint", NULL, NULL, NULL, read);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[MESSAGE] = g_signal_new ("message", LIMN_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                   G_TYPE_BOOLEAN);
  signals[VARIATIONS_CHANGED] = g_signal_new ("variations-changed", LIMN_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                              0);
  signals[CROP_CHANGED] = g_signal_new ("crop-changed", LIMN_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LENS_CHANGED] = g_signal_new ("lens-changed", LIMN_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
limn_session_init (LimnSession *self)
{
  for (guint i = 0; i < N_TABLE; i++) {
    gpointer field = G_STRUCT_MEMBER_P (self, table[i].offset);
    if (table[i].type == 'd')
      *(double *) field = table[i].initial;
    else if (table[i].type == 'u')
      *(guint64 *) field = (guint64) table[i].initial;
    else
      *(int *) field = (int) table[i].initial;
  }
  for (LimnTask task = LIMN_TASK_FILL; task <= LIMN_TASK_UPSCALE; task++) {
    guint n;
    self->tools[task] = limn_task_get_tools (task, &n)[0];
  }
  self->seconds_left = -1;
  self->peeked = G_MAXUINT;
  self->variation_layers = g_ptr_array_new_with_free_func (g_object_unref);
  self->variation_indices = g_array_new (FALSE, FALSE, sizeof (guint));
}

LimnSession *
limn_session_new (LimnDocument *document, LimnWorker *worker, GSettings *settings)
{
  g_return_val_if_fail (LIMN_IS_DOCUMENT (document) && LIMN_IS_WORKER (worker) && G_IS_SETTINGS (settings), NULL);
  return g_object_new (LIMN_TYPE_SESSION, "document", document, "worker", worker, "settings", settings, NULL);
}

/* -- What it works on -- */

LimnDocument *
limn_session_get_document (LimnSession *self)
{
  return self->document;
}

gboolean
limn_session_has_layer (LimnSession *self, LimnLayer *layer)
{
  return layer && g_list_store_find (G_LIST_STORE (limn_document_get_layers (self->document)), layer, NULL);
}

LimnResult *
limn_result_copy (const LimnResult *self)
{
  LimnResult *copy = g_memdup2 (self, sizeof *self);
  g_object_ref (copy->picture);
  return copy;
}

LimnTask
limn_session_get_task (LimnSession *self)
{
  return self->task;
}

void
limn_session_set_task (LimnSession *self, LimnTask task)
{
  g_return_if_fail (LIMN_IS_SESSION (self) && (int) task < LIMN_SESSION_TASKS);
  if (task == self->task)
    return;
  limn_session_drop_preview (self);
  limn_session_note_editing (self, NULL, FALSE);
  self->task = task;
  limn_session_update_crop (self);
  notify (self, PROP_TASK);
  notify (self, PROP_TOOL);
  notify (self, PROP_BRUSH_SIZE);
  limn_session_stale (self);
  limn_session_variations_changed (self);
}

LimnToolKind
limn_session_get_tool (LimnSession *self)
{
  return self->tools[self->task];
}

void
limn_session_set_tool (LimnSession *self, LimnToolKind tool)
{
  guint n;
  const LimnToolKind *tools = limn_task_get_tools (self->task, &n);
  g_return_if_fail (LIMN_IS_SESSION (self));
  for (guint i = 0; i < n; i++)
    if (tools[i] == tool && self->tools[self->task] != tool) {
      self->tools[self->task] = tool;
      limn_session_update_crop (self);
      notify (self, PROP_TOOL);
      notify (self, PROP_BRUSH_SIZE);
      limn_session_update (self); /* how it is done is said by the tool */
    }
}

void
limn_session_set_brush_size (LimnSession *self, double size)
{
  LimnToolKind tool = limn_session_get_tool (self);
  size = CLAMP (size, 1, 5000);
  if (self->sizes[tool] == size)
    return;
  self->sizes[tool] = size;
  if (tool == LIMN_TOOL_BRUSH)
    g_settings_set_double (self->settings, "brush-size", size);
  notify (self, PROP_BRUSH_SIZE);
}

void
limn_session_get_color (LimnSession *self, GdkRGBA *color)
{
  *color = self->color;
}

void
limn_session_set_color (LimnSession *self, const GdkRGBA *color)
{
  GdkRGBA opaque = { CLAMP (color->red, 0, 1), CLAMP (color->green, 0, 1), CLAMP (color->blue, 0, 1), 1 };
  g_autofree char *name = NULL;
  if (gdk_rgba_equal (&opaque, &self->color))
    return;
  self->color = opaque;
  name = g_strdup_printf ("#%02x%02x%02x", (int) (opaque.red * 255 + 0.5), (int) (opaque.green * 255 + 0.5),
                          (int) (opaque.blue * 255 + 0.5));
  g_settings_set_string (self->settings, "sketch-color", name);
  notify (self, PROP_COLOR);
}
