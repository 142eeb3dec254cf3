/* The document as an object: what it is made of, its properties, and what is seen of it.
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

GType
limn_change_get_type (void)
{
  static gsize type;
  if (g_once_init_enter (&type)) {
    static const GFlagsValue values[] = {
      { LIMN_CHANGE_IMAGE, "LIMN_CHANGE_IMAGE", "image" },
      { LIMN_CHANGE_MASK, "LIMN_CHANGE_MASK", "mask" },
      { LIMN_CHANGE_PAINT, "LIMN_CHANGE_PAINT", "paint" },
      { LIMN_CHANGE_GUIDE, "LIMN_CHANGE_GUIDE", "guide" },
      { LIMN_CHANGE_DOTS, "LIMN_CHANGE_DOTS", "dots" },
      { LIMN_CHANGE_SIZE, "LIMN_CHANGE_SIZE", "size" },
      { 0, NULL, NULL },
    };
    g_once_init_leave (&type, g_flags_register_static ("LimnChange", values));
  }
  return type;
}

static void
limn_document_finalize (GObject *object)
{
  LimnDocument *self = LIMN_DOCUMENT (object);
  limn_document_clear_operations (self);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_pointer (&self->strokes[i], limn_stroke_free);
    g_clear_object (&self->stroke_before[i]);
  }
  g_free (self->stroke_name);
  g_clear_object (&self->photo);
  g_free (self->path);
  g_free (self->name);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_clear_object (&self->planes[i]);
  g_array_unref (self->dots);
  g_clear_object (&self->layers);
  g_clear_object (&self->history);
  g_clear_object (&self->saved);
  g_clear_object (&self->group_step);
  g_clear_object (&self->preview.picture);
  g_clear_object (&self->preview_for);
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
  g_clear_pointer (&self->flat, limn_source_unref);
  g_clear_pointer (&self->discs, limn_source_unref);
  G_OBJECT_CLASS (limn_document_parent_class)->finalize (object);
}

static const char *
step_name (LimnHistoryStep *step)
{
  return step ? limn_history_step_get_name (step) : NULL;
}

static LimnHistoryStep *
peek_redo (LimnDocument *self)
{
  return limn_document_is_working (self) ? NULL : limn_history_peek_redo (self->history);
}

static void
limn_document_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnDocument *self = LIMN_DOCUMENT (object);
  switch (id) {
  case PROP_TITLE: g_value_set_string (value, limn_document_get_title (self)); break;
  case PROP_PATH: g_value_set_string (value, self->path); break;
  case PROP_MODIFIED: g_value_set_boolean (value, self->modified); break;
  case PROP_CAN_UNDO: g_value_set_boolean (value, limn_document_is_working (self) || limn_history_peek_undo (self->history) != NULL); break;
  case PROP_CAN_REDO: g_value_set_boolean (value, peek_redo (self) != NULL); break;
  case PROP_UNDO_NAME:
    g_value_set_string (value, limn_document_is_working (self) ? limn_document_peek_operation_name (self)
                                                               : step_name (limn_history_peek_undo (self->history)));
    break;
  case PROP_REDO_NAME: g_value_set_string (value, step_name (peek_redo (self))); break;
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

static void
limn_document_init (LimnDocument *self)
{
  self->dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
  self->layers = g_list_store_new (LIMN_TYPE_LAYER);
  self->history = limn_history_new (UNDO_BUDGET, NULL);
  g_queue_init (&self->operations);
}

/* -- Making one -- */

LimnDocument *
limn_document_new (LimnPicture *photo, const char *path)
{
  LimnDocument *self = g_object_new (LIMN_TYPE_DOCUMENT, NULL);
  limn_document_set_canvas (self, photo);
  self->resized = FALSE;
  memset (self->touched, 0, sizeof self->touched);
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
  self->sketch = TRUE;
  return self;
}

LimnDocument *
limn_document_new_from_snapshot (LimnSnapshot *snapshot)
{
  LimnDocument *self = limn_document_new (snapshot->photo, snapshot->path);
  self->sketch = snapshot->sketch;
  self->name = g_strdup (snapshot->name);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_object (&self->planes[i]);
    self->planes[i] = limn_raster_copy (snapshot->planes[i]);
  }
  self->has_mask = !limn_raster_is_empty (self->planes[LIMN_DOCUMENT_MASK]);
  g_array_append_vals (self->dots, snapshot->dots->data, snapshot->dots->len);
  for (guint i = 0; i < snapshot->layers->len; i++) {
    const LimnSnapshotLayer *from = snapshot->layers->pdata[i];
    g_autoptr (LimnLayer) layer = limn_layer_new (from->name, from->picture, from->x, from->y,
                                                  from->recipe ? limn_edit_copy (from->recipe) : NULL, from->model_hash);
    limn_layer_set_style (layer, &from->style);
    g_list_store_append (self->layers, layer);
  }
  self->modified = self->never_saved = snapshot->modified;
  return self;
}

