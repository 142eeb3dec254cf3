/* The document as an object: its parts, its properties, how changes are notified and undone, and what is seen of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

/* Tiles of undo steps kept in memory. */
#define UNDO_BUDGET ((gsize) 256 << 20)

G_DEFINE_FINAL_TYPE (LimnDocument, limn_document, G_TYPE_OBJECT)

enum {
  PROP_TITLE = 1,
  PROP_PATH,
  PROP_MODIFIED,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_NAME,
  PROP_REDO_NAME,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_HAS_MASK,
  PROP_WORKING,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];
static guint changed_signal, failed_signal;

static void
limn_document_finalize (GObject *object)
{
  LimnDocument *self = LIMN_DOCUMENT (object);
  limn_operation_queue_free (self->operations);
  limn_stroke_set_clear (&self->strokes);
  limn_undo_clear (&self->undo); /* its steps refer to the content */
  limn_content_clear (&self->content);
  g_free (self->path);
  g_free (self->stamp);
  g_free (self->name);
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
  g_clear_pointer (&self->flattened, limn_source_unref);
  g_clear_pointer (&self->dots_source, limn_source_unref);
  G_OBJECT_CLASS (limn_document_parent_class)->finalize (object);
}

static const char *
get_step_name (LimnHistoryStep *step)
{
  return step ? limn_history_step_get_name (step) : NULL;
}

static LimnHistoryStep *
peek_redo (LimnDocument *self)
{
  return limn_document_is_working (self) ? NULL : limn_history_peek_redo (self->undo.history);
}

static void
limn_document_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnDocument *self = LIMN_DOCUMENT (object);
  switch (id) {
  case PROP_TITLE: g_value_set_string (value, limn_document_get_title (self)); break;
  case PROP_PATH: g_value_set_string (value, self->path); break;
  case PROP_MODIFIED: g_value_set_boolean (value, self->modified); break;
  case PROP_CAN_UNDO:
    g_value_set_boolean (value, limn_document_is_working (self) || limn_history_peek_undo (self->undo.history) != NULL);
    break;
  case PROP_CAN_REDO: g_value_set_boolean (value, peek_redo (self) != NULL); break;
  case PROP_UNDO_NAME:
    g_value_set_string (value, limn_document_is_working (self) ? limn_operation_queue_peek_last_name (self->operations)
                                                               : get_step_name (limn_history_peek_undo (self->undo.history)));
    break;
  case PROP_REDO_NAME: g_value_set_string (value, get_step_name (peek_redo (self))); break;
  case PROP_WIDTH: g_value_set_int (value, limn_document_get_width (self)); break;
  case PROP_HEIGHT: g_value_set_int (value, limn_document_get_height (self)); break;
  case PROP_HAS_MASK: g_value_set_boolean (value, self->has_mask); break;
  case PROP_WORKING: g_value_set_boolean (value, limn_document_is_working (self)); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
limn_document_class_init (LimnDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  object_class->finalize = limn_document_finalize;
  object_class->get_property = limn_document_get_property;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_NAME] = g_param_spec_string ("undo-name", NULL, NULL, NULL, flags);
  properties[PROP_REDO_NAME] = g_param_spec_string ("redo-name", NULL, NULL, NULL, flags);
  properties[PROP_WIDTH] = g_param_spec_int ("width", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_HEIGHT] = g_param_spec_int ("height", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_HAS_MASK] = g_param_spec_boolean ("has-mask", NULL, NULL, FALSE, flags);
  properties[PROP_WORKING] = g_param_spec_boolean ("working", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  changed_signal = g_signal_new ("changed", LIMN_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 5, G_TYPE_INT,
                                 G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, LIMN_TYPE_CHANGE);
  failed_signal = g_signal_new ("failed", LIMN_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/* What an undo would do, and whether operations run. */
static void
notify_undo (LimnDocument *self)
{
  static const guint ids[] = { PROP_CAN_UNDO, PROP_CAN_REDO, PROP_UNDO_NAME, PROP_REDO_NAME };
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[ids[i]]);
  if (self->working == limn_document_is_working (self))
    return;
  self->working = !self->working;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKING]);
}

static void
on_operations_changed (gpointer self)
{
  g_object_freeze_notify (self);
  notify_undo (self);
  g_object_thaw_notify (self);
}

static void
on_operation_failed (gpointer self, const GError *error)
{
  g_signal_emit (self, failed_signal, 0, error->message);
}

static void
limn_document_init (LimnDocument *self)
{
  static const LimnOperationHost callbacks = { on_operations_changed, on_operation_failed };
  limn_content_init (&self->content);
  limn_undo_init (&self->undo, UNDO_BUDGET);
  self->operations = limn_operation_queue_new (&callbacks, self);
}

/* -- Making one -- */

LimnDocument *
limn_document_new (LimnPicture *photo, const char *path)
{
  LimnDocument *self = g_object_new (LIMN_TYPE_DOCUMENT, NULL);
  limn_content_set_canvas (&self->content, photo, NULL);
  limn_damage_clear (&self->content.damage);
  self->content.resized = FALSE;
  self->path = g_strdup (path);
  return self;
}

