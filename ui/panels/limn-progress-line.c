/* The progress line. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-progress-line.h"

#include <glib/gi18n.h>
#include <math.h>

enum { SHIMMER_AFTER = 150, LINE_AFTER = 1000 }; /* milliseconds */

typedef enum { NOTHING, SHIMMER, LINE } Stage;

struct _LimnProgressLine {
  LimnPanel parent_instance;
  GtkWidget *shimmer, *words;
  GtkProgressBar *bar;
  GtkLabel *label;
  Stage stage;
  guint source;
};

G_DEFINE_FINAL_TYPE (LimnProgressLine, limn_progress_line, LIMN_TYPE_PANEL)

static char *
describe (double seconds)
{
  gboolean minutes = seconds >= 60;
  int n = MAX (1, minutes ? (int) lrint (seconds / 60) : (int) ceil (seconds));
  if (seconds < 0)
    return g_strdup (_("Esc cancels"));
  if (minutes)
    return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "About %d minute left · Esc cancels", "About %d minutes left · Esc cancels", (gulong) n), n);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d second left · Esc cancels", "%d seconds left · Esc cancels", (gulong) n), n);
}

static void
show_progress (LimnProgressLine *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  double progress, seconds;
  if (!session || self->stage != LINE)
    return;
  g_object_get (session, "progress", &progress, "seconds-left", &seconds, NULL);
  g_autofree char *text = describe (seconds);
  gtk_progress_bar_set_fraction (self->bar, progress);
  gtk_label_set_text (self->label, text);
}

static void
set_stage (LimnProgressLine *self, Stage stage)
{
  self->stage = stage;
  gtk_widget_set_visible (self->shimmer, stage == SHIMMER);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), stage == LINE);
  gtk_widget_set_visible (self->words, stage == LINE);
  show_progress (self);
}

static gboolean
go_on (gpointer data)
{
  LimnProgressLine *self = data;
  self->source = 0;
  if (self->stage == NOTHING) {
    set_stage (self, SHIMMER);
    self->source = g_timeout_add (LINE_AFTER - SHIMMER_AFTER, go_on, self);
  } else {
    set_stage (self, LINE);
  }
  return G_SOURCE_REMOVE;
}

static void
show_busy (LimnProgressLine *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  gboolean busy = FALSE;
  if (session)
    g_object_get (session, "busy", &busy, NULL);
  g_clear_handle_id (&self->source, g_source_remove);
  set_stage (self, NOTHING);
  if (busy)
    self->source = g_timeout_add (SHIMMER_AFTER, go_on, self);
}

static void
limn_progress_line_session_changed (LimnPanel *panel)
{
  show_busy (LIMN_PROGRESS_LINE (panel));
}

static void
limn_progress_line_dispose (GObject *object)
{
  g_clear_handle_id (&LIMN_PROGRESS_LINE (object)->source, g_source_remove);
  G_OBJECT_CLASS (limn_progress_line_parent_class)->dispose (object);
}

static void
limn_progress_line_class_init (LimnProgressLineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_progress_line_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_progress_line_session_changed;
}

static void
limn_progress_line_init (LimnProgressLine *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *bar = gtk_progress_bar_new ();
  self->shimmer = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->shimmer, "shimmer");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->shimmer), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  self->bar = GTK_PROGRESS_BAR (bar);
  gtk_widget_add_css_class (bar, "osd");
  limn_widget_describe (bar, _("Progress"), NULL);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
  self->words = GTK_WIDGET (self->label);
  gtk_widget_set_halign (self->words, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->words, "floating");
  gtk_widget_add_css_class (self->words, "progress-words");
  gtk_box_append (GTK_BOX (box), self->shimmer);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), self->words);
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_START);
  set_stage (self, NOTHING);
  limn_panel_watch (LIMN_PANEL (self), "notify::busy", G_CALLBACK (show_busy));
  limn_panel_watch (LIMN_PANEL (self), "notify::progress", G_CALLBACK (show_progress));
  limn_panel_watch (LIMN_PANEL (self), "notify::seconds-left", G_CALLBACK (show_progress));
}

GtkWidget *
limn_progress_line_new (void)
{
  return g_object_new (LIMN_TYPE_PROGRESS_LINE, NULL);
}