/* -- What it is -- */

LimnPicture *
limn_document_get_photo (LimnDocument *self)
{
  return self->photo;
}

gboolean
limn_document_is_sketch (LimnDocument *self)
{
  return self->sketch;
}

int
limn_document_get_width (LimnDocument *self)
{
  return (int) limn_picture_get_width (self->photo);
}

int
limn_document_get_height (LimnDocument *self)
{
  return (int) limn_picture_get_height (self->photo);
}

LimnRect
limn_document_get_extents (LimnDocument *self)
{
  return (LimnRect){ 0, 0, limn_document_get_width (self), limn_document_get_height (self) };
}

const char *
limn_document_get_title (LimnDocument *self)
{
  if (!self->name)
    self->name = self->path ? g_filename_display_basename (self->path) : g_strdup (self->sketch ? _("New Sketch") : _("New Picture"));
  return self->name;
}

const char *
limn_document_get_path (LimnDocument *self)
{
  return self->path;
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
  return G_LIST_MODEL (self->layers);
}

LimnRaster *
limn_document_get_plane (LimnDocument *self, LimnDocumentPlane plane)
{
  g_return_val_if_fail (plane < LIMN_DOCUMENT_N_PLANES, NULL);
  return self->planes[plane];
}

LimnHistory *
limn_document_get_history (LimnDocument *self)
{
  return self->history;
}

static void
update_modified (LimnDocument *self)
{
  gboolean modified = self->never_saved || self->saved != limn_history_peek_undo (self->history);
  if (modified == self->modified)
    return;
  self->modified = modified;
  g_clear_pointer (&self->snapshot, limn_snapshot_unref); /* it says so as well */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
}

void
limn_document_set_saved (LimnDocument *self, LimnSnapshot *snapshot, const char *path)
{
  self->never_saved = snapshot->change != self->change;
  LimnHistoryStep *last = self->never_saved ? NULL : limn_history_peek_undo (self->history);
  g_set_object (&self->saved, last);
  if (g_strcmp0 (path, self->path) != 0) {
    g_free (self->path);
    self->path = g_strdup (path);
    g_clear_pointer (&self->name, g_free);
    g_clear_pointer (&self->snapshot, limn_snapshot_unref);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  }
  update_modified (self);
}

/* -- Telling what changed -- */

LimnChange
limn_document_plane_change (LimnDocumentPlane plane)
{
  switch (plane) {
  case LIMN_DOCUMENT_MASK: return LIMN_CHANGE_MASK;
  case LIMN_DOCUMENT_PAINT:
  case LIMN_DOCUMENT_INK: return LIMN_CHANGE_PAINT;
  default: return LIMN_CHANGE_GUIDE;
  }
}

void
limn_document_touch (LimnDocument *self, const LimnRect *rect, LimnChange what)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->touched); i++)
    if (what & (1u << i))
      self->touched[i] = limn_rect_union (&self->touched[i], rect);
}

void
limn_document_emit (LimnDocument *self)
{
  LimnRect touched[G_N_ELEMENTS (self->touched)], extents = limn_document_get_extents (self);
  memcpy (touched, self->touched, sizeof touched);
  memset (self->touched, 0, sizeof self->touched);
  for (guint i = G_N_ELEMENTS (touched); i-- > 0;) { /* the size first */
    LimnRect rect = limn_rect_intersect (&touched[i], &extents);
    if (!limn_rect_is_empty (&rect))
      g_signal_emit (self, changed_signal, 0, rect.x, rect.y, rect.width, rect.height, 1 << i);
  }
}

static void
notify_under_way (LimnDocument *self)
{
  static const guint ids[] = { PROP_CAN_UNDO, PROP_CAN_REDO, PROP_UNDO_NAME, PROP_REDO_NAME };
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[ids[i]]);
  if (self->working == limn_document_is_working (self))
    return;
  self->working = !self->working;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKING]);
}

void
limn_document_tell_operations (LimnDocument *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  notify_under_way (self);
  g_object_thaw_notify (G_OBJECT (self));
}

void
limn_document_tell_failure (LimnDocument *self, const GError *error)
{
  g_signal_emit (self, failed_signal, 0, error->message);
}