LimnDocument *
limn_document_new_sketch (gsize width, gsize height, GError **error)
{
  g_autoptr (LimnPicture) white = limn_picture_new (width, height, 8, error);
  if (!white)
    return NULL;
  memset (limn_picture_get_data (white), 255, height * limn_picture_get_stride (white));
  LimnDocument *self = limn_document_new (white, NULL);
  self->content.sketch = TRUE;
  return self;
}

LimnDocument *
limn_document_new_from_snapshot (LimnSnapshot *snapshot)
{
  LimnDocument *self = limn_document_new (snapshot->photo, snapshot->path);
  self->content.sketch = snapshot->sketch;
  self->name = g_strdup (snapshot->name);
  self->stamp = g_strdup (snapshot->stamp);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_object (&self->content.planes[i]);
    self->content.planes[i] = limn_raster_copy (snapshot->planes[i]);
  }
  self->has_mask = !limn_raster_is_empty (self->content.planes[LIMN_DOCUMENT_MASK]);
  g_array_append_vals (self->content.dots, snapshot->dots->data, snapshot->dots->len);
  self->content.scenery = snapshot->scenery;
  self->content.surfaces = limn_surface_list_ref (snapshot->surfaces);
  for (guint i = 0; i < snapshot->layers->len; i++) {
    const LimnSnapshotLayer *from = snapshot->layers->pdata[i];
    g_autoptr (LimnLayer) layer = limn_layer_new (from->name, from->picture, from->x, from->y,
                                                  from->recipe ? limn_edit_copy (from->recipe) : NULL, from->model_hash);
    limn_layer_set_style (layer, &from->style);
    g_list_store_append (self->content.layers, layer);
  }
  limn_undo_set_saved (&self->undo, !snapshot->modified);
  self->modified = snapshot->modified;
  return self;
}

/* -- What it is -- */

LimnPicture *
limn_document_get_photo (LimnDocument *self)
{
  return self->content.photo;
}

gboolean
limn_document_is_sketch (LimnDocument *self)
{
  return self->content.sketch;
}

int
limn_document_get_width (LimnDocument *self)
{
  return (int) limn_picture_get_width (self->content.photo);
}

int
limn_document_get_height (LimnDocument *self)
{
  return (int) limn_picture_get_height (self->content.photo);
}

const char *
limn_document_get_title (LimnDocument *self)
{
  if (!self->name)
    self->name = self->path ? g_filename_display_basename (self->path)
                            : g_strdup (self->content.sketch ? _("New Sketch") : _("New Picture"));
  return self->name;
}

const char *
limn_document_get_path (LimnDocument *self)
{
  return self->path;
}

const char *
limn_document_get_stamp (LimnDocument *self)
{
  return self->stamp;
}

void
limn_document_set_stamp (LimnDocument *self, const char *stamp)
{
  g_free (self->stamp);
  self->stamp = g_strdup (stamp);
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
}

gboolean
limn_document_get_modified (LimnDocument *self)
{
  return self->modified;
}

guint64
limn_document_get_change (LimnDocument *self)
{
  return self->change;
}

gboolean
limn_document_get_has_mask (LimnDocument *self)
{
  return self->has_mask;
}

GListModel *
limn_document_get_layers (LimnDocument *self)
{
  return G_LIST_MODEL (self->content.layers);
}

LimnRaster *
limn_document_get_plane (LimnDocument *self, LimnDocumentPlane plane)
{
  g_return_val_if_fail (plane < LIMN_DOCUMENT_N_PLANES, NULL);
  return self->content.planes[plane];
}

LimnHistory *
limn_document_get_history (LimnDocument *self)
{
  return self->undo.history;
}

static void
notify_modified (LimnDocument *self)
{
  gboolean modified = limn_undo_is_modified (&self->undo);
  if (modified == self->modified)
    return;
  self->modified = modified;
  g_clear_pointer (&self->snapshot, limn_snapshot_unref); /* it says so as well */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
}

void
limn_document_set_saved (LimnDocument *self, LimnSnapshot *snapshot, const char *path)
{
  limn_undo_set_saved (&self->undo, snapshot->change == self->change);
  if (g_strcmp0 (path, self->path) != 0) {
    g_free (self->path);
    self->path = g_strdup (path);
    g_clear_pointer (&self->name, g_free);
    g_clear_pointer (&self->stamp, g_free);
    g_clear_pointer (&self->snapshot, limn_snapshot_unref);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  }
  notify_modified (self);
}

/* -- Notifying changes -- */

void
limn_document_emit_changed (LimnDocument *self)
{
  LimnDamage damage = self->content.damage;
  LimnRect extents = limn_content_get_extents (&self->content);
  limn_damage_clear (&self->content.damage);
  for (guint i = LIMN_N_CHANGES; i-- > 0;) { /* the size first */
    LimnRect rect = limn_rect_intersect (&damage.rects[i], &extents);
    if (!limn_rect_is_empty (&rect))
      g_signal_emit (self, changed_signal, 0, rect.x, rect.y, rect.width, rect.height, 1 << i);
  }
}

