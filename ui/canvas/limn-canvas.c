/* The canvas as a widget: properties, size, what is watched, drawing. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-private.h"

#include <adwaita.h>
#include <math.h>

#include "app/edit/limn-material.h"

G_DEFINE_FINAL_TYPE (LimnCanvas, limn_canvas, GTK_TYPE_WIDGET)

enum { PROP_SESSION = 1, PROP_ZOOM, PROP_FIT, N_PROPS };
static GParamSpec *properties[N_PROPS];

LimnTakes
limn_canvas_get_takes (LimnCanvas *self)
{
  return self->session ? limn_session_get_kind (self->session)->takes : 0;
}

gboolean
limn_canvas_animates (LimnCanvas *self)
{
  gboolean enabled;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &enabled, NULL);
  return enabled;
}

/* -- Panes -- */

guint
limn_canvas_get_panes (LimnCanvas *self, graphene_rect_t panes[2], LimnPane what[2])
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self)), height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  LimnSketchView view = self->session ? limn_session_get_sketch_view (self->session) : LIMN_SKETCH_VIEW_OVER;
  gboolean original = FALSE;
  if (self->session)
    g_object_get (self->session, "show-original", &original, NULL);
  panes[0] = GRAPHENE_RECT_INIT (0, 0, width, height);
  what[0] = original ? LIMN_PANE_ORIGINAL : LIMN_PANE_RESULT;
  if (!(limn_canvas_get_takes (self) & LIMN_TAKES_DRAWING) || view == LIMN_SKETCH_VIEW_OVER || original)
    return 1;
  what[0] = LIMN_PANE_SKETCH;
  if (view == LIMN_SKETCH_VIEW_SKETCH_ONLY)
    return 1;
  what[1] = LIMN_PANE_RESULT;
  if (width >= height) {
    float half = floorf (width / 2);
    panes[0].size.width = half;
    panes[1] = GRAPHENE_RECT_INIT (half, 0, width - half, height);
  } else {
    /* the panels at the lower edge cover the lower pane only, so that both show as much */
    float half = floorf ((height - MIN ((float) MAX (self->bottom, self->bottom_inset_kept), height / 2)) / 2);
    panes[0].size.height = half;
    panes[1] = GRAPHENE_RECT_INIT (0, half, width, height - half);
  }
  return 2;
}

void
limn_canvas_pane_at (LimnCanvas *self, double x, double y, double *pane_x, double *pane_y)
{
  graphene_rect_t panes[2];
  LimnPane what[2];
  guint n = limn_canvas_get_panes (self, panes, what);
  const graphene_rect_t *pane = &panes[n == 2 && x >= panes[1].origin.x && y >= panes[1].origin.y ? 1 : 0];
  *pane_x = pane->origin.x;
  *pane_y = pane->origin.y;
}

/* The view's size is that of the first pane; the second, which may be a pixel larger or reach under what floats, follows it. */
static void
update_view (LimnCanvas *self)
{
  graphene_rect_t panes[2];
  LimnPane what[2];
  gboolean stacked = limn_canvas_get_panes (self, panes, what) == 2 && panes[1].origin.y > 0;
  if (panes[0].size.width < 1 || panes[0].size.height < 1)
    return;
  self->view.scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  self->view.bottom = stacked ? 0 : self->bottom;
  self->view.bottom_inset = stacked ? 0 : self->bottom_inset_kept;
  limn_view_set_size (&self->view, panes[0].size.width, panes[0].size.height);
  limn_canvas_view_changed (self);
}

static void
release_bottom_inset (LimnCanvas *self)
{
  self->bottom_inset_held = FALSE;
  self->bottom_inset_kept = self->bottom_inset;
}

static void
update_panes (LimnCanvas *self)
{
  release_bottom_inset (self);
  update_view (self);
}

void
limn_canvas_view_changed (LimnCanvas *self)
{
  limn_canvas_hover_again (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIT]);
  limn_canvas_update_accessible (self);
}