void
limn_document_tell (LimnDocument *self)
{
  GObject *object = G_OBJECT (self);
  g_object_freeze_notify (object);
  self->change++;
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
  if (!limn_rect_is_empty (&self->touched[0]) || self->resized)
    g_clear_pointer (&self->flat, limn_source_unref);
  if (!limn_rect_is_empty (&self->touched[4]) || self->resized)
    g_clear_pointer (&self->discs, limn_source_unref);
  if (!limn_rect_is_empty (&self->touched[1])) {
    gboolean has_mask = !limn_raster_is_empty (self->planes[LIMN_DOCUMENT_MASK]);
    if (has_mask != self->has_mask) {
      self->has_mask = has_mask;
      g_object_notify_by_pspec (object, properties[PROP_HAS_MASK]);
    }
  }
  if (self->resized) {
    g_object_notify_by_pspec (object, properties[PROP_WIDTH]);
    g_object_notify_by_pspec (object, properties[PROP_HEIGHT]);
    self->resized = FALSE;
  }
  update_modified (self);
  notify_under_way (self);
  limn_document_emit (self);
  g_object_thaw_notify (object);
}

/* -- Looking at it -- */

LimnSnapshot *
limn_document_dup_snapshot (LimnDocument *self)
{
  if (self->snapshot)
    return limn_snapshot_ref (self->snapshot);
  LimnSnapshot *snapshot = limn_snapshot_new (self->photo);
  snapshot->sketch = self->sketch;
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_object (&snapshot->planes[i]);
    snapshot->planes[i] = limn_raster_copy (self->planes[i]);
  }
  g_array_append_vals (snapshot->dots, self->dots->data, self->dots->len);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i);
    LimnLayerStyle style = limn_layer_get_style (layer);
    limn_snapshot_add_layer (snapshot, limn_layer_get_name (layer), limn_layer_get_picture (layer), limn_layer_get_x (layer),
                             limn_layer_get_y (layer), &style, limn_layer_get_recipe (layer), limn_layer_get_model_hash (layer));
  }
  snapshot->path = g_strdup (self->path);
  snapshot->name = g_strdup (limn_document_get_title (self));
  snapshot->modified = self->modified;
  snapshot->change = self->change;
  self->snapshot = limn_snapshot_ref (snapshot);
  return snapshot;
}

LimnStack
limn_document_make_stack (LimnDocument *self, guint n, gboolean with_preview)
{
  guint all = g_list_model_get_n_items (G_LIST_MODEL (self->layers));
  LimnStackLayer *layers = g_new0 (LimnStackLayer, all + 1);
  LimnStack stack = { self->photo, layers, 0 };
  gboolean preview = with_preview && self->preview.picture;
  for (guint i = 0; i < MIN (n, all); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i);
    LimnLayerStyle style = limn_layer_get_style (layer);
    if (preview && layer == self->preview_for) {
      layers[stack.n_layers] = self->preview;
      layers[stack.n_layers].opacity = style.opacity;
      layers[stack.n_layers++].blend = style.blend;
      preview = FALSE;
    } else if (limn_layer_style_is_visible (&style))
      layers[stack.n_layers++] = (LimnStackLayer){
        .picture = limn_layer_get_picture (layer),
        .x = limn_layer_get_x (layer),
        .y = limn_layer_get_y (layer),
        .opacity = style.opacity,
        .blend = style.blend,
        .keep_alpha = limn_layer_get_recipe (layer) && limn_edit_get_kind (limn_layer_get_recipe (layer))->keeps_alpha,
      };
  }
  if (preview)
    layers[stack.n_layers++] = self->preview;
  return stack;
}

void
limn_document_render (LimnDocument *self, LimnSnapshotSource source, int level, const LimnRect *rect, guint8 *out, gsize stride)
{
  gboolean result = source == LIMN_SNAPSHOT_RESULT;
  LimnStack stack = limn_document_make_stack (self, result ? G_MAXUINT : 0, result);
  limn_stack_render (&stack, level, rect, out, stride);
  g_free ((gpointer) stack.layers);
}

LimnStack *
limn_document_dup_stack (LimnDocument *self, LimnSnapshotSource source)
{
  gboolean result = source == LIMN_SNAPSHOT_RESULT;
  LimnStack stack = limn_document_make_stack (self, result ? G_MAXUINT : 0, result);
  LimnStack *copy = limn_stack_copy (&stack);
  g_free ((gpointer) stack.layers);
  return copy;
}

gboolean
limn_document_get_has_preview (LimnDocument *self)
{
  return self->preview.picture != NULL;
}
