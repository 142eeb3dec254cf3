/* A row of the results: what it shows follows the layer, what is changed goes through the document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-results.h"

#include "app/document/limn-document-layers.h"
#include <glib/gi18n.h>
#include <math.h>

#include "limn-blend-button.h"

enum { THUMBNAIL = 48 };

struct _LimnResultRow {
  GtkListBoxRow parent_instance;
  LimnDocument *document;
  LimnLayer *layer;
  GtkWidget *eye, *picture;
  LimnNameLabel *name;
  GtkLabel *percent;
  GtkAdjustment *opacity;
  GtkWidget *blend;
  GSimpleAction *blending;
  GtkRevealer *details;
  gboolean updating;
  guint group; /* the slider's moves are one undo step */
};

G_DEFINE_FINAL_TYPE (LimnResultRow, limn_result_row, GTK_TYPE_LIST_BOX_ROW)

static void
show_layer (LimnResultRow *self)
{
  LimnLayerStyle look = limn_layer_get_style (self->layer);
  int percent = (int) lrint (look.opacity * 100);
  g_autofree char *text = g_strdup_printf (_("%d%%"), percent);
  self->updating = TRUE;
  gtk_button_set_icon_name (GTK_BUTTON (self->eye), look.visible ? "view-reveal-symbolic" : "view-conceal-symbolic");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->eye), look.visible);
  limn_widget_describe (self->eye, look.visible ? _("Hide") : _("Show"), NULL);
  limn_blend_button_show (self->blend, look.blend);
  g_simple_action_set_state (self->blending, g_variant_new_string (limn_blend_get_op (look.blend)));
  gtk_adjustment_set_value (self->opacity, look.opacity);
  gtk_label_set_text (self->percent, text);
  gtk_widget_set_opacity (self->picture, look.visible ? 1 : 0.4);
  self->updating = FALSE;
}

static void
on_eye (LimnResultRow *self)
{
  if (!self->updating)
    limn_document_set_layer_visible (self->document, self->layer, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->eye)));
}

static void
on_blend (GSimpleAction *action, GVariant *op, LimnResultRow *self)
{
  LimnBlend blend;
  if (limn_blend_from_op (g_variant_get_string (op, NULL), &blend))
    limn_document_set_layer_blend (self->document, self->layer, blend);
}

static void
on_opacity (LimnResultRow *self)
{
  if (!self->updating)
    limn_document_set_layer_opacity (self->document, self->layer, gtk_adjustment_get_value (self->opacity), self->group);
}

static void
on_state (LimnResultRow *self)
{
  gtk_revealer_set_reveal_child (self->details, gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (self)));
}

static void
show_picture (LimnResultRow *self, LimnPicture *small)
{
  gsize stride = limn_picture_get_stride (small);
  g_autoptr (GBytes) bytes = g_bytes_new (limn_picture_get_data (small), stride * limn_picture_get_height (small));
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new ((int) limn_picture_get_width (small), (int) limn_picture_get_height (small),
                                                           GDK_MEMORY_R8G8B8A8, bytes, stride);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
}

static void
on_thumbnail (GObject *picture, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnResultRow) self = user;
  LimnPicture *small = self->layer ? limn_layer_make_thumbnail_finish (self->layer, result, NULL) : NULL;
  if (small)
    show_picture (self, small);
}

static void
show_thumbnail (LimnResultRow *self)
{
  LimnPicture *small = limn_layer_peek_thumbnail (self->layer, THUMBNAIL * 2);
  if (small)
    show_picture (self, small);
  else
    limn_layer_make_thumbnail_async (self->layer, THUMBNAIL * 2, on_thumbnail, g_object_ref (self));
}

static void
show_name (LimnResultRow *self)
{
  limn_name_label_set_text (self->name, limn_layer_get_name (self->layer));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, limn_layer_get_name (self->layer), -1);
}

/* The layer may be gone while its name was typed. */
static void
on_name (LimnResultRow *self, const char *name)
{
  if (g_list_store_find (G_LIST_STORE (limn_document_get_layers (self->document)), self->layer, NULL))
    limn_document_rename_layer (self->document, self->layer, name);
}

static void
limn_result_row_dispose (GObject *object)
{
  LimnResultRow *self = LIMN_RESULT_ROW (object);
  if (self->blending)
    g_signal_handlers_disconnect_by_data (self->blending, self);
  g_clear_object (&self->blending);
  if (self->layer)
    g_signal_handlers_disconnect_by_data (self->layer, self);
  g_clear_object (&self->layer);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (limn_result_row_parent_class)->dispose (object);
}

static void
limn_result_row_class_init (LimnResultRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_result_row_dispose;
}