static gboolean
redraw_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user)
{
  LIMN_CANVAS (widget)->redraw_tick = 0;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

void
limn_canvas_redraw_later (LimnCanvas *self)
{
  if (!self->redraw_tick)
    self->redraw_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), redraw_tick, NULL, NULL);
}

/* -- For those who can't see it -- */

/* The tool, and where that is what it is about, what the keyboard's cursor is on. Free with g_free. */
static char *
describe_tool (LimnCanvas *self)
{
  LimnToolKind kind = limn_session_get_tool (self->session);
  const char *tool = limn_tool_kind_get_label (kind);
  guint8 label;
  gboolean guessed;
  if (kind == LIMN_TOOL_SCENE && self->keyboard &&
      limn_session_get_material_at (self->session, self->keyboard_x, self->keyboard_y, &label, &guessed))
    return g_strdup_printf ("%s, %s", tool, limn_material_get_name (label));
  return g_strdup (tool);
}

void
limn_canvas_update_accessible (LimnCanvas *self)
{
  g_autofree char *label = NULL, *description = NULL;
  if (!self->document) {
    label = g_strdup (_("No picture"));
    description = g_strdup ("");
  } else {
    /* Translators: the file's name, width and height in pixels, and how large it is shown */
    label = g_strdup_printf (_("%s, %d by %d pixels, shown at %.0f%%"), limn_document_get_title (self->document),
                             limn_document_get_width (self->document), limn_document_get_height (self->document), 100 * self->view.zoom);
    g_autofree char *tool = describe_tool (self);
    const char *selected = limn_document_get_has_mask (self->document) ? _("something is selected") : _("nothing is selected");
    if (self->keyboard)
      /* Translators: tool; where the keyboard's cursor is, in pixels; whether it is put down */
      description = g_strdup_printf (_("%s at %d, %d, %s; %s"), tool, (int) floor (self->keyboard_x), (int) floor (self->keyboard_y),
                                     self->keyboard_down ? _("down") : _("up"), selected);
    else
      description = g_strdup_printf (_("%s; %s. Arrow keys move a cursor, Space puts the tool down and lifts it."), tool, selected);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}

/* -- What is watched -- */

static void
on_document_changed (LimnCanvas *self, int x, int y, int width, int height, LimnChange what)
{
  LimnRect rect = { x, y, width, height };
  if (what & LIMN_CHANGE_SIZE) {
    limn_view_set_document (&self->view, limn_document_get_width (self->document), limn_document_get_height (self->document));
    if (self->tool)
      limn_tool_cancel (self->tool);
    limn_canvas_view_changed (self);
  }
  limn_canvas_picture_changed (self, &rect, what);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_tool (LimnCanvas *self)
{
  limn_canvas_cancel_drag (self);
  limn_canvas_end_keyboard (self);
  if (self->tool)
    g_signal_handlers_disconnect_by_data (self->tool, self);
  g_clear_object (&self->tool);
  if (!self->session)
    return;
  self->tool = limn_tool_new (limn_session_get_tool (self->session), self->session);
  g_signal_connect_swapped (self->tool, "redraw", G_CALLBACK (gtk_widget_queue_draw), self);
  limn_canvas_update_cursor (self);
  limn_canvas_update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_task (LimnCanvas *self)
{
  update_tool (self);
  update_panes (self);
}

static void
on_previewing (LimnCanvas *self)
{
  gboolean previewing;
  g_object_get (self->session, "previewing", &previewing, NULL);
  if (!previewing)
    limn_canvas_picture_settled (self);
  limn_canvas_update_busy (self);
}

void
limn_canvas_set_session (LimnCanvas *self, LimnSession *session)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  g_return_if_fail (!session || LIMN_IS_SESSION (session));
  if (session == self->session)
    return;
  limn_canvas_cancel_drag (self);
  limn_canvas_note_pointer (self, FALSE);
  if (self->document)
    limn_canvas_close_picture (self);
  g_set_object (&self->session, session);
  self->document = session ? limn_session_get_document (session) : NULL;
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->document_signals, self->document);
  g_clear_object (&self->settings);
  if (session)
    g_object_get (session, "settings", &self->settings, NULL);
  if (self->document) {
    self->view.enlarge = limn_document_is_sketch (self->document);
    self->view.fit = TRUE;
    limn_canvas_open_picture (self);
    limn_view_set_document (&self->view, limn_document_get_width (self->document), limn_document_get_height (self->document));
  }
  update_tool (self);
  update_panes (self);
  limn_canvas_update_busy (self);
  limn_canvas_update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
watch_session (LimnCanvas *self)
{
  self->session_signals = g_signal_group_new (LIMN_TYPE_SESSION);
  static const char *const plain[] = { "notify::compare",        "notify::compare-position",
                                       "notify::show-original",  "notify::brush-size",
                                       "notify::brush-hardness", "lens-changed",
                                       "crop-changed",           "notify::color",
                                       "notify::preview-shown" };
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    g_signal_group_connect_swapped (self->session_signals, plain[i], G_CALLBACK (gtk_widget_queue_draw), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::tool", G_CALLBACK (update_tool), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::task", G_CALLBACK (on_task), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::sketch-view", G_CALLBACK (update_panes), self);
  g_signal_group_connect_swapped (self->session_signals, "material-asked", G_CALLBACK (limn_canvas_ask_material), self);
  g_signal_group_connect_swapped (self->session_signals, "damage-changed", G_CALLBACK (limn_canvas_damage_changed), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::wide", G_CALLBACK (update_panes), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::previewing", G_CALLBACK (on_previewing), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::busy", G_CALLBACK (limn_canvas_update_busy), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::busy", G_CALLBACK (limn_canvas_picture_busy), self);
  self->document_signals = g_signal_group_new (LIMN_TYPE_DOCUMENT);
  g_signal_group_connect_swapped (self->document_signals, "changed", G_CALLBACK (on_document_changed), self);
  g_signal_group_connect_swapped (self->document_signals, "notify::has-mask", G_CALLBACK (limn_canvas_update_accessible), self);
  g_signal_group_connect_swapped (self->document_signals, "notify::title", G_CALLBACK (limn_canvas_update_accessible), self);
}

/* -- Zoom -- */

double
limn_canvas_get_zoom (LimnCanvas *self)
{
  g_return_val_if_fail (LIMN_IS_CANVAS (self), 1);
  return self->view.zoom;
}

void
limn_canvas_zoom_to (LimnCanvas *self, double zoom, double x, double y)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  double pane_x = 0, pane_y = 0;
  if (isnan (x) || isnan (y))
    limn_view_get_middle (&self->view, &x, &y);
  else
    limn_canvas_pane_at (self, x, y, &pane_x, &pane_y);
  limn_view_zoom_to (&self->view, zoom, x - pane_x, y - pane_y);
  limn_canvas_view_changed (self);
}

void
limn_canvas_zoom_step (LimnCanvas *self, int direction)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  limn_canvas_zoom_to (self, limn_view_next_zoom (&self->view, direction), NAN, NAN);
}

void
limn_canvas_zoom_fit (LimnCanvas *self)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  self->view.fit = TRUE;
  update_panes (self);
}

