/* Undo: how steps are made, joined and taken back, and the parts of a document that are swapped as a whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "app/base/limn-thread.h"
#include "app/history/limn-history.h"

#include <unistd.h>

typedef struct {
  LimnLayer *layer;
  char *name;
  LimnLayerStyle style;
  int x, y;
} LayerState;

typedef struct {
  LimnDocument *document; /* borrowed: its history owns this */
  LimnDocumentParts parts;
  LimnPicture *photo;
  gboolean sketch;
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES];
  GArray *dots;   /* of LimnDot */
  GArray *layers; /* of LayerState */
} LimnDocumentState;

static void
clear_layer_state (gpointer data)
{
  LayerState *state = data;
  g_clear_object (&state->layer);
  g_free (state->name);
}

static void
state_free (gpointer data)
{
  LimnDocumentState *state = data;
  g_clear_object (&state->photo);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_clear_object (&state->planes[i]);
  g_clear_pointer (&state->dots, g_array_unref);
  g_clear_pointer (&state->layers, g_array_unref);
  g_free (state);
}

/* What the document is now, in parts; planes are shared, not copied. */
static LimnDocumentState *
capture (LimnDocument *self, LimnDocumentParts parts)
{
  LimnDocumentState *state = g_new0 (LimnDocumentState, 1);
  state->document = self;
  state->parts = parts;
  if (parts & LIMN_DOCUMENT_HAS_CANVAS) {
    state->photo = g_object_ref (self->photo);
    state->sketch = self->sketch;
    for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
      state->planes[i] = g_object_ref (self->planes[i]);
  }
  if (parts & LIMN_DOCUMENT_HAS_DOTS) {
    state->dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
    g_array_append_vals (state->dots, self->dots->data, self->dots->len);
  }
  if (parts & LIMN_DOCUMENT_HAS_LAYERS) {
    state->layers = g_array_new (FALSE, FALSE, sizeof (LayerState));
    g_array_set_clear_func (state->layers, clear_layer_state);
    for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->layers)); i++) {
      LimnLayer *layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i); /* the reference is kept */
      LayerState one = { layer, g_strdup (limn_layer_get_name (layer)), limn_layer_get_style (layer), limn_layer_get_x (layer),
                         limn_layer_get_y (layer) };
      g_array_append_val (state->layers, one);
    }
  }
  return state;
}

LimnRect
limn_document_layer_rect (LimnLayer *layer)
{
  LimnPicture *picture = limn_layer_get_picture (layer);
  return (LimnRect){ limn_layer_get_x (layer), limn_layer_get_y (layer), (int) limn_picture_get_width (picture),
                     (int) limn_picture_get_height (picture) };
}

void
limn_document_touch_layer (LimnDocument *self, LimnLayer *layer)
{
  LimnRect rect = limn_document_layer_rect (layer);
  limn_document_touch (self, &rect, LIMN_CHANGE_IMAGE);
}

static gboolean
shows_the_same (const LayerState *then)
{
  LimnLayerStyle is = limn_layer_get_style (then->layer);
  return is.visible == then->style.visible && is.opacity == then->style.opacity && is.blend == then->style.blend &&
         limn_layer_get_x (then->layer) == then->x && limn_layer_get_y (then->layer) == then->y;
}

static void
restore_layers (LimnDocument *self, const GArray *layers)
{
  GListModel *model = G_LIST_MODEL (self->layers);
  guint n_now = g_list_model_get_n_items (model), n_then = layers->len, head = 0, tail = 0;
  g_autoptr (GPtrArray) now = g_ptr_array_new_with_free_func (g_object_unref), added = g_ptr_array_new ();
  for (guint i = 0; i < n_now; i++)
    g_ptr_array_add (now, g_list_model_get_item (model, i));
#define THEN(i) (&g_array_index (layers, LayerState, i))
  while (head < MIN (n_now, n_then) && now->pdata[head] == THEN (head)->layer)
    head++;
  while (tail < MIN (n_now, n_then) - head && now->pdata[n_now - 1 - tail] == THEN (n_then - 1 - tail)->layer)
    tail++;
  for (guint i = head; i < n_now - tail; i++)
    limn_document_touch_layer (self, now->pdata[i]);
  for (guint i = 0; i < n_then; i++) {
    const LayerState *then = THEN (i);
    limn_layer_set_name (then->layer, then->name);
    if (i >= head && i < n_then - tail)
      g_ptr_array_add (added, then->layer);
    if (!shows_the_same (then)) {
      limn_document_touch_layer (self, then->layer);
      limn_layer_set_style (then->layer, &then->style);
      limn_layer_set_position (then->layer, then->x, then->y);
      limn_document_touch_layer (self, then->layer);
    } else if (i >= head && i < n_then - tail) {
      limn_document_touch_layer (self, then->layer);
    }
  }
#undef THEN
  if (added->len || n_now - head - tail)
    g_list_store_splice (self->layers, head, n_now - head - tail, added->pdata, added->len);
}

