/* Another canvas for the document, made on another thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "app/base/limn-app-error.h"
#include "app/content/limn-canvas-transform.h"
#include "limn-document-canvas.h"
#include "limn-document-strokes.h"

#include <string.h>

static gboolean
capture_transform (gpointer transform, gpointer document)
{
  return limn_canvas_transform_capture (transform, &((LimnDocument *) document)->content);
}

static void
run_transform (gpointer transform, const char *name, GCancellable *cancellable, GError **error)
{
  limn_canvas_transform_run (transform, cancellable, error);
}

static void
apply_transform (gpointer transform, gpointer document, const char *name)
{
  LimnDocument *self = document;
  limn_document_push (self, limn_canvas_transform_apply (transform, &self->content, name));
}

static void
free_transform (gpointer transform)
{
  limn_canvas_transform_free (transform);
}

const LimnOperationClass limn_canvas_operations = { capture_transform, run_transform, apply_transform, free_transform };

static void
add_transform (LimnDocument *self, const LimnGeometry *geometry, const char *name)
{
  limn_document_end_stroke (self);
  limn_operation_queue_add (self->operations, limn_canvas_transform_new (geometry), &limn_canvas_operations, name, LIMN_DOCUMENT_N_PLANES,
                            NULL);
}

typedef struct {
  LimnRect canvas, *area;
} PendingCanvas;

static void
map_area (gpointer transform, gpointer user)
{
  PendingCanvas *pending = user;
  *pending->area = limn_canvas_transform_map_rect (transform, pending->area, &pending->canvas);
}

/* area, of the present canvas, becomes what it will be once all operations are done. Returns the canvas of then. */
static LimnRect
map_to_pending_canvas (LimnDocument *self, LimnRect *area)
{
  PendingCanvas pending = { limn_content_get_extents (&self->content), area };
  limn_operation_queue_foreach (self->operations, &limn_canvas_operations, map_area, &pending);
  return pending.canvas;
}

const char *
limn_document_name_crop (const LimnRect *canvas, const LimnRect *area)
{
  LimnRect both = limn_rect_union (area, canvas);
  if (memcmp (&both, canvas, sizeof both) == 0)
    return _("Crop");
  return memcmp (&both, area, sizeof both) == 0 ? _("Expand") : _("Crop and Expand");
}

gboolean
limn_document_crop (LimnDocument *self, const LimnRect *area, GError **error)
{
  LimnGeometry geometry = { *area, LIMN_ORIENT_NONE };
  LimnRect all = map_to_pending_canvas (self, &geometry.area), kept = limn_rect_intersect (&geometry.area, &all);
  if (memcmp (&geometry.area, &all, sizeof all) == 0)
    return TRUE;
  if (limn_rect_is_empty (&kept)) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("Nothing of the picture would be left."));
    return FALSE;
  }
  if (!limn_picture_check_size (_("The picture"), (guint64) geometry.area.width, (guint64) geometry.area.height, error))
    return FALSE;
  add_transform (self, &geometry, limn_document_name_crop (&all, &geometry.area));
  return TRUE;
}

void
limn_document_orient (LimnDocument *self, LimnOrient orient)
{
  static const char *const names[] = {
    [LIMN_ORIENT_FLIP_HORIZONTAL] = N_("Flip Horizontally"),
    [LIMN_ORIENT_HALF_TURN] = N_("Rotate by Half a Turn"),
    [LIMN_ORIENT_FLIP_VERTICAL] = N_("Flip Vertically"),
    [LIMN_ORIENT_TURN_RIGHT] = N_("Rotate Right"),
    [LIMN_ORIENT_TURN_LEFT] = N_("Rotate Left"),
  };
  g_return_if_fail (orient < G_N_ELEMENTS (names) && names[orient]);
  LimnGeometry geometry = { .orient = orient }; /* of all that is there then */
  add_transform (self, &geometry, _(names[orient]));
}