void
limn_canvas_set_insets (LimnCanvas *self, int left, int top, int right, int bottom)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  LimnView *view = &self->view;
  if (view->left == left && view->top == top && view->right == right && self->bottom == bottom)
    return;
  view->left = left;
  view->top = top;
  view->right = right;
  self->bottom = bottom;
  update_view (self);
}

void
limn_canvas_set_bottom_inset (LimnCanvas *self, int height)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  double before = self->bottom_inset_kept;
  self->bottom_inset = height;
  self->bottom_inset_kept = self->bottom_inset_held ? MAX (before, self->bottom_inset) : self->bottom_inset;
  if (self->bottom_inset_kept != before)
    update_view (self);
}

void
limn_canvas_to_document (LimnCanvas *self, double x, double y, double *document_x, double *document_y)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  double pane_x, pane_y;
  limn_canvas_pane_at (self, x, y, &pane_x, &pane_y);
  limn_view_to_document (&self->view, x - pane_x, y - pane_y, document_x, document_y);
}

void
limn_canvas_from_document (LimnCanvas *self, double document_x, double document_y, double *x, double *y)
{
  g_return_if_fail (LIMN_IS_CANVAS (self));
  limn_view_from_document (&self->view, document_x, document_y, x, y);
}

/* -- Drawing -- */