static void
touch_dots (LimnDocument *self, const GArray *dots)
{
  for (guint i = 0; i < dots->len; i++) {
    const LimnDot *dot = &g_array_index (dots, LimnDot, i);
    int r = (int) dot->radius + 2;
    limn_document_touch (self, &(LimnRect){ (int) dot->x - r, (int) dot->y - r, 2 * r + 1, 2 * r + 1 }, LIMN_CHANGE_DOTS);
  }
}

static void
touch_everything (LimnDocument *self)
{
  LimnRect all = limn_document_get_extents (self);
  limn_document_touch (self, &all,
                       LIMN_CHANGE_IMAGE | LIMN_CHANGE_MASK | LIMN_CHANGE_PAINT | LIMN_CHANGE_GUIDE | LIMN_CHANGE_DOTS | LIMN_CHANGE_SIZE);
}

static gboolean
swap_state (gpointer data, gpointer user, GError **error)
{
  LimnDocumentState *state = data, *now;
  LimnDocument *self = user;
  now = capture (self, state->parts);
  if (state->parts & LIMN_DOCUMENT_HAS_CANVAS) {
    g_clear_object (&self->preview.picture);
    g_clear_object (&self->preview_for);
    g_set_object (&self->photo, state->photo);
    self->sketch = state->sketch;
    for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
      g_set_object (&self->planes[i], state->planes[i]);
    self->resized = TRUE;
  }
  if (state->dots) {
    touch_dots (self, self->dots);
    touch_dots (self, state->dots);
    g_array_set_size (self->dots, 0);
    g_array_append_vals (self->dots, state->dots->data, state->dots->len);
  }
  if (state->layers)
    restore_layers (self, state->layers);
  if (self->resized)
    touch_everything (self);
  LimnDocumentState swapped = *state; /* the step holds what was there */
  *state = *now;
  *now = swapped;
  state_free (now);
  return TRUE;
}

/* -- Memory: pictures that only the history keeps -- */

static gboolean
is_shown (LimnDocument *self, LimnPicture *picture)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i);
    if (limn_layer_get_picture (layer) == picture)
      return TRUE;
  }
  return picture == self->photo;
}

/* Calls func for what could be paged out. */
static void
foreach_picture (LimnDocumentState *state, void (*func) (LimnPicture *picture, gpointer user), gpointer user)
{
  if (state->photo && limn_picture_can_page_out (state->photo) && !is_shown (state->document, state->photo))
    func (state->photo, user);
  for (guint i = 0; state->layers && i < state->layers->len; i++) {
    LimnPicture *picture = limn_layer_get_picture (g_array_index (state->layers, LayerState, i).layer);
    if (limn_picture_can_page_out (picture) && !is_shown (state->document, picture))
      func (picture, user);
  }
}

static void
add_size (LimnPicture *picture, gpointer user)
{
  *(gsize *) user += limn_picture_get_stride (picture) * limn_picture_get_height (picture);
}

static gsize
measure_state (gpointer state)
{
  gsize sum = 0;
  foreach_picture (state, add_size, &sum);
  return sum;
}

static void
page_out (GTask *task, gpointer picture, gpointer folder, GCancellable *cancellable)
{
  limn_thread_set_background ();
  int fd = limn_spill_open (folder);
  if (fd >= 0) {
    limn_picture_page_out (picture, fd);
    close (fd);
  }
  g_task_return_boolean (task, TRUE);
}