static void
drop_cached (LimnDocument *self)
{
  const LimnContent *content = &self->content;
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
  if (content->resized || !limn_damage_is_empty (&content->damage, LIMN_CHANGE_IMAGE))
    g_clear_pointer (&self->flattened, limn_source_unref);
  if (content->resized || !limn_damage_is_empty (&content->damage, LIMN_CHANGE_DOTS))
    g_clear_pointer (&self->dots_source, limn_source_unref);
}

static void
notify_mask (LimnDocument *self)
{
  if (limn_damage_is_empty (&self->content.damage, LIMN_CHANGE_MASK))
    return;
  gboolean has_mask = !limn_raster_is_empty (self->content.planes[LIMN_DOCUMENT_MASK]);
  if (has_mask == self->has_mask)
    return;
  self->has_mask = has_mask;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MASK]);
}

void
limn_document_notify_changed (LimnDocument *self)
{
  GObject *object = G_OBJECT (self);
  g_object_freeze_notify (object);
  self->change++;
  drop_cached (self);
  notify_mask (self);
  if (self->content.resized) {
    g_object_notify_by_pspec (object, properties[PROP_WIDTH]);
    g_object_notify_by_pspec (object, properties[PROP_HEIGHT]);
    self->content.resized = FALSE;
  }
  notify_modified (self);
  notify_undo (self);
  limn_document_emit_changed (self);
  g_object_thaw_notify (object);
}

/* -- Undo steps -- */

void
limn_document_push (LimnDocument *self, LimnHistoryStep *step)
{
  if (limn_history_step_is_empty (step)) {
    g_object_unref (step);
    limn_damage_clear (&self->content.damage);
    return;
  }
  g_clear_pointer (&self->snapshot, limn_snapshot_unref); /* whoever listens to the history sees the present state */
  limn_undo_push (&self->undo, step);
  limn_document_notify_changed (self);
}

void
limn_document_push_group (LimnDocument *self, LimnHistoryStep *step, guint group, gpointer target)
{
  g_autoptr (LimnHistoryStep) keep = step ? g_object_ref (step) : NULL;
  if (!step) {
    limn_document_notify_changed (self);
    return;
  }
  limn_document_push (self, step);
  limn_undo_begin_group (&self->undo, keep, group, target);
}

/* -- Operations in the background -- */

gboolean
limn_document_is_working (LimnDocument *self)
{
  return !limn_operation_queue_is_empty (self->operations);
}

guint
limn_document_get_cancel_count (LimnDocument *self)
{
  return limn_operation_queue_get_cancel_count (self->operations);
}

gboolean
limn_document_cancel_operations (LimnDocument *self)
{
  return limn_operation_queue_cancel_all (self->operations);
}

/* -- Looking at it -- */

LimnSnapshot *
limn_document_dup_snapshot (LimnDocument *self)
{
  if (self->snapshot)
    return limn_snapshot_ref (self->snapshot);
  LimnSnapshot *snapshot = limn_snapshot_new (self->content.photo);
  snapshot->sketch = self->content.sketch;
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_object (&snapshot->planes[i]);
    snapshot->planes[i] = limn_raster_copy (self->content.planes[i]);
  }
  g_array_append_vals (snapshot->dots, self->content.dots->data, self->content.dots->len);
  snapshot->scenery = self->content.scenery;
  snapshot->surfaces = limn_surface_list_ref (self->content.surfaces);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->content.layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->content.layers), i);
    LimnLayerStyle style = limn_layer_get_style (layer);
    limn_snapshot_add_layer (snapshot, limn_layer_get_name (layer), limn_layer_get_picture (layer), limn_layer_get_x (layer),
                             limn_layer_get_y (layer), &style, limn_layer_get_recipe (layer), limn_layer_get_model_hash (layer));
  }
  snapshot->path = g_strdup (self->path);
  snapshot->stamp = g_strdup (self->stamp);
  snapshot->name = g_strdup (limn_document_get_title (self));
  snapshot->modified = self->modified;
  snapshot->change = self->change;
  self->snapshot = limn_snapshot_ref (snapshot);
  return snapshot;
}

void
limn_document_render (LimnDocument *self, LimnSnapshotSource source, int level, const LimnRect *rect, guint8 *out, gsize stride)
{
  gboolean result = source == LIMN_SNAPSHOT_RESULT;
  LimnStack stack = limn_content_make_stack (&self->content, result ? G_MAXUINT : 0, result);
  limn_stack_render (&stack, level, rect, out, stride);
  g_free ((gpointer) stack.layers);
}

LimnStack *
limn_document_dup_stack (LimnDocument *self, LimnSnapshotSource source)
{
  gboolean result = source == LIMN_SNAPSHOT_RESULT;
  LimnStack stack = limn_content_make_stack (&self->content, result ? G_MAXUINT : 0, result);
  LimnStack *copy = limn_stack_copy (&stack);
  g_free ((gpointer) stack.layers);
  return copy;
}

gboolean
limn_document_get_has_preview (LimnDocument *self)
{
  return self->content.preview.picture != NULL;
}