static void
limn_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LimnCanvas *self = LIMN_CANVAS (widget);
  if (!self->document)
    return;
  limn_canvas_snapshot_picture (self, snapshot);
  limn_canvas_snapshot_overlay (self, snapshot);
}

guint64
limn_canvas_get_uploads (LimnCanvas *self)
{
  g_return_val_if_fail (LIMN_IS_CANVAS (self), 0);
  guint64 uploads = 0;
  for (int i = 0; i < LIMN_N_PANES; i++)
    uploads += self->tiles[i] ? limn_tiles_get_uploads (self->tiles[i]) : 0;
  return uploads;
}

/* -- The widget -- */

static void
limn_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LimnCanvas *self = LIMN_CANVAS (widget);
  update_panes (self);
  if (self->materials)
    gtk_popover_present (GTK_POPOVER (self->materials));
}

static void
limn_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = 64;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : 480;
}

static void
limn_canvas_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnCanvas *self = LIMN_CANVAS (object);
  switch (id) {
  case PROP_SESSION: g_value_set_object (value, self->session); break;
  case PROP_ZOOM: g_value_set_double (value, self->view.zoom); break;
  case PROP_FIT: g_value_set_boolean (value, self->view.fit); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
limn_canvas_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LimnCanvas *self = LIMN_CANVAS (object);
  switch (id) {
  case PROP_SESSION: limn_canvas_set_session (self, g_value_get_object (value)); break;
  case PROP_ZOOM: limn_canvas_zoom_to (self, g_value_get_double (value), NAN, NAN); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
limn_canvas_dispose (GObject *object)
{
  LimnCanvas *self = LIMN_CANVAS (object);
  g_signal_handlers_disconnect_by_data (adw_style_manager_get_default (), self);
  limn_canvas_set_session (self, NULL);
  g_clear_handle_id (&self->rest_source, g_source_remove);
  g_clear_pointer (&self->materials, gtk_widget_unparent);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->document_signals);
  g_clear_handle_id (&self->outline_source, g_source_remove);
  g_clear_handle_id (&self->busy_source, g_source_remove);
  G_OBJECT_CLASS (limn_canvas_parent_class)->dispose (object);
}

static void
limn_canvas_class_init (LimnCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  object_class->dispose = limn_canvas_dispose;
  object_class->get_property = limn_canvas_get_property;
  object_class->set_property = limn_canvas_set_property;
  widget_class->snapshot = limn_canvas_snapshot;
  widget_class->size_allocate = limn_canvas_size_allocate;
  widget_class->measure = limn_canvas_measure;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LIMN_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0.001, LIMN_VIEW_MAX_ZOOM, 1,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_FIT] = g_param_spec_boolean ("fit", NULL, NULL, TRUE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
limn_canvas_init (LimnCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  limn_view_init (&self->view);
  self->pressure = 1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  watch_session (self);
  limn_canvas_init_pointer (self);
  limn_canvas_init_keys (self);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (update_panes), NULL);
  g_signal_connect_swapped (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self);
  limn_canvas_update_accessible (self);
}

GtkWidget *
limn_canvas_new (void)
{
  return g_object_new (LIMN_TYPE_CANVAS, NULL);
}
