/* The session as an object: its properties, signals and life. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include "app/document/limn-document-layers.h"

G_DEFINE_FINAL_TYPE (LimnSession, limn_session, G_TYPE_OBJECT)

enum {
  PROP_DOCUMENT = LIMN_SESSION_N_SETTINGS + 1,
  PROP_WORKER,
  PROP_PREFERENCES,
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
/* -- Properties -- */

static void
limn_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnSession *self = LIMN_SESSION (object);
  const LimnSessionState *state = &self->state;
  switch (id) {
  case PROP_DOCUMENT: g_value_set_object (value, self->document); break;
  case PROP_WORKER: g_value_set_object (value, self->worker); break;
  case PROP_PREFERENCES: g_value_set_object (value, self->preferences); break;
  case PROP_TASK: g_value_set_int (value, (int) self->task); break;
  case PROP_TOOL: g_value_set_int (value, (int) limn_session_get_tool (self)); break;
  case PROP_BRUSH_SIZE: g_value_set_double (value, self->settings.sizes[limn_session_get_tool (self)]); break;
  case PROP_COLOR: g_value_set_boxed (value, &self->settings.color); break;
  case PROP_EDITING:
    g_value_set_object (value, limn_revision_is_asked (self->revision) ? limn_revision_get_layer (self->revision) : NULL);
    break;
  case PROP_BUSY: g_value_set_boolean (value, state->busy); break;
  case PROP_PROGRESS: g_value_set_double (value, state->progress); break;
  case PROP_SECONDS_LEFT: g_value_set_double (value, state->seconds_left); break;
  case PROP_PREVIEWING: g_value_set_boolean (value, state->previewing); break;
  case PROP_PREVIEW_SHOWN: g_value_set_boolean (value, state->preview_shown); break;
  case PROP_CAN_COMMIT: g_value_set_boolean (value, state->can_commit); break;
  case PROP_COMMIT_LABEL: g_value_set_string (value, state->commit_label); break;
  case PROP_COMMIT_HINT: g_value_set_string (value, state->commit_hint); break;
  default: limn_session_settings_get (&self->settings, id, value);
  }
}

static void
set_setting (LimnSession *self, guint id, const GValue *value, GParamSpec *pspec)
{
  LimnSettingConcern concern = limn_session_settings_concern (id, self->task);
  if (!limn_session_settings_set (&self->settings, id, value))
    return;
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
  if (!self->preview) /* what was set before is read first */
    return;
  if (concern == LIMN_SETTING_THIS_TASK) {
    self->settled[self->task] = FALSE; /* somebody moved a slider: they want to see it */
    self->enlarged_to = 0;
    limn_session_update (self);
  }
  if (concern == LIMN_SETTING_THIS_TASK || concern == LIMN_SETTING_ALL_TASKS)
    limn_session_invalidate_preview (self);
}

static void
limn_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LimnSession *self = LIMN_SESSION (object);
  switch (id) {
  case PROP_DOCUMENT: self->document = g_value_dup_object (value); break;
  case PROP_WORKER: self->worker = g_value_dup_object (value); break;
  case PROP_PREFERENCES: self->preferences = g_value_dup_object (value); break;
  case PROP_TASK: limn_session_set_task (self, (LimnTask) g_value_get_int (value)); break;
  case PROP_TOOL: limn_session_set_tool (self, (LimnToolKind) g_value_get_int (value)); break;
  case PROP_BRUSH_SIZE: limn_session_set_brush_size (self, g_value_get_double (value)); break;
  case PROP_COLOR:
    if (g_value_get_boxed (value))
      limn_session_set_color (self, g_value_get_boxed (value));
    break;
  default: set_setting (self, id, value, pspec);
  }
}

/* -- Its life -- */

/* What was done already isn't shown again unasked. */
static void
settle_tasks (LimnSession *self)
{
  GListModel *layers = limn_document_get_layers (self->document);
  for (guint i = 0; i < g_list_model_get_n_items (layers); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    self->settled[limn_layer_get_task (layer)] = TRUE;
  }
}

/* The first that suits the picture; one that doesn't, and would be shown at once, isn't shown unasked. */
static void
choose_task (LimnSession *self)
{
  LimnPicture *photo = limn_document_is_sketch (self->document) ? NULL : limn_document_get_photo (self->document);
  gboolean chosen = FALSE;
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    gboolean suits = kind->suits && kind->suits (photo);
    self->settled[task] |= kind->suits && !suits && !kind->needs;
    if (suits && !chosen)
      self->task = task;
    chosen |= suits;
  }
}

/* A document goes on where it was: with the task that made its newest layer. */
static void
resume_task (LimnSession *self)
{
  GListModel *layers = limn_document_get_layers (self->document);
  for (guint i = 0; i < g_list_model_get_n_items (layers); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    if (limn_layer_get_recipe (layer))
      self->task = limn_layer_get_task (layer);
  }
}

static void
limn_session_constructed (GObject *object)
{
  LimnSession *self = LIMN_SESSION (object);
  G_OBJECT_CLASS (limn_session_parent_class)->constructed (object);
  limn_session_settings_bind (&self->settings, object, self->preferences,
                              MAX (limn_document_get_width (self->document), limn_document_get_height (self->document)));
  self->revision = limn_revision_new (self->document);
  self->crop = limn_crop_new (self->document);
  limn_session_create_previews (self);
  limn_session_watch_document (self);
  limn_session_recall_told (self);
  settle_tasks (self);
  choose_task (self);
  resume_task (self);
  limn_lens_set_active (self->lens, limn_session_get_kind (self)->enlarges);
  limn_session_invalidate_preview (self);
}

