/* What undo steps hold of a document's content: its state before and after, swapped as a whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-content.h"

#include "app/base/limn-thread.h"

#include <unistd.h>

typedef struct {
  LimnLayer *layer;
  char *name;
  LimnLayerStyle style;
  int x, y;
} LayerState;

typedef struct {
  LimnContent *content; /* borrowed: lives longer than the history */
  LimnContentParts parts;
  LimnPicture *photo;
  gboolean sketch;
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES];
  GArray *dots;   /* of LimnDot */
  GArray *layers; /* of LayerState */
  LimnScenery scenery;
  LimnSurfaceList *surfaces;
} ContentState;

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
  ContentState *state = data;
  g_clear_object (&state->photo);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_clear_object (&state->planes[i]);
  g_clear_pointer (&state->dots, g_array_unref);
  g_clear_pointer (&state->layers, g_array_unref);
  g_clear_pointer (&state->surfaces, limn_surface_list_unref);
  g_free (state);
}

/* The present state of parts; planes are shared, not copied. */
static ContentState *
capture_state (LimnContent *self, LimnContentParts parts)
{
  ContentState *state = g_new0 (ContentState, 1);
  state->content = self;
  state->parts = parts;
  state->scenery = self->scenery;
  state->surfaces = limn_surface_list_ref (self->surfaces);
  if (parts & LIMN_CONTENT_CANVAS) {
    state->photo = g_object_ref (self->photo);
    state->sketch = self->sketch;
    for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
      state->planes[i] = g_object_ref (self->planes[i]);
  }
  if (parts & LIMN_CONTENT_DOTS) {
    state->dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
    g_array_append_vals (state->dots, self->dots->data, self->dots->len);
  }
  if (parts & LIMN_CONTENT_LAYERS) {
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

static gboolean
has_same_style (const LayerState *then)
{
  LimnLayerStyle is = limn_layer_get_style (then->layer);
  return is.visible == then->style.visible && is.opacity == then->style.opacity && is.blend == then->style.blend &&
         limn_layer_get_x (then->layer) == then->x && limn_layer_get_y (then->layer) == then->y;
}

static const LayerState *
get_layer_state (const GArray *layers, guint i)
{
  return &g_array_index (layers, LayerState, i);
}

static void
restore_layers (LimnContent *self, const GArray *layers)
{
  GListModel *model = G_LIST_MODEL (self->layers);
  guint n_now = g_list_model_get_n_items (model), n_then = layers->len, head = 0, tail = 0;
  g_autoptr (GPtrArray) now = g_ptr_array_new_with_free_func (g_object_unref), added = g_ptr_array_new ();
  for (guint i = 0; i < n_now; i++)
    g_ptr_array_add (now, g_list_model_get_item (model, i));
  while (head < MIN (n_now, n_then) && now->pdata[head] == get_layer_state (layers, head)->layer)
    head++;
  while (tail < MIN (n_now, n_then) - head && now->pdata[n_now - 1 - tail] == get_layer_state (layers, n_then - 1 - tail)->layer)
    tail++;
  for (guint i = head; i < n_now - tail; i++)
    limn_content_damage_layer (self, now->pdata[i]);
  for (guint i = 0; i < n_then; i++) {
    const LayerState *then = get_layer_state (layers, i);
    limn_layer_set_name (then->layer, then->name);
    if (i >= head && i < n_then - tail)
      g_ptr_array_add (added, then->layer);
    if (!has_same_style (then)) {
      limn_content_damage_layer (self, then->layer);
      limn_layer_set_style (then->layer, &then->style);
      limn_layer_set_position (then->layer, then->x, then->y);
      limn_content_damage_layer (self, then->layer);
    } else if (i >= head && i < n_then - tail) {
      limn_content_damage_layer (self, then->layer);
    }
  }
  if (added->len || n_now - head - tail)
    g_list_store_splice (self->layers, head, n_now - head - tail, added->pdata, added->len);
}

static void
restore_dots (LimnContent *self, const GArray *dots)
{
  for (guint i = 0; i < self->dots->len; i++)
    limn_content_damage_dot (self, &g_array_index (self->dots, LimnDot, i));
  for (guint i = 0; i < dots->len; i++)
    limn_content_damage_dot (self, &g_array_index (dots, LimnDot, i));
  g_array_set_size (self->dots, 0);
  g_array_append_vals (self->dots, dots->data, dots->len);
}

/* Afterwards the step holds what was there. */
static gboolean
swap_state (gpointer data, gpointer user, GError **error)
{
  ContentState *state = data, *now;
  LimnContent *self = user;
  now = capture_state (self, state->parts);
  if (state->parts & LIMN_CONTENT_CANVAS) {
    self->sketch = state->sketch;
    limn_content_set_canvas (self, state->photo, state->planes);
  }
  if (state->parts & (LIMN_CONTENT_CANVAS | LIMN_CONTENT_SCENERY))
    limn_content_set_scenery (self, &state->scenery);
  if (state->parts & LIMN_CONTENT_SURFACES)
    limn_content_set_surfaces (self, state->surfaces);
  if (state->dots)
    restore_dots (self, state->dots);
  if (state->layers)
    restore_layers (self, state->layers);
  ContentState swapped = *state;
  *state = *now;
  *now = swapped;
  state_free (now);
  return TRUE;
}

/* -- Memory: pictures that only the history keeps go to disk -- */

static gboolean
is_shown (LimnContent *self, LimnPicture *picture)
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
foreach_picture (ContentState *state, void (*func) (LimnPicture *picture, gpointer user), gpointer user)
{
  if (state->photo && limn_picture_can_page_out (state->photo) && !is_shown (state->content, state->photo))
    func (state->photo, user);
  for (guint i = 0; state->layers && i < state->layers->len; i++) {
    LimnPicture *picture = limn_layer_get_picture (g_array_index (state->layers, LayerState, i).layer);
    if (limn_picture_can_page_out (picture) && !is_shown (state->content, picture))
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
run_page_out (GTask *task, gpointer picture, gpointer folder, GCancellable *cancellable)
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
  g_task_run_in_thread (task, run_page_out);
}

static void
page_out_state (gpointer state, const char *folder)
{
  foreach_picture (state, start_page_out, (gpointer) folder);
}

void
limn_content_capture (LimnContent *self, LimnHistoryStep *step, LimnContentParts parts)
{
  static const LimnHistoryStateClass klass = { swap_state, state_free, measure_state, page_out_state };
  limn_history_step_add_state (step, capture_state (self, parts), &klass);
}
