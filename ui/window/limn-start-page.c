/* The start page. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-start-page.h"

#include <glib/gi18n.h>

#include "limn-recent-list.h"
#include "ui/widgets/limn-adaptive.h"
#include "ui/widgets/limn-before-after.h"

struct _LimnStartPage {
  AdwBin parent;
  LimnAdaptive *adaptive;
  GtkFlowBox *cards;
  guint n_cards;
  GtkWidget *buttons, *recent_box;
  LimnRecentList *recent_list;
};

G_DEFINE_FINAL_TYPE (LimnStartPage, limn_start_page, ADW_TYPE_BIN)

static guint start_signal;

static void
card_clicked (GtkWidget *button, LimnStartPage *self)
{
  g_signal_emit (self, start_signal, 0, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "task")), FALSE);
}

static void
sample_clicked (GtkWidget *button, LimnStartPage *self)
{
  g_signal_emit (self, start_signal, 0, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "task")), TRUE);
}

static GtkWidget *
new_label (const char *text, const char *klass)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, klass);
  return label;
}

static GtkWidget *
new_card (LimnStartPage *self, LimnTask task)
{
  const LimnEditKind *kind = limn_task_get_kind (task);
  g_autofree char *before = g_strdup_printf ("/org/limn/Limn/start/%s-before.jpg", kind->nick);
  g_autofree char *after = g_strdup_printf ("/org/limn/Limn/start/%s-after.jpg", kind->nick);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *text = new_label (_(kind->invitation), "card-text");
  GtkWidget *sample = gtk_button_new_with_label (_("Try with This Picture"));
  GtkWidget *picture = g_object_new (LIMN_TYPE_BEFORE_AFTER, "before", before, "after", after, NULL);

  gtk_box_append (GTK_BOX (words), new_label (_(kind->label), "heading"));
  gtk_box_append (GTK_BOX (words), text);
  gtk_widget_add_css_class (words, "words");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), words);
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  gtk_widget_set_vexpand (button, TRUE); /* all cards of a row are as high as the one with most words */
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "start");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(kind->label),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(kind->invitation), -1);
  gtk_label_set_xalign (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (sample))), 0);
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (sample))), TRUE);
  gtk_widget_add_css_class (sample, "flat");
  gtk_widget_add_css_class (sample, "sample");
  g_object_set_data (G_OBJECT (button), "task", GINT_TO_POINTER ((int) task));
  g_object_set_data (G_OBJECT (sample), "task", GINT_TO_POINTER ((int) task));
  g_signal_connect (button, "clicked", G_CALLBACK (card_clicked), self);
  g_signal_connect (sample, "clicked", G_CALLBACK (sample_clicked), self);
  gtk_box_append (GTK_BOX (card), button);
  gtk_box_append (GTK_BOX (card), sample);
  gtk_widget_set_visible (sample, kind->sample != NULL);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_set_overflow (card, GTK_OVERFLOW_HIDDEN);
  return card;
}

static void
update_recent (LimnStartPage *self)
{
  gtk_widget_set_visible (self->recent_box, limn_recent_list_get_n_items (self->recent_list) > 0);
}

/* All beside each other, or two and two. */
static void
update_layout (LimnStartPage *self)
{
  const gboolean narrow = limn_adaptive_get_layout (self->adaptive) == LIMN_LAYOUT_NARROW;
  const guint columns = narrow ? 2 : self->n_cards;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->buttons), narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_flow_box_set_max_children_per_line (self->cards, columns);
  gtk_flow_box_set_min_children_per_line (self->cards, columns);
}

static void
limn_start_page_class_init (LimnStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LIMN_TYPE_ADAPTIVE);
  g_type_ensure (LIMN_TYPE_RECENT_LIST);
  start_signal = g_signal_new ("start", LIMN_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT,
                               G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/limn/Limn/ui/limn-start-page.ui");
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_start_page_update_layout", G_CALLBACK (update_layout));
  gtk_widget_class_bind_template_child (widget_class, LimnStartPage, adaptive);
  gtk_widget_class_bind_template_child (widget_class, LimnStartPage, buttons);
  gtk_widget_class_bind_template_child (widget_class, LimnStartPage, cards);
  gtk_widget_class_bind_template_child (widget_class, LimnStartPage, recent_box);
  gtk_widget_class_bind_template_child (widget_class, LimnStartPage, recent_list);
  gtk_widget_class_set_css_name (widget_class, "startpage");
}

static void
limn_start_page_init (LimnStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    GtkWidget *child;

    if (!limn_task_get_kind (task)->invitation)
      continue;
    child = gtk_flow_box_child_new ();
    gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), new_card (self, task));
    gtk_widget_set_focusable (child, FALSE);
    gtk_flow_box_append (self->cards, child);
    self->n_cards++;
  }
  update_layout (self);
  g_signal_connect_swapped (self->recent_list, "notify::n-items", G_CALLBACK (update_recent), self);
  update_recent (self);
}