static void
limn_session_dispose (GObject *object)
{
  LimnSession *self = LIMN_SESSION (object);
  limn_session_abandon_keeping (self);
  limn_session_unwatch_document (self);
  limn_session_abandon_commit (self);
  g_clear_object (&self->preview);
  g_clear_pointer (&self->lens, limn_lens_free);
  if (self->variations)
    g_object_run_dispose (G_OBJECT (self->variations)); /* a thumbnail on its way may keep it for a while */
  g_clear_object (&self->variations);
  g_clear_pointer (&self->revision, limn_revision_free);
  g_clear_pointer (&self->crop, limn_crop_free);
  g_clear_object (&self->damage);
  g_clear_object (&self->document);
  g_clear_object (&self->worker); /* which forgets what it does for this session when it is gone */
  g_clear_object (&self->preferences);
  G_OBJECT_CLASS (limn_session_parent_class)->dispose (object);
}

static void
limn_session_finalize (GObject *object)
{
  limn_session_clear_state (LIMN_SESSION (object));
  g_array_unref (LIMN_SESSION (object)->keeping.waiting);
  g_array_unref (LIMN_SESSION (object)->told);
  limn_surface_list_unref (LIMN_SESSION (object)->surfaces);
  limn_session_take_found (LIMN_SESSION (object), NULL);
  G_OBJECT_CLASS (limn_session_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags write = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_CONSTRUCT_ONLY;
  GParamSpec *properties[N_PROPS] = {
    [PROP_DOCUMENT] = g_param_spec_object ("document", NULL, NULL, LIMN_TYPE_DOCUMENT, once),
    [PROP_WORKER] = g_param_spec_object ("worker", NULL, NULL, LIMN_TYPE_WORKER, once),
    [PROP_PREFERENCES] = g_param_spec_object ("settings", NULL, NULL, G_TYPE_SETTINGS, once),
    [PROP_TASK] = g_param_spec_int ("task", NULL, NULL, 0, LIMN_N_TASKS - 1, 0, write),
    [PROP_TOOL] = g_param_spec_int ("tool", NULL, NULL, 0, LIMN_N_TOOLS - 1, LIMN_TOOL_BRUSH, write),
    [PROP_BRUSH_SIZE] = g_param_spec_double ("brush-size", NULL, NULL, 1, 5000, 40, write),
    [PROP_COLOR] = g_param_spec_boxed ("color", NULL, NULL, GDK_TYPE_RGBA, write),
    [PROP_EDITING] = g_param_spec_object ("editing", NULL, NULL, LIMN_TYPE_LAYER, read),
    [PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, read),
    [PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, read),
    [PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1, G_MAXDOUBLE, -1, read),
    [PROP_PREVIEWING] = g_param_spec_boolean ("previewing", NULL, NULL, FALSE, read),
    [PROP_PREVIEW_SHOWN] = g_param_spec_boolean ("preview-shown", NULL, NULL, FALSE, read),
    [PROP_CAN_COMMIT] = g_param_spec_boolean ("can-commit", NULL, NULL, FALSE, read),
    [PROP_COMMIT_LABEL] = g_param_spec_string ("commit-label", NULL, NULL, NULL, read),
    [PROP_COMMIT_HINT] = g_param_spec_string ("commit-hint", NULL, NULL, NULL, read),
  };
  limn_session_settings_install (klass);
  for (guint id = PROP_DOCUMENT; id < N_PROPS; id++)
    g_object_class_install_property (klass, id, properties[id]);
}

static void
install_signals (LimnSessionClass *klass)
{
  static const char *const names[] = { "variations-changed", "crop-changed", "lens-changed", "damage-changed" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("material-asked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE,
                G_TYPE_DOUBLE);
  g_signal_new ("surface-asked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                G_TYPE_BOOLEAN);
}

static void
limn_session_class_init (LimnSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->constructed = limn_session_constructed;
  object_class->dispose = limn_session_dispose;
  object_class->finalize = limn_session_finalize;
  object_class->get_property = limn_session_get_property;
  object_class->set_property = limn_session_set_property;
  install_properties (object_class);
  install_signals (klass);
}

static void
limn_session_init (LimnSession *self)
{
  limn_session_settings_init (&self->settings);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    self->tools[task] = limn_task_get_kind (task)->tools[0];
  self->state.seconds_left = -1;
  self->keeping.waiting = limn_session_new_waiting ();
  self->told = limn_session_new_told ();
  limn_session_take_found (self, NULL);
}

LimnSession *
limn_session_new (LimnDocument *document, LimnWorker *worker, GSettings *preferences)
{
  g_return_val_if_fail (LIMN_IS_DOCUMENT (document) && LIMN_IS_WORKER (worker) && G_IS_SETTINGS (preferences), NULL);
  return g_object_new (LIMN_TYPE_SESSION, "document", document, "worker", worker, "settings", preferences, NULL);
}

LimnDocument *
limn_session_get_document (LimnSession *self)
{
  return self->document;
}