static void
start_page_out (LimnPicture *picture, gpointer folder)
{
  if (!limn_picture_claim_page_out (picture))
    return;
  g_autoptr (GTask) task = g_task_new (picture, NULL, NULL, NULL);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, page_out);
}

static void
spill_state (gpointer state, const char *folder)
{
  foreach_picture (state, start_page_out, (gpointer) folder);
}

void
limn_document_remember (LimnDocument *self, LimnHistoryStep *step, LimnDocumentParts parts)
{
  static const LimnHistoryStateClass klass = { swap_state, state_free, measure_state, spill_state };
  limn_history_step_add_state (step, capture (self, parts), &klass);
}

void
limn_document_swap_canvas (LimnDocument *self, LimnPicture *photo, LimnRaster *const planes[LIMN_DOCUMENT_N_PLANES])
{
  g_clear_object (&self->preview.picture);
  g_clear_object (&self->preview_for);
  g_set_object (&self->photo, photo);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_set_object (&self->planes[i], planes[i]);
  self->resized = TRUE;
  touch_everything (self);
}

void
limn_document_set_canvas (LimnDocument *self, LimnPicture *photo)
{
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES];
  limn_document_clear_operations (self); /* they are about other planes */
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    planes[i] = limn_raster_new (limn_picture_get_width (photo), limn_picture_get_height (photo), limn_document_plane_channels (i));
  limn_document_swap_canvas (self, photo, planes);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_object_unref (planes[i]);
}

/* -- Steps -- */

void
limn_document_push (LimnDocument *self, LimnHistoryStep *step)
{
  if (limn_history_step_is_empty (step)) {
    g_object_unref (step);
    memset (self->touched, 0, sizeof self->touched);
    return;
  }
  self->group = 0;
  g_clear_object (&self->group_step);
  g_clear_pointer (&self->snapshot, limn_snapshot_unref); /* whoever listens to the history sees what is now */
  limn_history_push (self->history, step);
  limn_document_tell (self);
}

gboolean
limn_document_joins (LimnDocument *self, guint group, gpointer target)
{
  return group != 0 && group == self->group && target == self->group_target && self->group_step == limn_history_peek_undo (self->history) &&
         self->group_step != self->saved && !limn_history_peek_redo (self->history);
}

void
limn_document_push_group (LimnDocument *self, LimnHistoryStep *step, guint group, gpointer target)
{
  g_autoptr (LimnHistoryStep) keep = g_object_ref (step);
  limn_document_push (self, step);
  self->group = group;
  self->group_target = target;
  g_set_object (&self->group_step, keep);
}

static void
on_tile_changed (int plane, const LimnRect *rect, gpointer user)
{
  limn_document_touch (user, rect, limn_document_plane_change ((LimnDocumentPlane) plane));
}

static gboolean
move (LimnDocument *self, gboolean undo, GError **error)
{
  limn_document_end_stroke (self);
  if (limn_document_is_working (self))
    return undo && limn_document_cancel_last_operation (self);
  gboolean moved = undo ? limn_history_undo (self->history, self->planes, self, on_tile_changed, error)
                        : limn_history_redo (self->history, self->planes, self, on_tile_changed, error);
  if (moved)
    limn_document_tell (self);
  return moved;
}

gboolean
limn_document_undo (LimnDocument *self, GError **error)
{
  return move (self, TRUE, error);
}

gboolean
limn_document_redo (LimnDocument *self, GError **error)
{
  return move (self, FALSE, error);
}

gboolean
limn_document_go_to (LimnDocument *self, guint position, GError **error)
{
  limn_document_end_stroke (self);
  limn_document_cancel_operations (self);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->history));
  g_return_val_if_fail (position <= n, FALSE);
  if (position == limn_history_get_position (self->history))
    return FALSE;
  gboolean ok = TRUE, moved = FALSE;
  while (ok && limn_history_get_position (self->history) != position) {
    ok = position < limn_history_get_position (self->history)
           ? limn_history_undo (self->history, self->planes, self, on_tile_changed, error)
           : limn_history_redo (self->history, self->planes, self, on_tile_changed, error);
    moved |= ok;
  }
  if (moved)
    limn_document_tell (self);
  return ok;
}