static GMenuModel *
make_menu (void)
{
  GMenu *menu = g_menu_new (), *layer = g_menu_new (), *order = g_menu_new (), *end = g_menu_new ();
  g_menu_append (menu, _("_Edit Again"), "layer.edit");
  g_menu_append (menu, _("Another _Variation"), "layer.variation");
  g_menu_append (layer, _("_Rename"), "layer.rename");
  g_menu_append (layer, _("Dup_licate"), "layer.duplicate");
  g_menu_append (order, _("Move _Up"), "layer.raise");
  g_menu_append (order, _("Move _Down"), "layer.lower");
  g_menu_append (end, _("_Delete"), "layer.delete");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (layer));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (order));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  g_object_unref (layer);
  g_object_unref (order);
  g_object_unref (end);
  return G_MENU_MODEL (menu);
}

/* The menu acts on the row that is selected. */
static void
on_popup (GtkMenuButton *button, gpointer self)
{
  GtkWidget *list = gtk_widget_get_parent (self);
  if (GTK_IS_LIST_BOX (list))
    gtk_list_box_select_row (GTK_LIST_BOX (list), self);
  limn_menu_button_ensure_menu (button, make_menu);
}

static void
limn_result_row_init (LimnResultRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *scale, *opacity, *details;
  GtkWidget *square = adw_clamp_new ();
  GtkWidget *menu = gtk_menu_button_new ();
  g_autoptr (GSimpleActionGroup) look = g_simple_action_group_new ();
  static guint groups;
  self->group = ++groups;
  self->picture = gtk_picture_new ();
  gtk_widget_set_size_request (self->picture, THUMBNAIL, THUMBNAIL);
  gtk_widget_set_overflow (self->picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (self->picture, "result-thumbnail");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  self->name = LIMN_NAME_LABEL (limn_name_label_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->name), TRUE);
  g_signal_connect_swapped (self->name, "edited", G_CALLBACK (on_name), self);
  self->eye = gtk_toggle_button_new ();
  gtk_widget_add_css_class (self->eye, "flat");
  gtk_widget_add_css_class (self->eye, "eye");
  gtk_widget_set_valign (self->eye, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->eye, "toggled", G_CALLBACK (on_eye), self);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (menu), on_popup, self, NULL);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (menu), "view-more-symbolic");
  gtk_widget_add_css_class (menu, "flat");
  gtk_widget_set_valign (menu, GTK_ALIGN_CENTER);
  limn_widget_describe (menu, _("More"), NULL);
  adw_clamp_set_maximum_size (ADW_CLAMP (square), THUMBNAIL);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (square), THUMBNAIL);
  adw_clamp_set_child (ADW_CLAMP (square), self->picture);
  gtk_box_append (GTK_BOX (head), square);
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (head), self->eye);
  gtk_box_append (GTK_BOX (head), menu);

  self->opacity = gtk_adjustment_new (1, 0, 1, 0.05, 0.2, 0);
  scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->opacity);
  gtk_widget_set_hexpand (scale, TRUE);
  limn_widget_describe (scale, _("Opacity"), NULL);
  self->percent = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_width_chars (self->percent, 5);
  gtk_widget_add_css_class (GTK_WIDGET (self->percent), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->percent), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->percent), "dim-label");
  opacity = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append (GTK_BOX (opacity), scale);
  gtk_box_append (GTK_BOX (opacity), GTK_WIDGET (self->percent));
  self->blend = limn_blend_button_new ();
  self->blending = g_simple_action_new_stateful ("blend", G_VARIANT_TYPE_STRING, g_variant_new_string (""));
  g_signal_connect (self->blending, "activate", G_CALLBACK (on_blend), self);
  g_action_map_add_action (G_ACTION_MAP (look), G_ACTION (self->blending));
  gtk_widget_insert_action_group (self->blend, "look", G_ACTION_GROUP (look));
  details = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (details), opacity);
  gtk_box_append (GTK_BOX (details), self->blend);
  self->details = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_child (self->details, details);
  g_signal_connect_swapped (self->opacity, "value-changed", G_CALLBACK (on_opacity), self);

  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->details));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  g_signal_connect (self, "state-flags-changed", G_CALLBACK (on_state), NULL);
}

GtkWidget *
limn_result_row_new (LimnDocument *document, LimnLayer *layer)
{
  LimnResultRow *self = g_object_new (LIMN_TYPE_RESULT_ROW, NULL);
  self->document = g_object_ref (document);
  self->layer = g_object_ref (layer);
  g_signal_connect_swapped (layer, "notify::name", G_CALLBACK (show_name), self);
  g_signal_connect_swapped (layer, "notify::visible", G_CALLBACK (show_layer), self);
  g_signal_connect_swapped (layer, "notify::opacity", G_CALLBACK (show_layer), self);
  g_signal_connect_swapped (layer, "notify::blend", G_CALLBACK (show_layer), self);
  show_name (self);
  show_thumbnail (self);
  show_layer (self);
  return GTK_WIDGET (self);
}

GtkWidget *
limn_result_row_get_picture (LimnResultRow *self)
{
  return self->picture;
}

LimnLayer *
limn_result_row_get_layer (LimnResultRow *self)
{
  return self->layer;
}

LimnNameLabel *
limn_result_row_get_name (LimnResultRow *self)
{
  return self->name;
}
